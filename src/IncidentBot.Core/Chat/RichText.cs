using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace IncidentBot.Core.Chat;

/// <summary>What a piece of captured text is, so that every renderer can escape it for where it goes.</summary>
public enum SpanKind
{
    Plain,
    User,
    Room,
    Link,
    Emoji,
    Code,
    CodeBlock,

    /// <summary>A moment whose text says it in UTC; the target is its time in Unix seconds, for platforms that show it in the reader's zone too.</summary>
    Moment,
}

/// <summary>One piece of text: <paramref name="Text"/> is what a person reads; <paramref name="Target"/> is the address or platform id behind it, if any.</summary>
public sealed record Span(
    [property: JsonPropertyName("k")] SpanKind Kind,
    [property: JsonPropertyName("t")] string Text,
    [property: JsonPropertyName("to")] string? Target = null);

/// <summary>Text as it was written, as a list of spans; never mark-up of any platform.</summary>
public sealed partial class RichText : IEquatable<RichText>
{
    private static readonly JsonSerializerOptions Json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>An address in plain words, without the punctuation behind it.</summary>
    public const string AddressPattern = @"https?://[^\s<>""]+[^\s<>"".,;:!?)\]}']";

    public static readonly RichText Empty = new([]);

    private string? _plain;

    public RichText(ImmutableArray<Span> spans) => Spans = spans;

    public ImmutableArray<Span> Spans { get; }

    /// <summary>The whole text as a person reads it.</summary>
    public string Plain => _plain ??= string.Concat(Spans.Select(s => s.Text));

    public bool IsBlank => string.IsNullOrWhiteSpace(Plain);

    public static RichText Of(string? text) =>
        string.IsNullOrEmpty(text) ? Empty : new([new Span(SpanKind.Plain, text)]);

    /// <summary>Plain words as they come out of a form's field, with the addresses in them as links.</summary>
    public static RichText WithLinks(string text)
    {
        var spans = ImmutableArray.CreateBuilder<Span>();
        var at = 0;
        foreach (Match link in Address().Matches(text))
        {
            if (Uri.TryCreate(link.Value, UriKind.Absolute, out _))
            {
                spans.AddRange(Of(text[at..link.Index]).Spans);
                spans.Add(new(SpanKind.Link, link.Value, link.Value));
                at = link.Index + link.Length;
            }
        }

        spans.AddRange(Of(text[at..]).Spans);
        return new(spans.ToImmutable());
    }

    /// <summary>A moment in UTC, to the minute, which some platforms show in the reader's zone too.</summary>
    public static Span Moment(DateTimeOffset at) => new(SpanKind.Moment, $"{at.ToUniversalTime():yyyy-MM-dd HH:mm} UTC", at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static implicit operator RichText(string? text) => Of(text);

    /// <summary>The part that stands at <paramref name="start"/>, <paramref name="length"/> UTF-16 units long in <see cref="Plain"/>; spans are cut, not lost.</summary>
    public RichText Slice(int start, int length)
    {
        var end = start + length;
        var at = 0;
        var kept = ImmutableArray.CreateBuilder<Span>();
        foreach (var span in Spans)
        {
            var from = Math.Max(start, at);
            var to = Math.Min(end, at + span.Text.Length);
            if (from < to)
            {
                kept.Add(span with { Text = span.Text[(from - at)..(to - at)] });
            }

            at += span.Text.Length;
        }

        return new(kept.ToImmutable());
    }

    public RichText From(int start) => Slice(start, Plain.Length - start);

    public RichText Trim()
    {
        var plain = Plain;
        var start = 0;
        var end = plain.Length;
        while (start < end && char.IsWhiteSpace(plain[start]))
        {
            start++;
        }

        while (end > start && char.IsWhiteSpace(plain[end - 1]))
        {
            end--;
        }

        return start == 0 && end == plain.Length ? this : Slice(start, end - start);
    }

    public RichText Append(RichText other) => new(Spans.AddRange(other.Spans));

    /// <summary>The first line, cut to <paramref name="max"/> UTF-16 units with an ellipsis and never through a surrogate pair, for places that show a hint of a longer text.</summary>
    public string Brief(int max) => Briefly(Plain, max);

    public static string Briefly(string text, int max)
    {
        var line = new StringBuilder(Math.Min(text.Length, max));
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > max - 1)
            {
                return line.Append('…').ToString();
            }

            line.Append(rune.Value is '\n' or '\r' ? " " : rune.ToString());
        }

        return line.ToString();
    }

    /// <summary>Splits at line ends into the lines that say something.</summary>
    public IEnumerable<RichText> Lines()
    {
        var plain = Plain;
        var start = 0;
        while (start <= plain.Length)
        {
            var end = plain.IndexOf('\n', start);
            end = end < 0 ? plain.Length : end;
            var line = Slice(start, end - start).Trim();
            if (!line.IsBlank)
            {
                yield return line;
            }

            start = end + 1;
        }
    }

    public string ToJson() => JsonSerializer.Serialize(Spans, Json);

    public static RichText FromJson(string json) => new(JsonSerializer.Deserialize<ImmutableArray<Span>>(json, Json));

    public bool Equals(RichText? other) => other is not null && Spans.SequenceEqual(other.Spans);

    public override bool Equals(object? obj) => Equals(obj as RichText);

    public override int GetHashCode() => Plain.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Plain;

    [GeneratedRegex(AddressPattern, RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
