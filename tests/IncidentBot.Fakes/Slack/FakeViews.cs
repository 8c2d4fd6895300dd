using System.Text.Json;
using System.Text.Json.Nodes;

namespace IncidentBot.Fakes.Slack;

/// <summary>Views, canvases and files of the played Slack.</summary>
public sealed partial class FakeWorkspace
{
    private static readonly TimeSpan TriggerLasts = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, (string User, DateTimeOffset At, bool Used)> _triggers = [];

    /// <summary>A trigger that opens one view within three seconds.</summary>
    public string NewTrigger(string user, string? id = null)
    {
        lock (_lock)
        {
            id ??= NextId("trigger.");
            _triggers[id] = (user, _time.GetUtcNow(), false);
            return id;
        }
    }

    /// <summary>An address that takes five answers.</summary>
    public string NewResponseUrl(string user, string channel)
    {
        var id = NextId("response");
        Responses[id] = (user, channel);
        return $"{_slack.Url}/response/{Id}/{id}";
    }

    private object OpenView(IReadOnlyDictionary<string, string> a)
    {
        if (!_triggers.TryGetValue(a["trigger_id"], out var trigger))
        {
            return FakeSlack.Error("invalid_trigger_id");
        }

        if (trigger.Used || _time.GetUtcNow() - trigger.At > TriggerLasts)
        {
            return FakeSlack.Error(trigger.Used ? "exchanged_trigger_id" : "expired_trigger_id");
        }

        if (Checked("views.open", a["view"], "modal") is not { } view)
        {
            return FakeSlack.Error("invalid_arguments");
        }

        _triggers[a["trigger_id"]] = trigger with { Used = true };
        var opened = new FakeView(NextId("V"), trigger.User, view);
        Views[opened.Id] = opened;
        return Ok(("view", new JsonObject { ["id"] = opened.Id, ["hash"] = "h1" }));
    }

    private object UpdateView(IReadOnlyDictionary<string, string> a)
    {
        if (!Views.TryGetValue(a["view_id"], out var open))
        {
            return FakeSlack.Error("not_found");
        }

        if (Checked("views.update", a["view"], "modal") is not { } view)
        {
            return FakeSlack.Error("invalid_arguments");
        }

        Views[open.Id] = open with { View = view };
        return Ok(("view", new JsonObject { ["id"] = open.Id }));
    }

    private object Publish(IReadOnlyDictionary<string, string> a)
    {
        if (Checked("views.publish", a["view"], "home") is not { } view)
        {
            return FakeSlack.Error("invalid_arguments");
        }

        Homes[a["user_id"]] = view;
        return Ok();
    }

    private object CreateCanvas(FakeChannel channel, IReadOnlyDictionary<string, string> a)
    {
        if (channel.Canvas is not null)
        {
            return FakeSlack.Error("channel_canvas_already_exists");
        }

        if (Markdown(a["document_content"]) is not { } markdown)
        {
            return FakeSlack.Error("canvas_creation_failed");
        }

        channel.Canvas = NextId("F");
        (Canvases[channel.Canvas], CanvasTitles[channel.Canvas]) = (markdown, a.GetValueOrDefault("title") ?? "");
        return Ok(("canvas_id", channel.Canvas));
    }

    private object EditCanvas(IReadOnlyDictionary<string, string> a)
    {
        using var changes = JsonDocument.Parse(a["changes"]);
        if (changes.RootElement.GetArrayLength() != 1)
        {
            Violations.Enqueue("canvases.edit takes one change");
            return FakeSlack.Error("invalid_arguments");
        }

        if (!Canvases.ContainsKey(a["canvas_id"]) || Markdown(changes.RootElement[0].GetProperty("document_content").GetRawText()) is not { } markdown)
        {
            return FakeSlack.Error(Canvases.ContainsKey(a["canvas_id"]) ? "canvas_editing_failed" : "canvas_not_found");
        }

        Canvases[a["canvas_id"]] = markdown;
        return Ok();
    }

    private object UploadAddress(IReadOnlyDictionary<string, string> a)
    {
        var id = NextId("F");
        Files[id] = new(id, a["filename"], "application/octet-stream", []);
        return Ok(("upload_url", $"{_slack.Url}/upload/{Id}/{id}"), ("file_id", id));
    }

    private object Upload(FakeChannel channel, IReadOnlyDictionary<string, string> a)
    {
        using var files = JsonDocument.Parse(a["files"]);
        var id = files.RootElement[0].GetProperty("id").GetString()!;
        if (!Uploads.TryRemove(id, out var bytes))
        {
            return FakeSlack.Error("file_not_found");
        }

        Files[id] = Files[id] with { Bytes = bytes };
        var message = new JsonObject { ["type"] = "message", ["user"] = BotUser, ["app_id"] = AppId, ["bot_id"] = BotId, ["text"] = "", ["ts"] = NextTs(), ["files"] = new JsonArray(new JsonObject { ["id"] = id, ["name"] = Files[id].Name }) };
        if (a.TryGetValue("thread_ts", out var thread))
        {
            message["thread_ts"] = thread;
        }

        channel.Add(message);
        return Ok();
    }

    // Lists inside quotes, headings below the third level and large tables are what canvases refuse.
    private static string? Markdown(string content)
    {
        using var json = JsonDocument.Parse(content);
        var markdown = json.RootElement.GetProperty("markdown").GetString()!;
        var lines = markdown.Split('\n');
        return lines.Any(l => l.StartsWith("> -", StringComparison.Ordinal) || l.StartsWith("> *", StringComparison.Ordinal) || l.StartsWith("####", StringComparison.Ordinal)) ? null : markdown;
    }

    private JsonElement? Checked(string method, string json, string type)
    {
        using var view = JsonDocument.Parse(json);
        var wrong = BlockChecks.View(view.RootElement, type).ToList();
        wrong.ForEach(w => Violations.Enqueue($"{method}: {w}"));
        return wrong.Count == 0 ? view.RootElement.Clone() : null;
    }

    private bool CheckMessage(string method, IReadOnlyDictionary<string, string> a)
    {
        var message = new JsonObject { ["text"] = a.GetValueOrDefault("text") };
        if (a.TryGetValue("blocks", out var blocks))
        {
            message["blocks"] = JsonNode.Parse(blocks);
        }

        return Check(method, JsonSerializer.SerializeToElement(message));
    }

    private bool Check(string method, JsonElement message)
    {
        var wrong = BlockChecks.Message(message).ToList();
        wrong.ForEach(w => Violations.Enqueue($"{method}: {w}"));
        return wrong.Count == 0;
    }
}
