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
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    // What has no date of its own in the matter.
    private static readonly DateOnly Once = DateOnly.MinValue;

    /// <returns>How many were told of the item.</returns>
    public async Task<int> TellAsync(Round round, ActionItem item, CancellationToken stop) => item.State == ActionState.Done ? await AskToVerifyAsync(round, item, stop)
        : await AskAgainAsync(round, item, stop) + (item.OwnerId is not { } id ? await UnownedAsync(round, item, stop)
        : round.People.TryGetValue(id, out var owner) && owner.IsGone ? await AdoptAsync(round, item, owner, stop)
        : owner is not null && (owner.IsGuest || !round.IsInside(item, id)) ? await OutsideAsync(round, item, owner, stop)
        : await EscalateAsync(round, item, stop));

    // Nobody was asked yet, because the incident went on, or whoever was asked has left.
    private async Task<int> AskToVerifyAsync(Round round, ActionItem done, CancellationToken stop)
    {
        var by = await handled.DoneByAsync(done, stop);
        if ((await AnswerableAsync(round, done, stop)).FirstOrDefault(p => p.Id != done.OwnerId && p.Id != by && !IsAway(p, round.Now)) is not { } verifier || !IsAtWork(verifier, round.Now)
            || await db.ActionItems.Include(a => a.Incident).FirstOrDefaultAsync(a => a.Id == done.Id && a.State == ActionState.Done, stop) is not { } item)
        {
            return 0;
        }

        item.VerifierId = verifier.Id;
        await handled.ToPersonAsync(item, verifier, HandlingWording.AskToVerify(item, item.OwnerName ?? "somebody", null), stop);
        return 1;
    }

    private async Task<int> EscalateAsync(Round round, ActionItem item, CancellationToken stop)
    {
        var policy = round.Book.For(item.Incident!, item);
        if (item.Due is not { } due || item.Missed < policy.EscalateAfter || due >= DateOnly.FromDateTime(round.Now.UtcDateTime) || round.Recalls.Contains((item.Id, Kind(item, policy), due)) || item.WaitsForOthers || round.ToldLately.Contains(item.Id))
        {
            return 0;
        }

        // Whoever is away now is not waited for; in the end the administrators hear of it.
        var (whom, admins) = (await ToWhomAsync(round, item, policy, stop), await AdministratorsAsync(round, item.Incident!, stop));
        // Where telling one has not helped, the next time it is the administrators.
        var to = (item.Missed < 2 * policy.EscalateAfter ? whom.Concat(admins) : admins.Concat(whom)).Where(p => p.Id != item.OwnerId && !p.IsGone && !IsAway(p, round.Now));
        foreach (var person in to)
        {
            if (await handled.MayHearAsync(item.Incident!, person, stop))
            {
                return !IsAtWork(person, round.Now) ? 0 : await TellAsync(item, person, Kind(item, policy), due, ChaseWording.Escalated(item, round.Now), round.Now, stop);
            }
        }

        return 0;
    }

    // Told again whenever it was recalled as often once more.
    private static string Kind(ActionItem item, FollowUpPolicy policy) => item.Missed / policy.EscalateAfter is > 1 and var times ? $"{Recall.Escalated}.{times}" : Recall.Escalated;

    private async Task<int> UnownedAsync(Round round, ActionItem item, CancellationToken stop)
    {
        var age = round.Now - item.CreatedAt;
        if (round.Recalls.Contains((item.Id, Recall.Unowned, Once)) || age < TimeSpan.FromDays(1) || (await AnswerableAsync(round, item, stop)).FirstOrDefault(p => !IsAway(p, round.Now)) is not { } to || !IsAtWork(to, round.Now))
        {
            return 0;
        }

        var by = round.Book.For(item.Incident!, item).AssignWithin.After(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(item.CreatedAt, to.Zone).DateTime), installation.WorkingDay);
        return by >= DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(round.Now, to.Zone).DateTime) ? 0 : await TellAsync(item, to, Recall.Unowned, Once, ChaseWording.Unowned(item), round.Now, stop);
    }

    // A decision that somebody is waiting for is asked for again each week.
    private async Task<int> AskAgainAsync(Round round, ActionItem item, CancellationToken stop)
    {
        var sent = 0;
        if (item.OfferedToId is { } to && await handled.AskedAsync(item, HandlingWording.OfferedTo, stop) is { } offer)
        {
            sent += await AgainAsync(round, item, Recall.OfferedAgain, offer, await db.People.AsNoTracking().FirstOrDefaultAsync(p => p.Id == to, stop), HandlingWording.Offer(item, offer.ByName, offer.Why ?? ""), stop);
        }

        if (item.DropAsked is not null && await handled.AskedAsync(item, HandlingWording.DropProposed, stop) is { } wish)
        {
            sent += await AgainAsync(round, item, Recall.DropAskedAgain, wish, (await AnswerableAsync(round, item, stop)).FirstOrDefault(p => p.Id != wish.ById && !IsAway(p, round.Now)), HandlingWording.AskToDrop(item, wish.ByName), stop);
        }

        return sent;
    }

    private async Task<int> AgainAsync(Round round, ActionItem item, string kind, ActionChange asked, Person? whom, Chat.Card card, CancellationToken stop)
    {
        var weeks = (int)((round.Now - asked.At) / Week);
        var about = DateOnly.FromDateTime((asked.At + (weeks * Week)).UtcDateTime);
        return weeks == 0 || whom is not { IsGone: false } || IsAway(whom, round.Now) || !IsAtWork(whom, round.Now) || round.Recalls.Contains((item.Id, kind, about)) ? 0
            : await TellAsync(item, whom, kind, about, card, round.Now, stop);
    }

    // Whoever may not see the incident hears nothing of the item, and so cannot do it: said each week, as nobody else will.
    private async Task<int> OutsideAsync(Round round, ActionItem item, Person owner, CancellationToken stop)
    {
        var since = item.OwnedSince ?? item.CreatedAt;
        var about = DateOnly.FromDateTime((since + ((int)((round.Now - since) / Week) * Week)).UtcDateTime);
        return round.Recalls.Contains((item.Id, Recall.Outside, about)) || (await AnswerableAsync(round, item, stop)).FirstOrDefault(p => p.Id != owner.Id && !IsAway(p, round.Now)) is not { } to || !IsAtWork(to, round.Now) ? 0
            : await TellAsync(item, to, Recall.Outside, about, ChaseWording.Outside(item, owner), round.Now, stop);
    }

    // At once, and where all can see it: nobody else will think of it.
    private async Task<int> AdoptAsync(Round round, ActionItem item, Person owner, CancellationToken stop)
    {
        var about = DateOnly.FromDateTime((item.OwnedSince ?? item.CreatedAt).UtcDateTime);
        var sent = 0;
        if (!round.Recalls.Contains((item.Id, Recall.Adoption, about)))
        {
            handled.ToRoom(item, ChaseWording.Orphaned(item, owner));
            sent += Note(item, Recall.Adoption, about, round.Now);
        }

        // The room at once, one person in their working hours.
        return !round.Recalls.Contains((item.Id, Recall.AdoptionTold, about)) && (await AnswerableAsync(round, item, stop)).FirstOrDefault(p => !IsAway(p, round.Now)) is { } to && IsAtWork(to, round.Now)
            ? sent + await TellAsync(item, to, Recall.AdoptionTold, about, ChaseWording.Orphaned(item, owner), round.Now, stop) : sent;
    }

    private async Task<IReadOnlyList<Person>> ToWhomAsync(Round round, ActionItem item, FollowUpPolicy policy, CancellationToken stop)
    {
        var incident = item.Incident!;
        switch (policy.EscalateTo)
        {
            case FollowUps.Commander or FollowUps.Facilitator:
                var answerable = await AnswerableAsync(round, item, stop);
                // The facilitator comes first among them.
                return policy.EscalateTo == FollowUps.Facilitator || answerable.Count < 2 ? answerable : [.. await CommandersAsync(incident, stop), .. answerable];
            case FollowUps.Admins:
                return [.. await AdministratorsAsync(round, incident, stop), .. await AnswerableAsync(round, item, stop)];
            default:
                return [.. await db.People.Where(p => p.Workspace == incident.Workspace && p.Platform == incident.Platform && p.UserId == policy.EscalateTo).ToListAsync(stop), .. await AnswerableAsync(round, item, stop)];
        }
    }

    private async Task<IReadOnlyList<Person>> AdministratorsAsync(Round round, Incident incident, CancellationToken stop)
    {
        var admins = installation.Administrators;
        return round.Administrators ??= admins.Count == 0 ? [] : await db.People.Where(p => p.Workspace == incident.Workspace && admins.Contains(p.UserId) && !p.IsGone).ToListAsync(stop);
    }

    private async Task<List<Person>> CommandersAsync(Incident incident, CancellationToken stop)
    {
        var ids = await db.RoleAssignments.Where(r => r.IncidentId == incident.Id && r.Role == Role.Commander && r.PersonId != null).OrderByDescending(r => r.From).Select(r => r.PersonId!.Value).Take(1).ToListAsync(stop);
        return await db.People.Where(p => ids.Contains(p.Id) && !p.IsGone).ToListAsync(stop);
    }

    private async Task<IReadOnlyList<Person>> AnswerableAsync(Round round, ActionItem item, CancellationToken stop) =>
        round.Answerable.TryGetValue(item.IncidentId, out var known) ? known : round.Answerable[item.IncidentId] = await handled.AnswerableAsync(item.Incident!, stop);

    private bool IsAtWork(Person person, DateTimeOffset now) => installation.WorkingDay.IsWorking(now, person.Zone);

    private static bool IsAway(Person person, DateTimeOffset now) => person.AwayUntil > now || person.StatusAwayUntil > now;

    private async Task<int> TellAsync(ActionItem item, Person to, string kind, DateOnly about, Chat.Card card, DateTimeOffset now, CancellationToken stop)
    {
        await handled.ToPersonAsync(item, to, card, stop);
        return Note(item, kind, about, now);
    }

    private int Note(ActionItem item, string kind, DateOnly about, DateTimeOffset now)
    {
        db.Recalls.Add(new Recall { ItemId = item.Id, Kind = kind, For = about, At = now });
        return 1;
    }
}
