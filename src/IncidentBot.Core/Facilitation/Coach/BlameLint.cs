namespace IncidentBot.Core.Facilitation.Coach;

/// <summary>Hears words that put a cause on a person, or describe a day that did not happen.</summary>
public static class BlameLint
{
    /// <summary>Findings in the order in which they stand in the text; each kind of words once.</summary>
    public static IReadOnlyList<LintFinding> Check(string text, CoachWords words)
    {
        var found = new List<LintFinding>();
        var subjects = words.SubjectsIn(text);
        foreach (var rule in words.Blame)
        {
            if (!found.Exists(f => f.Rule == rule.Rule) && rule.In(text, subjects) is { } match)
            {
                found.Add(rule.At(match));
            }
        }

        return [.. found.OrderBy(f => f.Start)];
    }
}
