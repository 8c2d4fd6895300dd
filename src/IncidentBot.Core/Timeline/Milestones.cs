using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Timeline;

/// <summary>The moments between which durations are counted, read off the timeline.</summary>
public sealed record Milestones
{
    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Alerted { get; init; }

    /// <summary>When it was detected; the declaration, when nobody has said.</summary>
    public DateTimeOffset? Detected { get; init; }

    /// <summary>True when <see cref="Detected"/> is the declaration because nobody has said.</summary>
    public bool DetectedAssumed { get; init; }

    public DateTimeOffset Declared { get; init; }

    public DateTimeOffset? Acknowledged { get; init; }

    public DateTimeOffset? StakeholdersNotified { get; init; }

    public DateTimeOffset? Mitigated { get; init; }

    public DateTimeOffset? Resolved { get; init; }

    /// <summary>Detected → resolved.</summary>
    public TimeSpan? Duration => Between(Detected, Resolved);

    /// <summary>Started → detected.</summary>
    public TimeSpan? TimeToDetect => Between(Started, Detected);

    /// <summary>Detected → acknowledged.</summary>
    public TimeSpan? TimeToRespond => Between(Detected, Acknowledged);

    /// <summary>Alerted → acknowledged.</summary>
    public TimeSpan? AlertToAcknowledgement => Between(Alerted, Acknowledged);

    /// <summary>Detected → mitigated.</summary>
    public TimeSpan? TimeToMitigate => Between(Detected, Mitigated);

    // What ends before it begins is a time that somebody has to mend, not a duration.
    private static TimeSpan? Between(DateTimeOffset? from, DateTimeOffset? to) => to < from ? null : to - from;

    /// <summary>The first of each that the timeline shows; of mitigation and resolution the last, and none that a reopening has undone.</summary>
    public static Milestones Of(Incident incident, IEnumerable<TimelineEntry> recorded)
    {
        var marks = recorded.Where(e => e.RemovedAt is null && e.OccurredAt is not null).Select(e => (Marker: Of(e), At: e.OccurredAt!.Value, e.Seq))
            .Where(m => m.Marker is not null).OrderBy(m => m.Seq).ToList();
        var reopened = marks.FindLastIndex(m => m.Marker == Marker.Reopened);
        var after = marks.Skip(reopened + 1).ToList();
        var detected = First(Marker.Detected);
        return new()
        {
            Declared = incident.DeclaredAt,
            Started = First(Marker.ImpactBegins),
            Alerted = First(Marker.Alerted),
            Detected = detected ?? incident.DeclaredAt,
            DetectedAssumed = detected is null,
            Acknowledged = First(Marker.Acknowledged),
            StakeholdersNotified = First(Marker.StakeholdersNotified),
            Mitigated = Last(Marker.Mitigated),
            Resolved = incident.Status == Status.Resolved ? Last(Marker.Resolved) : null,
        };

        DateTimeOffset? First(Marker marker) => marks.Where(m => m.Marker == marker).Select(m => (DateTimeOffset?)m.At).Min();
        DateTimeOffset? Last(Marker marker) => after.Where(m => m.Marker == marker).Select(m => (DateTimeOffset?)m.At).LastOrDefault();
    }

    private static Marker? Of(TimelineEntry entry) => entry.Marker ?? entry.Kind switch
    {
        EntryKind.Detected => Marker.Detected,
        EntryKind.ImpactBegins => Marker.ImpactBegins,
        EntryKind.ImpactEnds => Marker.ImpactEnds,
        _ => null,
    };
}

/// <summary>A stretch of time in which users were affected; open while its end is not known.</summary>
public sealed record ImpactWindow(DateTimeOffset From, DateTimeOffset? To);

/// <summary>Reads impact windows off the timeline.</summary>
public static class ImpactWindows
{
    /// <summary>Pairs begins with ends in order of occurrence and merges what overlaps; an entry with a range is a window of its own.</summary>
    public static IReadOnlyList<ImpactWindow> Of(IEnumerable<TimelineEntry> entries)
    {
        var windows = new List<ImpactWindow>();
        DateTimeOffset? begun = null;
        foreach (var entry in entries.Where(e => e.OccurredAt is not null && e.RemovedAt is null).OrderBy(e => e.OccurredAt).ThenBy(e => e.Seq))
        {
            var marker = entry.Marker;
            if (entry.Kind == EntryKind.ImpactBegins || marker == Marker.ImpactBegins)
            {
                if (entry.EndedAt is not null)
                {
                    windows.Add(new(entry.OccurredAt!.Value, entry.EndedAt));
                }
                else
                {
                    begun ??= entry.OccurredAt;
                }
            }
            else if ((entry.Kind == EntryKind.ImpactEnds || marker == Marker.ImpactEnds) && begun is { } from)
            {
                windows.Add(new(from, entry.OccurredAt));
                begun = null;
            }
        }

        if (begun is { } open)
        {
            windows.Add(new(open, null));
        }

        return Merge(windows);
    }

    /// <summary>Time under impact, or null while a window is open or none is known.</summary>
    public static TimeSpan? Total(IReadOnlyList<ImpactWindow> windows) =>
        windows.Count == 0 || windows.Any(w => w.To is null) ? null : windows.Aggregate(TimeSpan.Zero, (sum, w) => sum + (w.To!.Value - w.From));

    private static List<ImpactWindow> Merge(List<ImpactWindow> windows)
    {
        var merged = new List<ImpactWindow>();
        foreach (var window in windows.OrderBy(w => w.From))
        {
            if (merged is [.., var last] && (last.To is null || window.From <= last.To))
            {
                merged[^1] = last with { To = last.To is null || window.To is null ? null : (window.To > last.To ? window.To : last.To) };
            }
            else
            {
                merged.Add(window);
            }
        }

        return merged;
    }
}
