using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Facilitation;

/// <summary>Composes a root-cause statement out of the tree, for people to mend.</summary>
public static class RootCauseStatement
{
    /// <summary>What stands where nothing is known yet.</summary>
    public const string Blank = "…";

    /// <summary>When TRIGGER, PROPERTY allowed MECHANISM, which led to IMPACT; it was not caught because GAP.</summary>
    public static string Compose(ReviewFacts facts)
    {
        var deepest = facts.Tree.Leaves.OrderByDescending(n => n.Finding.Ending == CauseEnding.Systemic).ThenByDescending(n => n.Depth).ThenBy(n => n.Number, StringComparer.Ordinal).FirstOrDefault();
        var trigger = facts.Findings.LastOrDefault(f => f.Kind == FindingKind.ProximateCause)?.Text ?? deepest?.Parent?.Finding.Text;
        var root = facts.Incident.Impact.UserExperience ?? facts.Incident.Title;
        var property = deepest is { Depth: > 1 } ? deepest.Finding.Text : null;
        var mechanism = deepest?.Parent is { Depth: > 1 } between ? between.Finding.Text : null;
        var gap = facts.Findings.FirstOrDefault(f => f.Kind == FindingKind.WhyNotCaught)?.Text;
        var middle = mechanism is null ? "" : $" allowed {Clause(mechanism)},";
        return $"When {Clause(trigger)}, {Clause(property)}{(middle.Length == 0 ? "," : middle)} which led to this: {Clause(root)}; it was not caught because {(gap is null ? Blank : $"{Clause(gap)}.")}";
    }

    // A sentence inside a sentence: without its full stop, and small at its beginning unless that is a name.
    private static string Clause(string? text)
    {
        var said = text?.Trim().TrimEnd('.', ';', ',', ' ').ReplaceLineEndings(" ");
        if (string.IsNullOrEmpty(said))
        {
            return Blank;
        }

        var first = said.Split(' ')[0];
        return first.Skip(1).Any(c => char.IsUpper(c) || char.IsDigit(c)) || first == "I" ? said : char.ToLowerInvariant(said[0]) + said[1..];
    }
}
