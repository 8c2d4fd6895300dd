using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncidentBot.Core.Chat;

/// <summary>How a card or button feels: what is urgent, what is good, what cannot be taken back.</summary>
public enum Tone
{
    Neutral,
    Primary,
    Danger,
    Good,
}

/// <summary>A message of the bot, free of any platform's mark-up.</summary>
public sealed record Card
{
    public required string Title { get; init; }

    public Tone Tone { get; init; }

    /// <summary>Whose words the card repeats, when it is not the bot that speaks.</summary>
    public string? SaidBy { get; init; }

    public ImmutableArray<CardPart> Parts { get; init; } = [];

    public ImmutableArray<CardButton> Buttons { get; init; } = [];

    public static Card Words(string title, params string[] lines) =>
        new() { Title = title, Parts = [.. lines.Select(l => new TextPart(l))] };

    public string ToJson() => JsonSerializer.Serialize(this, CardJson.Options);

    public static Card FromJson(string json) => JsonSerializer.Deserialize<Card>(json, CardJson.Options)!;
}

/// <summary>A part of a card's body.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "part")]
[JsonDerivedType(typeof(TextPart), "text")]
[JsonDerivedType(typeof(FactsPart), "facts")]
[JsonDerivedType(typeof(RowsPart), "rows")]
[JsonDerivedType(typeof(HeadingPart), "heading")]
[JsonDerivedType(typeof(ButtonsPart), "buttons")]
public abstract record CardPart;

/// <summary>A paragraph.</summary>
public sealed record TextPart(RichText Text, bool Quiet = false) : CardPart;

/// <summary>Labels with their values.</summary>
public sealed record FactsPart(ImmutableArray<Fact> Facts) : CardPart;

/// <summary>Lines of a list, such as timeline entries, each with what stands before it.</summary>
public sealed record RowsPart(ImmutableArray<Fact> Rows) : CardPart;

/// <summary>A heading inside a card.</summary>
public sealed record HeadingPart(string Text) : CardPart;

/// <summary>Buttons in the middle of a card, about one thing.</summary>
/// <param name="About">What they are about, unique in the card.</param>
public sealed record ButtonsPart(string About, ImmutableArray<CardButton> Buttons) : CardPart;

/// <summary>A label with its value.</summary>
public sealed record Fact(string Label, RichText Value);

/// <summary>A button; <paramref name="Key"/> never changes meaning once shipped.</summary>
public sealed record CardButton(string Key, string Label, string? Value = null, Tone Tone = Tone.Neutral);

/// <summary>How cards stand in the outbox.</summary>
internal static class CardJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new RichTextJson(), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };
}

/// <summary>Writes rich text as its list of spans.</summary>
public sealed class RichTextJson : JsonConverter<RichText>
{
    public override RichText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize<ImmutableArray<Span>>(ref reader, options));

    public override void Write(Utf8JsonWriter writer, RichText value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Spans, options);
}
