using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentBot.Core.Chat;

namespace IncidentBot.Fakes.Slack;

/// <summary>Reads what Slack shows back into words, buttons and fields, as a person reads them.</summary>
public static class SlackView
{
    private const string Refusal = "⚠️ ";

    public static Seen Seen(JsonObject message, string bot, Func<string, string> name)
    {
        var element = JsonSerializer.SerializeToElement(message);
        var ts = message["ts"]!.GetValue<string>();
        var thread = message["thread_ts"]?.GetValue<string>();
        var own = message["user"]?.GetValue<string>() == bot;
        return new(ts, own ? "" : name(message["user"]?.GetValue<string>() ?? ""), thread == ts ? null : thread,
            own ? null : SlackText(message["text"]?.GetValue<string>() ?? ""), own ? Card(element) : null);
    }

    public static Reply Reply(JsonElement message)
    {
        var card = Card(message);
        var words = CardWords.Of(card);
        var refused = words.Contains(Refusal, StringComparison.Ordinal);
        return new(words.Contains("Something went wrong on my side", StringComparison.Ordinal) ? "failed" : refused ? "refused" : "private", refused ? null : card, null, null, refused ? words.Trim().Replace(Refusal, "") : null);
    }

    public static Reply Errors(JsonElement errors)
    {
        var all = errors.EnumerateObject().ToImmutableDictionary(e => e.Name, e => e.Value.GetString()!);
        return all.Values.FirstOrDefault(v => v.StartsWith(Refusal, StringComparison.Ordinal)) is { } sentence ? new("refused", null, null, null, sentence.Replace(Refusal, "")) : new("errors", null, null, all, null);
    }

    public static Card Card(JsonElement message)
    {
        var title = "";
        var parts = ImmutableArray.CreateBuilder<CardPart>();
        var buttons = ImmutableArray.CreateBuilder<CardButton>();
        foreach (var block in message.TryGetProperty("blocks", out var blocks) && blocks.ValueKind == JsonValueKind.Array ? blocks.EnumerateArray().ToList() : [])
        {
            switch (block.GetProperty("type").GetString())
            {
                case "header" when title.Length == 0 && parts.Count == 0:
                    title = block.GetProperty("text").GetProperty("text").GetString()!.Replace("🚨 ", "").Replace("✅ ", "");
                    break;
                case "header":
                    parts.Add(new TextPart(block.GetProperty("text").GetProperty("text").GetString()!));
                    break;
                case "context":
                    parts.Add(new TextPart(string.Join(' ', block.GetProperty("elements").EnumerateArray().Select(e => e.GetProperty("text").GetString())), Quiet: true));
                    break;
                case "section":
                    parts.Add(new TextPart(block.GetProperty("text").GetProperty("text").GetString()!));
                    break;
                case "rich_text":
                    parts.Add(new TextPart(new RichText([.. block.GetProperty("elements").EnumerateArray().SelectMany(Spans)])));
                    break;
                case "actions":
                    buttons.AddRange(block.GetProperty("elements").EnumerateArray().Select(b => new CardButton(
                        b.GetProperty("action_id").GetString()!, b.GetProperty("text").GetProperty("text").GetString()!, b.TryGetProperty("value", out var v) ? v.GetString() : null)));
                    break;
            }
        }

        return new() { Title = title, Parts = parts.ToImmutable(), Buttons = buttons.ToImmutable() };
    }

    public static Form Form(FakeView open)
    {
        var v = open.View;
        var blocks = v.GetProperty("blocks").EnumerateArray().ToList();
        var header = blocks.Where(b => b.GetProperty("type").GetString() == "header").Select(b => b.GetProperty("text").GetProperty("text").GetString()).FirstOrDefault();
        return new(v.GetProperty("callback_id").GetString()!, header ?? v.GetProperty("title").GetProperty("text").GetString()!, v.TryGetProperty("submit", out var s) ? s.GetProperty("text").GetString()! : "",
            [.. blocks.Where(b => b.GetProperty("type").GetString() == "input").Select(b => new FormField(
                b.GetProperty("block_id").GetString()!, b.GetProperty("label").GetProperty("text").GetString()!, Value: Initial(b.GetProperty("element"))))], open.Id);
    }

    /// <summary>What stands in an input when it opens.</summary>
    public static string Initial(JsonElement element) =>
        element.TryGetProperty("initial_value", out var value) ? value.GetString()!
        : element.TryGetProperty("initial_option", out var option) ? option.GetProperty("value").GetString()!
        : element.TryGetProperty("initial_user", out var user) ? user.GetString()! : "";

    /// <summary>The state of an input in which something was entered.</summary>
    public static JsonObject State(JsonElement element, string value, Func<string, string> idOf)
    {
        var type = element.GetProperty("type").GetString()!;
        var state = new JsonObject { ["type"] = type };
        switch (type)
        {
            case "static_select":
                state["selected_option"] = value.Length == 0 ? null
                    : element.GetProperty("options").EnumerateArray().Any(o => o.GetProperty("value").GetString() == value)
                        ? new JsonObject { ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = value }, ["value"] = value } : throw new InvalidOperationException($"{value} cannot be chosen.");
                break;
            case "users_select":
                state["selected_user"] = value.Length == 0 ? null : idOf(value);
                break;
            default:
                state["value"] = value.Length == 0 ? null : value;
                break;
        }

        return state;
    }

    private static IEnumerable<Span> Spans(JsonElement element)
    {
        if (element.GetProperty("type").GetString() == "rich_text_preformatted")
        {
            return element.GetProperty("elements").EnumerateArray().Select(e => new Span(SpanKind.CodeBlock, e.GetProperty("text").GetString()!));
        }

        return element.GetProperty("elements").EnumerateArray().Select(e => e.GetProperty("type").GetString() switch
        {
            "link" => new Span(SpanKind.Link, e.TryGetProperty("text", out var t) ? t.GetString()! : e.GetProperty("url").GetString()!, e.GetProperty("url").GetString()),
            "channel" => new Span(SpanKind.Room, "#room", e.GetProperty("channel_id").GetString()),
            "emoji" => new Span(SpanKind.Emoji, $":{e.GetProperty("name").GetString()}:"),
            "date" => new Span(SpanKind.Plain, e.GetProperty("fallback").GetString()!),
            _ => new Span(SpanKind.Plain, e.GetProperty("text").GetString()!),
        });
    }

    private static string SlackText(string escaped) => escaped.Replace("&lt;", "<").Replace("&gt;", ">").Replace("&amp;", "&");
}
