using System.Net;
using System.Text.Json.Nodes;
using System.Web;
using IncidentBot.Fakes;
using IncidentBot.Fakes.Slack;
using IncidentBot.Slack;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IncidentBot.Tests.Slack;

/// <summary>Many workspaces install the app, and nothing of one is visible in another.</summary>
public sealed class InstallTests
{
    private const string Secret = "a signing secret of the app";

    [Fact]
    public async Task Two_workspaces_install_the_app_and_know_nothing_of_each_other()
    {
        await using var bot = await StartAsync();
        var (one, two) = (await InstallAsync(bot), await InstallAsync(bot));
        Assert.Contains("INC-2026-0001 declared", await CommandAsync(bot, one, "start sev1 Hemlock is down"), StringComparison.Ordinal);
        Assert.Contains("INC-2026-0001 declared", await CommandAsync(bot, two, "start sev2 cards are refused"), StringComparison.Ordinal);
        await bot.SettleAsync();
        Assert.Contains(one.Channels.Values, c => c.Name == "inc-2026-0001-hemlock-is-down");
        Assert.Contains(two.Channels.Values, c => c.Name == "inc-2026-0001-cards-are-refused");

        // A person, a channel and an incident of the same ids in the other workspace see and change nothing.
        foreach (var text in new[] { "list", "show INC-2026-0001", "timeline --in INC-2026-0001", "summary", "actions all", "export INC-2026-0001" })
        {
            Assert.DoesNotContain("Hemlock", await CommandAsync(bot, two, text), StringComparison.Ordinal);
        }

        var id = await bot.InDatabaseAsync(db => Task.FromResult(db.Incidents.Single(i => i.Workspace == one.Id).Id));
        foreach (var key in new[] { "timeline.open-log", "declare.open-details", "respond.resolve", "reports.post" })
        {
            using var pressed = await SendAsync(bot, "/slack/interactivity", new()
            {
                ["payload"] = new JsonObject
                {
                    ["type"] = "block_actions",
                    ["team"] = new JsonObject { ["id"] = two.Id },
                    ["user"] = new JsonObject { ["id"] = Ann(two), ["team_id"] = two.Id },
                    ["trigger_id"] = two.NewTrigger(Ann(two)),
                    ["channel"] = new JsonObject { ["id"] = two.Named("incidents").Id },
                    ["container"] = new JsonObject { ["type"] = "message", ["channel_id"] = two.Named("incidents").Id },
                    ["actions"] = new JsonArray(new JsonObject { ["type"] = "button", ["action_id"] = key, ["value"] = id.ToString() }),
                }.ToJsonString()
            });
        }

        // An event that claims the other's channel is of its own workspace.
        var theirs = one.Channels.Values.Single(c => c.Name.StartsWith("inc-", StringComparison.Ordinal)).Id;
        using (await bot.Browser.SendAsync(SlackRequests.Event(two.Envelope(new() { ["type"] = "message", ["channel"] = theirs, ["channel_type"] = "channel", ["user"] = Ann(two), ["text"] = "a foreign word", ["ts"] = two.NextTs(), ["event_ts"] = two.NextTs() }), Secret, bot.Time.Now)))
        {
        }

        await bot.SettleAsync();
        Assert.Equal("detected", (await bot.GetAsync($"/api/v1/incidents/INC-2026-0001?workspace={one.Id}")).GetProperty("status").GetString());
        Assert.DoesNotContain("foreign", (await bot.GetAsync($"/api/v1/incidents/INC-2026-0001/transcript?workspace={one.Id}")).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(two.Calls, c => c.Arguments.Values.Any(v => v.Contains("Hemlock", StringComparison.Ordinal)));
        using var both = await bot.Api.GetAsync("/api/v1/incidents/INC-2026-0001");
        Assert.Equal(HttpStatusCode.Conflict, both.StatusCode);
        Assert.Empty(one.Violations.Concat(two.Violations));
    }

    [Fact]
    public async Task An_installation_that_was_not_begun_here_or_is_late_or_cancelled_changes_nothing()
    {
        await using var bot = await StartAsync();
        using var browser = Browser(bot);
        var slack = await FakeSlack.SharedAsync();
        var workspace = NewWorkspace(slack, bot.Time);
        slack.Codes["code-x"] = workspace;
        using (var forged = await browser.GetAsync("/slack/oauth/callback?code=code-x&state=made-up"))
        {
            Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        }

        var state = await BeginAsync(browser);
        using (var stranger = await Browser(bot).GetAsync($"/slack/oauth/callback?code=code-x&state={state}"))
        {
            Assert.Equal(HttpStatusCode.BadRequest, stranger.StatusCode);
        }

        bot.Time.Advance(TimeSpan.FromMinutes(11));
        using (var late = await browser.GetAsync($"/slack/oauth/callback?code=code-x&state={state}"))
        {
            Assert.Equal(HttpStatusCode.BadRequest, late.StatusCode);
        }

        state = await BeginAsync(browser);
        using (var cancelled = await browser.GetAsync($"/slack/oauth/callback?error=access_denied&state={state}"))
        {
            Assert.Contains("cancelled", await cancelled.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        state = await BeginAsync(browser);
        using (var wrong = await browser.GetAsync($"/slack/oauth/callback?code=no-such-code&state={state}"))
        {
            Assert.Equal(HttpStatusCode.BadGateway, wrong.StatusCode);
        }

        Assert.Contains("not installed in this workspace", await CommandAsync(bot, workspace, "start sev1 down"), StringComparison.Ordinal);
        Assert.Equal(0, await bot.InDatabaseAsync(db => Task.FromResult(db.Set<SlackInstallation>().Count() + db.Incidents.Count())));
    }

    [Fact]
    public async Task Tokens_are_sealed_refreshed_before_they_end_and_forgotten_when_the_app_is_removed()
    {
        await using var bot = await StartAsync();
        var workspace = await InstallAsync(bot, w => w.Rotates = true);
        await CommandAsync(bot, workspace, "start sev1 down");
        await bot.SettleAsync();
        var first = workspace.Token;
        Assert.Equal(0, await DatabaseDump.CountAsync(bot, first));
        bot.Time.Advance(TimeSpan.FromHours(11.8));
        await CommandAsync(bot, workspace, "update half of it is back --in INC-2026-0001");
        await bot.SettleAsync();
        Assert.NotEqual(first, workspace.Token);
        Assert.Contains(workspace.Channels.Values.SelectMany(c => c.Messages), m => m.ToJsonString().Contains("half of it is back", StringComparison.Ordinal));

        workspace.Owe(new() { ["type"] = "tokens_revoked", ["tokens"] = new JsonObject { ["bot"] = new JsonArray(workspace.BotUser) } });
        workspace.Owe(new() { ["type"] = "app_uninstalled" });
        while (workspace.Owed.TryDequeue(out var e))
        {
            using var response = await bot.Browser.SendAsync(SlackRequests.Event(workspace.Envelope(e), Secret, bot.Time.Now));
        }

        await bot.SettleAsync();
        var calls = workspace.Calls.Count;
        Assert.Contains("not installed in this workspace", await CommandAsync(bot, workspace, "list"), StringComparison.Ordinal);
        Assert.Equal(calls, workspace.Calls.Count);
        Assert.Equal(0, await bot.InDatabaseAsync(db => Task.FromResult(db.Secrets.Count(s => s.Name.StartsWith("slack/")))));

        (await FakeSlack.SharedAsync()).Codes["again"] = workspace;
        await InstallAsync(bot, workspace, "again");
        Assert.Contains("INC-2026-0001", await CommandAsync(bot, workspace, "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_organisation_installs_the_app_for_all_of_its_workspaces()
    {
        await using var bot = await StartAsync();
        var workspace = await InstallAsync(bot, w => (w.EnterpriseId, w.IsOrganisation) = ("E0ORG", true));
        Assert.Contains("INC-2026-0001 declared", await CommandAsync(bot, workspace, "start sev1 down"), StringComparison.Ordinal);
        await bot.SettleAsync();
        var create = Assert.Single(workspace.CallsOf("conversations.create"));
        Assert.Equal(workspace.Id, create.Arguments["team_id"]);

        // Buttons of an organisation's app come without a team.
        using var pressed = await SendAsync(bot, "/slack/interactivity", new()
        {
            ["payload"] = new JsonObject
            {
                ["type"] = "block_actions",
                ["team"] = null,
                ["enterprise"] = new JsonObject { ["id"] = "E0ORG" },
                ["is_enterprise_install"] = true,
                ["user"] = new JsonObject { ["id"] = Ann(workspace), ["team_id"] = workspace.Id },
                ["trigger_id"] = workspace.NewTrigger(Ann(workspace)),
                ["channel"] = new JsonObject { ["id"] = workspace.Named("incidents").Id },
                ["container"] = new JsonObject { ["type"] = "message", ["channel_id"] = workspace.Named("incidents").Id },
                ["actions"] = new JsonArray(new JsonObject { ["type"] = "button", ["action_id"] = "respond.take-role#0", ["value"] = $"{await bot.InDatabaseAsync(db => Task.FromResult(db.Incidents.Single().Id))}:commander" }),
            }.ToJsonString()
        });
        Assert.Contains("Ann Field", (await bot.GetAsync("/api/v1/incidents/INC-2026-0001")).GetProperty("roles").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_other_side_of_a_shared_channel_never_speaks_for_the_workspace()
    {
        await using var bot = await StartAsync();
        var ours = await InstallAsync(bot, w => (w.EnterpriseId, w.IsOrganisation) = ("E0OURS", true));
        var other = await InstallAsync(bot, w => (w.EnterpriseId, w.IsOrganisation) = ("E0OTHER", true));
        await CommandAsync(bot, ours, "start sev1 down");
        await bot.SettleAsync();
        bot.Time.Advance(TimeSpan.FromMinutes(2));
        using var submitted = await SendAsync(bot, "/slack/interactivity", new()
        {
            ["payload"] = new JsonObject
            {
                ["type"] = "view_submission",
                ["team"] = new JsonObject { ["id"] = other.Id, ["enterprise_id"] = "E0OTHER" },
                ["user"] = new JsonObject { ["id"] = Ann(other), ["team_id"] = other.Id },
                ["trigger_id"] = "1.2.x",
                ["view"] = new JsonObject { ["id"] = "V1", ["hash"] = "1.h", ["type"] = "modal", ["callback_id"] = "unknown", ["app_installed_team_id"] = ours.Id, ["blocks"] = new JsonArray(), ["state"] = new JsonObject { ["values"] = new JsonObject() } },
            }.ToJsonString()
        });
        var calls = other.Calls.Count;
        await CommandAsync(bot, ours, "update half of it is back --in INC-2026-0001");
        await bot.SettleAsync();
        Assert.Contains(ours.Channels.Values.SelectMany(c => c.Messages), m => m.ToJsonString().Contains("half of it is back", StringComparison.Ordinal));
        Assert.Equal(calls, other.Calls.Count);

        // Events of a shared channel name the side from which they come; they are the workspace's own all the same, and its people stay guests.
        var room = ours.Channels.Values.Single(c => c.Name.StartsWith("inc-", StringComparison.Ordinal));
        var stranger = ours.NewUser("stranger", "Stranger", "UTC", team: other.Id);
        var user = stranger.ToJson();
        user["enterprise_user"] = new JsonObject { ["enterprise_id"] = "E0OTHER" };
        foreach (var e in new JsonObject[]
        {
            new() { ["type"] = "message", ["channel"] = room.Id, ["channel_type"] = "channel", ["user"] = stranger.Id, ["text"] = "from the other side", ["ts"] = ours.NextTs(), ["event_ts"] = ours.NextTs() },
            new() { ["type"] = "user_change", ["user"] = user, ["event_ts"] = ours.NextTs() },
        })
        {
            using var response = await bot.Browser.SendAsync(SlackRequests.Event(ours.Envelope(e, from: (other.Id, "E0OTHER")), Secret, bot.Time.Now));
        }

        await bot.SettleAsync();
        Assert.Contains("from the other side", (await bot.GetAsync($"/api/v1/incidents/INC-2026-0001/transcript?workspace={ours.Id}")).ToString(), StringComparison.Ordinal);
        Assert.True(await bot.InDatabaseAsync(db => Task.FromResult(db.People.Single(p => p.UserId == stranger.Id).IsGuest)));
    }

    [Fact]
    public async Task A_token_that_cannot_be_refreshed_at_the_moment_loses_nothing()
    {
        await using var bot = await StartAsync();
        var workspace = await InstallAsync(bot, w => w.Rotates = true);
        await CommandAsync(bot, workspace, "start sev1 down");
        await bot.SettleAsync();
        bot.Time.Advance(TimeSpan.FromHours(13));
        workspace.Trouble("oauth.v2.access", new("internal_error", Status: 500));
        workspace.Trouble("oauth.v2.access", new("internal_error", Status: 500));
        workspace.Trouble("oauth.v2.access", new("internal_error", Status: 500));
        await CommandAsync(bot, workspace, "update half of it is back --in INC-2026-0001");
        await CommandAsync(bot, workspace, "start sev2 another");
        for (var i = 0; i < 8; i++)
        {
            await bot.PassAsync(TimeSpan.FromMinutes(1));
        }

        await CommandAsync(bot, workspace, "update half of it is back --in INC-2026-0001");
        await bot.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Contains(workspace.Channels.Values.SelectMany(c => c.Messages), m => m.ToJsonString().Contains("half of it is back", StringComparison.Ordinal));
        Assert.Equal(0, await bot.InDatabaseAsync(db => Task.FromResult(db.Outbox.Count(r => r.State == Core.Delivery.RowState.Dead) + db.Rooms.Count(r => r.State == Core.Incidents.RoomState.Failed))));
    }

    [Fact]
    public async Task An_organisation_that_removes_the_app_is_ended_and_one_that_removes_it_from_a_workspace_is_not()
    {
        await using var bot = await StartAsync();
        var workspace = await InstallAsync(bot, w => (w.EnterpriseId, w.IsOrganisation) = ("E0ORG", true));
        await CommandAsync(bot, workspace, "start sev1 down");
        async Task RemovedAsync()
        {
            // As Slack sends it: without authorizations, and without a time of its own.
            var envelope = new JsonObject { ["type"] = "event_callback", ["team_id"] = workspace.Id, ["enterprise_id"] = "E0ORG", ["api_app_id"] = workspace.AppId, ["event"] = new JsonObject { ["type"] = "app_uninstalled" }, ["event_id"] = workspace.NextId("Ev"), ["event_time"] = bot.Time.Now.ToUnixTimeSeconds() };
            bot.Time.Advance(TimeSpan.FromSeconds(30));
            using var response = await bot.Browser.SendAsync(SlackRequests.Event(envelope, Secret, bot.Time.Now));
            await bot.SettleAsync();
        }

        await RemovedAsync();
        Assert.Contains("INC-2026-0001", await CommandAsync(bot, workspace, "list"), StringComparison.Ordinal);
        (await FakeSlack.SharedAsync()).Forget(workspace);
        await RemovedAsync();
        Assert.Contains("not installed in this workspace", await CommandAsync(bot, workspace, "list"), StringComparison.Ordinal);
        Assert.Equal(0, await bot.InDatabaseAsync(db => Task.FromResult(db.Secrets.Count(s => s.Name.StartsWith("slack/")))));
    }

    [Fact]
    public async Task An_app_that_was_installed_again_meanwhile_is_not_ended_by_news_of_before()
    {
        await using var bot = await StartAsync();
        var workspace = await InstallAsync(bot);
        var removed = new JsonObject { ["type"] = "event_callback", ["team_id"] = workspace.Id, ["api_app_id"] = workspace.AppId, ["event"] = new JsonObject { ["type"] = "app_uninstalled" }, ["event_id"] = "EvGone", ["event_time"] = bot.Time.Now.ToUnixTimeSeconds() };
        bot.Time.Advance(TimeSpan.FromSeconds(30));
        (await FakeSlack.SharedAsync()).Codes["once-more"] = workspace;
        await InstallAsync(bot, workspace, "once-more");
        bot.Time.Advance(TimeSpan.FromSeconds(30));
        using var response = await bot.Browser.SendAsync(SlackRequests.Event(removed, Secret, bot.Time.Now));
        await bot.SettleAsync();
        Assert.Contains("declared", await CommandAsync(bot, workspace, "start sev1 down"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trouble_of_one_workspace_is_not_told_or_shown_in_another()
    {
        await using var bot = await StartAsync();
        var (one, two) = (await InstallAsync(bot), await InstallAsync(bot));
        await CommandAsync(bot, one, "start sev1 Hemlock is down");
        await CommandAsync(bot, two, "start sev1 cards are refused");
        await bot.SettleAsync();
        bot.Time.Advance(TimeSpan.FromMinutes(10));
        one.Trouble("conversations.history", new("ratelimited", RetryAfter: 600));
        foreach (var minute in new[] { -180, -10 })
        {
            var notice = new JsonObject { ["type"] = "app_rate_limited", ["team_id"] = one.Id, ["minute_rate_limited"] = bot.Time.Now.AddSeconds(minute).ToUnixTimeSeconds() };
            using var response = await bot.Browser.SendAsync(SlackRequests.Event(notice, Secret, bot.Time.Now));
        }

        await bot.SettleAsync();
        await bot.PassAsync(TimeSpan.FromMinutes(11));
        Task<string> ReportAsync(FakeWorkspace w) => bot.Api.GetStringAsync($"/api/v1/incidents/INC-2026-0001/documents/report.md?workspace={w.Id}");
        Assert.Contains("may have reached the bot", await ReportAsync(one), StringComparison.Ordinal);
        Assert.DoesNotContain("may have reached the bot", await ReportAsync(two), StringComparison.Ordinal);

        // What could not be delivered there is for its own administrators.
        one.Trouble("chat.postMessage", new("restricted_action"));
        await CommandAsync(bot, one, "update Hemlock is half back --in INC-2026-0001");
        await bot.SettleAsync();
        await using var scope = bot.Services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        var dead = scope.ServiceProvider.GetRequiredService<Jobs.DeadDeliveries>();
        Assert.Single(await dead.ListAsync(one.Id, CancellationToken.None));
        Assert.Empty(await dead.ListAsync(two.Id, CancellationToken.None));
        Assert.Equal(0, await dead.RetryAsync("all", two.Id, CancellationToken.None));
    }

    private static async Task<BotUnderTest> StartAsync() => await BotUnderTest.StartAsync(settings: new()
    {
        ["Slack:SigningSecret"] = Secret,
        ["Slack:ClientId"] = "111.222",
        ["Slack:ClientSecret"] = "client-secret",
        ["Slack:ApiBaseUrl"] = (await FakeSlack.SharedAsync()).ApiUrl,
        ["PublicUrl"] = "https://incidents.example.com",
    }, services: s => s.RemoveAll<SlackPace>().AddSingleton(new SlackPace(1000)));

    private static FakeWorkspace NewWorkspace(FakeSlack slack, ManualTime time)
    {
        var workspace = slack.Workspace(time);
        var ann = workspace.NewUser("ann", "Ann Field", "UTC");
        workspace.NewChannel("incidents", members: [workspace.BotUser, ann.Id]);
        return workspace;
    }

    private static async Task<FakeWorkspace> InstallAsync(BotUnderTest bot, Action<FakeWorkspace>? shape = null)
    {
        var slack = await FakeSlack.SharedAsync();
        var workspace = NewWorkspace(slack, bot.Time);
        shape?.Invoke(workspace);
        slack.Codes[$"code-{workspace.Id}"] = workspace;
        await InstallAsync(bot, workspace, $"code-{workspace.Id}");
        return workspace;
    }

    private static async Task InstallAsync(BotUnderTest bot, FakeWorkspace workspace, string code)
    {
        using var browser = Browser(bot);
        var state = await BeginAsync(browser);
        using var done = await browser.GetAsync($"/slack/oauth/callback?code={code}&state={state}");
        Assert.Contains("is installed in", await done.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        _ = workspace;
    }

    private static async Task<string> BeginAsync(HttpClient browser)
    {
        using var begun = await browser.GetAsync("/slack/install");
        Assert.Equal("slack.com", begun.Headers.Location!.Host);
        var query = HttpUtility.ParseQueryString(begun.Headers.Location.Query);
        Assert.Equal(("https://incidents.example.com/slack/oauth/callback", string.Join(',', IncidentBot.Slack.Install.SlackScopes.All)), (query["redirect_uri"], query["scope"]));
        return query["state"]!;
    }

    private static HttpClient Browser(BotUnderTest bot) => bot.CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = new("https://incidents.example.com"), AllowAutoRedirect = false, HandleCookies = true });

    private static string Ann(FakeWorkspace workspace) => workspace.Users.Values.First(u => u.Handle == "ann").Id;

    private static async Task<string> CommandAsync(BotUnderTest bot, FakeWorkspace workspace, string text)
    {
        var channel = workspace.Named("incidents").Id;
        using var response = await SendAsync(bot, "/slack/commands", new()
        {
            ["team_id"] = workspace.Id,
            ["enterprise_id"] = workspace.EnterpriseId ?? "",
            ["user_id"] = Ann(workspace),
            ["channel_id"] = channel,
            ["command"] = "/incident",
            ["text"] = text,
            ["trigger_id"] = workspace.NewTrigger(Ann(workspace)),
            ["response_url"] = workspace.NewResponseUrl(Ann(workspace), channel),
        });
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<HttpResponseMessage> SendAsync(BotUnderTest bot, string path, Dictionary<string, string> fields)
    {
        var response = await bot.Browser.SendAsync(SlackRequests.Form(path, fields, Secret, bot.Time.Now));
        response.EnsureSuccessStatusCode();
        return response;
    }
}
