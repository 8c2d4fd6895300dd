namespace IncidentBot.Core.Facilitation.Coach;

/// <summary>Hears words that put a cause on a person, or describe a day that did not happen.</summary>
public static class BlameLint
{
    /// <summary>Findings in the order in which they stand in the text; each kind of words once.</summary>
    /// <param name="names">People of the incident, who are subjects whatever they are called.</param>
    public static IReadOnlyList<LintFinding> Check(string text, CoachWords words, IReadOnlyCollection<string>? names = null)
    {
        var found = new List<LintFinding>();
        var subjects = words.SubjectsIn(text);
        subjects.AddRange((names ?? []).SelectMany(n => Places(text, n)));
        foreach (var rule in words.Blame)
        {
            if (!found.Exists(f => f.Rule == rule.Rule) && rule.In(text, subjects) is { } match)
            {
                found.Add(rule.At(match));
            }
        }

        return [.. found.OrderBy(f => f.Start)];
    }

    // As whole words, in the case in which the name is written.
    private static IEnumerable<(int Start, int End)> Places(string text, string name)
    {
        for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0 && name.Length > 1; at = text.IndexOf(name, at + 1, StringComparison.Ordinal))
        {
            var end = at + name.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
            {
                yield return (at, end);
            }
        }
    }
}
