using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Respond;

/// <summary>Brings people into incidents.</summary>
internal static class Participation
{
    /// <summary>Makes someone a participant, who is invited into the room; whoever has left it is invited again.</summary>
    /// <returns>False when they belong to it already.</returns>
    public static async Task<bool> BringInAsync(this BotDb db, Incident incident, People.Person person, CancellationToken stop)
    {
        if (await db.Participants.FirstOrDefaultAsync(p => p.IncidentId == incident.Id && p.PersonId == person.Id, stop) is not { } known)
        {
            db.Participants.Add(new Participant { IncidentId = incident.Id, PersonId = person.Id });
            return true;
        }

        // Of whom no coming was heard: they may have been refused, or be there since before.
        var visitor = await db.Visitors.AsNoTracking().FirstOrDefaultAsync(v => v.IncidentId == incident.Id && v.PersonId == person.Id, stop);
        if (visitor is { LeftAt: null } || known.InvitedAt is null || !await db.Rooms.AnyAsync(r => r.IncidentId == incident.Id && r.State == RoomState.Ready, stop))
        {
            return false;
        }

        // So that the keeper of rooms looks at it.
        incident.Version++;
        known.InvitedAt = null;
        return visitor is not null;
    }
}
