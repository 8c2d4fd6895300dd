using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Facilitation;

/// <summary>Which question comes next, and what it is about.</summary>
public static class Agenda
{
    private const int MostUnproven = 6;
    private const int LongestQuote = 300;

    /// <summary>A question that is still to be asked.</summary>
    public sealed record Item(ScriptPhase Phase, ScriptPrompt Prompt, string About, string Question)
    {
        public int? EntrySeq { get; init; }

        public long? FindingId { get; init; }

        public DateTimeOffset? From { get; init; }

        public DateTimeOffset? To { get; init; }

        /// <summary>Who was there then.</summary>
        public long? NearestId { get; init; }
    }

    /// <summary>The next question from a phase on; null when everything has been asked.</summary>
    public static Item? Next(ReviewFacts facts, string? fromPhase) => Unasked(facts, fromPhase).FirstOrDefault();

    private static IEnumerable<Item> Unasked(ReviewFacts facts, string? fromPhase)
    {
        var phases = facts.Script!.Phases;
        var start = fromPhase is null ? 0 : Math.Max(0, phases.FindIndex(p => p.Key == fromPhase));
        return phases.Skip(start).Where(p => facts.Phases.FirstOrDefault(s => s.Key == p.Key)?.State is null or PhaseState.Open)
            .SelectMany(p => Items(facts, p)).Where(i => !facts.Prompts.Any(p => p.Key == i.Prompt.Key && p.About == i.About));
    }

    /// <summary>How many questions are still to come, as far as it can be said by now.</summary>
    public static int ToCome(ReviewFacts facts, string fromPhase) => Unasked(facts, fromPhase).Count();

    /// <summary>Every question of a phase, as far as it can be said by now.</summary>
    private static IEnumerable<Item> Items(ReviewFacts facts, ScriptPhase phase) => phase.Prompts.SelectMany(prompt =>
        prompt.Each is null ? [new Item(phase, prompt, "", Put(prompt.Ask, facts, new Dictionary<string, string>()))] : Each(facts, phase, prompt).Take(prompt.Most));

    private static IEnumerable<Item> Each(ReviewFacts facts, ScriptPhase phase, ScriptPrompt prompt)
    {
        Item About(string about, params (string Name, string Value)[] words) => new(phase, prompt, about, Put(prompt.Ask, facts, words.ToDictionary(w => w.Name, w => w.Value)));
        var timeline = facts.Timeline;
        switch (prompt.Each)
        {
            case Scripts.Each.Marker:
                var missing = MissingMarkers(timeline).ToList();
                return missing.Count == 0 ? [] : [About("markers", ("text", string.Join("; ", missing)))];
            case Scripts.Each.Gap:
                // Those that are there when the phase begins: an answer may split one in two, and nobody wants to be asked about both halves.
                var known = facts.Prompts.Where(p => p.Key == prompt.Key).ToList();
                return known.Select(p => About(p.About)).Concat(timeline.Gaps().Where(g => !known.Exists(p => p.From <= g.From && p.To >= g.To)).Select(g =>
                    About($"{g.From.UtcTicks}", ("from", Clock(g.From, timeline)), ("to", Clock(g.To, timeline))) with { From = g.From, To = g.To, NearestId = Nearest(facts, g.From, g.To) }));
            case Scripts.Each.Decision:
                // What two people have noted in the same words is one decision.
                return timeline.Printed.Where(e => e.Kind == EntryKind.Decision && e.RedactedAt is null && e.OccurredAt is not null).DistinctBy(e => e.Text.Plain.Trim().TrimEnd('.'), StringComparer.OrdinalIgnoreCase).Select(e =>
                    About($"entry:{e.Seq}", ("time", Clock(e.OccurredAt!.Value, timeline)), ("text", e.Text.Brief(LongestQuote))) with { EntrySeq = e.Seq, NearestId = Reachable(facts, e.ActorId) });
            case Scripts.Each.Unproven:
                var bare = timeline.Printed.Where(e => e.Evidence.Count == 0 && e.Link is null && e.RedactedAt is null && e.Source is not EntrySource.Pin
                    && (e.Kind is EntryKind.Detected or EntryKind.Action or EntryKind.Evidence or EntryKind.ImpactBegins or EntryKind.ImpactEnds)).Take(MostUnproven).ToList();
                return bare.Count == 0 ? [] : [About("entries", ("text", string.Join("; ", bare.Select(e => $"{e.Seq} “{e.Text.Brief(60)}”"))))];
            case Scripts.Each.Leaf:
                return facts.Prompts.Where(p => p.Key == prompt.Key).Select(p => About(p.About)).Concat(facts.Tree.Open
                    .Where(n => !facts.Prompts.Any(p => p.FindingId == n.Finding.Id && p.Key == prompt.Key))
                    .OrderBy(n => n.Depth).ThenBy(n => n.Number, StringComparer.Ordinal)
                    .Select(n => About($"cause:{n.Finding.Id}", ("cause", $"“{RichText(n.Finding.Text)}”")) with { FindingId = n.Finding.Id }));
            default:
                return [];
        }
    }

    /// <summary>Moments without which durations cannot be counted.</summary>
    public static IEnumerable<string> MissingMarkers(Chronology timeline)
    {
        var m = timeline.Milestones;
        if (m.Started is null)
        {
            yield return "when the impact began";
        }

        if (m.DetectedAssumed)
        {
            yield return "when it was detected, and how";
        }

        if (m.Acknowledged is null)
        {
            yield return "when somebody first took it up (acknowledged)";
        }

        if (m.Mitigated is null)
        {
            yield return "when it was mitigated";
        }

        if (timeline.Windows.Count == 0 || timeline.Windows.Any(w => w.To is null))
        {
            yield return "when the impact ended";
        }
    }

    // Whoever wrote or did something closest to the gap, of those who can still be asked.
    private static long? Nearest(ReviewFacts facts, DateTimeOffset from, DateTimeOffset to) => facts.Timeline.Entries
        .Where(e => e.OccurredAt is not null && Reachable(facts, e.ActorId) is not null)
        .OrderBy(e => Math.Min((e.OccurredAt!.Value - from).Duration().Ticks, (e.OccurredAt!.Value - to).Duration().Ticks)).Select(e => e.ActorId).FirstOrDefault();

    private static long? Reachable(ReviewFacts facts, long? person) => facts.People.Any(p => p.Id == person) ? person : null;

    private static string Clock(DateTimeOffset at, Chronology timeline) =>
        at.ToString(timeline.Printed.Where(e => e.OccurredAt is not null).Select(e => e.OccurredAt!.Value.UtcDateTime.Date).Distinct().Count() > 1 ? "yyyy-MM-dd HH:mm" : "HH:mm");

    private static string RichText(string text) => Chat.RichText.Briefly(text.TrimEnd('.', ' '), LongestQuote);

    private static string Put(string ask, ReviewFacts facts, IReadOnlyDictionary<string, string> words)
    {
        foreach (var (name, value) in words)
        {
            ask = ask.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        }

        return ask.Replace("{incident}", facts.Incident.Code, StringComparison.Ordinal);
    }
}
