using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Facilitation.Coach;

/// <summary>Where a statement of a cause stands.</summary>
/// <param name="Title">What is to be explained.</param>
/// <param name="Above">What it is the cause of.</param>
/// <param name="HasEvidence">True where an entry or a link shows it.</param>
/// <param name="Proximate">The immediate cause, beside which a root cause says something else.</param>
public sealed record CauseContext(string Title, IReadOnlyList<string> Above, bool HasEvidence, string? Proximate, FindingKind? Kind);

/// <summary>Asks on where a statement of a cause stops at the trigger, at a person, or at somebody else.</summary>
public static class CauseLint
{
    private const string ByGap = "strong";
    private const string ByOwnControl = "own";

    /// <summary>What the text alone shows.</summary>
    /// <param name="silenced">Rules that a team has switched off; null: none.</param>
    public static IReadOnlyList<LintFinding> Check(string text, CoachWords words, IReadOnlyCollection<string>? silenced = null)
    {
        var gap = words.Gaps.Select(g => g.In(text)).FirstOrDefault(m => m is not null);
        var found = new List<LintFinding>();
        foreach (var rule in words.Causes)
        {
            if (rule.In(text) is { } match && !(gap is not null && rule.Unless is ByGap && words.ExplicitGap.IsMatch(gap.Value)) && !(gap is not null && rule.Unless is ByOwnControl && words.OwnControl.IsMatch(text)))
            {
                found.Add(rule.At(match));
            }
        }

        if (found.TrueForAll(f => f.Rule != "R3") && BlameLint.Check(text, words).FirstOrDefault(f => f.IsRaised && silenced?.Contains(f.Rule) != true) is { } blame)
        {
            found.Add(new("S2", LintLevel.Warn, blame.Start, blame.Length, blame.Message, null));
        }

        if (gap is null)
        {
            found.Add(words.Trigger.At(null));
            if (CoachWords.Count(text) < words.ShortWords)
            {
                found.Add(words.Short.At(null));
            }
        }

        return found;
    }

    /// <summary>What the text shows in its place: whether it only repeats what it explains, whether it says more than the immediate cause, and what shows it.</summary>
    public static IReadOnlyList<LintFinding> Check(string text, CoachWords words, CauseContext context, IReadOnlyCollection<string>? silenced = null)
    {
        var found = Check(text, words, silenced).ToList();
        if (context.Kind == FindingKind.RootCause && context.Proximate is { } proximate && TextWords.Overlap(text, proximate) > Same)
        {
            found.Insert(0, words.InPlace("S12"));
        }
        else if (context.Above.Append(context.Title).Any(a => TextWords.Overlap(text, a) > Same))
        {
            found.Insert(0, words.InPlace("S7"));
        }

        if (context.Kind is null or FindingKind.Why && !context.HasEvidence && found.Count == 0)
        {
            found.Add(words.InPlace("S11"));
        }

        return found;
    }

    /// <summary>What the whole of the causes and factors shows: one chain, one category, a fix in the place of a cause.</summary>
    public static IReadOnlyList<LintFinding> CheckWhole(IReadOnlyList<Finding> findings, IReadOnlyList<string> actions, CoachWords words)
    {
        var found = new List<LintFinding>();
        var tree = CauseTree.Of(findings);
        if (tree.Roots.Count > 0 && (tree.Depth < CauseTree.LeastDepth || !tree.Branches))
        {
            found.Add(words.InPlace("S8"));
        }

        var factors = findings.Where(f => f.Kind == FindingKind.Factor && f.RemovedAt is null).ToList();
        if (factors.Count > 1 && factors.Select(f => f.Category?.ToLowerInvariant()).Distinct().Count() == 1)
        {
            found.Add(words.InPlace("S9"));
        }

        // "No alert at 80 %" beside "Add an alert at 80 %": the fix has been turned round.
        if (findings.Any(f => f.Kind is FindingKind.Why or FindingKind.RootCause or FindingKind.Factor && f.RemovedAt is null && words.FixShaped.IsMatch(f.Text) && actions.Any(a => TextWords.Overlap(f.Text, a) > AlikeFix)))
        {
            found.Add(words.InPlace("S10"));
        }

        return found;
    }

    private const double Same = 0.6;

    private const double AlikeFix = 0.4;
}
