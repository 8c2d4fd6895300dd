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

    /// <summary>Links, names of files and excerpts of logs, one on each line.</summary>
    public static IEnumerable<Evidence> EvidenceOfLines(string? typed) =>
        (typed ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line =>
            Uri.TryCreate(line, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? new Evidence { Url = line }
            : FileName().IsMatch(line) ? new Evidence { File = line }
            : new Evidence { Text = line });

    /// <summary>True for words such as <c>alerted: pool at 100 %</c>, which mark when the first alert fired.</summary>
    public static bool SaysAlerted(RichText text) => Alerted().IsMatch(text.Plain);

    /// <summary>Takes away the evidence that the entry's words carry, and adds that of the words to come.</summary>
    public static void ReplaceEvidence(TimelineEntry entry, RichText text)
    {
        var before = EvidenceIn(entry.Text).Select(v => (v.Text, v.Url)).ToHashSet();
        entry.Evidence.RemoveAll(v => before.Contains((v.Text, v.Url)));
        entry.Evidence.AddRange(EvidenceIn(text));
    }

    [GeneratedRegex(@"^[\w()+@~/\\.-]+\.[A-Za-z][A-Za-z0-9]{0,7}$")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^\s*alert(?:ed)?\s*:", RegexOptions.IgnoreCase)]
    private static partial Regex Alerted();

    [GeneratedRegex(@"^\s*(?:(?<kind>decision|detected|action|evidence)\s*:\s*|impact\s+(?<impact>begins?|began|starts?|started|ends?|ended)\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Prefix();
}
