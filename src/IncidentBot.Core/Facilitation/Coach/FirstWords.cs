using System.Buffers;

namespace IncidentBot.Core.Facilitation.Coach;

/// <summary>The words with which every match of a pattern begins; a text without any of them need not be matched.</summary>
internal static class FirstWords
{
    private const int Shortest = 2;

    /// <returns>Null when the pattern can begin with anything.</returns>
    public static SearchValues<string>? Of(string pattern)
    {
        var found = Branches(pattern, 0).Branches.Select(Begins).ToList();
        return found.Exists(f => f is null || f.Exists(w => w.Length < Shortest)) ? null : SearchValues.Create([.. found.SelectMany(f => f!).Distinct(StringComparer.OrdinalIgnoreCase)], StringComparison.OrdinalIgnoreCase);
    }

    private static List<string>? Begins(string branch)
    {
        var rest = branch;
        // What is only looked back at, and the edge of a word, are no part of the match.
        while (Passed(rest) is { } after)
        {
            rest = after;
        }

        if (!rest.StartsWith("(?:", StringComparison.Ordinal))
        {
            return [Literal(rest)];
        }

        var (inner, end) = Branches(rest, 3);
        // A group that may be left out says nothing of the beginning.
        if (end + 1 < rest.Length && rest[end + 1] is '?' or '*' or '{')
        {
            return null;
        }

        var begins = inner.Select(Begins).ToList();
        return begins.Contains(null) ? null : [.. begins.SelectMany(i => i!)];
    }

    private static string? Passed(string pattern) =>
        pattern.StartsWith(@"\b", StringComparison.Ordinal) ? pattern[2..]
        : pattern.StartsWith("(?<=", StringComparison.Ordinal) || pattern.StartsWith("(?<!", StringComparison.Ordinal) ? pattern[(Branches(pattern, 4).End + 1)..]
        : null;

    // What stands between the bars, up to the end of the text or of the group; brackets and inner groups are passed over.
    private static (List<string> Branches, int End) Branches(string pattern, int start)
    {
        var found = new List<string>();
        var (depth, begin, i) = (0, start, start);
        for (; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '[':
                    i = ClassEnd(pattern, i);
                    break;
                case '(':
                    depth++;
                    break;
                case '|' when depth == 0:
                    found.Add(pattern[begin..i]);
                    begin = i + 1;
                    break;
                case ')' when depth == 0:
                    found.Add(pattern[begin..i]);
                    return (found, i);
                case ')':
                    depth--;
                    break;
            }
        }

        found.Add(pattern[begin..]);
        return (found, pattern.Length);
    }

    private static int ClassEnd(string pattern, int at)
    {
        for (var i = at + 1; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
            {
                i++;
            }
            else if (pattern[i] == ']' && i > at + 1)
            {
                return i;
            }
        }

        return pattern.Length;
    }

    // Plain letters; the last one does not count when it may be left out.
    private static string Literal(ReadOnlySpan<char> pattern)
    {
        var length = 0;
        while (length < pattern.Length && (char.IsAsciiLetter(pattern[length]) || pattern[length] is ' ' or '\'' or '-' or '@' or '!'))
        {
            length++;
        }

        return length < pattern.Length && pattern[length] is '?' or '*' or '{' && length > 0 ? pattern[..(length - 1)].ToString() : pattern[..length].ToString();
    }
}
