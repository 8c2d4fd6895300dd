using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Insights;

/// <summary>Works out how incidents, their reviews and their actions go, each figure with its definition and its number of cases.</summary>
public sealed class GatherFigures(BotDb db)
{
    private const string Hours = "hours";
    private const string Days = "days";

    /// <param name="workspace">Null: of all workspaces.</param>
    /// <param name="since">Only incidents declared from then on; null: all.</param>
    public async Task<Figures> OfAsync(string? workspace, DateTimeOffset? since, DateTimeOffset now, CancellationToken stop)
    {
        var counted = db.Incidents.AsNoTracking().Where(i => !i.Drill && !i.Replayed && i.Status != Status.Cancelled && i.Status != Status.Merged
            && (workspace == null || i.Workspace == workspace) && (since == null || i.DeclaredAt >= since));
        var incidents = await counted.OrderBy(i => i.DeclaredAt).ToListAsync(stop);
        var entries = (await db.Entries.AsNoTracking().Where(e => counted.Any(i => i.Id == e.IncidentId) && (e.Marker != null || e.StatusTo != null
            || e.Kind == EntryKind.Detected || e.Kind == EntryKind.ImpactBegins || e.Kind == EntryKind.ImpactEnds)).ToListAsync(stop)).ToLookup(e => e.IncidentId);
        var timelines = incidents.ToDictionary(i => i.Id, i => Chronology.Of(i, entries[i.Id]));
        var items = await db.ActionItems.AsNoTracking().Include(a => a.Incident).Where(a => counted.Any(i => i.Id == a.IncidentId)).ToListAsync(stop);
        var reviews = await db.Reviews.AsNoTracking().Where(r => counted.Any(i => i.Id == r.IncidentId)).ToListAsync(stop);
        // Also where only the newer ones are counted.
        var classed = await db.Incidents.AsNoTracking().Where(i => i.Class != null && !i.Drill && !i.Replayed && i.Status != Status.Cancelled && i.Status != Status.Merged).Select(i => new { i.Id, i.Class, i.Workspace, i.DeclaredAt }).ToListAsync(stop);
        var repeats = incidents.Where(i => i.Class is not null && classed.Exists(e => e.Class == i.Class && e.Id != i.Id && e.Workspace == i.Workspace && e.DeclaredAt < i.DeclaredAt && e.DeclaredAt >= i.DeclaredAt - ReviewPolicy.Memory)).ToList();
        var owners = items.Select(i => i.OwnerId).OfType<long>().Distinct().ToList();
        var zones = (await db.People.AsNoTracking().Where(p => owners.Contains(p.Id)).ToListAsync(stop)).ToDictionary(p => p.Id, p => p.Zone);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var late = items.Where(i => i.IsLate(today)).ToList();
        return new(
            now,
            incidents.Count,
            [.. OfIncidents([.. incidents.Where(i => i.Kind != IncidentKind.NearMiss)], timelines, repeats), .. OfReviews(reviews, timelines), .. OfItems(items, timelines, now)],
            [.. RatesOf(incidents, timelines, reviews, items, zones, repeats, now)],
            Overdue(late, i => i.OwnerName ?? "no owner", today),
            Overdue(late.Where(i => i.Team is not null), i => i.Team!, today),
            Survival.Of([.. items.Select(i => (((i.CompletedAt ?? i.DroppedAt ?? now) - i.CreatedAt).TotalDays, i.CompletedAt is not null))]),
            [.. reviews.Where(r => r is { ClosedAt: not null, Score: not null, ScoreOf: > 0 }).GroupBy(r => $"{r.ClosedAt:yyyy-MM}").OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => Figure.Of("", "", "", "", g.Select(r => 100.0 * r.Score!.Value / r.ScoreOf!.Value)) is var f ? new MonthFigure(g.Key, f.N, f.Median) : null!)]);
    }

    private static IEnumerable<Figure> OfIncidents(IReadOnlyList<Incident> incidents, IReadOnlyDictionary<long, Chronology> timelines, IReadOnlyList<Incident> repeats)
    {
        Figure Spans(string key, string name, string definition, Func<Chronology, TimeSpan?> span, IEnumerable<Incident> of) =>
            Figure.Of(key, name, definition, Hours, of.Select(i => span(timelines[i.Id])).OfType<TimeSpan>().Select(s => s.TotalHours));
        yield return Spans("time-to-detect", "Time to detect", "started → detected", t => t.Milestones.TimeToDetect, incidents);
        yield return Spans("time-to-respond", "Time to respond", "detected → acknowledged", t => t.Milestones.TimeToRespond, incidents);
        yield return Spans("alert-to-acknowledgement", "Alert to acknowledgement", "alerted → acknowledged", t => t.Milestones.AlertToAcknowledgement, incidents);
        yield return Spans("time-to-mitigate", "Time to mitigate", "detected → mitigated", t => t.Milestones.TimeToMitigate, incidents);
        yield return Spans("duration", "Duration", "detected → resolved", t => t.Milestones.Duration, incidents);
        yield return Spans("customer-impact", "Customer impact", "sum of the stretches under impact, overlaps counted once", t => ImpactWindows.Total(t.Windows), incidents);
        yield return Spans("time-to-detect-repeats", "Time to detect similar incidents", $"started → detected, of incidents whose class there was in the {ReviewPolicy.Memory.Days} days before", t => t.Milestones.TimeToDetect, incidents.Where(repeats.Contains));
    }

    private static IEnumerable<Figure> OfReviews(IReadOnlyList<Review> reviews, IReadOnlyDictionary<long, Chronology> timelines)
    {
        yield return Figure.Of("time-to-post-mortem", "Time to post-mortem", "resolved → document done (its review is closed)", Days,
            reviews.Where(r => r.ClosedAt is not null).Select(r => r.ClosedAt - timelines[r.IncidentId].Milestones.Resolved).OfType<TimeSpan>().Where(s => s >= TimeSpan.Zero).Select(s => s.TotalDays));
        yield return Figure.Of("quality", "Quality of post-mortems", "points of the score when the review was closed, of 100; without those for an approved document", "points",
            reviews.Where(r => r is { ClosedAt: not null, Score: not null, ScoreOf: > 0 }).Select(r => 100.0 * r.Score!.Value / r.ScoreOf!.Value));
    }

    private static IEnumerable<Figure> OfItems(IReadOnlyList<ActionItem> items, IReadOnlyDictionary<long, Chronology> timelines, DateTimeOffset now)
    {
        yield return Figure.Of("open-item-age", "Age of open actions", "kept → now, of those that are open", Days, items.Where(i => i.IsOpen).Select(i => (now - i.CreatedAt).TotalDays));
        yield return Figure.Of("time-to-complete", "Time to complete an action", "kept → done", Days, items.Where(i => i.CompletedAt is not null).Select(i => (i.CompletedAt!.Value - i.CreatedAt).TotalDays));
        yield return Figure.Of("time-to-first-action", "Time to the first action done", "resolved → first action of the incident done", Days,
            items.Where(i => i.CompletedAt is not null).GroupBy(i => i.IncidentId).Select(g => g.Min(i => i.CompletedAt!.Value) - timelines[g.Key].Milestones.Resolved).OfType<TimeSpan>().Where(s => s >= TimeSpan.Zero).Select(s => s.TotalDays));
        yield return Figure.Of("date-moves", "New dates of an action", "how often its owner has moved its date, of all actions", "times", items.Select(i => (double)i.Moves));
    }

    private static IEnumerable<Share> RatesOf(
        IReadOnlyList<Incident> incidents, IReadOnlyDictionary<long, Chronology> timelines, IReadOnlyList<Review> reviews, IReadOnlyList<ActionItem> items, IReadOnlyDictionary<long, TimeZoneInfo> zones, IReadOnlyList<Incident> repeats, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var done = items.Where(i => i.State is ActionState.Done or ActionState.Verified).ToList();
        var dropped = items.Count(i => i.State == ActionState.NotDoing);
        yield return new("completion", "Actions completed", "done or verified, of all", done.Count, items.Count);
        yield return new("completion-of-wanted", "Actions completed, of those still wanted", "done or verified, of all but those decided not to be done", done.Count, items.Count - dropped);
        yield return new("verified", "Actions verified", "seen to work by somebody other than their owner, of those done", done.Count(i => i.State == ActionState.Verified), done.Count);
        // Measured by the first date: one that is moved in time is not on time.
        var dated = items.Where(i => i.FirstDue is not null && (i.CompletedAt is not null || (i.IsOpen && i.FirstDue < today))).ToList();
        yield return new("on-time", "Actions on time", "done by the first date they had, in their owner's zone, of those whose first date has come or that are done",
            dated.Count(i => i.CompletedAt is { } at && DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zones.GetValueOrDefault(i.OwnerId ?? 0, TimeZoneInfo.Utc)).DateTime) <= i.FirstDue), dated.Count);
        var classed = incidents.Where(i => i.Class is not null).ToList();
        yield return new("repeats", "Repeat incidents", $"incidents whose class there was in the {ReviewPolicy.Memory.Days} days before, of those with a class", repeats.Count, classed.Count);
        var known = incidents.Select(i => ReviewPolicy.FoundByPeople(timelines[i.Id])).OfType<bool>().ToList();
        yield return new("found-by-people", "Found by people", "noticed by people before monitoring, of those where it is known", known.Count(p => p), known.Count);
        // One that nobody wants, or that is not held, has no date to miss.
        var wanted = reviews.Where(r => r.State is ReviewState.Running or ReviewState.Closed || (r.State == ReviewState.Offered && r.RequiredBecause is not null)).ToList();
        yield return new("review-begun-in-time", "Reviews begun in time", "begun by their date, of those begun or past it", wanted.Count(r => r.BegunInTime == true), wanted.Count(r => r.BegunInTime is not null || r.DueAt < now));
        yield return new("document-in-time", "Documents done in time", "done by their date, of those done or past it", wanted.Count(r => r.DocumentInTime == true), wanted.Count(r => r.DocumentInTime is not null || r.DocumentDueAt < now));
    }

    private static IReadOnlyList<OverdueCount> Overdue(IEnumerable<ActionItem> late, Func<ActionItem, string> by, DateOnly today) =>
        [.. late.GroupBy(by).Select(g => new OverdueCount(g.Key, g.Count(), g.Max(i => today.DayNumber - i.Due!.Value.DayNumber))).OrderByDescending(o => o.Items).ThenBy(o => o.Name, StringComparer.Ordinal)];
}
