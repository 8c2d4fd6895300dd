using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentBot.Core.Chat;

namespace IncidentBot.Slack.Rendering;

/// <summary>Draws forms as Slack's modals, and reads what was filled in.</summary>
public static class Modal
{
    // Slack's limits.
    private const int LongestTitle = 24;
    private const int LongestInput = 3000;
    private const int LongestLabel = 2000;
    private const int LongestOption = 75;
    private const int MostOptions = 100;
    private const int LongestMetadata = 3000;

    private const string Element = "value";

    /// <summary>The form as a view.</summary>
    /// <param name="where">Where it was opened; it is carried along, since a submission does not say.</param>
    /// <returns>The view; null when its context is too long to be carried.</returns>
    public static JsonObject? View(Form form, Place where)
    {
        var metadata = JsonSerializer.Serialize(new Carried(where.Workspace, where.Channel, where.Thread, form.Context), SlackJson.Options);
        if (metadata.Length > LongestMetadata)
        {
            return null;
        }

        var blocks = new JsonArray();
        if (form.Title.Length > LongestTitle)
        {
            blocks.Add(new JsonObject { ["type"] = "header", ["text"] = BlockKit.Plain(RichText.Briefly(form.Title, 150)) });
        }

        if (form.Note is { } note)
        {
            blocks.Add(new JsonObject { ["type"] = "section", ["text"] = BlockKit.Plain(RichText.Briefly(note, LongestInput - 1)) });
        }

        foreach (var field in form.Fields)
        {
            foreach (var block in Field(field))
            {
                blocks.Add(block);
            }
        }

        return new()
        {
            ["type"] = "modal",
            ["callback_id"] = form.Key,
            ["title"] = BlockKit.Plain(form.Title.Length > LongestTitle ? "IncidentBot" : form.Title),
            ["submit"] = BlockKit.Plain(RichText.Briefly(form.Submit, LongestTitle)),
            ["close"] = BlockKit.Plain("Cancel"),
            ["private_metadata"] = metadata,
            ["blocks"] = blocks,
        };
    }

    /// <summary>Words in a window, for places where nothing can be posted.</summary>
    public static JsonObject Words(Card card) => new()
    {
        ["type"] = "modal",
        ["callback_id"] = "words",
        ["title"] = BlockKit.Plain("IncidentBot"),
        ["close"] = BlockKit.Plain("Close"),
        ["blocks"] = BlockKit.One(card with { Buttons = [] }).Blocks,
    };

    /// <summary>Where a view was opened, and its context.</summary>
    public static (string? Workspace, string Channel, string? Thread, string? Context) Read(JsonElement view)
    {
        try
        {
            var carried = view.Text("private_metadata") is { Length: > 0 } metadata ? JsonSerializer.Deserialize<Carried>(metadata) : null;
            return (carried?.W, carried?.C ?? "", carried?.T, carried?.X);
        }
        catch (JsonException)
        {
            return (null, "", null, null);
        }
    }

    /// <summary>What was filled in, by field; a field left empty is an empty text.</summary>
    public static Dictionary<string, string> Values(JsonElement view)
    {
        var values = new Dictionary<string, string>();
        if (view.At("state", "values") is not { ValueKind: JsonValueKind.Object } blocks)
        {
            return values;
        }

        foreach (var block in blocks.EnumerateObject().Where(b => b.Value.ValueKind == JsonValueKind.Object))
        {
            foreach (var element in block.Value.EnumerateObject())
            {
                var e = element.Value;
                values[block.Name] = e.Text("value") ?? e.Text("selected_option", "value") ?? e.Text("selected_user") ?? e.Text("selected_date") ?? e.Text("selected_conversation") ?? "";
            }
        }

        return values;
    }

    /// <summary>What was filled in, as people read it.</summary>
    public static IReadOnlyList<(string Label, string Value)> Entered(JsonElement view)
    {
        var values = Values(view);
        return [.. view.Items("blocks").Where(b => b.Text("type") == "input" && values.GetValueOrDefault(b.Text("block_id") ?? "") is { Length: > 0 })
            .Select(b => (b.Text("label", "text") ?? "", values[b.Text("block_id")!]))];
    }

    private static IEnumerable<JsonNode> Field(FormField field)
    {
        if (field.Kind != FieldKind.Choice && field.Value?.Length > LongestInput)
        {
            // Shortening it here would shorten it for good when the form is sent.
            yield return new JsonObject { ["type"] = "section", ["text"] = BlockKit.Plain($"{field.Label}: what stands there is longer than a form takes, and stays as it is. A command changes it: /incident help edit") };
            yield break;
        }

        var block = new JsonObject
        {
            ["type"] = "input",
            ["block_id"] = field.Id,
            ["optional"] = !field.Required,
            ["label"] = BlockKit.Plain(RichText.Briefly(field.Label, LongestLabel)),
        };
        if (field.Hint is { Length: > 0 } hint)
        {
            block["hint"] = BlockKit.Plain(RichText.Briefly(hint, LongestLabel));
        }

        block["element"] = field.Kind switch
        {
            FieldKind.Choice => Choice(field),
            FieldKind.Person => Person(field),
            _ => Input(field),
        };
        yield return block;
    }

    private static JsonObject Input(FormField field)
    {
        var input = new JsonObject { ["type"] = "plain_text_input", ["action_id"] = Element, ["max_length"] = LongestInput };
        if (field.Kind == FieldKind.Paragraph)
        {
            input["multiline"] = true;
        }

        if (!string.IsNullOrEmpty(field.Value))
        {
            input["initial_value"] = field.Kind == FieldKind.Paragraph ? field.Value : field.Value.ReplaceLineEndings(" ");
        }

        return input;
    }

    private static JsonObject Person(FormField field)
    {
        var select = new JsonObject { ["type"] = "users_select", ["action_id"] = Element };
        if (!string.IsNullOrEmpty(field.Value))
        {
            select["initial_user"] = field.Value;
        }

        return select;
    }

    private static JsonObject Choice(FormField field)
    {
        var options = (field.Options ?? []).Take(MostOptions).ToList();
        var select = new JsonObject { ["type"] = "static_select", ["action_id"] = Element, ["options"] = new JsonArray([.. options.Select(Option)]) };
        if (options.Find(o => o.Value == field.Value) is { } chosen)
        {
            select["initial_option"] = Option(chosen);
        }

        return select;
    }

    // What is longer than an option may be goes on in its description.
    private static JsonObject Option(FormOption option)
    {
        var colon = option.Label.IndexOf(": ", StringComparison.Ordinal);
        var (head, rest) = option.Label.Length <= LongestOption ? (option.Label, null) : colon is > 0 and < LongestOption ? (option.Label[..colon], option.Label[(colon + 2)..]) : (option.Label, null);
        var o = new JsonObject { ["text"] = BlockKit.Plain(RichText.Briefly(head, LongestOption)), ["value"] = option.Value };
        if (rest is not null)
        {
            o["description"] = BlockKit.Plain(RichText.Briefly(rest, LongestOption));
        }

        return o;
    }

    /// <summary>What a view carries unseen.</summary>
    private sealed record Carried(string? W, string? C, string? T, string? X);
}
