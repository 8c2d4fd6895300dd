using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Respond;

/// <summary>Tells whoever comes into the room, once and privately, where the incident stands; a role holder's coming stands on the timeline.</summary>
public sealed class NoteJoin(BotDb db) : IHandle<MemberJoined>
{
    public async Task<Answer> HandleAsync(MemberJoined e, Turn turn, CancellationToken stop)
    {
        var room = await db.Rooms.FirstOrDefaultAsync(
            r => r.Platform == e.Place.Platform && r.Workspace == e.Place.Workspace && r.Channel == e.Place.Channel, stop);
        var visitor = room is null ? null : await db.Visitors.FirstOrDefaultAsync(v => v.IncidentId == room.IncidentId && v.PersonId == turn.By.Id, stop);
        if (room is null || turn.By.Id == 0 || visitor?.LeftAt >= e.At || visitor is { LeftAt: null })
        {
            _ = visitor is not { LeftAt: null } ? default : visitor.At = e.At > visitor.At ? e.At : visitor.At;
            return Answer.None;
        }

        var isBack = visitor is not null;
        visitor ??= db.Visitors.Add(new Visitor { IncidentId = room.IncidentId, PersonId = turn.By.Id }).Entity;
        (visitor.At, visitor.LeftAt) = (e.At, null);
        var incident = await db.Incidents.FirstAsync(i => i.Id == room.IncidentId, stop);
        if (incident.Private && !await db.Participants.AnyAsync(p => p.IncidentId == incident.Id && p.PersonId == turn.By.Id, stop))
        {
            // Whoever was let into the room by its people belongs to the incident.
            db.Participants.Add(new Participant { IncidentId = incident.Id, PersonId = turn.By.Id, InvitedAt = turn.Now });
        }

        if (incident.IsOpen && incident.DeclaredById != turn.By.Id && !isBack)
        {
            var state = await IncidentCard.LoadAsync(db, incident, stop);
            db.Outbox.Add(OutboxRow.ToOneInRoom(incident, turn.By.Ref, RespondWording.Welcome(IncidentCard.Render(state, turn.Now, rows: 10), incident)));
        }

        var held = await db.RoleAssignments.FirstOrDefaultAsync(r => r.IncidentId == incident.Id && r.PersonId == turn.By.Id && r.To == null, stop);
        if (held is not null && incident.MergedIntoId is null)
        {
            var entry = incident.Record(new Acting(turn.By, turn.Now).System(RespondWording.Joined(turn.By.Name, held.Role), null, turn.By.Name));
            entry.PhaseSaid = Phase.Escalation;
        }

        return Answer.None;
    }
}

/// <summary>Notes on the timeline when someone who holds a role goes out of the room.</summary>
public sealed class NoteLeave(BotDb db) : IHandle<MemberLeft>
{
    public async Task<Answer> HandleAsync(MemberLeft e, Turn turn, CancellationToken stop)
    {
        var room = await db.Rooms.AsNoTracking().FirstOrDefaultAsync(
            r => r.Platform == e.Place.Platform && r.Workspace == e.Place.Workspace && r.Channel == e.Place.Channel, stop);
        var visitor = room is null ? null : await db.Visitors.FirstOrDefaultAsync(v => v.IncidentId == room.IncidentId && v.PersonId == turn.By.Id, stop);
        if (room is null || turn.By.Id == 0 || visitor?.At > e.At)
        {
            return Answer.None;
        }

        // Kept, so that a joining that is heard of late is known to be older.
        visitor ??= db.Visitors.Add(new Visitor { IncidentId = room.IncidentId, PersonId = turn.By.Id, At = e.At }).Entity;
        visitor.LeftAt = e.At;
        if (await db.Participants.FirstOrDefaultAsync(p => p.IncidentId == room.IncidentId && p.PersonId == turn.By.Id, stop) is { } gone
            && await db.Incidents.AnyAsync(i => i.Id == room.IncidentId && i.Private && i.DeclaredById != turn.By.Id, stop))
        {
            // Whoever went out of a private room, or was sent away, sees no more of it, whatever role they hold.
            db.Participants.Remove(gone);
        }

        var held = await db.RoleAssignments.FirstOrDefaultAsync(r => r.IncidentId == room.IncidentId && r.PersonId == turn.By.Id && r.To == null, stop);
        if (held is not null && await db.Incidents.FirstAsync(i => i.Id == held.IncidentId, stop) is { IsOpen: true } incident)
        {
            incident.Record(new Acting(turn.By, turn.Now).System(RespondWording.Left(turn.By.Name, held.Role), turn.By.Name));
        }

        return Answer.None;
    }
}
