using IncidentBot.Core.ActionItems.Policy;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems.Chasing;

/// <summary>What a whole workspace hears: the weekly overview in the channel, the monthly review of all open items, and the quarter's recurring classes for those who lead.</summary>
public sealed class Overviews(BotDb db, Policies policies, Installation installation)
{
    private const int WeekDays = 7;

    public async Task<int> SendAsync(string platform, string workspace, DateTimeOffset now, CancellationToken stop)
    {
        var usual = installation.FollowUps;
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var month = new DateOnly(today.Year, today.Month, 1);
        var quarter = new DateOnly(today.Year, (today.Month - 1) / 3 * 3 + 1, 1);
        var week = usual.Overview.LastDay(now, TimeZoneInfo.Utc);
        return await OnceAsync(Overview.Weekly, WorkingDay.IsoWeek(week), week, WeeklyAsync)
            + await OnceAsync(Overview.Monthly, $"{month:yyyy-MM}", month, MonthlyAsync)
            + (usual.Leadership is null ? 0 : await OnceAsync(Overview.Quarterly, $"{quarter:yyyy}-Q{(quarter.Month - 1) / 3 + 1}", quarter, QuarterlyAsync));

        async Task<int> OnceAsync(string kind, string period, DateOnly day, Func<string, string, DateTimeOffset, DateTimeOffset, CancellationToken, Task<OutboxRow?>> write)
        {
            var at = Moment(day);
            if (now < at || await db.Overviews.AnyAsync(o => o.Platform == platform && o.Workspace == workspace && o.Kind == kind && o.Period == period, stop))
            {
                return 0;
            }

            var row = await write(platform, workspace, at, now, stop);
            if (row is null && !await db.Incidents.AnyAsync(i => i.Platform == platform && i.Workspace == workspace && i.DeclaredAt < at, stop))
            {
                // A workspace that has just begun hears of it in its first full period.
                return 0;
            }

            db.Overviews.Add(new Overview { Platform = platform, Workspace = workspace, Kind = kind, Period = period, At = now });
            db.Outbox.AddRange(row is null ? [] : [row]);
            return row is null ? 0 : 1;
        }
    }

    // Where nobody works on the day itself, the next working day.
    private DateTimeOffset Moment(DateOnly day) =>
        WorkingDay.At(installation.WorkingDay.IsWorkingDay(day) ? day : installation.WorkingDay.AddWorkingDays(day, 1), installation.FollowUps.Overview.Clock, TimeZoneInfo.Utc);

    private async Task<OutboxRow?> WeeklyAsync(string platform, string workspace, DateTimeOffset at, DateTimeOffset now, CancellationToken stop)
    {
        var book = await policies.OfAsync(workspace, stop);
        var since = Moment(installation.FollowUps.Overview.LastDay(at, TimeZoneInfo.Utc).AddDays(-WeekDays));
        var open = (await Public(platform, workspace).Where(ActionItem.StillOpen).ToListAsync(stop)).Where(i => book.For(i.Incident!, i).Report).ToList();
        var finished = (await Public(platform, workspace).Where(a => a.CompletedAt >= since && a.CompletedAt < at).OrderBy(a => a.CompletedAt).ToListAsync(stop)).Where(i => book.For(i.Incident!, i).Report).ToList();
        return (open.Concat(finished)).Any(i => i.CreatedAt < at) ? Row(platform, workspace, ChaseWording.Weekly(open, finished, DateOnly.FromDateTime(now.UtcDateTime))) : null;
    }

    private async Task<OutboxRow?> MonthlyAsync(string platform, string workspace, DateTimeOffset at, DateTimeOffset now, CancellationToken stop)
    {
        var open = await Public(platform, workspace).Where(ActionItem.StillOpen).ToListAsync(stop);
        return open.Exists(i => i.CreatedAt < at) ? Row(platform, workspace, ChaseWording.Monthly(open, DateOnly.FromDateTime(now.UtcDateTime))) : null;
    }

    private async Task<OutboxRow?> QuarterlyAsync(string platform, string workspace, DateTimeOffset at, DateTimeOffset now, CancellationToken stop)
    {
        var to = new DateTimeOffset(new DateOnly(at.Year, ((at.Month - 1) / 3 * 3) + 1, 1), TimeOnly.MinValue, TimeSpan.Zero);
        var since = to.AddMonths(-3);
        var incidents = await db.Incidents.AsNoTracking().Where(i => i.Platform == platform && i.Workspace == workspace && i.Class != null && i.DeclaredAt >= since && i.DeclaredAt < to
            && !i.Private && !i.Drill && !i.Replayed && i.Status != Status.Cancelled && i.Status != Status.Merged).OrderBy(i => i.DeclaredAt).ToListAsync(stop);
        var open = (await Public(platform, workspace).Where(ActionItem.StillOpen).Where(a => a.Incident!.Class != null && !a.Incident.Drill).ToListAsync(stop)).ToLookup(a => a.Incident!.Class!, StringComparer.OrdinalIgnoreCase);
        var classes = incidents.GroupBy(i => i.Class!, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).OrderByDescending(g => g.Count())
            .Select(g => (g.Key, (IReadOnlyList<Incident>)[.. g], (IReadOnlyList<ActionItem>)[.. open[g.Key]])).ToList();
        var last = to.AddDays(-1);
        return classes.Count == 0 ? null : Row(platform, workspace, ChaseWording.Quarterly(classes, $"{last:yyyy} Q{(last.Month - 1) / 3 + 1}"), installation.FollowUps.Leadership);
    }

    private IQueryable<ActionItem> Public(string platform, string workspace) => db.ActionItems.AsNoTracking().Include(a => a.Incident).Where(a => a.Incident!.Platform == platform && a.Incident.Workspace == workspace
        && !a.Incident.Private && !a.Incident.Replayed && !a.Incident.Imported && a.Incident.Status == Status.Resolved);

    private OutboxRow Row(string platform, string workspace, Chat.Card card, string? channel = null) => OutboxRow.ToChannelOf(platform, workspace, channel is null ? installation.Channels : [channel], card);
}
