using System.Text.Json.Nodes;
using IncidentBot.Core.Chat;

namespace IncidentBot.Slack.Rendering;

/// <summary>A message as Slack takes it: blocks, and the words that stand for them in notifications and for screen readers.</summary>
/// <param name="Text">Escaped; never empty.</param>
public sealed record SlackMessage(string Text, JsonArray Blocks);

/// <summary>Draws cards as Block Kit, within every documented limit.</summary>
public static class BlockKit
{
    // Slack's limits.
    private const int LongestHeader = 150;
    private const int LongestButton = 75;
    private const int LongestValue = 2000;
    private const int MostButtons = 25;
    private const int LongestBlockId = 255;

    // Ours, below Slack's 50 blocks and about 13,000 characters, so that what is added at the end still fits.
    private const int MostBlocks = 45;
    private const int LongestPage = 9000;
    private const int LongestBlock = 2800;
    private const int LongestContext = 1900;
    private const int LongestFallback = 600;

    /// <summary>The card as one message or, when it is longer than one may be, as several.</summary>
    public static IReadOnlyList<SlackMessage> Pages(Card card)
    {
        var pages = new List<JsonArray> { new() };
        var length = 0;
        foreach (var (block, size) in Blocks(card))
        {
            if (pages[^1].Count >= MostBlocks || (length > 0 && length + size > LongestPage))
            {
                pages.Add([]);
                length = 0;
            }

            pages[^1].Add(block);
            length += size;
        }

        if (pages[^1].Count == 0)
        {
            pages[^1].Add(Section([RichTextBlocks.Section(RichText.Of(" "))]));
        }

        var fallback = Fallback(card);
        return [.. pages.Select((p, i) => new SlackMessage(i == 0 ? fallback : $"{fallback} ({i + 1}/{pages.Count})", p))];
    }

    /// <summary>The card as one message that is updated in place; what does not fit is named, with the way to all of it.</summary>
    public static SlackMessage One(Card card)
    {
        var pages = Pages(card);
        if (pages.Count > 1)
        {
            pages[0].Blocks.Add(Context("There is more than fits here: /incident timeline shows all of it, and /incident export links to the document."));
        }

        return pages[0];
    }

    /// <summary>The blocks of the bot's own page.</summary>
    public static JsonArray Home(Card card) => [.. Blocks(card).Take(98).Select(b => b.Block), .. Blocks(card).Count() > 98 ? new[] { Context("There is more than fits here: /incident list and /incident actions mine show all of it.") } : []];

    /// <summary>The route key of an action_id.</summary>
    public static string KeyOf(string actionId) => actionId.Split('#')[0];

    public static JsonObject Context(string words) => new()
    {
        ["type"] = "context",
        ["elements"] = new JsonArray(Plain(RichText.Briefly(words, LongestContext))),
    };

    internal static JsonObject Plain(string words) => new() { ["type"] = "plain_text", ["text"] = words, ["emoji"] = false };

    private static IEnumerable<(JsonNode Block, int Size)> Blocks(Card card)
    {
        if (card.Title.Length > 0)
        {
            yield return card.Title.Length <= LongestHeader
                ? (new JsonObject { ["type"] = "header", ["text"] = Plain(Mark(card.Tone) + card.Title.ReplaceLineEndings(" ")) is var t && t["text"]!.GetValue<string>().Length <= LongestHeader ? t : Plain(card.Title.ReplaceLineEndings(" ")) }, card.Title.Length)
                : (Section([RichTextBlocks.Section(RichText.Of(RichText.Briefly(card.Title, LongestBlock)), bold: true)]), card.Title.Length);
        }

        if (card.SaidBy is { } said)
        {
            yield return (Context(said), said.Length);
        }

        foreach (var part in card.Parts)
        {
            foreach (var block in Part(part))
            {
                yield return block;
            }
        }

        foreach (var block in Buttons(card.Buttons, null))
        {
            yield return block;
        }
    }

    private static IEnumerable<(JsonNode Block, int Size)> Part(CardPart part)
    {
        switch (part)
        {
            case TextPart { Quiet: true } quiet when quiet.Text.Spans.All(s => s.Kind is SpanKind.Plain) && quiet.Text.Plain.Length <= LongestContext:
                return quiet.Text.IsBlank ? [] : [(Context(quiet.Text.Plain), quiet.Text.Plain.Length)];
            case TextPart text:
                return text.Text.IsBlank ? [] : RichTextBlocks.Split(text.Text, LongestBlock).Select(t => ((JsonNode)Section(RichTextBlocks.Elements(t)), t.Plain.Length));
            case FactsPart facts:
                return Lines(facts.Facts.Select(f => (Bold: RichText.Of($"{f.Label}: "), f.Value)), bold: true);
            case RowsPart rows:
                return Lines(rows.Rows.Select(f => (Bold: RichText.Of(f.Label), RichText.Of(" ").Append(f.Value))), bold: false);
            case HeadingPart heading:
                return [(new JsonObject { ["type"] = "header", ["text"] = Plain(RichText.Briefly(heading.Text, LongestHeader)) }, heading.Text.Length)];
            case ButtonsPart buttons:
                return Buttons(buttons.Buttons, buttons.About);
            default:
                return [];
        }
    }

    // As many lines in a block as it takes.
    private static IEnumerable<(JsonNode Block, int Size)> Lines(IEnumerable<(RichText Label, RichText Value)> lines, bool bold)
    {
        var elements = new JsonArray();
        var size = 0;
        foreach (var (label, value) in lines)
        {
            foreach (var (piece, i) in RichTextBlocks.Split(value, LongestBlock - label.Plain.Length).Select((p, i) => (p, i)))
            {
                var length = label.Plain.Length + piece.Plain.Length;
                if (elements.Count > 0 && size + length > LongestBlock)
                {
                    yield return (Section(elements), size);
                    (elements, size) = ([], 0);
                }

                foreach (var element in RichTextBlocks.Line(i == 0 ? label : RichText.Empty, bold, piece))
                {
                    elements.Add(element);
                }

                size += length;
            }
        }

        if (elements.Count > 0)
        {
            yield return (Section(elements), size);
        }
    }

    private static IEnumerable<(JsonNode Block, int Size)> Buttons(IReadOnlyList<CardButton> buttons, string? about)
    {
        foreach (var row in buttons.Select((b, i) => (Button: b, Index: i)).Chunk(MostButtons))
        {
            var block = new JsonObject { ["type"] = "actions", ["elements"] = new JsonArray([.. row.Select(b => Button(b.Button, b.Index))]) };
            if (about is not null)
            {
                block["block_id"] = RichText.Briefly($"{about}#{row[0].Index}", LongestBlockId);
            }

            yield return (block, row.Sum(b => b.Button.Label.Length));
        }
    }

    private static JsonObject Button(CardButton b, int index)
    {
        var button = new JsonObject
        {
            ["type"] = "button",
            // Several buttons of one key stand in one block.
            ["action_id"] = $"{b.Key}#{index}",
            ["text"] = Plain(RichText.Briefly(b.Label, LongestButton)),
        };
        if (b.Value is { Length: > 0 and <= LongestValue } value)
        {
            button["value"] = value;
        }

        if (b.Tone is Tone.Primary or Tone.Good or Tone.Danger)
        {
            button["style"] = b.Tone == Tone.Danger ? "danger" : "primary";
        }

        return button;
    }

    private static JsonObject Section(JsonArray elements) => new() { ["type"] = "rich_text", ["elements"] = elements };

    // What is urgent is marked by a sign besides its words, never by colour alone.
    private static string Mark(Tone tone) => tone switch { Tone.Danger => "🚨 ", Tone.Good => "✅ ", _ => "" };

    private static string Fallback(Card card)
    {
        var words = string.Join(" · ", new[] { card.Title }.Concat(card.Parts.Select(p => p switch
        {
            TextPart t => t.Text.Plain,
            FactsPart f => string.Join(", ", f.Facts.Select(x => $"{x.Label}: {x.Value.Plain}")),
            RowsPart r => string.Join(", ", r.Rows.Take(3).Select(x => $"{x.Label} {x.Value.Plain}")),
            _ => "",
        })).Where(w => !string.IsNullOrWhiteSpace(w)));
        return Escape(RichText.Briefly(words.Length == 0 ? "IncidentBot" : words, LongestFallback));
    }

    /// <summary>The three characters that mean something to Slack.</summary>
    public static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
