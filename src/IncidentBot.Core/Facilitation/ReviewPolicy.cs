using System.Text.RegularExpressions;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation;

/// <summary>Which incidents want a review, and until when.</summary>
public sealed partial class ReviewPolicy(BotDb db, Installation installation)
{
    /// <summary>A resolution that takes longer than this wants a review.</summary>
    public static readonly TimeSpan LongResolution = TimeSpan.FromHours(4);

    /// <summary>So far back an earlier incident of the class counts as the same again.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(180);

    /// <summary>Every reason for which a review is wanted; none: nobody needs one, and anyone may ask for one.</summary>
    public async Task<IReadOnlyList<string>> ReasonsAsync(Incident incident, Chronology timeline, CancellationToken stop)
    {
        var reasons = new List<string>();
        if (incident.Drill)
        {
            return reasons;
        }

        if (incident.Severity is <= 2 and { } severity)
        {
            reasons.Add($"it was {Severity.Name(severity)}");
        }

        if (incident.Impact.DataLoss is { } loss && !No().IsMatch(loss))
        {
            reasons.Add("data was lost");
        }

        if (FoundByPeople(timeline) == true)
        {
            reasons.Add("people noticed it before monitoring did");
        }

        if (timeline.Milestones.Duration > LongResolution)
        {
            reasons.Add($"it took {Elapsed.Of(timeline.Milestones.Duration.Value)} to resolve");
        }

        if (incident.Kind == IncidentKind.NearMiss)
        {
            reasons.Add("it was a near miss, a lesson without its price");
        }

        if (await EarlierOfClassAsync(incident, stop) is > 0 and var earlier)
        {
            reasons.Add($"it is the {Ordinal(earlier + 1)} of its class ({incident.Class}) in {Memory.Days} days");
        }

        return reasons;
    }

    /// <summary>Looks again, once what has just been learned is kept, at whether a review is wanted.</summary>
    public async Task ReconsiderAsync(Incident incident, DateTimeOffset now, CancellationToken stop)
    {
        if (incident.Status == Status.Resolved && OfferReview.For(incident, now) is { } alarm
            && !db.Alarms.Local.Any(a => a.IncidentId == incident.Id && a.Key == OfferReview.Key) && !await db.Alarms.AnyAsync(a => a.IncidentId == incident.Id && a.Key == OfferReview.Key, stop))
        {
            db.Alarms.Add(alarm);
        }
    }

    /// <summary>How many of the class there were shortly before.</summary>
    public async Task<int> EarlierOfClassAsync(Incident incident, CancellationToken stop)
    {
        var since = incident.DeclaredAt - Memory;
        return incident.Class is null ? 0 : await db.Incidents.CountAsync(
            i => i.Workspace == incident.Workspace && i.Class == incident.Class && i.Id != incident.Id && i.DeclaredAt >= since && i.DeclaredAt <= incident.DeclaredAt
                && !i.Drill && !i.Replayed && !i.Private && i.Status != Status.Cancelled && i.Status != Status.Merged, stop);
    }

    /// <summary>Until when the review should begin and the document be done, counted from the resolution.</summary>
    public (DateTimeOffset Review, DateTimeOffset Document) Due(Incident incident, DateTimeOffset resolved) =>
        (resolved + installation.ReviewWithin, resolved + installation.DocumentWithin.GetValueOrDefault(incident.Severity ?? Severity.Assumed, TimeSpan.FromDays(5)));

    /// <summary>True when a person noticed it and no alert had fired; null when the timeline does not say.</summary>
    public static bool? FoundByPeople(Chronology timeline)
    {
        if (timeline.Milestones.DetectedAssumed)
        {
            return null;
        }

        if (timeline.Milestones.Alerted is { } alerted && alerted <= timeline.Milestones.Detected)
        {
            return false;
        }

        var first = timeline.Entries.FirstOrDefault(e => (e.Marker == Marker.Detected || e.Kind == EntryKind.Detected) && e.Kind != EntryKind.System);
        return first is null ? null : !Monitoring().IsMatch($"{first.Text.Plain} {first.ActorName}");
    }

    internal static string Ordinal(int n) => n switch { 1 => "first", 2 => "second", 3 => "third", _ => $"{n}th" };

    [GeneratedRegex(@"^\s*(?:no|none|nothing|not? (?:data )?(?:loss|lost)|n/?a|0)\b", RegexOptions.IgnoreCase)]
    private static partial Regex No();

    [GeneratedRegex(@"\b(?:alert\w*|alarm\w*|monitor\w*|pager\w*|paged|probe|synthetic|threshold|grafana|prometheus|datadog|nagios|zabbix|opsgenie|health ?check|watchdog)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Monitoring();
}
