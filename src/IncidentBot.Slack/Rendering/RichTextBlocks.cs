using System.Globalization;
using System.Text.Json.Nodes;
using IncidentBot.Core.Chat;

namespace IncidentBot.Slack.Rendering;

/// <summary>Draws spans as Slack's rich text, in which words are never mark-up and nobody is called by being quoted.</summary>
internal static class RichTextBlocks
{
    /// <summary>One section with all of a text.</summary>
    public static JsonNode Section(RichText text, bool bold = false)
    {
        var elements = new JsonArray();
        foreach (var span in text.Spans)
        {
            Add(elements, span, bold);
        }

        return Section(elements);
    }

    /// <summary>The elements of a text: sections, and preformatted blocks between them.</summary>
    public static JsonArray Elements(RichText text)
    {
        var all = new JsonArray();
        var line = new JsonArray();
        var spans = text.Spans;
        for (var i = 0; i < spans.Length; i++)
        {
            if (spans[i].Kind == SpanKind.CodeBlock)
            {
                Flush();
                all.Add(new JsonObject { ["type"] = "rich_text_preformatted", ["elements"] = new JsonArray(Text(spans[i].Text.Length == 0 ? " " : spans[i].Text)) });
                continue;
            }

            // The fences stand in the words; the block shows itself.
            var words = spans[i].Text;
            words = i + 1 < spans.Length && spans[i + 1].Kind == SpanKind.CodeBlock && words.EndsWith("```", StringComparison.Ordinal) ? words[..^3] : words;
            words = i > 0 && spans[i - 1].Kind == SpanKind.CodeBlock && words.StartsWith("```", StringComparison.Ordinal) ? words[3..] : words;
            Add(line, spans[i] with { Text = words }, bold: false);
        }

        Flush();
        if (all.Count == 0)
        {
            all.Add(Section([Text(" ")]));
        }

        return all;

        void Flush()
        {
            if (line.Count > 0)
            {
                all.Add(Section(line));
                line = [];
            }
        }
    }

    /// <summary>A line with a label in front.</summary>
    public static IEnumerable<JsonNode> Line(RichText label, bool bold, RichText value)
    {
        var elements = Elements(value);
        var first = elements[0]!;
        if (first["type"]!.GetValue<string>() != "rich_text_section")
        {
            yield return Section([Text(label.Plain.Length == 0 ? " " : label.Plain, bold ? "bold" : "code")]);
        }
        else if (label.Plain.Length > 0)
        {
            ((JsonArray)first["elements"]!).Insert(0, Text(label.Plain, bold ? "bold" : "code"));
        }

        foreach (var element in elements.ToList())
        {
            elements.Remove(element);
            if (element!["type"]!.GetValue<string>() == "rich_text_section")
            {
                ((JsonArray)element["elements"]!).Add(Text("\n"));
            }

            yield return element;
        }
    }

    /// <summary>Cuts a text into pieces, between lines or words where there are any, never through a character.</summary>
    public static IEnumerable<RichText> Split(RichText text, int most)
    {
        most = Math.Max(most, 200);
        while (text.Plain.Length > most)
        {
            var plain = text.Plain;
            var cut = plain.LastIndexOf('\n', most - 1, most / 2);
            cut = cut < 0 ? plain.LastIndexOf(' ', most - 1, most / 2) : cut;
            cut = cut < 0 ? most : cut + 1;
            cut = char.IsLowSurrogate(plain[cut]) ? cut - 1 : cut;
            yield return text.Slice(0, cut);
            text = text.From(cut);
        }

        yield return text;
    }

    private static void Add(JsonArray elements, Span span, bool bold)
    {
        if (span.Text.Length == 0)
        {
            return;
        }

        switch (span.Kind)
        {
            case SpanKind.Link when Uri.TryCreate(span.Target, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" or "mailto" && span.Target.Length <= 3000:
                elements.Add(span.Text == span.Target ? new JsonObject { ["type"] = "link", ["url"] = span.Target } : new JsonObject { ["type"] = "link", ["url"] = span.Target, ["text"] = span.Text });
                break;
            case SpanKind.Room when IsChannel(span.Target):
                elements.Add(new JsonObject { ["type"] = "channel", ["channel_id"] = span.Target });
                break;
            case SpanKind.Emoji when span.Text is [':', .. var name, ':']:
                elements.Add(Emoji(name));
                break;
            case SpanKind.Moment when long.TryParse(span.Target, NumberStyles.None, CultureInfo.InvariantCulture, out var unix):
                elements.Add(Text(span.Text + " ("));
                elements.Add(new JsonObject { ["type"] = "date", ["timestamp"] = unix, ["format"] = "{date_short_pretty} {time} where you are", ["fallback"] = span.Text });
                elements.Add(Text(")"));
                break;
            default:
                // A person who is quoted is not called again.
                elements.Add(Text(span.Text, bold || span.Kind == SpanKind.User ? "bold" : span.Kind is SpanKind.Code or SpanKind.CodeBlock ? "code" : null));
                break;
        }
    }

    private static JsonObject Emoji(string name)
    {
        var tone = name.Split("::skin-tone-");
        var emoji = new JsonObject { ["type"] = "emoji", ["name"] = tone[0] };
        if (tone.Length == 2 && int.TryParse(tone[1], out var n))
        {
            emoji["skin_tone"] = n;
        }

        return emoji;
    }

    private static bool IsChannel(string? id) => id is ['C' or 'G', _, ..] && id.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));

    private static JsonObject Section(JsonArray elements) => new() { ["type"] = "rich_text_section", ["elements"] = elements };

    private static JsonObject Text(string words, string? style = null)
    {
        var text = new JsonObject { ["type"] = "text", ["text"] = words };
        if (style is not null)
        {
            text["style"] = new JsonObject { [style] = true };
        }

        return text;
    }
}
