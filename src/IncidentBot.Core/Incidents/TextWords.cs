using System.Text.RegularExpressions;

namespace IncidentBot.Core.Incidents;

/// <summary>Compares texts by the words that carry their meaning.</summary>
public static partial class TextWords
{
    private static readonly HashSet<string> Empty =
    [
        "the", "and", "for", "with", "was", "were", "are", "not", "that", "this", "from", "has", "have", "had", "which", "its", "our", "all", "but", "into", "out", "did", "does", "been", "being",
        "because", "due", "after", "before", "when", "then", "than", "could", "would", "should", "can", "will", "there", "their", "they", "also", "more", "most", "some", "any", "caused", "causing", "led", "incident", "issue",
    ];

    /// <summary>The words that carry meaning, shortened to what their forms share.</summary>
    public static IReadOnlySet<string> StemsOf(string text) =>
        Word().Matches(text.ToLowerInvariant()).Select(m => m.Value).Where(w => w.Length > 2 && !Empty.Contains(w)).Select(Stem).ToHashSet();

    /// <summary>Shared words by all words, from 0 to 1.</summary>
    public static double Overlap(IReadOnlySet<string> one, IReadOnlySet<string> other)
    {
        if (one.Count == 0 || other.Count == 0)
        {
            return 0;
        }

        var shared = one.Count(other.Contains);
        return (double)shared / (one.Count + other.Count - shared);
    }

    public static double Overlap(string one, string other) => Overlap(StemsOf(one), StemsOf(other));

    private static string Stem(string word)
    {
        foreach (var ending in new[] { "ations", "ation", "ments", "ment", "ings", "ing", "ions", "ion", "ies", "ed", "es", "s", "e" })
        {
            if (word.Length - ending.Length >= 4 && word.EndsWith(ending, StringComparison.Ordinal))
            {
                return word[..^ending.Length];
            }
        }

        return word;
    }

    [GeneratedRegex(@"[\p{L}][\p{L}\p{N}]+")]
    private static partial Regex Word();
}
