using System.Text.Json;

namespace IncidentBot.Fakes.Slack;

/// <summary>Slack's limits of messages and views; where the schema of Block Kit is on the machine, its shapes too.</summary>
public static class BlockChecks
{
    private static readonly Lazy<Draft7?> Schema = new(() => SharedFixtures.Find("slack/blockkit/blockkit.schema.json") is { } path ? new Draft7(File.ReadAllText(path)) : null);

    public static IEnumerable<string> Message(JsonElement m)
    {
        if (!m.TryGetProperty("text", out var text) || string.IsNullOrWhiteSpace(text.GetString()))
        {
            yield return "there is no text beside the blocks";
        }
        else if (text.GetString()!.Length > 4000 || text.GetString()!.Contains("<!", StringComparison.Ordinal))
        {
            yield return "the text is longer than 4,000 characters, or calls people";
        }

        if (!m.TryGetProperty("blocks", out var blocks))
        {
            yield break;
        }

        foreach (var wrong in Blocks(blocks, 50).Concat(Schema.Value?.Wrong(blocks, "MessageBlocks") ?? []))
        {
            yield return wrong;
        }
    }

    public static IEnumerable<string> View(JsonElement view, string type)
    {
        if (view.GetProperty("type").GetString() != type)
        {
            yield return $"the view is no {type}";
        }

        if (view.GetRawText().Length > 250_000)
        {
            yield return "the view is larger than 250 KB";
        }

        foreach (var (name, most) in new[] { ("title", 24), ("submit", 24), ("close", 24) })
        {
            if (view.TryGetProperty(name, out var text) && Length(text) > most)
            {
                yield return $"{name} is longer than {most}";
            }
        }

        if (view.TryGetProperty("private_metadata", out var metadata) && metadata.GetString()!.Length > 3000)
        {
            yield return "private_metadata is longer than 3,000";
        }

        var blocks = view.GetProperty("blocks");
        if (type == "modal" && !view.TryGetProperty("submit", out _) && blocks.EnumerateArray().Any(b => b.GetProperty("type").GetString() == "input"))
        {
            yield return "a view with inputs has no submit";
        }

        foreach (var wrong in Blocks(blocks, 100).Concat(Schema.Value?.Wrong(view, type == "modal" ? "Modal" : "HomeTab") ?? []))
        {
            yield return wrong;
        }
    }

    private static IEnumerable<string> Blocks(JsonElement blocks, int most)
    {
        if (blocks.GetArrayLength() > most)
        {
            yield return $"{blocks.GetArrayLength()} blocks";
        }

        var ids = blocks.EnumerateArray().Select(b => b.TryGetProperty("block_id", out var id) ? id.GetString() : null).Where(i => i is not null).ToList();
        if (ids.Distinct().Count() != ids.Count || ids.Exists(i => i!.Length > 255))
        {
            yield return "block ids are not unique, or too long";
        }

        if (blocks.EnumerateArray().Sum(Size) > 13_000)
        {
            yield return "the blocks are longer than 13,000 characters together";
        }

        foreach (var block in blocks.EnumerateArray())
        {
            foreach (var wrong in Block(block))
            {
                yield return wrong;
            }
        }
    }

    private static IEnumerable<string> Block(JsonElement b)
    {
        switch (b.GetProperty("type").GetString())
        {
            case "header" when Length(b.GetProperty("text")) is 0 or > 150:
                yield return "a header of no or more than 150 characters";
                break;
            case "section" when b.TryGetProperty("text", out var text) && Length(text) is 0 or > 3000:
                yield return "a section of no or more than 3,000 characters";
                break;
            case "rich_text" when Size(b) > 3000:
                yield return "a rich text of more than 3,000 characters";
                break;
            case "context" when b.GetProperty("elements").GetArrayLength() is 0 or > 10 || b.GetProperty("elements").EnumerateArray().Any(e => Length(e) is 0 or > 2000):
                yield return "a context of no or too many elements, or of too long ones";
                break;
            case "actions":
                var elements = b.GetProperty("elements").EnumerateArray().ToList();
                if (elements.Count is 0 or > 25 || elements.Select((e, i) => e.TryGetProperty("action_id", out var a) ? a.GetString() : $"#{i}").Distinct().Count() != elements.Count)
                {
                    yield return "no or too many buttons, or two of one action_id";
                }

                foreach (var button in elements.Where(e => (e.TryGetProperty("text", out var t) && Length(t) is 0 or > 75) || (e.TryGetProperty("value", out var v) && v.GetString()!.Length > 2000)))
                {
                    yield return $"the button {button} has no or too long a text, or too long a value";
                }

                break;
            case "input":
                foreach (var wrong in Input(b))
                {
                    yield return wrong;
                }

                break;
        }
    }

    private static IEnumerable<string> Input(JsonElement b)
    {
        if (Length(b.GetProperty("label")) is 0 or > 2000 || (b.TryGetProperty("hint", out var hint) && Length(hint) is 0 or > 2000))
        {
            yield return "an input without label, or with too long a label or hint";
        }

        var e = b.GetProperty("element");
        if (e.TryGetProperty("initial_value", out var value) && value.GetString()!.Length > 3000)
        {
            yield return "an initial value of more than 3,000 characters";
        }

        if (!e.TryGetProperty("options", out var options))
        {
            yield break;
        }

        if (options.GetArrayLength() is 0 or > 100)
        {
            yield return "no or more than 100 options";
        }

        foreach (var option in options.EnumerateArray())
        {
            if (Length(option.GetProperty("text")) is 0 or > 75 || option.GetProperty("value").GetString()!.Length is 0 or > 75 || (option.TryGetProperty("description", out var d) && Length(d) is 0 or > 75))
            {
                yield return $"an option that is too long: {option.GetRawText()}";
            }
        }

        if (e.TryGetProperty("initial_option", out var initial) && !options.EnumerateArray().Any(o => o.GetRawText() == initial.GetRawText()))
        {
            yield return "an initial option that is none of the options";
        }
    }

    private static int Length(JsonElement text) => text.TryGetProperty("text", out var words) ? words.GetString()!.Length : 1;

    private static int Size(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.Object => e.EnumerateObject().Sum(p => p.Name == "text" && p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()!.Length : Size(p.Value)),
        JsonValueKind.Array => e.EnumerateArray().Sum(Size),
        _ => 0,
    };
}
