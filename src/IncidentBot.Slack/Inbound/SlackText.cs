using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;

namespace IncidentBot.Slack.Inbound;

/// <summary>Reads Slack's escaped text into spans: what a person reads, with what stands behind it.</summary>
public static partial class SlackText
{
    /// <param name="name">The name of a person or channel by its id, or null while it is not known.</param>
    public static RichText Read(string? text, Func<string, string?> name)
    {
        // No database keeps a NUL in a text; everything else stays as it was written.
        text = text?.Replace('\0', '\uFFFD');
        var spans = ImmutableArray.CreateBuilder<Span>();
        var at = 0;
        foreach (Match match in Pieces().Matches(text ?? ""))
        {
            Plain(text![at..match.Index]);
            at = match.Index + match.Length;
            if (match.Groups["block"].Success)
            {
                Plain("```");
                spans.Add(new(SpanKind.CodeBlock, Words(match.Groups["block"].Value, name)));
                Plain("```");
            }
            else if (match.Groups["code"].Success)
            {
                // Nothing in it is mark-up; the backticks are a part of the words.
                spans.Add(new(SpanKind.Plain, $"`{Words(match.Groups["code"].Value, name)}`"));
            }
            else if (match.Groups["emoji"].Success)
            {
                spans.Add(new(SpanKind.Emoji, match.Value));
            }
            else
            {
                spans.Add(Angled(match.Groups["inner"].Value, name));
            }
        }

        Plain((text ?? "")[at..]);
        return new(spans.ToImmutable());

        void Plain(string piece)
        {
            if (piece.Length > 0)
            {
                spans.Add(new(SpanKind.Plain, Unescape(piece)));
            }
        }
    }

    /// <summary>Every person and channel that a text names by id alone.</summary>
    public static IEnumerable<string> Named(string? text) => Ids().Matches(text ?? "").Select(m => m.Groups[1].Value);

    /// <summary>Slack escapes three characters and no more.</summary>
    public static string Unescape(string text) =>
        text.Contains('&') ? text.Replace("&lt;", "<").Replace("&gt;", ">").Replace("&amp;", "&") : text;

    private static string Words(string text, Func<string, string?> name) =>
        string.Concat(AngledOnly().Split(text).Select((part, i) => i % 2 == 0 ? Unescape(part) : Angled(part, name).Text));

    private static Span Angled(string inner, Func<string, string?> name)
    {
        var bar = inner.IndexOf('|', StringComparison.Ordinal);
        var target = bar < 0 ? inner : inner[..bar];
        var label = bar < 0 || bar == inner.Length - 1 ? null : Unescape(inner[(bar + 1)..]);
        switch (target)
        {
            case ['@', .. var user]:
                return new(SpanKind.User, $"@{(name(user) ?? label ?? user).TrimStart('@')}", user);
            case ['#', .. var channel]:
                return new(SpanKind.Room, $"#{(label ?? name(channel) ?? channel).TrimStart('#')}", channel);
            case ['!', .. var special]:
                // Whatever would call many people is words here, and nothing else.
                return new(SpanKind.Plain, label ?? (special.StartsWith("subteam^", StringComparison.Ordinal) ? "@group" : $"@{special.Split('^')[0]}"));
            default:
                var url = Unescape(target);
                var shown = label ?? (url.StartsWith("mailto:", StringComparison.Ordinal) ? url[7..] : url);
                return Uri.TryCreate(url, UriKind.Absolute, out _) ? new(SpanKind.Link, shown, url) : new(SpanKind.Plain, $"<{Unescape(inner)}>");
        }
    }

    [GeneratedRegex(@"```(?<block>.+?)```|`(?<code>[^`\n]+)`|<(?<inner>[^<>\n]+)>|(?<![\w:]):(?<emoji>[a-z0-9_'+\-]+(?:::skin-tone-[2-6])?):(?![\w:])", RegexOptions.Singleline)]
    private static partial Regex Pieces();

    [GeneratedRegex(@"<([^<>\n]+)>")]
    private static partial Regex AngledOnly();

    [GeneratedRegex(@"<[@#]([A-Z][A-Z0-9]+)(?:\|[^<>]*)?>")]
    private static partial Regex Ids();
}

/// <summary>Reads what stands only in the blocks and attachments of a message, as alerts of other apps do.</summary>
public static class SlackBlocksText
{
    /// <summary>The readable text of a message: its own, then what its attachments and blocks add.</summary>
    public static string Of(JsonElement message)
    {
        var lines = new List<string>();
        Add(lines, message.Text("text"));
        var attachments = message.Items("attachments").ToList();
        if (lines.Count == 0)
        {
            Blocks(lines, message.Items("blocks"));
        }

        foreach (var a in attachments)
        {
            // An unfurled link repeats what its page says; the link itself is in the text.
            if (a.Text("from_url") is not null || a.Flag("is_msg_unfurl"))
            {
                continue;
            }

            Attachment(lines, a);
        }

        return string.Join('\n', lines);
    }

    /// <summary>Every line that a message shows, whether or not it says the same as its text.</summary>
    internal static List<string> Shown(JsonElement message)
    {
        var lines = new List<string>();
        Add(lines, message.Text("text"));
        Blocks(lines, message.Items("blocks"));
        return lines;
    }

    private static void Attachment(List<string> lines, JsonElement a)
    {
        var before = lines.Count;
        Add(lines, a.Text("pretext"));
        Add(lines, a.Text("author_name"));
        Add(lines, a.Text("title") is { } title ? a.Text("title_link") is { } link && !title.Contains('<', StringComparison.Ordinal) ? $"<{link}|{title.Replace("|", "¦")}>" : title : null);
        Add(lines, a.Text("text"));
        foreach (var field in a.Items("fields"))
        {
            Add(lines, $"{field.Text("title")}: {field.Text("value")}".Trim(' ', ':'));
        }

        Blocks(lines, a.Items("blocks"));
        Add(lines, a.Text("footer"));
        if (lines.Count == before)
        {
            Add(lines, a.Text("fallback"));
        }
    }

    private static void Blocks(List<string> lines, IEnumerable<JsonElement> blocks)
    {
        foreach (var block in blocks)
        {
            switch (block.Text("type"))
            {
                case "header" or "section":
                    Add(lines, Text(block.At("text")));
                    foreach (var field in block.Items("fields"))
                    {
                        Add(lines, Text(field));
                    }

                    break;
                case "context":
                    Add(lines, string.Join(' ', block.Items("elements").Select(e => Text(e)).Where(t => t is not null)));
                    break;
                case "markdown":
                    Add(lines, block.Text("text"));
                    break;
                case "rich_text":
                    Add(lines, RichElements(block));
                    break;
                case "image":
                    Add(lines, Text(block.At("title")) ?? block.Text("alt_text"));
                    break;
                case "table":
                    lines.AddRange(block.Items("rows").Where(r => r.ValueKind == JsonValueKind.Array)
                        .Select(r => string.Join(" | ", r.EnumerateArray().Select(c => c.Text("text") ?? RichElements(c)))));
                    break;
            }
        }
    }

    private static string RichElements(JsonElement element) => string.Concat(element.Items("elements").Select(e => e.Text("type") switch
    {
        "text" => Escape(e.Text("text") ?? ""),
        "link" => e.Text("text") is { } label ? $"<{e.Text("url")}|{label.Replace("|", "¦")}>" : $"<{e.Text("url")}>",
        "user" => $"<@{e.Text("user_id")}>",
        "channel" => $"<#{e.Text("channel_id")}>",
        "emoji" => $":{e.Text("name")}:",
        "rich_text_section" => RichElements(e) + "\n",
        "rich_text_preformatted" => $"```{RichElements(e)}```\n",
        "rich_text_list" => string.Concat(e.Items("elements").Select(i => $"• {RichElements(i)}\n")),
        "rich_text_quote" => RichElements(e) + "\n",
        _ => "",
    })).TrimEnd('\n');

    private static string? Text(JsonElement? e) => e is not { } text ? null
        : text.ValueKind == JsonValueKind.String ? text.GetString()
        : text.Text("type") == "plain_text" ? Escape(text.Text("text") ?? "") : text.Text("text");

    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    private static void Add(List<string> lines, string? line)
    {
        if (!string.IsNullOrWhiteSpace(line) && !lines.Contains(line))
        {
            lines.Add(line);
        }
    }
}
