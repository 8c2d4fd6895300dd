using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Respond;

/// <summary>Makes one incident a part of another: its entries, actions and people go over, and its room and links lead there.</summary>
public sealed class MergeIncident(BotDb db, FindIncident find, Permissions permissions, Merges merges, UpdateClock clock) : IHandle<CommandInvoked>
{
    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var own = e.In is null ? await find.HereAsync(turn, stop, follow: false) : null;
        var found = own is null ? await find.ForEntryAsync(e, turn, stop) : new(own, Answer.None);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        // Here a command would be about another incident than the one that the room is called by: too much to guess.
        if (incident.MergedIntoId is not null)
        {
            return new MergedAlready(incident.Code, (await merges.SurvivorAsync(incident, stop)).Code);
        }

        var named = e.Text.Plain.Trim();
        if (named.StartsWith("into ", StringComparison.OrdinalIgnoreCase))
        {
            named = named[5..].Trim();
        }

        if (named.Length == 0)
        {
            return new MergeIntoWhich(incident.Code);
        }

        var other = await find.ByCodeAsync(CommandReader.NormaliseCode(named), turn.By, stop);
        if (other.Missed(out var survivor))
        {
            return other.Answer;
        }

        if (!await permissions.MayCommandAsync(turn.By, incident, stop))
        {
            return new OnlyTheCommanderMay("merge", incident.Code);
        }

        if (Objection(incident, survivor) is { } why)
        {
            return new CannotMerge(incident.Code, survivor.Code, why);
        }

        if (await db.Reviews.AnyAsync(r => r.IncidentId == incident.Id && (r.State == ReviewState.Running || r.State == ReviewState.Closed), stop))
        {
            return new CannotMerge(incident.Code, survivor.Code, "its review has begun, and would lose its threads; name it as related there instead");
        }

        var by = new Acting(turn.By, turn.Now);
        var (title, code) = (incident.Title, incident.Code);
        if (incident.MergeInto(survivor, by) is { } refusal)
        {
            return refusal;
        }

        survivor.Record(by.System($"{code} was merged into this incident: {title}", code, null));
        var copied = await CopyEntriesAsync(incident, survivor, turn, stop);
        var actions = await MoveActionsAsync(incident, survivor, stop);
        await HandOverAsync(incident, survivor, turn, stop);
        await clock.RestartAsync(incident, turn.Now, stop);
        if (!incident.Imported)
        {
            db.Outbox.Add(OutboxRow.ToRoom(incident, RespondWording.MergedAway(incident, survivor, await RoomOfAsync(survivor, stop))));
        }

        if (!survivor.Imported)
        {
            db.Outbox.Add(OutboxRow.ToRoom(survivor, RespondWording.MergedHere(incident, copied, actions)));
        }

        return Answer.Private(RespondWording.Merged(incident, survivor, copied, actions));
    }

    private static string? Objection(Incident incident, Incident survivor) =>
        incident.Id == survivor.Id ? "they are the same incident"
        : survivor.Status == Status.Cancelled ? "that one is cancelled; reopen it first"
        : incident.Private && !survivor.Private ? "a private incident would become visible to everybody"
        : !incident.Private && survivor.Private ? "people in its room cannot see that one"
        : incident.Replayed != survivor.Replayed || incident.Drill != survivor.Drill ? "a real incident, a drill and a replay stay apart"
        : null;

    // Copies, so that both numbers go on meaning what they meant; automatic entries stay where they were made.
    private async Task<int> CopyEntriesAsync(Incident incident, Incident survivor, Turn turn, CancellationToken stop)
    {
        var entries = await db.Entries.AsNoTracking().Include(x => x.Evidence)
            .Where(x => x.IncidentId == incident.Id && x.RemovedAt == null && x.Kind != EntryKind.System).OrderBy(x => x.Seq).ToListAsync(stop);
        foreach (var entry in entries)
        {
            var copy = survivor.Record(new TimelineEntry
            {
                OccurredAt = entry.OccurredAt,
                EndedAt = entry.EndedAt,
                TimeSaid = entry.TimeSaid,
                Doubt = entry.Doubt,
                RecordedAt = entry.RecordedAt,
                Kind = entry.Kind,
                PhaseSaid = entry.PhaseSaid,
                Marker = entry.Marker,
                Text = entry.Text,
                ActorName = entry.ActorName,
                ActorId = entry.ActorId,
                AddedByName = entry.AddedByName,
                AddedById = entry.AddedById,
                Source = entry.Source,
                Link = entry.Link,
                SystemState = entry.SystemState,
                TeamAction = entry.TeamAction,
                Context = entry.Context,
                MessageId = entry.MessageId,
                RedactedAt = entry.RedactedAt,
                CopiedFromId = entry.Id,
                Evidence = [.. entry.Evidence.Select(v => new Evidence { Text = v.Text, Url = v.Url, File = v.File, FileId = v.FileId })],
            });
            copy.Revise(turn.By.Name, turn.Now, $"from {incident.Code}, entry {entry.Seq}");
        }

        return entries.Count;
    }

    private async Task<IReadOnlyList<(string Before, string After)>> MoveActionsAsync(Incident incident, Incident survivor, CancellationToken stop)
    {
        var moved = new List<(string, string)>();
        foreach (var item in await db.ActionItems.Where(a => a.IncidentId == incident.Id).OrderBy(a => a.Number).ToListAsync(stop))
        {
            var before = $"{incident.Code}/{item.Code}";
            // Numbers of findings mean nothing in another incident.
            (item.IncidentId, item.Number, item.Serves) = (survivor.Id, survivor.NextAction(), []);
            moved.Add((before, item.Code));
        }

        await db.ParkedIdeas.Where(p => p.IncidentId == incident.Id).ForEachAsync(p => p.IncidentId = survivor.Id, stop);
        return moved;
    }

    private async Task HandOverAsync(Incident incident, Incident survivor, Turn turn, CancellationToken stop)
    {
        survivor.Services = [.. survivor.Services.Union(incident.Services, StringComparer.OrdinalIgnoreCase)];
        survivor.Impact.FillFrom(incident.Impact);
        foreach (var role in await db.RoleAssignments.Where(r => r.IncidentId == incident.Id && r.To == null).ToListAsync(stop))
        {
            role.To = turn.Now;
        }

        var known = await db.Participants.Where(p => p.IncidentId == survivor.Id).Select(p => p.PersonId).ToListAsync(stop);
        var people = await db.Participants.Where(p => p.IncidentId == incident.Id && !known.Contains(p.PersonId)).Select(p => p.PersonId).ToListAsync(stop);
        db.Participants.AddRange(people.Select(p => new Participant { IncidentId = survivor.Id, PersonId = p }));
    }

    private Task<Room?> RoomOfAsync(Incident incident, CancellationToken stop) =>
        db.Rooms.AsNoTracking().FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop);
}
