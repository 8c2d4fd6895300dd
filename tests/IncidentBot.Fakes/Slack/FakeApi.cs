using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IncidentBot.Fakes.Slack;

/// <summary>The methods of the Web API, as far as a bot like this one may call them.</summary>
public sealed partial class FakeWorkspace
{
    private readonly Dictionary<string, List<DateTimeOffset>> _called = [];

    internal async Task<FakeAnswer> CallAsync(string method, string token, IReadOnlyDictionary<string, string> a)
    {
        Calls.Enqueue(new(method, a));
        if (FakeMethods.Wrong(method, a) is { } wrong)
        {
            Violations.Enqueue(wrong);
            return new(FakeSlack.Error("invalid_arguments"));
        }

        if ((token == AppToken) != (method == "apps.connections.open"))
        {
            Violations.Enqueue($"{method} was called with the wrong kind of token");
            return new(FakeSlack.Error("not_allowed_token_type"));
        }

        if (TooMany(method) is { } wait)
        {
            return Limited(wait);
        }

        var trouble = Troubles.TryGetValue(method, out var queue) && queue.TryDequeue(out var next) ? next : null;
        if (trouble?.Before is { } before)
        {
            await before();
        }

        var answer = trouble is null || trouble.Done ? Do(method, a) : null;
        return trouble switch
        {
            null => new(answer!) { Headers = { ["x-oauth-scopes"] = Scopes } },
            { RetryAfter: { } seconds } => Limited(seconds),
            { Error: "" } => new(answer!),
            _ => new(FakeSlack.Error(trouble.Error), trouble.Status),
        };
    }

    private static FakeAnswer Limited(int seconds) =>
        new(FakeSlack.Error("ratelimited"), 429) { Headers = { ["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture) } };

    private int? TooMany(string method)
    {
        if (Limits(method) is not { } most)
        {
            return null;
        }

        lock (_called)
        {
            var now = _time.GetUtcNow();
            var times = _called.TryGetValue(method, out var known) ? known : _called[method] = [];
            times.RemoveAll(t => now - t >= TimeSpan.FromMinutes(1));
            if (times.Count >= most)
            {
                return Math.Max(1, (int)Math.Ceiling((times[0].AddMinutes(1) - now).TotalSeconds));
            }

            times.Add(now);
            return null;
        }
    }

    private object Do(string method, IReadOnlyDictionary<string, string> a)
    {
        lock (_lock)
        {
            return method switch
            {
                "auth.test" => Ok(("url", Url), ("team", "Fake"), ("user", "incidentbot"), ("team_id", Id), ("user_id", BotUser), ("bot_id", BotId), ("enterprise_id", EnterpriseId), ("app_id", AppId), ("is_enterprise_install", false)),
                "apps.connections.open" => Connect(),
                "users.info" => Users.TryGetValue(a["user"], out var user) ? Ok(("user", user.ToJson())) : FakeSlack.Error("user_not_found"),
                "conversations.list" => Page(a, "channels", Channels.Values.Where(c => c.DirectWith is null && Typed(a, c) && (!c.IsPrivate || c.Members.ContainsKey(BotUser)) && !(a.ContainsKey("exclude_archived") && c.Archived)), Channel),
                "users.conversations" => Page(a, "channels", Channels.Values.Where(c => c.DirectWith is null && Typed(a, c) && c.Members.ContainsKey(BotUser) && !(a.ContainsKey("exclude_archived") && c.Archived)), Channel),
                "conversations.create" => Create(a),
                "conversations.open" => Ok(("channel", new JsonObject { ["id"] = Direct(a["users"]).Id })),
                "views.open" => OpenView(a),
                "views.update" => UpdateView(a),
                "views.publish" => Publish(a),
                "canvases.edit" => EditCanvas(a),
                "files.getUploadURLExternal" => UploadAddress(a),
                "files.delete" => Files.TryRemove(a["file"], out _) ? Ok() : FakeSlack.Error("file_not_found"),
                "files.info" when Canvases.ContainsKey(a["file"]) => Ok(("file", new JsonObject { ["id"] = a["file"], ["title"] = CanvasTitles.GetValueOrDefault(a["file"]), ["user"] = BotUser })),
                "files.info" => Files.TryGetValue(a["file"], out var file) ? Ok(("file", new JsonObject { ["id"] = file.Id, ["name"] = file.Name, ["url_private_download"] = $"{_slack.Url}/files/{Id}/{file.Id}" })) : FakeSlack.Error("file_not_found"),
                _ => a.TryGetValue(a.ContainsKey("channel_id") ? "channel_id" : "channel", out var id) ? InChannel(method, id, a) : NotModelled(method),
            };
        }
    }

    private object InChannel(string method, string id, IReadOnlyDictionary<string, string> a)
    {
        // A person's id stands for their direct messages, where something is posted.
        var channel = method == "chat.postMessage" && Users.ContainsKey(id) ? Direct(id) : Channels.GetValueOrDefault(id);
        if (channel is null || (channel.IsPrivate && !channel.Members.ContainsKey(BotUser)))
        {
            return FakeSlack.Error("channel_not_found");
        }

        if (channel.Archived && method is not ("conversations.info" or "conversations.history" or "conversations.replies"))
        {
            return FakeSlack.Error("is_archived");
        }

        if (!channel.Members.ContainsKey(BotUser) && method is not ("conversations.info" or "conversations.join" or "chat.postMessage"))
        {
            return FakeSlack.Error("not_in_channel");
        }

        return method switch
        {
            "conversations.info" => Ok(("channel", Channel(channel))),
            "conversations.join" => Joined(channel),
            "conversations.history" => History(channel, a),
            "conversations.replies" => Replies(channel, a),
            "conversations.setTopic" => Topic(channel, a),
            "conversations.invite" => Invite(channel, a),
            "conversations.canvases.create" => CreateCanvas(channel, a),
            "chat.postMessage" => Post(channel, a),
            "chat.postEphemeral" => Whisper(channel, a),
            "chat.update" => Update(channel, a),
            "pins.add" => Pin(channel, a),
            "bookmarks.add" => Bookmark(channel, a),
            "files.completeUploadExternal" => Upload(channel, a),
            _ => NotModelled(method),
        };
    }

    private object NotModelled(string method)
    {
        Violations.Enqueue($"{method} is not modelled, or lacks its channel");
        return FakeSlack.Error("unknown_method");
    }

    private object Connect()
    {
        var ticket = Guid.NewGuid().ToString("N");
        Tickets[ticket] = true;
        return Ok(("url", $"{_slack.Url.Replace("http://", "ws://")}/socket/{Id}/{ticket}"));
    }

    private object Create(IReadOnlyDictionary<string, string> a)
    {
        var name = a["name"];
        if (name.Length is 0 or > 80 || name.Any(c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_')))
        {
            return FakeSlack.Error(name.Length > 80 ? "invalid_name_maxlength" : "invalid_name_specials");
        }

        if (Channels.Values.Any(c => c.Name == name))
        {
            return FakeSlack.Error("name_taken");
        }

        var channel = new FakeChannel(NextId("C"), name) { IsPrivate = a.GetValueOrDefault("is_private") == "true", Creator = BotUser, Created = _time.GetUtcNow().ToUnixTimeSeconds() };
        channel.Members[BotUser] = true;
        Channels[channel.Id] = channel;
        return Ok(("channel", Channel(channel)));
    }

    private object Joined(FakeChannel channel)
    {
        channel.Members[BotUser] = true;
        return Ok(("channel", Channel(channel)));
    }

    private object Topic(FakeChannel channel, IReadOnlyDictionary<string, string> a)
    {
        if (a["topic"].Length > 250)
        {
            return FakeSlack.Error("too_long");
        }

        channel.Topic = a["topic"];
        return Ok(("channel", Channel(channel)));
    }

    private object Invite(FakeChannel channel, IReadOnlyDictionary<string, string> a)
    {
        var errors = new JsonArray();
        foreach (var user in a["users"].Split(','))
        {
            var error = user == BotUser ? "cant_invite_self" : !Users.TryGetValue(user, out var known) ? "user_not_found" : known.Team != Id ? "cant_invite" : channel.Members.ContainsKey(user) ? "already_in_channel" : null;
            if (error is null)
            {
                Join(user, channel.Id, BotUser);
            }
            else
            {
                errors.Add(new JsonObject { ["user"] = user, ["ok"] = false, ["error"] = error });
            }
        }

        return errors.Count == 0 ? Ok(("channel", Channel(channel))) : new Dictionary<string, object?> { ["ok"] = false, ["error"] = errors[0]!["error"]!.GetValue<string>(), ["errors"] = errors };
    }

    private object Post(FakeChannel channel, IReadOnlyDictionary<string, string> a)
    {
        if (!CheckMessage("chat.postMessage", a))
        {
            return FakeSlack.Error("invalid_blocks");
        }

        if (a.TryGetValue("thread_ts", out var parent) && (channel.Find(parent) is not { } root || (root["thread_ts"]?.GetValue<string>() is { } up && up != parent)))
        {
            Violations.Enqueue("thread_ts is not the timestamp of a parent");
            return FakeSlack.Error("thread_not_found");
        }

        var message = Own(a);
        message["ts"] = NextTs();
        if (parent is not null)
        {
            message["thread_ts"] = parent;
        }

        channel.Add(message);
        Tell(channel, Event(channel, message));
        return Ok(("channel", channel.Id), ("ts", message["ts"]!.GetValue<string>()), ("message", message.DeepClone()));
    }

    private object Whisper(FakeChannel channel, IReadOnlyDictionary<string, string> a)
    {
        if (!CheckMessage("chat.postEphemeral", a))
        {
            return FakeSlack.Error("invalid_blocks");
        }

        if (!channel.Members.ContainsKey(a["user"]) && channel.IsPrivate)
        {
            return FakeSlack.Error("user_not_in_channel");
        }

        channel.Whisper(new(a["user"], a.GetValueOrDefault("thread_ts"), JsonSerializer.SerializeToElement(Own(a)), null));
        return Ok(("message_ts", NextTs()));
    }

    private object Update(FakeChannel channel, IReadOnlyDictionary<string, string> a)
    {
        if (!CheckMessage("chat.update", a))
        {
            return FakeSlack.Error("invalid_blocks");
        }

        if (channel.Find(a["ts"]) is not { } message)
        {
            return FakeSlack.Error("message_not_found");
        }

        if (message["user"]?.GetValue<string>() != BotUser)
        {
            return FakeSlack.Error("cant_update_message");
        }

        var before = message.DeepClone();
        var now = Own(a);
        (message["text"], message["blocks"]) = (now["text"]!.DeepClone(), now["blocks"]?.DeepClone());
        var at = NextTs();
        Tell(channel, new() { ["type"] = "message", ["subtype"] = "message_changed", ["channel"] = channel.Id, ["channel_type"] = channel.Type, ["hidden"] = true, ["message"] = message.DeepClone(), ["previous_message"] = before, ["ts"] = at, ["event_ts"] = at });
        return Ok(("channel", channel.Id), ("ts", a["ts"]));
    }

    private JsonObject Own(IReadOnlyDictionary<string, string> a)
    {
        var message = new JsonObject { ["type"] = "message", ["user"] = BotUser, ["bot_id"] = BotId, ["app_id"] = AppId, ["text"] = a.GetValueOrDefault("text"), ["team"] = Id };
        foreach (var name in new[] { "blocks", "metadata" })
        {
            if (a.TryGetValue(name, out var json))
            {
                message[name] = JsonNode.Parse(json);
            }
        }

        return message;
    }

    private object Pin(FakeChannel channel, IReadOnlyDictionary<string, string> a)
    {
        if (channel.Pinned.Contains(a["timestamp"]) || channel.Find(a["timestamp"]) is not { } message)
        {
            return FakeSlack.Error(channel.Pinned.Contains(a["timestamp"]) ? "already_pinned" : "message_not_found");
        }

        channel.Pinned.Add(a["timestamp"]);
        Tell(channel, new() { ["type"] = "pin_added", ["user"] = BotUser, ["channel_id"] = channel.Id, ["item"] = new JsonObject { ["type"] = "message", ["channel"] = channel.Id, ["message"] = message.DeepClone() } });
        return Ok();
    }

    private static object Bookmark(FakeChannel channel, IReadOnlyDictionary<string, string> a)
    {
        if (!Uri.TryCreate(a.GetValueOrDefault("link"), UriKind.Absolute, out var link) || link.Scheme is not ("http" or "https"))
        {
            return FakeSlack.Error("invalid_link");
        }

        channel.Bookmarks.Add((a["title"], a["link"]));
        return Ok(("bookmark", new JsonObject { ["id"] = "Bk1" }));
    }

    private object History(FakeChannel channel, IReadOnlyDictionary<string, string> a) =>
        Page(a, "messages", Between(channel.Messages.Where(m => m["thread_ts"] is null || m["thread_ts"]!.GetValue<string>() == m["ts"]!.GetValue<string>()), a).Reverse(), m => Shown(m, a));

    private object Replies(FakeChannel channel, IReadOnlyDictionary<string, string> a)
    {
        // Any message of a thread names it.
        var root = channel.Find(a["ts"]) is { } named ? named["thread_ts"]?.GetValue<string>() ?? a["ts"] : null;
        if (root is null)
        {
            return FakeSlack.Error("thread_not_found");
        }

        var parent = channel.Find(root);
        var replies = Between(channel.Messages.Where(m => m["thread_ts"]?.GetValue<string>() == root && m["ts"]!.GetValue<string>() != root), a);
        return Page(a, "messages", (parent is null ? [] : new[] { parent }).Concat(replies), m => Shown(m, a));
    }

    private static IEnumerable<JsonObject> Between(IEnumerable<JsonObject> messages, IReadOnlyDictionary<string, string> a)
    {
        var inclusive = a.GetValueOrDefault("inclusive") == "true";
        var (oldest, latest) = (Number(a.GetValueOrDefault("oldest") ?? "0"), Number(a.GetValueOrDefault("latest") ?? "99999999999"));
        return messages.Where(m => Number(m["ts"]!.GetValue<string>()) is var ts && (ts > oldest || (inclusive && ts == oldest)) && (ts < latest || (inclusive && ts == latest)));

        static decimal Number(string ts) => decimal.Parse(ts, CultureInfo.InvariantCulture);
    }

    private static JsonNode Shown(JsonObject message, IReadOnlyDictionary<string, string> a)
    {
        var shown = message.DeepClone().AsObject();
        if (a.GetValueOrDefault("include_all_metadata") != "true")
        {
            shown.Remove("metadata");
        }

        return shown;
    }

    private static bool Typed(IReadOnlyDictionary<string, string> a, FakeChannel c) =>
        (a.GetValueOrDefault("types") ?? "public_channel").Split(',').Contains(c.IsPrivate ? "private_channel" : "public_channel");

    private static Dictionary<string, object?> Page<T>(IReadOnlyDictionary<string, string> a, string name, IEnumerable<T> all, Func<T, JsonNode> shown)
    {
        var from = a.TryGetValue("cursor", out var cursor) && cursor.Length > 0 ? int.Parse(cursor[5..].TrimEnd('='), CultureInfo.InvariantCulture) : 0;
        var limit = Math.Min(int.Parse(a.GetValueOrDefault("limit") ?? "100", CultureInfo.InvariantCulture), 999);
        var list = all.ToList();
        var answer = Ok((name, new JsonArray([.. list.Skip(from).Take(limit).Select(shown)])), ("response_metadata", new JsonObject { ["next_cursor"] = from + limit < list.Count ? $"next:{from + limit}=" : "" }));
        if (name == "messages")
        {
            answer["has_more"] = from + limit < list.Count;
        }

        return answer;
    }

    private JsonObject Channel(FakeChannel c) => new()
    {
        ["id"] = c.Id,
        ["name"] = c.Name,
        ["is_private"] = c.IsPrivate,
        ["is_archived"] = c.Archived,
        ["is_member"] = c.Members.ContainsKey(BotUser),
        ["creator"] = c.Creator,
        ["created"] = c.Created,
        ["topic"] = new JsonObject { ["value"] = c.Topic },
        ["properties"] = c.Canvas is null ? new JsonObject() : new JsonObject { ["canvas"] = new JsonObject { ["file_id"] = c.Canvas } },
    };

    private static Dictionary<string, object?> Ok(params (string Name, object? Value)[] fields)
    {
        var answer = new Dictionary<string, object?> { ["ok"] = true };
        foreach (var (name, value) in fields)
        {
            answer[name] = value;
        }

        return answer;
    }
}
