using IncidentBot.Core.ActionItems.Policy;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Core.ActionItems.Chasing;

/// <summary>Looks through all open items and recalls what is due: it only reads rows and adds rows under unique keys, so that running twice, or in two processes, tells nobody twice.</summary>
public sealed partial class FollowUpSweep(BotDb db, Policies policies, Installation installation, Escalations escalations, Overviews overviews, Signals signals, ILogger<FollowUpSweep> log)
{
    /// <summary>So many owners are served in one commit; what is committed is not done again after a crash.</summary>
    private const int AtOnce = 50;

    // So long an owner has to answer before somebody else hears of it.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(20);

    // What nobody was recalled of so long has stood in a weekly message since.
    private static readonly TimeSpan Lapses = TimeSpan.FromDays(7);

    // Done items without a verifier are looked for so far back.
    private static readonly TimeSpan VerifierSought = TimeSpan.FromDays(30);

    private static readonly TimeSpan Remembered = TimeSpan.FromDays(21);

    private readonly List<Exception> _faults = [];

    private WorkingDay Working => installation.WorkingDay;

    /// <returns>How many messages were put on their way; null while another process is at it.</returns>
    /// <exception cref="AggregateException">Some could not be served; all others were.</exception>
    public async Task<int?> RunAsync(DateTimeOffset now, CancellationToken stop)
    {
        await using var lead = await db.TryLeadAsync("follow-ups", stop);
        if (lead is null)
        {
            return null;
        }

        var sent = 0;
        _faults.Clear();
        var all = await OpenAsync(stop);
        // Also where nothing is open: something may wait to be verified, or to be told of.
        var places = await db.Incidents.Where(i => i.Status == Status.Resolved && !i.Replayed && !i.Imported).Select(i => new { i.Platform, i.Workspace }).Distinct().ToListAsync(stop);
        foreach (var workspace in places.Select(p => p.Workspace).Distinct())
        {
            var round = await RoundAsync(workspace, [.. all.Where(i => i.Incident!.Workspace == workspace)], now, stop);
            foreach (var owners in round.Owners.Chunk(AtOnce))
            {
                sent += await SaveAsync(owners, owner => ServeAsync(round, owner, stop), stop);
            }

            foreach (var items in round.Items.Concat(round.WithoutVerifier).Chunk(AtOnce))
            {
                sent += await SaveAsync(items, item => escalations.TellAsync(round, item, stop), stop);
            }
        }

        foreach (var place in places)
        {
            sent += await SaveAsync([place], p => overviews.SendAsync(p.Platform, p.Workspace, now, stop), stop);
        }

        return _faults.Count == 0 ? sent : throw new AggregateException(_faults);
    }

    private Task<List<ActionItem>> OpenAsync(CancellationToken stop) => db.ActionItems.AsNoTrackingWithIdentityResolution().Include(a => a.Incident).Where(ActionItem.StillOpen)
        .Where(a => !a.Incident!.Replayed && !a.Incident.Imported && a.Incident.Status == Status.Resolved).OrderBy(a => a.Id).ToListAsync(stop);

    private async Task<Round> RoundAsync(string workspace, List<ActionItem> items, DateTimeOffset now, CancellationToken stop)
    {
        var since = now - Remembered;
        var done = await db.ActionItems.AsNoTrackingWithIdentityResolution().Include(a => a.Incident).Where(a => a.State == ActionState.Done && a.Incident!.Workspace == workspace && !a.Incident.Replayed && !a.Incident.Imported && a.Incident.Status == Status.Resolved).ToListAsync(stop);
        var ids = items.Select(i => i.OwnerId).Concat(done.Select(i => i.VerifierId)).OfType<long>().Distinct().ToList();
        var people = await db.People.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, stop);
        var inside = items.Concat(done).Any(i => i.Incident!.Private)
            ? (await db.Participants.Where(p => db.Incidents.Any(i => i.Id == p.IncidentId && i.Private && i.Workspace == workspace)).Select(p => new { p.IncidentId, p.PersonId }).ToListAsync(stop)).Select(p => (p.IncidentId, p.PersonId)).ToHashSet() : [];
        var yesterday = now - Patience;
        var lately = await db.Digests.Where(d => d.At >= yesterday && db.People.Any(p => p.Id == d.PersonId && p.Workspace == workspace)).Select(d => d.Items).ToListAsync(stop);
        return new()
        {
            Now = now,
            Items = items,
            Inside = inside,
            // Of a private incident only those hear who are in it.
            ByOwner = items.Where(i => i.OwnerId is { } owner && (!i.Incident!.Private || inside.Contains((i.IncidentId, owner)))).ToLookup(i => i.OwnerId!.Value),
            ToVerify = done.Where(i => i.VerifierId is { } verifier && (!i.Incident!.Private || inside.Contains((i.IncidentId, verifier)))).ToLookup(i => i.VerifierId!.Value),
            WithoutVerifier = [.. done.Where(i => i.CompletedAt >= now - VerifierSought).Where(i => i.VerifierId is not { } verifier || !people.TryGetValue(verifier, out var v) || v.IsGone)],
            ToldLately = lately.SelectMany(i => i).ToHashSet(),
            People = people,
            Owners = [.. people.Values.Where(p => !p.IsGone && !p.IsGuest).OrderBy(p => p.Id)],
            Book = await policies.OfAsync(workspace, stop),
            Digests = (await db.Digests.Where(d => d.At >= since && db.People.Any(p => p.Id == d.PersonId && p.Workspace == workspace)).Select(d => new { d.PersonId, d.Kind, d.Period, d.At }).ToListAsync(stop)).ToDictionary(d => (d.PersonId, d.Kind, d.Period), d => d.At),
            Recalls = (await db.Recalls.Where(r => db.ActionItems.Where(ActionItem.StillOpen).Any(a => a.Id == r.ItemId && a.Incident!.Workspace == workspace)).Select(r => new { r.ItemId, r.Kind, r.For }).ToListAsync(stop)).Select(r => (r.ItemId, r.Kind, r.For)).ToHashSet(),
        };
    }

    private async Task<int> ServeAsync(Round round, Person owner, CancellationToken stop)
    {
        if (!Working.IsWorking(round.Now, owner.Zone) || owner.AwayUntil > round.Now || owner.StatusAwayUntil > round.Now)
        {
            return 0;
        }

        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(round.Now, owner.Zone).DateTime);
        var mine = round.ByOwner[owner.Id].Where(i => i.SnoozedUntil is null || i.SnoozedUntil <= today).ToList();
        var recalled = mine.SelectMany(i => DueRecalls(round, i, owner).Select(r => (Item: i, Recall: r))).ToList();
        var sent = 0;
        var day = round.Book.Usual.Digest.LastDay(round.Now, owner.Zone);
        var moment = WorkingDay.At(day, round.Book.Usual.Digest.Clock, owner.Zone);
        var toVerify = round.ToVerify[owner.Id].Where(i => i.CompletedAt <= moment).OrderBy(i => i.CompletedAt).ToList();
        var week = (owner.Id, DigestKind.Weekly, WorkingDay.IsoWeek(day));
        if (round.Now >= Working.NextWorking(moment, owner.Zone) && !round.Digests.ContainsKey(week) && (toVerify.Count > 0 || mine.Exists(i => i.OwnedSince is null || i.OwnedSince <= moment)))
        {
            // What is to be recalled on this day stands in it.
            var listed = DigestCard.Sections(mine, today).SelectMany(s => s.Items).ToList();
            Send(round, owner, DigestKind.Weekly, week.Item3, listed, toVerify);
            await MissedAsync(listed, today, stop);
            sent++;
        }
        else if (recalled.Count > 0)
        {
            var items = DigestCard.Sections([.. recalled.Select(r => r.Item).Distinct()], today).SelectMany(s => s.Items).ToList();
            if (!round.WeeklyOn(owner, today))
            {
                var period = Enumerable.Range(1, 99).Select(n => n == 1 ? $"{today:yyyy-MM-dd}" : $"{today:yyyy-MM-dd}.{n}").First(p => !round.Digests.ContainsKey((owner.Id, DigestKind.Reminder, p)));
                Send(round, owner, DigestKind.Reminder, period, items, []);
                sent++;
            }

            await MissedAsync(items, today, stop);
        }

        db.Recalls.AddRange(recalled.Select(r => new Recall { ItemId = r.Item.Id, Kind = r.Recall, For = r.Item.Due!.Value, At = round.Now }));
        return sent;
    }

    // Of several that have come due while nobody looked each is noted, and one message says it.
    private IEnumerable<string> DueRecalls(Round round, ActionItem item, Person owner)
    {
        if (item.Due is not { } due)
        {
            yield break;
        }

        foreach (var days in round.Book.For(item.Incident!, item).Remind)
        {
            var kind = days.ToString(System.Globalization.CultureInfo.InvariantCulture);
            // What comes before its date comes on the working day before, the rest on the next one.
            var on = days < 0 ? Working.LastWorkingDay(due.AddDays(days)) : due.AddDays(days);
            var at = WorkingDay.At(on, round.Book.Usual.Digest.Clock, owner.Zone);
            at = days < 0 ? at : Working.NextWorking(at, owner.Zone);
            if (at <= round.Now && at > round.Now - Lapses && !round.Recalls.Contains((item.Id, kind, due)) && at > (item.DueSetAt ?? item.CreatedAt) && at > (item.OwnedSince ?? item.CreatedAt))
            {
                yield return kind;
            }
        }
    }

    private void Send(Round round, Person owner, DigestKind kind, string period, IReadOnlyList<ActionItem> items, IReadOnlyList<ActionItem> toVerify)
    {
        var digest = new Digest { PersonId = owner.Id, Kind = kind, Period = period, At = round.Now, Items = [.. items.Select(i => i.Id)], ToVerify = [.. toVerify.Select(i => i.Id)] };
        db.Digests.Add(digest);
        db.Outbox.Add(OutboxRow.OfDigest(owner.Ref, digest.Id));
    }

    // Only what stood there with its buttons, and waits for nobody else, can have been left unanswered.
    private async Task MissedAsync(IEnumerable<ActionItem> listed, DateOnly today, CancellationToken stop)
    {
        var ids = listed.Take(DigestCard.Most).Where(i => i.Due < today && !i.WaitsForOthers).Select(i => i.Id).ToList();
        foreach (var item in ids.Count == 0 ? [] : await db.ActionItems.Where(ActionItem.StillOpen).Where(a => ids.Contains(a.Id)).ToListAsync(stop))
        {
            item.Missed++;
        }
    }

    // One commit for some; where another process, or somebody's click, was quicker, each by itself, and what is left over at the next round.
    private async Task<int> SaveAsync<T>(IReadOnlyList<T> some, Func<T, Task<int>> serve, CancellationToken stop)
    {
        try
        {
            var sent = 0;
            foreach (var one in some)
            {
                sent += await serve(one);
            }

            await db.SaveChangesAsync(stop);
            if (sent > 0)
            {
                signals.Changed();
            }

            return sent;
        }
        catch (DbUpdateException fault) when (db.IsContention(fault))
        {
            Log.Overtaken(log, some.Count);
        }
        catch (Exception fault) when (fault is not OperationCanceledException && !StoreUnavailable.IsCause(fault))
        {
            // One that cannot be served must not keep everybody else from being.
            Log.Failed(log, fault, some.Count);
            if (some.Count == 1)
            {
                _faults.Add(fault);
            }
        }
        finally
        {
            db.ChangeTracker.Clear();
        }

        var alone = 0;
        foreach (var one in some.Count == 1 ? [] : some)
        {
            alone += await SaveAsync([one], serve, stop);
        }

        return alone;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Follow-ups of {Count} were overtaken by another change and are looked at again")]
        public static partial void Overtaken(ILogger log, int count);

        [LoggerMessage(Level = LogLevel.Error, Message = "Follow-ups of {Count} failed")]
        public static partial void Failed(ILogger log, Exception fault, int count);
    }
}
