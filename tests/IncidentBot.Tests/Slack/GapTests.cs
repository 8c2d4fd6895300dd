using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentBot.Fakes;
using IncidentBot.Fakes.Slack;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Tests.Slack;

/// <summary>What did not reach the bot is noticed, read again within Slack's limits, and what cannot be known is said.</summary>
public sealed class GapTests
{
    [Fact]
    public async Task A_delivery_that_comes_late_tells_that_others_did_not_come_at_all()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.SaysAsync("bob", "before the proxy broke", room);
        chat.Time.Advance(TimeSpan.FromMinutes(10));

        // Slack gives up after some minutes; only the last is still tried when the proxy is there again.
        chat.Workspace.Say(chat.IdOf("bob"), chat.Channel(room).Id, "never delivered");
        chat.Workspace.Owed.Clear();
        chat.Time.Advance(TimeSpan.FromMinutes(8));
        chat.Workspace.Say(chat.IdOf("bob"), chat.Channel(room).Id, "delivered late");
        chat.Workspace.Owed.TryDequeue(out var late);
        var envelope = chat.Workspace.Envelope(late!);
        chat.Time.Advance(TimeSpan.FromMinutes(1));
        await DeliverAsync(chat, envelope);
        await chat.SettleAsync();

        Assert.Equal(["before the proxy broke", "never delivered", "delivered late"], await TextsAsync(chat, code));
        Assert.Contains("1 message was read afterwards", await ReportAsync(chat, code), StringComparison.Ordinal);
        var calls = chat.Workspace.Calls.Count;
        await DeliverAsync(chat, envelope);
        await chat.SettleAsync();
        Assert.Equal(calls, chat.Workspace.Calls.Count);
    }

    [Fact]
    public async Task What_Slack_holds_back_is_read_again_in_that_workspace()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.SaysAsync("bob", "before", room);
        chat.Time.Advance(TimeSpan.FromMinutes(5));
        chat.Workspace.Say(chat.IdOf("bob"), chat.Channel(room).Id, "held back");
        chat.Workspace.Owed.Clear();
        var notice = new JsonObject { ["type"] = "app_rate_limited", ["team_id"] = chat.Workspace.Id, ["minute_rate_limited"] = chat.Time.Now.AddSeconds(-30).ToUnixTimeSeconds(), ["api_app_id"] = chat.Workspace.AppId };
        await DeliverAsync(chat, notice);
        await chat.SettleAsync();
        Assert.Equal(["before", "held back"], await TextsAsync(chat, code));

        // Nothing was missing this time, and so short a time is not worth a word.
        var report = await ReportAsync(chat, code);
        await DeliverAsync(chat, notice);
        await chat.SettleAsync();
        Assert.Equal(report, await ReportAsync(chat, code));
    }

    [Fact]
    public async Task What_could_not_be_stored_is_read_again()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.Bot.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("CREATE TRIGGER full BEFORE INSERT ON inbox BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"));
        chat.Workspace.Say(chat.IdOf("bob"), chat.Channel(room).Id, "nobody could keep this");
        chat.Workspace.Owed.TryDequeue(out var e);
        using (var refused = await chat.Bot.Browser.SendAsync(SlackRequests.Event(chat.Workspace.Envelope(e!), chat.Workspace.SigningSecret, chat.Time.Now)))
        {
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        await chat.Bot.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("DROP TRIGGER full"));
        await chat.SettleAsync();
        Assert.Equal(["nobody could keep this"], await TextsAsync(chat, code));
    }

    [Fact]
    public async Task A_reading_that_a_limit_cuts_short_goes_on_where_it_was_and_counts_everything()
    {
        var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var old = await chat.SaysAsync("bob", "the beginning of a long thread", room);
        await chat.SaysAsync("sarah", "its first reply", room, old);
        var time = chat.Time;
        time.Advance(TimeSpan.FromDays(4));
        await chat.SettleAsync();
        var database = await chat.Bot.StopAsync();
        time.Advance(TimeSpan.FromMinutes(11));
        var channel = chat.Channel(room).Id;
        for (var i = 0; i < 450; i++)
        {
            chat.Workspace.Say(chat.IdOf("bob"), channel, $"while it was away {i}");
        }

        chat.Workspace.Say(chat.IdOf("sarah"), channel, "a reply after four days", old);
        var pinned = chat.Workspace.Say(chat.IdOf("sarah"), channel, "pinned to the channel")["ts"]!.GetValue<string>();
        chat.Workspace.Pin(chat.IdOf("ann"), channel, pinned, true);
        var edited = chat.Workspace.Say(chat.IdOf("sarah"), channel, "written")["ts"]!.GetValue<string>();
        chat.Workspace.Edit(chat.IdOf("sarah"), channel, edited, "written and mended");
        chat.Workspace.Owed.Clear();
        foreach (var trouble in new FakeTrouble[] { new("", Done: true), new("ratelimited", RetryAfter: 60), new("", Done: true), new("ratelimited", RetryAfter: 60) })
        {
            chat.Workspace.Trouble("conversations.history", trouble);
        }

        await using var again = await SlackDriver.StartAsync(database: database, workspace: chat.Workspace, time: time);
        var before = chat.Workspace.CallsOf("conversations.history").Count();
        for (var i = 0; i < 4; i++)
        {
            await again.SettleAsync();
            await again.Bot.PassAsync(TimeSpan.FromSeconds(61));
        }

        Assert.Equal(5, chat.Workspace.CallsOf("conversations.history").Count() - before);
        Assert.Equal(455, (await TextsAsync(again, code)).Count);
        Assert.Contains("a reply after four days", await TextsAsync(again, code));
        Assert.Contains("453 messages were read afterwards", await ReportAsync(again, code), StringComparison.Ordinal);
        var items = await ItemsAsync(again, code, "transcript");
        Assert.NotEqual(JsonValueKind.Null, items.Single(m => m.GetProperty("text").GetString() == "written and mended").GetProperty("editedAt").ValueKind);
        Assert.Equal("pinned to the channel", Assert.Single(await ItemsAsync(again, code, "timeline"), e => e.GetProperty("source").GetString() == "pin").GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_thread_that_has_to_wait_and_a_cursor_that_has_expired_lose_nothing()
    {
        var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.SettleAsync();
        var database = await chat.Bot.StopAsync();
        chat.Time.Advance(TimeSpan.FromMinutes(11));
        var channel = chat.Channel(room).Id;
        var parent = chat.Workspace.Say(chat.IdOf("bob"), channel, "who has the key?")["ts"]!.GetValue<string>();
        chat.Workspace.Say(chat.IdOf("sarah"), channel, "I have", parent);
        for (var i = 0; i < 250; i++)
        {
            chat.Workspace.Say(chat.IdOf("bob"), channel, $"while it was away {i}");
        }

        chat.Workspace.Owed.Clear();
        foreach (var trouble in new FakeTrouble[] { new("", Done: true), new("ratelimited", RetryAfter: 60), new("invalid_cursor") })
        {
            chat.Workspace.Trouble("conversations.history", trouble);
        }

        chat.Workspace.Trouble("conversations.replies", new("ratelimited", RetryAfter: 60));
        await using var again = await SlackDriver.StartAsync(database: database, workspace: chat.Workspace, time: chat.Time);
        var before = chat.Workspace.CallsOf("conversations.history").Count();
        for (var i = 0; i < 4; i++)
        {
            await again.SettleAsync();
            await again.Bot.PassAsync(TimeSpan.FromSeconds(61));
        }

        // Two pages cut short, the expired cursor, and both pages anew; not once more for the thread.
        Assert.Equal(5, chat.Workspace.CallsOf("conversations.history").Count() - before);
        Assert.Equal(252, (await TextsAsync(again, code)).Count);
        Assert.Contains("252 messages were read afterwards", await ReportAsync(again, code), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_room_that_Slack_does_not_let_be_read_is_named_in_the_document()
    {
        var chat = await SlackDriver.StartAsync();
        var (code, _) = await chat.DeclaresAsync("ann", "sev1 down");
        var database = await chat.Bot.StopAsync();
        chat.Time.Advance(TimeSpan.FromMinutes(11));
        chat.Workspace.Trouble("conversations.history", new("missing_scope"));
        await using var again = await SlackDriver.StartAsync(database: database, workspace: chat.Workspace, time: chat.Time);
        await again.SettleAsync();
        Assert.Contains("Slack did not let it read that time again (missing_scope): messages may be missing", await ReportAsync(again, code), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_written_before_a_short_restart_is_no_gap()
    {
        var chat = await SlackDriver.StartAsync();
        var talk = await chat.SaysAsync("bob", "checkout is slow for me", "general");
        await chat.SaysAsync("sarah", "for me too", "general", talk);
        chat.Time.Advance(TimeSpan.FromMinutes(5));
        await chat.CommandAsync("bob", "start sev1 checkout is slow", "general", talk);
        await chat.SettleAsync();
        chat.Time.Advance(TimeSpan.FromSeconds(30));
        await chat.SettleAsync();
        var database = await chat.Bot.StopAsync();
        chat.Time.Advance(TimeSpan.FromSeconds(5));
        await using var again = await SlackDriver.StartAsync(database: database, workspace: chat.Workspace, time: chat.Time);
        await again.SettleAsync();
        Assert.DoesNotContain("may have reached the bot", await ReportAsync(again, "INC-2026-0001"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gap_that_is_noticed_while_the_database_is_away_is_not_forgotten()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        chat.Workspace.Say(chat.IdOf("bob"), chat.Channel(room).Id, "nobody could keep this");
        chat.Workspace.Owed.Clear();
        ((IncidentBot.Slack.Listening.Heard)chat.Bot.Services.GetService(typeof(IncidentBot.Slack.Listening.Heard))!).Missed(null, chat.Time.Now.AddMinutes(-1));
        await chat.Bot.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("CREATE TRIGGER away BEFORE INSERT ON slack_watch BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"));
        await Assert.ThrowsAnyAsync<DbUpdateException>(() => chat.Bot.Loop("listening").RunOnceAsync(CancellationToken.None));
        await chat.Bot.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("DROP TRIGGER away"));
        await chat.SettleAsync();
        Assert.Equal(["nobody could keep this"], await TextsAsync(chat, code));
    }

    private static async Task DeliverAsync(SlackDriver chat, JsonObject envelope)
    {
        using var response = await chat.Bot.Browser.SendAsync(SlackRequests.Event(envelope, chat.Workspace.SigningSecret, chat.Time.Now));
        response.EnsureSuccessStatusCode();
    }

    private static Task<string> ReportAsync(SlackDriver chat, string code) => chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md");

    private static async Task<List<string>> TextsAsync(SlackDriver chat, string code) => [.. (await ItemsAsync(chat, code, "transcript")).Select(m => m.GetProperty("text").GetString()!)];

    private static async Task<List<JsonElement>> ItemsAsync(SlackDriver chat, string code, string what)
    {
        var items = new List<JsonElement>();
        string? cursor = "";
        do
        {
            var page = await chat.Bot.GetAsync($"/api/v1/incidents/{code}/{what}{(what == "transcript" ? $"?cursor={Uri.EscapeDataString(cursor!)}" : "")}");
            items.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (!string.IsNullOrEmpty(cursor));
        return items;
    }
}
