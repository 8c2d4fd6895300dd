using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentBot.Fakes;
using IncidentBot.Fakes.Slack;
using IncidentBot.Slack;
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
        await sockets.DisconnectAsync("refresh_requested", first);
        await sockets.UntilOpenAsync(2, opened: 3);
        var reply = await sockets.SendAsync("slash_commands", Command(bot.Workspace, "help"), over: sockets.Numbers.Last());
        Assert.Contains("What I understand", reply!.Value.ToString(), StringComparison.Ordinal);
        var opened = sockets.Opened;
        sockets.Cut(sockets.Numbers.Last());
        await sockets.UntilOpenAsync(2, opened + 1);
        using var ready = await bot.Bot.Browser.GetAsync("/readyz");
        Assert.Contains("up", (await ready.Content.ReadAsStringAsync()), StringComparison.Ordinal);
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
