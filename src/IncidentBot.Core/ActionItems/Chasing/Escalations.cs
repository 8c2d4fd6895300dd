using IncidentBot.Core.ActionItems.Handling;
using IncidentBot.Core.ActionItems.Policy;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems.Chasing;

/// <summary>Tells somebody else what its owner does not answer, what nobody owns, and what somebody owned who has left; each once.</summary>
public sealed class Escalations(BotDb db, Handled handled, Installation installation)
{
    // What has no date of its own in the matter.
    private static readonly DateOnly Once = DateOnly.MinValue;

    private readonly Dictionary<long, IReadOnlyList<Person>> _answerable = [];

    public async Task<int> TellAsync(Round round, CancellationToken stop)
    {
        _answerable.Clear();
        var sent = 0;
        foreach (var item in round.Items)
        {
            sent += item.OwnerId is not { } id ? await UnownedAsync(round, item, stop)
                : round.People.TryGetValue(id, out var owner) && owner.IsGone ? await AdoptAsync(round, item, owner, stop)
                : await EscalateAsync(round, item, stop);
        }

        return sent;
    }

    private async Task<int> EscalateAsync(Round round, ActionItem item, CancellationToken stop)
    {
        var policy = round.Book.For(item.Incident!, item);
        if (item.Due is not { } due || item.Missed < policy.EscalateAfter || due >= DateOnly.FromDateTime(round.Now.UtcDateTime) || round.Recalls.Contains((item.Id, Recall.Escalated, due)))
        {
            return 0;
        }

        var to = (await ToWhomAsync(item, policy, stop)).FirstOrDefault(p => p.Id != item.OwnerId && !p.IsGone);
        return to is null || !Reachable(to, round.Now) ? 0 : Tell(item, to, Recall.Escalated, due, ChaseWording.Escalated(item, round.Now), round.Now);
    }

    private async Task<int> UnownedAsync(Round round, ActionItem item, CancellationToken stop)
    {
        if (round.Recalls.Contains((item.Id, Recall.Unowned, Once)) || await AnswerableAsync(item, stop) is not [var to, ..])
        {
            return 0;
        }

        var by = round.Book.For(item.Incident!, item).AssignWithin.After(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(item.CreatedAt, to.Zone).DateTime), installation.WorkingDay);
        return by >= DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(round.Now, to.Zone).DateTime) || !Reachable(to, round.Now) ? 0 : Tell(item, to, Recall.Unowned, Once, ChaseWording.Unowned(item), round.Now);
    }

    // At once, and where all can see it: nobody else will think of it.
    private async Task<int> AdoptAsync(Round round, ActionItem item, Person owner, CancellationToken stop)
    {
        var about = DateOnly.FromDateTime((item.OwnedSince ?? item.CreatedAt).UtcDateTime);
        if (round.Recalls.Contains((item.Id, Recall.Adoption, about)))
        {
            return 0;
        }

        handled.ToRoom(item, ChaseWording.Orphaned(item, owner));
        return await AnswerableAsync(item, stop) is [var to, ..] ? Tell(item, to, Recall.Adoption, about, ChaseWording.Orphaned(item, owner), round.Now) : Note(item, Recall.Adoption, about, round.Now);
    }

    private async Task<IReadOnlyList<Person>> ToWhomAsync(ActionItem item, FollowUpPolicy policy, CancellationToken stop)
    {
        var incident = item.Incident!;
        switch (policy.EscalateTo)
        {
            case FollowUps.Commander or FollowUps.Facilitator:
                var answerable = await AnswerableAsync(item, stop);
                // The facilitator comes first among them.
                return policy.EscalateTo == FollowUps.Facilitator || answerable.Count < 2 ? answerable : [.. await CommandersAsync(incident, stop), .. answerable];
            case FollowUps.Admins:
                var admins = installation.Administrators;
                return [.. await db.People.Where(p => p.Workspace == incident.Workspace && p.Platform == incident.Platform && admins.Contains(p.UserId)).ToListAsync(stop), .. await AnswerableAsync(item, stop)];
            default:
                return [.. await db.People.Where(p => p.Workspace == incident.Workspace && p.Platform == incident.Platform && p.UserId == policy.EscalateTo).ToListAsync(stop), .. await AnswerableAsync(item, stop)];
        }
    }

    private async Task<List<Person>> CommandersAsync(Incident incident, CancellationToken stop)
    {
        var ids = await db.RoleAssignments.Where(r => r.IncidentId == incident.Id && r.Role == Role.Commander && r.PersonId != null).OrderByDescending(r => r.From).Select(r => r.PersonId!.Value).Take(1).ToListAsync(stop);
        return await db.People.Where(p => ids.Contains(p.Id) && !p.IsGone).ToListAsync(stop);
    }

    private async Task<IReadOnlyList<Person>> AnswerableAsync(ActionItem item, CancellationToken stop) =>
        _answerable.TryGetValue(item.IncidentId, out var known) ? known : _answerable[item.IncidentId] = await handled.AnswerableAsync(item.Incident!, stop);

    private bool Reachable(Person person, DateTimeOffset now) => installation.WorkingDay.IsWorking(now, person.Zone) && !(person.AwayUntil > now) && !(person.StatusAwayUntil > now);

    private int Tell(ActionItem item, Person to, string kind, DateOnly about, Chat.Card card, DateTimeOffset now)
    {
        handled.ToPerson(item, to, card);
        return Note(item, kind, about, now);
    }

    private int Note(ActionItem item, string kind, DateOnly about, DateTimeOffset now)
    {
        db.Recalls.Add(new Recall { ItemId = item.Id, Kind = kind, For = about, At = now });
        return 1;
    }
}
