using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using IncidentBot.Slack;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IncidentBot.Fakes.Slack;

/// <summary>Drives Slack: what people do becomes signed requests, and what they see is what the played Slack shows.</summary>
public sealed partial class SlackDriver : RoomDriver
{
    private readonly Dictionary<string, FakeUser> _people = [];
    private Func<TestDatabase?, Task<BotUnderTest>> _start = _ => throw new InvalidOperationException("The driver is made by StartAsync.");

    private SlackDriver(BotUnderTest bot, FakeWorkspace workspace)
        : base(bot)
    {
        Workspace = workspace;
        bot.Around = DeliverAsync;
    }

    public FakeWorkspace Workspace { get; }

    /// <summary>Starts a bot in a workspace of its own, with the usual people and channels.</summary>
    public static async Task<SlackDriver> StartAsync(DateTimeOffset? now = null, Dictionary<string, string>? settings = null, TestDatabase? database = null, FakeWorkspace? workspace = null, double pace = 1000, ManualTime? time = null)
    {
        var slack = await FakeSlack.SharedAsync();
        time ??= new ManualTime(now ?? new DateTimeOffset(2026, 3, 10, 14, 30, 0, TimeSpan.Zero));
        var known = workspace is not null;
        workspace ??= slack.Workspace(time);
        var all = Settings(slack, workspace);
        foreach (var (key, value) in settings ?? [])
        {
            all[key] = value;
        }

        Task<BotUnderTest> Start(TestDatabase? on) => BotUnderTest.StartAsync(settings: all, database: on, time: time, services: s => s.RemoveAll<SlackPace>().AddSingleton(new SlackPace(pace)));
        var driver = new SlackDriver(await Start(database), workspace) { _start = Start };
        driver.Populate(known);
        return driver;
    }

    public override async Task RestartAsync()
    {
        await DeliverAsync();
        var database = await Bot.StopAsync();
        // A restart takes its time.
        Time.Advance(TimeSpan.FromSeconds(1));
        Bot = await _start(database);
        Bot.Around = DeliverAsync;
    }

    public override Task LeavesAsync(string who)
    {
        var user = Workspace.Users[IdOf(who)];
        user.Deleted = true;
        Workspace.Owe(new() { ["type"] = "user_change", ["user"] = user.ToJson() });
        return SettleAsync();
    }

    /// <summary>The settings of a bot that serves one workspace over HTTP.</summary>
    public static Dictionary<string, string> Settings(FakeSlack slack, FakeWorkspace workspace) => new()
    {
        ["Slack:SigningSecret"] = workspace.SigningSecret,
        ["Slack:BotToken"] = workspace.Token,
        ["Slack:ApiBaseUrl"] = slack.ApiUrl,
    };

    public override bool ReachesOldMessages => false;

    public override string DirectRoom(string who) => $"dm-{who}";

    /// <summary>Someone's id.</summary>
    public string IdOf(string who) => _people[who].Id;

    public override async Task<Reply> CommandAsync(string who, string text, string room = Main, string? thread = null, string? gestureId = null, string[]? files = null)
    {
        await DeliverAsync();
        if (files is not null)
        {
            throw new NotSupportedException("A slash command takes no files.");
        }

        return thread is null ? await SlashAsync(who, text, room, gestureId) : await MentionAsync(who, text, room, thread);
    }

    public override async Task<string> SaysAsync(string who, string text, string room = Main, string? thread = null, string[]? files = null)
    {
        var more = files is null ? null : new JsonObject { ["subtype"] = "file_share", ["files"] = new JsonArray([.. files.Select(f => Workspace.Files[f]).Select(f => new JsonObject { ["id"] = f.Id, ["name"] = f.Name, ["mimetype"] = f.MediaType, ["size"] = f.Bytes.Length })]) };
        var message = Workspace.Say(IdOf(who), Channel(room).Id, Escaped(text), thread, more);
        await Bot.SettleAsync();
        return message["ts"]!.GetValue<string>();
    }

    public override Task<string> BringsAsync(string who, string name, string mediaType, byte[] content, string room = Main)
    {
        var id = Workspace.NextId("F");
        Workspace.Files[id] = new(id, name, mediaType, content);
        return Task.FromResult(id);
    }

    public override Task EditsAsync(string who, string messageId, string text, string room = Main)
    {
        Workspace.Edit(IdOf(who), Channel(room).Id, messageId, Escaped(text));
        return Bot.SettleAsync();
    }

    public override Task DeletesAsync(string who, string messageId, string room = Main)
    {
        Workspace.Delete(Channel(room).Id, messageId);
        return Bot.SettleAsync();
    }

    public override Task PinsAsync(string who, string messageId, string room = Main, bool pinned = true)
    {
        Workspace.React(IdOf(who), Channel(room).Id, messageId, "pushpin", pinned);
        return Bot.SettleAsync();
    }

    public override Task JoinsAsync(string who, string room)
    {
        Workspace.Join(IdOf(who), Channel(room).Id);
        return Bot.SettleAsync();
    }

    public override Task<Reply> PressAsync(string who, CardButton button, string room = Main)
    {
        var channel = Channel(room);
        var user = IdOf(who);
        return InteractAsync(who, channel, trigger => new()
        {
            ["type"] = "block_actions",
            ["container"] = new JsonObject { ["type"] = "message", ["message_ts"] = Workspace.NextTs(), ["channel_id"] = channel.Id, ["is_ephemeral"] = true },
            ["trigger_id"] = trigger,
            ["channel"] = new JsonObject { ["id"] = channel.Id, ["name"] = channel.Name },
            ["response_url"] = Workspace.NewResponseUrl(user, channel.Id),
            ["actions"] = new JsonArray(new JsonObject { ["type"] = "button", ["action_id"] = button.Key, ["block_id"] = "b", ["value"] = button.Value, ["action_ts"] = Workspace.NextTs() }),
        });
    }

    public override Task<Reply> SubmitAsync(string who, Form form, Dictionary<string, string> values, string room = Main)
    {
        var view = Workspace.Views[form.Context!].View;
        var state = new JsonObject();
        foreach (var block in view.GetProperty("blocks").EnumerateArray().Where(b => b.GetProperty("type").GetString() == "input"))
        {
            var id = block.GetProperty("block_id").GetString()!;
            var value = values.TryGetValue(id, out var typed) ? typed : SlackView.Initial(block.GetProperty("element"));
            var element = block.GetProperty("element");
            state[id] = new JsonObject { [element.GetProperty("action_id").GetString()!] = SlackView.State(element, value, who => _people.TryGetValue(who, out var p) ? p.Id : who) };
        }

        var sent = JsonNode.Parse(view.GetRawText())!.AsObject();
        (sent["id"], sent["hash"], sent["state"]) = (form.Context, $"h-{Workspace.NextTs()}", new JsonObject { ["values"] = state });
        return InteractAsync(who, Channel(room), trigger => new() { ["type"] = "view_submission", ["trigger_id"] = trigger, ["view"] = sent, ["response_urls"] = new JsonArray() });
    }

    /// <summary>Someone chooses a shortcut from the menu of a message, or from the general menu.</summary>
    public Task<Reply> ShortcutAsync(string who, string key, string? room = null, string? messageId = null)
    {
        var channel = room is null ? null : Channel(room);
        return InteractAsync(who, channel, trigger => channel is null
            ? new() { ["type"] = "shortcut", ["callback_id"] = key, ["trigger_id"] = trigger, ["action_ts"] = Workspace.NextTs() }
            : new()
            {
                ["type"] = "message_action",
                ["callback_id"] = key,
                ["trigger_id"] = trigger,
                ["action_ts"] = Workspace.NextTs(),
                ["message_ts"] = messageId,
                ["channel"] = new JsonObject { ["id"] = channel.Id, ["name"] = channel.Name },
                ["message"] = channel.Find(messageId!)!.DeepClone(),
                ["response_url"] = Workspace.NewResponseUrl(IdOf(who), channel.Id),
            });
    }

    public override async Task<IReadOnlyList<Seen>> SeesAsync(string who, string room = Main)
    {
        await DeliverAsync();
        var channel = Find(room);
        if (channel is null)
        {
            return [];
        }

        var user = IdOf(who);
        return Workspace.Look<IReadOnlyList<Seen>>(() => (channel.IsPrivate && !channel.Members.ContainsKey(user)) ? []
            : [.. channel.Messages.Select(m => SlackView.Seen(m, Workspace.BotUser, id => _people.FirstOrDefault(p => p.Value.Id == id).Key ?? id)),
               .. channel.Ephemerals.Where(e => e.User == user && e.ResponseId is null).Select((e, i) => new Seen($"e{i}", "", e.Thread, null, SlackView.Card(e.Body), OnlyYou: true))]);
    }

    public override async Task<IReadOnlyList<string>> RoomsAsync(string who)
    {
        await DeliverAsync();
        var user = IdOf(who);
        return [.. Workspace.Channels.Values.Where(c => c.DirectWith is null && (!c.IsPrivate || c.Members.ContainsKey(user))).Select(c => c.Name)];
    }

    /// <summary>Delivers what Slack owes the bot; answers whether there was anything.</summary>
    public async Task<bool> DeliverAsync()
    {
        var any = false;
        while (Workspace.Owed.TryDequeue(out var e))
        {
            any = true;
            using var request = SlackRequests.Event(Workspace.Envelope(e), Workspace.SigningSecret, Time.Now);
            using var response = await Bot.Browser.SendAsync(request);
            response.EnsureSuccessStatusCode();
        }

        return any;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (!Workspace.Violations.IsEmpty)
        {
            throw new InvalidOperationException($"Slack would not have taken this:\n{string.Join('\n', Workspace.Violations)}");
        }
    }

    /// <summary>A form of fields as a slash command brings it.</summary>
    public Dictionary<string, string> Command(string who, string text, string room, string trigger, string responseUrl) => new()
    {
        ["team_id"] = Workspace.Id,
        ["team_domain"] = "fake",
        ["channel_id"] = Channel(room).Id,
        ["channel_name"] = room,
        ["user_id"] = IdOf(who),
        ["user_name"] = who,
        ["command"] = "/incident",
        ["text"] = Escaped(text),
        ["response_url"] = responseUrl,
        ["trigger_id"] = trigger,
        ["api_app_id"] = Workspace.AppId,
        ["is_enterprise_install"] = "false",
    };

    /// <summary>Text as Slack escapes it, with the people of the workspace as mentions.</summary>
    public string Escaped(string text) => Handles().Replace(
        Addresses().Replace(text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;"), m => $"<{m.Value}>"),
        m => _people.TryGetValue(m.Groups[1].Value, out var person) ? $"<@{person.Id}>" : m.Value);

    public FakeChannel Channel(string room) => Find(room) ?? throw new InvalidOperationException($"There is no room {room}.");

    private FakeChannel? Find(string room) => room.StartsWith("dm-", StringComparison.Ordinal) ? Workspace.Direct(IdOf(room[3..])) : Workspace.Channels.Values.FirstOrDefault(c => c.Name == room);

    private async Task<Reply> SlashAsync(string who, string text, string room, string? gestureId)
    {
        var channel = Channel(room);
        var before = Mark(channel, IdOf(who));
        var url = Workspace.NewResponseUrl(IdOf(who), channel.Id);
        using var request = SlackRequests.Form("/slack/commands", Command(who, text, room, Workspace.NewTrigger(IdOf(who), gestureId), url), Workspace.SigningSecret, Time.Now);
        using var response = await Bot.Browser.SendAsync(request);
        Ensure(response);
        return ReplyOf(await response.Content.ReadAsStringAsync(), channel, IdOf(who), before, url);
    }

    private async Task<Reply> MentionAsync(string who, string text, string room, string thread)
    {
        var channel = Channel(room);
        var before = Mark(channel, IdOf(who));
        Workspace.Say(IdOf(who), channel.Id, $"<@{Workspace.BotUser}> {Escaped(text)}", thread);
        await Bot.SettleAsync();
        return ReplyOf("", channel, IdOf(who), before, null);
    }

    private async Task<Reply> InteractAsync(string who, FakeChannel? channel, Func<string, JsonObject> payload)
    {
        await DeliverAsync();
        var user = IdOf(who);
        channel ??= Workspace.Direct(user);
        var before = Mark(channel, user);
        var body = payload(Workspace.NewTrigger(user));
        body["user"] = new JsonObject { ["id"] = user, ["username"] = who, ["team_id"] = _people[who].Team };
        body["team"] = new JsonObject { ["id"] = Workspace.Id, ["domain"] = "fake" };
        body["api_app_id"] = Workspace.AppId;
        using var request = SlackRequests.Form("/slack/interactivity", new Dictionary<string, string> { ["payload"] = body.ToJsonString() }, Workspace.SigningSecret, Time.Now);
        using var response = await Bot.Browser.SendAsync(request);
        Ensure(response);
        return ReplyOf(await response.Content.ReadAsStringAsync(), channel, user, before, body["response_url"]?.GetValue<string>());
    }

    private static void Ensure(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"The bot answered {(int)response.StatusCode}.", null, response.StatusCode);
        }
    }

    // What came by the response address of another gesture, made at the same moment, is not the answer to this one.
    private Shown Mark(FakeChannel channel, string user, string? responseUrl = null) => Workspace.Look(() => new Shown(
        [.. Workspace.Views.Values.Where(v => v.User == user).OrderBy(v => v.Id, StringComparer.Ordinal)],
        [.. channel.Ephemerals.Where(e => e.User == user && (e.ResponseId is null || responseUrl?.EndsWith($"/{e.ResponseId}", StringComparison.Ordinal) == true))],
        [.. Workspace.Direct(user).Messages]));

    // What the person is told: in the response, in a window, in an answer that only they see, or in a direct message.
    private Reply ReplyOf(string body, FakeChannel channel, string user, Shown before, string? responseUrl)
    {
        if (body.Length > 0)
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.TryGetProperty("response_action", out var action)
                ? action.GetString() == "errors" ? SlackView.Errors(json.RootElement.GetProperty("errors")) : new("form", null, null, null, action.GetString())
                : Checked(json.RootElement);
        }

        var now = Mark(channel, user, responseUrl);
        return now.Views.Length > before.Views.Length ? new("form", null, SlackView.Form(now.Views[^1]), null, null)
            : now.Ephemerals.Length > before.Ephemerals.Length ? SlackView.Reply(now.Ephemerals[^1].Body)
            : now.Direct.Length > before.Direct.Length ? SlackView.Reply(Workspace.Look(() => JsonSerializer.SerializeToElement(now.Direct[^1])))
            : new("none", null, null, null, null);

        Reply Checked(JsonElement message)
        {
            foreach (var wrong in BlockChecks.Message(message))
            {
                Workspace.Violations.Enqueue($"the response: {wrong}");
            }

            return SlackView.Reply(message);
        }
    }

    /// <summary>What one person has been shown so far.</summary>
    private sealed record Shown(FakeView[] Views, FakeEphemeral[] Ephemerals, JsonObject[] Direct);

    private void Populate(bool known)
    {
        foreach (var p in WebChat.SamplePeople.All)
        {
            _people[p.Handle] = known ? Workspace.Users.Values.Single(u => u.Handle == p.Handle)
                : Workspace.NewUser(p.Handle, p.Name, p.TimeZone, team: p.IsGuest ? "T0FOREIGN" : null);
        }

        if (!known)
        {
            foreach (var name in new[] { Main, "general" })
            {
                Workspace.NewChannel(name, members: [Workspace.BotUser, .. _people.Values.Select(p => p.Id)]);
            }
        }
    }

    [GeneratedRegex(@"(?<![\w.&;])@([a-z]+)\b")]
    private static partial Regex Handles();

    [GeneratedRegex(@"https?://[^\s<>&]+[^\s<>&.,;:!?)]")]
    private static partial Regex Addresses();
}
