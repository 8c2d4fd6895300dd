namespace IncidentBot.Core.Facilitation.Coach;

/// <summary>Asks on where a statement of a cause stops at the trigger, at a person, or at somebody else.</summary>
public static class CauseLint
{
    private const string ByGap = "strong";
    private const string ByOwnControl = "own";

    /// <summary>What the text alone shows.</summary>
    public static IReadOnlyList<LintFinding> Check(string text, CoachWords words)
    {
        var gap = words.Gaps.Select(g => g.Match(text)).FirstOrDefault(m => m.Success);
        var found = new List<LintFinding>();
        foreach (var rule in words.Causes)
        {
            if (rule.In(text) is { } match && !(gap is not null && rule.Unless is ByGap && words.ExplicitGap.IsMatch(gap.Value)) && !(gap is not null && rule.Unless is ByOwnControl && words.OwnControl.IsMatch(text)))
            {
                found.Add(rule.At(match));
            }
        }

        if (found.TrueForAll(f => f.Rule != "R3") && BlameLint.Check(text, words).FirstOrDefault(f => f.IsRaised) is { } blame)
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
}
