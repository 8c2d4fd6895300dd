using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IncidentBot.Fakes.Slack;

/// <summary>A workspace of the played Slack: its people, channels and messages, what the app has done in it, and what goes wrong on demand.</summary>
public sealed partial class FakeWorkspace
{
    private readonly Lock _lock = new();
    private readonly FakeSlack _slack;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, FakeChannel> _directs = new();
    private long _lastTs;
    private int _lastId;

    internal FakeWorkspace(FakeSlack slack, TimeProvider time, string id)
    {
        (_slack, _time, Id) = (slack, time, id);
        Token = $"xoxb-{Guid.NewGuid():N}";
        AppToken = $"xapp-{Guid.NewGuid():N}";
        BotUser = NewUser("incidentbot", "IncidentBot", "UTC", isBot: true).Id;
        Sockets = new FakeSockets(this);
    }

    public string Id { get; }

    public string? EnterpriseId { get; set; }

    public string Token { get; set; }

    public string AppToken { get; }

    public string SigningSecret { get; } = Guid.NewGuid().ToString("N");

    public string AppId { get; set; } = "A0FAKEAPP";

    public string BotUser { get; }

    public string BotId => $"B{BotUser[1..]}";

    public string Url => $"https://{Id.ToLowerInvariant()}.slack.com/";

    public string Scopes { get; set; } = string.Join(',', IncidentBot.Slack.Install.SlackScopes.All);

    public ConcurrentDictionary<string, FakeUser> Users { get; } = new();

    public ConcurrentDictionary<string, FakeChannel> Channels { get; } = new();

    public ConcurrentDictionary<string, FakeView> Views { get; } = new();

    /// <summary>The app's own page by person.</summary>
    public ConcurrentDictionary<string, JsonElement> Homes { get; } = new();

    public ConcurrentDictionary<string, string> Canvases { get; } = new();

    internal ConcurrentDictionary<string, string> CanvasTitles { get; } = new();

    public ConcurrentDictionary<string, FakeFile> Files { get; } = new();

    internal ConcurrentDictionary<string, byte[]> Uploads { get; } = new();

    internal ConcurrentDictionary<string, (string User, string Channel)> Responses { get; } = new();

    internal ConcurrentDictionary<string, int> ResponseUses { get; } = new();

    internal ConcurrentDictionary<string, bool> Tickets { get; } = new();

    public FakeSockets Sockets { get; }

    /// <summary>Events that Slack owes the app.</summary>
    public ConcurrentQueue<JsonObject> Owed { get; } = new();

    /// <summary>Every call of the Web API in order.</summary>
    public ConcurrentQueue<FakeCall> Calls { get; } = new();

    /// <summary>What the app did that Slack would not allow, or that is not modelled here.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>What goes wrong with the next calls of a method, in order.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<FakeTrouble>> Troubles { get; } = new();

    /// <summary>Calls a minute of each method, or null for no limit.</summary>
    public Func<string, int?> Limits { get; set; } = _ => null;

    public IEnumerable<FakeCall> CallsOf(string method) => Calls.Where(c => c.Method == method);

    public void Trouble(string method, FakeTrouble trouble) => Troubles.GetOrAdd(method, _ => new()).Enqueue(trouble);

    public static string NewId(string prefix) => prefix + Convert.ToHexString(Guid.NewGuid().ToByteArray())[..9];

    /// <summary>Looks at what stands in the workspace while nothing changes it.</summary>
    public T Look<T>(Func<T> look)
    {
        lock (_lock)
        {
            return look();
        }
    }

    public string NextId(string prefix) => $"{prefix}{Interlocked.Increment(ref _lastId):D8}{Id[^2..]}";

    /// <summary>A timestamp that no message has yet.</summary>
    public string NextTs()
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            _lastTs = Math.Max(_lastTs + 1, (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
            return string.Create(CultureInfo.InvariantCulture, $"{_lastTs / 1_000_000}.{_lastTs % 1_000_000:000000}");
        }
    }

    public FakeUser NewUser(string handle, string name, string? zone, bool isBot = false, bool restricted = false, string? team = null)
    {
        var user = new FakeUser(NextId("U"), handle, name, zone, team ?? Id) { IsBot = isBot, IsRestricted = restricted };
        return Users[user.Id] = user;
    }

    public FakeChannel NewChannel(string name, bool isPrivate = false, params IEnumerable<string> members)
    {
        var channel = new FakeChannel(NextId("C"), name) { IsPrivate = isPrivate, Creator = "USETUP", Created = _time.GetUtcNow().ToUnixTimeSeconds() };
        foreach (var member in members)
        {
            channel.Members[member] = true;
        }

        return Channels[channel.Id] = channel;
    }

    public FakeChannel Direct(string user) => _directs.GetOrAdd(user, Open);

    public FakeChannel Named(string name) => Channels.Values.Single(c => c.Name == name && !c.Archived);

    /// <summary>Someone writes a message; the app hears of it when it is in the channel.</summary>
    public JsonObject Say(string user, string channel, string text, string? thread = null, JsonObject? more = null)
    {
        var message = new JsonObject { ["type"] = "message", ["user"] = user, ["text"] = text, ["ts"] = NextTs(), ["team"] = Users.TryGetValue(user, out var u) ? u.Team : Id, ["client_msg_id"] = Guid.NewGuid().ToString() };
        if (thread is not null)
        {
            message["thread_ts"] = thread;
        }

        foreach (var (key, value) in more ?? [])
        {
            message[key] = value?.DeepClone();
        }

        var where = Channels[channel];
        using var _ = _lock.EnterScope();
        where.Add(message);
        Tell(where, Event(where, message));
        if (text.Contains($"<@{BotUser}>", StringComparison.Ordinal) && where.DirectWith is null)
        {
            var mention = Event(where, message);
            (mention["type"], mention["event_ts"]) = ("app_mention", message["ts"]!.GetValue<string>());
            mention.Remove("channel_type");
            Tell(where, mention);
        }

        return message;
    }

    public void Edit(string user, string channel, string ts, string text)
    {
        using var _ = _lock.EnterScope();
        var where = Channels[channel];
        var message = where.Find(ts) ?? throw new InvalidOperationException("No such message.");
        var before = message.DeepClone();
        var at = NextTs();
        message["text"] = text;
        message["edited"] = new JsonObject { ["user"] = user, ["ts"] = at };
        Tell(where, new() { ["type"] = "message", ["subtype"] = "message_changed", ["channel"] = channel, ["channel_type"] = where.Type, ["hidden"] = true, ["message"] = message.DeepClone(), ["previous_message"] = before, ["ts"] = at, ["event_ts"] = at });
    }

    public void Delete(string channel, string ts)
    {
        using var _ = _lock.EnterScope();
        var where = Channels[channel];
        var message = where.Find(ts) ?? throw new InvalidOperationException("No such message.");
        where.Remove(message);
        var at = NextTs();
        Tell(where, new() { ["type"] = "message", ["subtype"] = "message_deleted", ["channel"] = channel, ["channel_type"] = where.Type, ["hidden"] = true, ["deleted_ts"] = ts, ["previous_message"] = message.DeepClone(), ["ts"] = at, ["event_ts"] = at });
    }

    public void React(string user, string channel, string ts, string name, bool added)
    {
        using var scope = _lock.EnterScope();
        var where = Channels[channel];
        if (where.Find(ts) is { } message)
        {
            var reactions = message["reactions"] as JsonArray ?? [];
            message["reactions"] = null;
            var one = reactions.FirstOrDefault(r => r!["name"]!.GetValue<string>() == name);
            var users = one?["users"]!.AsArray().Select(x => x!.GetValue<string>()).ToList() ?? [];
            _ = one is null || reactions.Remove(one);
            _ = added ? users.Contains(user) ? 0 : Add(users, user) : users.Remove(user) ? 1 : 0;
            if (users.Count > 0)
            {
                reactions.Add(new JsonObject { ["name"] = name, ["users"] = new JsonArray([.. users.Select(x => (JsonNode)x!)]), ["count"] = users.Count });
            }

            message["reactions"] = reactions.DeepClone();
        }

        Tell(where, new() { ["type"] = added ? "reaction_added" : "reaction_removed", ["user"] = user, ["reaction"] = name, ["item"] = new JsonObject { ["type"] = "message", ["channel"] = channel, ["ts"] = ts }, ["event_ts"] = NextTs() });

        static int Add(List<string> list, string value)
        {
            list.Add(value);
            return 1;
        }
    }

    /// <summary>Someone pins a message to its channel, or takes it off there.</summary>
    public void Pin(string user, string channel, string ts, bool added)
    {
        using var _ = _lock.EnterScope();
        var where = Channels[channel];
        if (where.Find(ts) is not { } message)
        {
            return;
        }

        message.Remove("pinned_to");
        message.Remove("pinned_info");
        if (added)
        {
            message["pinned_to"] = new JsonArray(channel);
            message["pinned_info"] = new JsonObject { ["channel"] = channel, ["pinned_by"] = user };
        }

        Tell(where, new() { ["type"] = added ? "pin_added" : "pin_removed", ["user"] = user, ["channel_id"] = channel, ["item"] = new JsonObject { ["type"] = "message", ["channel"] = channel, ["message"] = message.DeepClone() }, ["event_ts"] = NextTs() });
    }

    public void Join(string user, string channel, string? inviter = null)
    {
        var where = Channels[channel];
        where.Members[user] = true;
        Tell(where, new() { ["type"] = "member_joined_channel", ["user"] = user, ["channel"] = channel, ["channel_type"] = where.IsPrivate ? "G" : "C", ["team"] = Id, ["inviter"] = inviter, ["event_ts"] = NextTs() });
    }

    public void Leave(string user, string channel)
    {
        var where = Channels[channel];
        where.Members.TryRemove(user, out _);
        Tell(where, new() { ["type"] = "member_left_channel", ["user"] = user, ["channel"] = channel, ["channel_type"] = where.IsPrivate ? "G" : "C", ["team"] = Id, ["event_ts"] = NextTs() });
    }

    /// <summary>An event that is owed whatever the app is a member of.</summary>
    public void Owe(JsonObject e)
    {
        e["event_ts"] ??= NextTs();
        Owed.Enqueue(e);
    }

    /// <summary>The envelope in which an event travels.</summary>
    /// <param name="from">The workspace and organisation from which it comes, where a channel is shared between organisations.</param>
    public JsonObject Envelope(JsonObject e, string? id = null, (string Team, string Enterprise)? from = null) => new()
    {
        ["token"] = "ignored",
        ["team_id"] = from?.Team ?? Id,
        ["enterprise_id"] = from?.Enterprise ?? EnterpriseId,
        ["context_team_id"] = Id,
        ["api_app_id"] = AppId,
        ["event"] = e.DeepClone(),
        ["type"] = "event_callback",
        ["event_id"] = id ?? NextId("Ev"),
        ["event_time"] = _time.GetUtcNow().ToUnixTimeSeconds(),
        ["authorizations"] = new JsonArray(new JsonObject { ["enterprise_id"] = EnterpriseId, ["team_id"] = Id, ["user_id"] = BotUser, ["is_bot"] = true, ["is_enterprise_install"] = IsOrganisation }),
        ["is_ext_shared_channel"] = false,
    };

    internal bool Respond(string id, JsonElement body)
    {
        if (!Responses.TryGetValue(id, out var to) || ResponseUses.AddOrUpdate(id, 1, (_, n) => n + 1) > 5)
        {
            return false;
        }

        Check("response_url", body);
        using var _ = _lock.EnterScope();
        Channels[to.Channel].Whisper(new(to.User, body.TryGetProperty("thread_ts", out var t) ? t.GetString() : null, body, id));
        return true;
    }

    private void Tell(FakeChannel where, JsonObject e)
    {
        if (where.Members.ContainsKey(BotUser))
        {
            e["event_ts"] ??= NextTs();
            Owed.Enqueue(e);
        }
    }

    private static JsonObject Event(FakeChannel where, JsonObject message)
    {
        var e = message.DeepClone().AsObject();
        e["channel"] = where.Id;
        e["channel_type"] = where.Type;
        e["event_ts"] = message["ts"]!.GetValue<string>();
        return e;
    }

    private FakeChannel Open(string user)
    {
        var channel = new FakeChannel(NextId("D"), "") { DirectWith = user, IsPrivate = true, Creator = BotUser };
        (channel.Members[user], channel.Members[BotUser]) = (true, true);
        return Channels[channel.Id] = channel;
    }
}

/// <summary>Someone in the played Slack.</summary>
public sealed record FakeUser(string Id, string Handle, string Name, string? Zone, string Team)
{
    public bool IsBot { get; set; }

    public bool IsRestricted { get; set; }

    public bool Deleted { get; set; }

    public string ShownName { get; set; } = Name;

    /// <summary>The status beside their name, with when it ends; 0: never.</summary>
    public (string Emoji, long Expiration) Status { get; set; } = ("", 0);

    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["team_id"] = Team,
        ["name"] = Handle,
        ["real_name"] = ShownName,
        ["deleted"] = Deleted,
        ["tz"] = Zone,
        ["is_bot"] = IsBot,
        ["is_restricted"] = IsRestricted,
        ["profile"] = new JsonObject { ["real_name"] = ShownName, ["display_name"] = Handle, ["status_emoji"] = Status.Emoji, ["status_expiration"] = Status.Expiration },
    };
}
