using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Timeline;

/// <summary>Reads the kind and the evidence out of the words of an entry; the words themselves stay as written.</summary>
internal static partial class EntryWords
{
    /// <summary>The kind that a prefix such as <c>decision:</c> or <c>impact begins</c> sets, and the words after the prefix.</summary>
    public static (EntryKind Kind, RichText Text) ReadKind(RichText text)
    {
        var match = Prefix().Match(text.Plain);
        if (!match.Success)
        {
            return (EntryKind.Event, text);
        }

        if (match.Groups["impact"].Success)
        {
            // "impact begins" is itself the fact, so it stays in the words.
            return (match.Groups["impact"].Value.StartsWith("beg", StringComparison.OrdinalIgnoreCase) || match.Groups["impact"].Value.StartsWith("start", StringComparison.OrdinalIgnoreCase)
                ? EntryKind.ImpactBegins : EntryKind.ImpactEnds, text);
        }

        Words.TryRead<EntryKind>(match.Groups["kind"].Value, out var kind);
        var rest = text.From(match.Length).Trim();
        return rest.IsBlank ? (EntryKind.Event, text) : (kind, rest);
    }

    /// <summary>Links and log excerpts that the words carry.</summary>
    public static IEnumerable<Evidence> EvidenceIn(RichText text)
    {
        foreach (var span in text.Spans)
        {
            if (span.Kind == SpanKind.Link && span.Target is not null)
            {
                yield return new() { Text = span.Text == span.Target ? null : span.Text, Url = span.Target };
            }
            else if (span.Kind == SpanKind.CodeBlock)
            {
                yield return new() { Text = span.Text };
            }
        }
    }

    [GeneratedRegex(@"^\s*(?:(?<kind>decision|detected|action|evidence)\s*:\s*|impact\s+(?<impact>begins?|began|starts?|started|ends?|ended)\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Prefix();
}
