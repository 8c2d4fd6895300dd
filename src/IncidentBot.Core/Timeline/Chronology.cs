using System.Text.RegularExpressions;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Timeline;

/// <summary>The timeline as it is read: entries in order of occurrence with their phases, milestones, impact windows and gaps.</summary>
public sealed partial class Chronology
{
    private Chronology(Incident incident, List<TimelineEntry> recorded)
    {
        Incident = incident;
        var live = recorded.Where(e => e.RemovedAt is null).ToList();
        Entries = [.. InOrder(live)];
        Milestones = Milestones.Of(incident, recorded);
        Windows = ImpactWindows.Of(live);
        _statuses = [.. live.Where(e => e.StatusTo is not null && e.OccurredAt is not null)
            .OrderBy(e => e.OccurredAt).ThenBy(e => e.Seq).Select(e => (e.OccurredAt!.Value, e.Seq, e.StatusTo!.Value))];
        // A declaration that came after a backdated status does not take the incident back to its beginning.
        _statuses.RemoveAll(s => s.Status == Status.Detected && _statuses[0].Status != Status.Detected);
    }

    private readonly List<(DateTimeOffset At, int Seq, Status Status)> _statuses;

    public Incident Incident { get; }

    /// <summary>What stands on the timeline, in order of occurrence; ties and unknown times in order of recording.</summary>
    public IReadOnlyList<TimelineEntry> Entries { get; }

    public Milestones Milestones { get; }

    public IReadOnlyList<ImpactWindow> Windows { get; }

    /// <summary>The rows that a document prints: a replay's automatic entries are not printed beside the file's own, and the paperwork of the review nowhere.</summary>
    public IEnumerable<TimelineEntry> Printed =>
        Incident.Replayed || Incident.Imported ? Entries.Where(e => e.Kind != EntryKind.System) : Entries.Where(e => e is not { Kind: EntryKind.System, Source: EntrySource.Review });

    public static async Task<Chronology> LoadAsync(BotDb db, Incident incident, CancellationToken stop)
    {
        var entries = await db.Entries.AsNoTracking().Include(e => e.Evidence)
            .Where(e => e.IncidentId == incident.Id).OrderBy(e => e.Seq).ToListAsync(stop);
        return new(incident, entries);
    }

    public static Chronology Of(Incident incident, IEnumerable<TimelineEntry> recorded) => new(incident, [.. recorded.OrderBy(e => e.Seq)]);

    /// <summary>The phase that was said, or else the one that follows from the status at the time and from plain cues in the text.</summary>
    public Phase? PhaseOf(TimelineEntry entry)
    {
        if (entry.PhaseSaid is { } said)
        {
            return said;
        }

        if (entry.OccurredAt is not { } at)
        {
            return null;
        }

        var index = _statuses.FindLastIndex(s => s.At < at || (s.At == at && s.Seq <= entry.Seq));
        var status = index < 0 ? Status.Detected : _statuses[index].Status;
        if (entry.Marker == Marker.Declared || (Milestones.Detected is { } detected && at <= detected))
        {
            return Phase.Detection;
        }

        if (status < Status.Mitigated && EscalationCue().IsMatch(entry.Text.Plain))
        {
            return Phase.Escalation;
        }

        if (ResolutionCue().IsMatch(entry.Text.Plain))
        {
            return Phase.Resolution;
        }

        return status switch
        {
            Status.Detected => Phase.Detection,
            Status.Triage => Phase.Triage,
            Status.Investigating or Status.Identified => Phase.Investigation,
            Status.Mitigated => Phase.Mitigation,
            Status.Resolved when entry.StatusTo == Status.Resolved && (index == 0 || _statuses[index - 1].Status != Status.Monitoring) => Phase.Resolution,
            _ => Phase.Monitoring,
        };
    }

    /// <summary>Stretches between start and resolution without an entry, longer than thirty minutes and than four times the incident's own median gap.</summary>
    public IReadOnlyList<Gap> Gaps()
    {
        var from = Milestones.Started ?? Milestones.Detected;
        var to = Milestones.Resolved;
        var times = Printed.Where(e => e.OccurredAt is not null).Select(e => (At: e.OccurredAt!.Value, End: e.EndedAt ?? e.OccurredAt!.Value))
            .Where(t => (from is null || t.At >= from) && (to is null || t.At <= to)).ToList();
        if (times.Count < 2)
        {
            return [];
        }

        var gaps = times.Zip(times.Skip(1), (a, b) => new Gap(a.End, b.At)).Where(g => g.Length > TimeSpan.Zero).ToList();
        if (gaps.Count == 0)
        {
            return [];
        }

        var sorted = gaps.Select(g => g.Length).Order().ToList();
        var median = sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
        var limit = TimeSpan.FromTicks(Math.Max(TimeSpan.FromMinutes(30).Ticks, 4 * median.Ticks));
        return [.. gaps.Where(g => g.Length > limit)];
    }

    /// <summary>The time since impact began (else detection), as <c>T+00:12</c>; before it, <c>T-00:12</c>.</summary>
    public string? Offset(TimelineEntry entry)
    {
        if (entry.OccurredAt is not { } at || (Milestones.Started ?? Milestones.Detected) is not { } zero)
        {
            return null;
        }

        var span = at - zero;
        var size = span.Duration();
        return $"T{(span < TimeSpan.Zero ? '-' : '+')}{(int)size.TotalHours:00}:{size.Minutes:00}";
    }

    // An unknown time keeps its place: right after what was recorded before it.
    private static IEnumerable<TimelineEntry> InOrder(List<TimelineEntry> recorded)
    {
        var placed = new List<(DateTimeOffset At, TimelineEntry Entry)>();
        var waiting = new List<TimelineEntry>();
        DateTimeOffset? before = null;
        foreach (var entry in recorded)
        {
            var at = entry.OccurredAt ?? before;
            if (at is null)
            {
                waiting.Add(entry);
                continue;
            }

            placed.AddRange(waiting.Select(w => (at.Value, w)));
            waiting.Clear();
            placed.Add((at.Value, entry));
            before = entry.Kind == EntryKind.System ? before : at;
        }

        return placed.OrderBy(p => p.At).ThenBy(p => p.Entry.Seq).Select(p => p.Entry).Concat(waiting);
    }

    [GeneratedRegex(@"\b(?:paged?|paging|escalat\w+)\b", RegexOptions.IgnoreCase)]
    private static partial Regex EscalationCue();

    [GeneratedRegex(@"\b(?:(?:permanent )?fix (?:was |is )?(?:applied|deployed|released|rolled out)|services? (?:fully )?restored)\b", RegexOptions.IgnoreCase)]
    private static partial Regex ResolutionCue();
}

/// <summary>A stretch of time in which nothing was recorded.</summary>
public sealed record Gap(DateTimeOffset From, DateTimeOffset To)
{
    public TimeSpan Length => To - From;
}
