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

    /// <summary>Reads a time that follows the kind rather than leading the line, as in <c>decision: 14:41 roll back</c>.</summary>
    public static (SpokenTime Time, RichText Text) ReadTimeBehindKind(EntryKind kind, RichText text, SpokenTime otherwise, Turn turn)
    {
        var prefix = kind is EntryKind.ImpactBegins or EntryKind.ImpactEnds ? Prefix().Match(text.Plain).Length : Alerted().Match(text.Plain).Length;
        if (kind == EntryKind.Event && prefix == 0)
        {
            return (otherwise, text);
        }

        var rest = text.From(prefix).Trim();
        rest = rest.Plain.StartsWith(':') ? rest.From(1).Trim() : rest;
        var time = SpokenTime.Read(rest, turn.Now, turn.By.Zone);
        return time.Said is null || time.Doubt == TimeDoubt.Impossible ? (otherwise, text)
            : (time, prefix == 0 ? (time.Text.IsBlank ? text : time.Text) : text.Slice(0, prefix).Trim().Append(RichText.Of(" ")).Append(time.Text).Trim());
    }

    /// <summary>True when the words hold something like a time that was not taken as one.</summary>
    public static bool HoldsAClock(RichText text) => ClockLike().IsMatch(text.Plain);

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

    [GeneratedRegex(@"\b(?:[01]?\d|2[0-3]):[0-5]\d\b|\bago\b|^\s*-?\d{1,3}\s?(?:m|min|mins|minutes|h|hours?)\b|^\s*(?:[01]\d|2[0-3])[0-5]\d\s", RegexOptions.IgnoreCase)]
    private static partial Regex ClockLike();

    [GeneratedRegex(@"^\s*alert(?:ed)?\s*:", RegexOptions.IgnoreCase)]
    private static partial Regex Alerted();

    [GeneratedRegex(@"^\s*(?:(?<kind>decision|detected|action|evidence)\s*:\s*|impact\s+(?<impact>begins?|began|starts?|started|ends?|ended)\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Prefix();
}
