using System.Buffers;
using System.Text.RegularExpressions;

namespace IncidentBot.Core.Facilitation.Coach;

/// <summary>A pattern that is read when it is first needed, and tried only where one of the words stands with which all its matches begin.</summary>
internal sealed class QuickPattern(string pattern, RegexOptions options)
{
    private readonly Lazy<Regex> _pattern = new(() => new(pattern, options));

    private readonly SearchValues<string>? _first = FirstWords.Of(pattern);

    /// <summary>The pattern, read.</summary>
    /// <exception cref="RegexParseException">It is no pattern.</exception>
    public Regex Pattern => _pattern.Value;

    /// <summary>The first match.</summary>
    public Match? In(string text) => Start(text) is var start and >= 0 ? At(text, start) : null;

    /// <summary>The first match from a place on.</summary>
    public Match? At(string text, int start) => _pattern.Value.Match(text, start) is { Success: true } match ? match : null;

    public IEnumerable<Match> AllIn(string text) => Start(text) is var start and >= 0 ? _pattern.Value.Matches(text, start) : [];

    // Everything that decides a match, what stands before it too, is still seen from there.
    private int Start(string text) => _first is null ? 0 : text.AsSpan().IndexOfAny(_first);
}
