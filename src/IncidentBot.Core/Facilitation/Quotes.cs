using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Insights;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Facilitation;

/// <summary>What a question rests on, in the words of the record.</summary>
internal static class Quotes
{
    private const int Most = 8;

    public static async Task<IReadOnlyList<string>> OfAsync(BotDb db, ReviewFacts facts, Agenda.Item item, CancellationToken stop)
    {
        var lines = new List<string>();
        foreach (var quote in item.Prompt.Quote)
        {
            lines.AddRange(quote == Quote.Similar ? Alike(await new SimilarIncidents(db).OfAsync(facts.Incident, stop)) : Of(facts, quote));
        }

        return [.. lines.Take(Most)];
    }

    private static IEnumerable<string> Of(ReviewFacts facts, Quote quote) => quote switch
    {
        Quote.Detection => Detection(facts.Timeline),
        Quote.Mitigation => facts.Timeline.Entries.Where(e => e.Marker is Marker.Mitigated or Marker.Resolved || e.Kind is EntryKind.ImpactEnds or EntryKind.Action).TakeLast(3).Select(e => $"{TimelineWording.Time(e)} UTC: {e.Text.Brief(200)}"),
        Quote.Cause => facts.Findings.Where(f => f.Kind == FindingKind.ProximateCause).Select(f => $"Immediate cause: {f.Text}"),
        Quote.Impact => Impact.Fields.Where(f => f.Get(facts.Incident.Impact) is not null).Select(f => $"{f.Label}: {f.Get(facts.Incident.Impact)}"),
        Quote.Tree => facts.Tree.Leaves.Select(n => $"{n.Number} {n.Finding.Text}"),
        Quote.BareLeaves => Coverage.Of(facts).Bare.Select(f => $"F{f.Number} {f.Text}"),
        Quote.Parked => facts.Parked.Where(p => p.ActionNumber is null).Select(p => $"Parked by {p.ByName}: {p.Text}"),
        Quote.Factors => facts.Findings.Where(f => f.Kind == FindingKind.Factor).Select(f => $"{(f.Category is null ? "" : $"{f.Category}: ")}{f.Text}"),
        Quote.Statement => [$"Proposed: {RootCauseStatement.Compose(facts)}"],
        _ => [],
    };

    private static IEnumerable<string> Detection(Chronology timeline)
    {
        if (timeline.Entries.FirstOrDefault(e => e.Marker == Marker.Detected || e.Kind == EntryKind.Detected) is { } first)
        {
            yield return $"{TimelineWording.Time(first)} UTC: {first.Text.Brief(200)}";
        }

        if (timeline.Milestones.TimeToDetect is { } late && late > TimeSpan.Zero)
        {
            yield return $"It had been going on for {Elapsed.Of(late)} when it was detected.";
        }
    }

    private static IEnumerable<string> Alike(IReadOnlyList<Similar> similar) => similar.Count == 0 ? ["I found no earlier incident that is like this one by class, service or words."]
        : similar.Select(s => $"{s.Incident.Code} {s.Incident.Title} ({s.Incident.DeclaredAt:yyyy-MM-dd}): {s.Because}{(s.OpenItems == 0 ? "" : $"; {s.OpenItems} of its action items {(s.OpenItems == 1 ? "is" : "are")} still open")}");
}
