using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentBot.Fakes;
using IncidentBot.Fakes.Slack;
using IncidentBot.Slack;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IncidentBot.Tests.Slack;

/// <summary>Socket Mode is the equal of HTTP: the same handlers, no public address, and nothing lost while sockets come and go.</summary>
public sealed class SocketTests
{
    [Fact]
    public async Task Commands_events_and_buttons_come_over_the_socket_and_are_answered_on_it()
    {
        await using var bot = await StartAsync();
        var slack = bot.Workspace;
        var command = await slack.Sockets.SendAsync("slash_commands", Command(slack, "start sev1 down"));
        Assert.Contains("INC-2026-0001 declared", command!.Value.ToString(), StringComparison.Ordinal);
        await bot.SettleAsync();
        var room = slack.Channels.Values.Single(c => c.Name.StartsWith("inc-", StringComparison.Ordinal));
        var message = new JsonObject { ["type"] = "message", ["channel"] = room.Id, ["channel_type"] = "channel", ["user"] = slack.Users.Values.First(u => u.Handle == "ann").Id, ["text"] = new string('x', 60_000), ["ts"] = slack.NextTs(), ["event_ts"] = slack.NextTs() };
        Assert.Null(await slack.Sockets.SendAsync("events_api", slack.Envelope(message, "Ev1")));
        Assert.Null(await slack.Sockets.SendAsync("events_api", slack.Envelope(message, "Ev1")));
        await bot.SettleAsync();
        Assert.Single((await bot.Bot.GetAsync("/api/v1/incidents/INC-2026-0001/transcript")).GetProperty("items").EnumerateArray());
        // A button, whose answer comes through its own address, and a form.
        var card = room.Messages[0]["blocks"]!.ToJsonString();
        var incident = await bot.Bot.InDatabaseAsync(db => Task.FromResult(db.Incidents.Single().Id));
        Assert.Contains("respond.take-role", card, StringComparison.Ordinal);
        Assert.Null(await slack.Sockets.SendAsync("interactive", Interactive(slack, room, "block_actions", new() { ["actions"] = new JsonArray(new JsonObject { ["type"] = "button", ["action_id"] = "respond.take-role#0", ["value"] = $"{incident}:commander" }) })));
        await bot.SettleAsync();
        Assert.Contains("Ann Field", (await bot.Bot.GetAsync("/api/v1/incidents/INC-2026-0001")).GetProperty("roles").ToString(), StringComparison.Ordinal);
        var form = await slack.Sockets.SendAsync("slash_commands", Command(slack, "impact --in INC-2026-0001"));
        Assert.True(form is null && slack.Views.Count == 1);
        var errors = await slack.Sockets.SendAsync("slash_commands", Command(slack, "resolv"));
        Assert.Contains("Did you mean", errors!.Value.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_is_to_be_renewed_has_its_successor_before_it_closes_and_a_broken_one_is_opened_again()
    {
        await using var bot = await StartAsync();
        var sockets = bot.Workspace.Sockets;
        await sockets.UntilOpenAsync(2);
        var first = sockets.Numbers.First();
        sockets.LeastOpen = 2;
        await sockets.DisconnectAsync("refresh_requested", first);
        await sockets.UntilOpenAsync(2, opened: 3);
        await sockets.UntilClosedAsync(first);
        Assert.Equal(2, sockets.LeastOpen);
        var reply = await sockets.SendAsync("slash_commands", Command(bot.Workspace, "help"), over: sockets.Numbers.Last());
        Assert.Contains("What I understand", reply!.Value.ToString(), StringComparison.Ordinal);
        var opened = sockets.Opened;
        sockets.Cut(sockets.Numbers.Last());
        await sockets.UntilOpenAsync(2, opened + 1);
        using var ready = await bot.Bot.Browser.GetAsync("/readyz");
        Assert.Equal(System.Net.HttpStatusCode.OK, ready.StatusCode);
        Assert.Contains("2 of 2 up", (await ready.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_stored_is_not_acknowledged_and_comes_again()
    {
        await using var bot = await StartAsync();
        var slack = bot.Workspace;
        await slack.Sockets.SendAsync("slash_commands", Command(slack, "start sev1 down"));
        await bot.SettleAsync();
        var room = slack.Channels.Values.Single(c => c.Name.StartsWith("inc-", StringComparison.Ordinal));
        var message = slack.Envelope(new() { ["type"] = "message", ["channel"] = room.Id, ["channel_type"] = "channel", ["user"] = slack.Users.Values.First(u => u.Handle == "ann").Id, ["text"] = "kept at the second try", ["ts"] = slack.NextTs(), ["event_ts"] = slack.NextTs() }, "Ev9");
        await bot.Bot.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("CREATE TRIGGER full BEFORE INSERT ON inbox BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"));
        var unanswered = slack.Sockets.SendAsync("events_api", message);
        await slack.Sockets.SendAsync("slash_commands", Command(slack, "help"));
        Assert.False(unanswered.IsCompleted);
        await bot.Bot.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("DROP TRIGGER full"));
        Assert.Null(await slack.Sockets.SendAsync("events_api", message));
        await bot.SettleAsync();
        Assert.Contains("kept at the second try", Assert.Single((await bot.Bot.GetAsync("/api/v1/incidents/INC-2026-0001/transcript")).GetProperty("items").EnumerateArray()).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_said_while_no_socket_was_open_is_read_again()
    {
        await using var bot = await StartAsync();
        var slack = bot.Workspace;
        await slack.Sockets.UntilOpenAsync(2);
        await slack.Sockets.SendAsync("slash_commands", Command(slack, "start sev1 down"));
        await bot.SettleAsync();
        var room = slack.Channels.Values.Single(c => c.Name.StartsWith("inc-", StringComparison.Ordinal));
        for (var i = 0; i < 400; i++)
        {
            slack.Trouble("apps.connections.open", new("internal_error"));
        }

        foreach (var number in slack.Sockets.Numbers)
        {
            slack.Sockets.Cut(number);
        }

        await ReadyAsync(bot, System.Net.HttpStatusCode.ServiceUnavailable);
        await bot.SettleAsync();
        bot.Bot.Time.Advance(TimeSpan.FromMinutes(3));
        slack.Say(slack.Users.Values.First(u => u.Handle == "ann").Id, room.Id, "while nobody listened");
        slack.Owed.Clear();
        bot.Bot.Time.Advance(TimeSpan.FromMinutes(3));
        slack.Troubles.Clear();
        await UntilUpAsync(bot);
        await bot.SettleAsync();
        Assert.Contains("while nobody listened", (await bot.Bot.GetAsync("/api/v1/incidents/INC-2026-0001/transcript")).ToString(), StringComparison.Ordinal);
        Assert.Contains("not everything in Slack may have reached the bot; 1 message was read afterwards", await bot.Bot.Api.GetStringAsync("/api/v1/incidents/INC-2026-0001/documents/report.md"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("link_disabled", "switched off")]
    [InlineData("too_many_websockets", null)]
    [InlineData("warning", null)]
    public async Task Every_reason_to_disconnect_is_understood(string reason, string? says)
    {
        await using var bot = await StartAsync();
        var sockets = bot.Workspace.Sockets;
        await sockets.UntilOpenAsync(2);
        var opened = sockets.Opened;
        foreach (var number in sockets.Numbers)
        {
            await sockets.DisconnectAsync(reason, number);
            if (says is not null)
            {
                sockets.Close(number);
            }
        }

        if (says is null)
        {
            // One after another, so the bot always listens; and not more often than it is asked.
            await sockets.UntilOpenAsync(2, opened + 2);
            Assert.True(sockets.Opened <= opened + 4, $"{sockets.Opened - opened} were opened");
            return;
        }

        Assert.Contains(says, await ReadyAsync(bot, System.Net.HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
        Assert.Equal(opened, sockets.Opened);
    }

    [FixturesFact]
    public async Task Every_recorded_frame_is_taken()
    {
        await using var bot = await StartAsync();
        var slack = bot.Workspace;
        foreach (var file in Directory.EnumerateFiles(SharedFixtures.Find("slack/socket-mode")!, "envelope.*.json"))
        {
            var frame = JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject();
            var answer = await slack.Sockets.SendAsync(frame["type"]!.GetValue<string>(), frame["payload"]!.AsObject());
            Assert.True(answer is null || frame["type"]!.GetValue<string>() != "events_api", file);
        }

        await bot.SettleAsync();
        Assert.Equal(0, await bot.Bot.InDatabaseAsync(db => Task.FromResult(db.Inbox.Count(r => r.State != Core.Delivery.RowState.Done))));
    }

    private static async Task<string> ReadyAsync(SocketBot bot, System.Net.HttpStatusCode status)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var ready = await bot.Bot.Browser.GetAsync("/readyz", patience.Token);
            if (ready.StatusCode == status)
            {
                return await ready.Content.ReadAsStringAsync(patience.Token);
            }

            await Task.Delay(10, patience.Token);
        }
    }

    // The waiting of the sockets is on the manual clock.
    private static async Task UntilUpAsync(SocketBot bot)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (bot.Workspace.Sockets.Open == 0)
        {
            bot.Bot.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(10, patience.Token);
        }

        await ReadyAsync(bot, System.Net.HttpStatusCode.OK);
    }

    private static JsonObject Interactive(FakeWorkspace slack, FakeChannel room, string type, JsonObject more)
    {
        var ann = slack.Users.Values.First(u => u.Handle == "ann").Id;
        var payload = new JsonObject { ["type"] = type, ["team"] = new JsonObject { ["id"] = slack.Id }, ["user"] = new JsonObject { ["id"] = ann, ["team_id"] = slack.Id }, ["trigger_id"] = slack.NewTrigger(ann), ["channel"] = new JsonObject { ["id"] = room.Id }, ["container"] = new JsonObject { ["type"] = "message", ["channel_id"] = room.Id }, ["response_url"] = slack.NewResponseUrl(ann, room.Id) };
        foreach (var (key, value) in more)
        {
            payload[key] = value?.DeepClone();
        }

        return payload;
    }

    [Fact]
    public async Task Without_any_socket_the_bot_says_that_it_is_not_ready()
    {
        await using var bot = await StartAsync(s => s.Trouble("apps.connections.open", new("internal_error")), troubles: 200);
        using var ready = await bot.Bot.Browser.GetAsync("/readyz");
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("slack sockets", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static JsonObject Command(FakeWorkspace slack, string text)
    {
        var ann = slack.Users.Values.First(u => u.Handle == "ann").Id;
        var channel = slack.Named("incidents").Id;
        return new() { ["team_id"] = slack.Id, ["user_id"] = ann, ["channel_id"] = channel, ["command"] = "/incident", ["text"] = text, ["trigger_id"] = slack.NewTrigger(ann), ["response_url"] = slack.NewResponseUrl(ann, channel) };
    }

    private static async Task<SocketBot> StartAsync(Action<FakeWorkspace>? before = null, int troubles = 1)
    {
        var slack = await FakeSlack.SharedAsync();
        var time = new ManualTime(new DateTimeOffset(2026, 3, 10, 14, 30, 0, TimeSpan.Zero));
        var workspace = slack.Workspace(time);
        var ann = workspace.NewUser("ann", "Ann Field", "Europe/London");
        workspace.NewChannel("incidents", members: [workspace.BotUser, ann.Id]);
        for (var i = 0; before is not null && i < troubles; i++)
        {
            before(workspace);
        }

        var settings = new Dictionary<string, string> { ["Slack:AppToken"] = workspace.AppToken, ["Slack:BotToken"] = workspace.Token, ["Slack:ApiBaseUrl"] = slack.ApiUrl };
        return new(await BotUnderTest.StartAsync(settings: settings, time: time, services: s => s.RemoveAll<SlackPace>().AddSingleton(new SlackPace(1000))), workspace);
    }

    /// <summary>A bot that is connected by sockets.</summary>
    private sealed record SocketBot(BotUnderTest Bot, FakeWorkspace Workspace) : IAsyncDisposable
    {
        public Task SettleAsync() => Bot.SettleAsync();

        public ValueTask DisposeAsync() => Bot.DisposeAsync();
    }
}
