using System.Text.RegularExpressions;

namespace IncidentBot.Core.Facilitation.Coach;

/// <summary>How reliably an action works: the system makes it so, the system helps, or people have to remember.</summary>
public enum ActionStrength
{
    Weaker,
    Intermediate,
    Stronger,
}

/// <summary>Asks what is missing so that an action item can be finished: a verb, an end, one owner, the system rather than people.</summary>
public static partial class ActionLint
{
    // Words of reporting mean nothing of it after an order: "Document … that have failed".
    private const string ByVerb = "verb";

    /// <summary>What the text alone shows.</summary>
    public static IReadOnlyList<LintFinding> Check(string text, CoachWords words)
    {
        var said = text.Trim().TrimStart('-', '*', '•', '"', '“', '\'', ' ');
        var offset = text.IndexOf(said, StringComparison.Ordinal);
        var found = new List<LintFinding>();
        var first = First().Match(said).Value;
        var order = Imperative(first, words);
        var plain = order is null ? said : order + said[first.Length..];
        foreach (var rule in words.Actions)
        {
            if (!(rule.Unless is ByVerb && words.Verb.IsMatch(first)) && !found.Exists(f => f.Rule == rule.Rule) && rule.In(said) is { } match)
            {
                found.Add(rule.At(match) with { Start = match.Start + offset, Rewrite = Restated(rule, said, words) ?? rule.Rewrite });
            }
        }

        if (order is not null)
        {
            found.Add(words.Gerund.At(null, plain));
        }
        else if (!found.Exists(f => f.Level == LintLevel.Error || f.Rule is "A10" or "A13") && (!words.Verb.IsMatch(first) || words.NotVerb.IsMatch(said)))
        {
            found.Add(words.NoVerb.At(null));
        }

        if (words.Several.In(said) is { } second)
        {
            found.Add(words.Several.At(second) with { Start = second.Start + offset });
        }

        var length = CoachWords.Count(said);
        if (length < words.Length.Short || length > words.Length.Long)
        {
            found.Add(new(words.Length.Rule, words.Length.Level, 0, 0, length < words.Length.Short ? words.Length.TooShort : words.Length.TooLong, null));
        }

        return found;
    }

    /// <summary>How far an action makes the right way the easy one, by its words.</summary>
    public static ActionStrength Strength(string text, CoachWords words) =>
        Check(text, words).Any(f => f.Rule == "A10") || words.Weaker.IsMatch(text) ? ActionStrength.Weaker : words.Stronger.IsMatch(text) ? ActionStrength.Stronger : ActionStrength.Intermediate;

    /// <summary>What an action does, by its words; null when they leave it open.</summary>
    public static ActionItems.ActionType? TypeOf(string text, CoachWords words) =>
        words.Types.Where(t => t.Cue.IsMatch(text)).Select(t => (ActionItems.ActionType?)t.Type).FirstOrDefault();

    /// <summary>"Tested" as an order: "Test"; null for what is no verb that the coach knows.</summary>
    internal static string? ImperativeOf(string participle, CoachWords words)
    {
        if (!participle.EndsWith("ed", StringComparison.OrdinalIgnoreCase) || participle.Length < 5)
        {
            return null;
        }

        var stem = participle[..^2].ToLowerInvariant();
        var verb = new[] { stem, stem + "e", stem[^1] == stem[^2] ? stem[..^1] : stem, stem[^1] == 'i' ? stem[..^1] + "y" : stem }.FirstOrDefault(words.Verb.IsMatch);
        return verb is null ? null : char.ToUpperInvariant(verb[0]) + verb[1..];
    }

    // "Adding a test" is "Add a test".
    private static string? Imperative(string first, CoachWords words)
    {
        if (!first.EndsWith(words.GerundEnding, StringComparison.OrdinalIgnoreCase) || first.Length < words.GerundEnding.Length + 2 || words.Verb.IsMatch(first))
        {
            return null;
        }

        var stem = first[..^words.GerundEnding.Length];
        var verb = new[] { stem, stem + words.GerundRestored, stem.Length > 2 && stem[^1] == stem[^2] ? stem[..^1] : stem }.FirstOrDefault(words.Verb.IsMatch);
        return verb is null ? null : char.ToUpperInvariant(verb[0]) + verb[1..];
    }

    // A wish says its act after the wishing.
    private static string? Restated(WordRule rule, string said, CoachWords words)
    {
        if (rule.Rule != "A5")
        {
            return null;
        }

        var rest = words.Wish.Replace(said, "", 1);
        return rest.Length > 0 && rest.Length < said.Length && words.Verb.IsMatch(First().Match(rest).Value) ? char.ToUpperInvariant(rest[0]) + rest[1..].TrimEnd('"', '”') : null;
    }

    [GeneratedRegex(@"^[\p{L}][\p{L}'’-]*")]
    private static partial Regex First();
}
