using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentBot.Core.Chat;
using IncidentBot.Fakes;
using IncidentBot.Fakes.Slack;
using IncidentBot.Slack.Inbound;
using IncidentBot.Slack.Outbound;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentBot.Tests.Slack;

/// <summary>Commands, forms, shortcuts and buttons are answered in time and in Slack's manner, and lose no word.</summary>
public sealed class GestureTests
{
    [Fact]
    public async Task A_message_becomes_an_incident_an_entry_or_an_action_through_its_menu()
    {
        await using var chat = await SlackDriver.StartAsync();
        var alert = await chat.SaysAsync("bob", "the database answers <nothing>", "general");
        chat.Time.Advance(TimeSpan.FromMinutes(7));
        var declare = (await chat.ShortcutAsync("ann", "declare.from-message", "general", alert)).Form!;
        Assert.Equal("the database answers <nothing>", declare.Fields.Single(f => f.Id == "title").Value);
        Assert.Contains("declared", (await chat.SubmitAsync("ann", declare, new() { ["severity"] = "SEV1" }, "general")).Words, StringComparison.Ordinal);
        await chat.SettleAsync();
        var room = (await chat.RoomsAsync("ann")).Single(r => r.StartsWith("inc-", StringComparison.Ordinal));
        var first = (await TimelineAsync(chat)).Single(e => e.GetProperty("source").GetString() == "shortcut");
        Assert.Equal(("the database answers <nothing>", "Bob Lin", "Ann Field", "2026-03-10T14:30:00Z"), (first.GetProperty("text").GetString(), first.GetProperty("actor").GetString(), first.GetProperty("addedBy").GetString(), first.GetProperty("occurredAt").GetString()));

        var message = await chat.SaysAsync("sarah", "error rate is 40 %", room);
        var add = (await chat.ShortcutAsync("bob", "timeline.from-message", room, message)).Form!;
        Assert.Contains("time", (await chat.SubmitAsync("bob", add, new() { ["time"] = "teatime" }, room)).Errors!.Keys);
        await chat.SubmitAsync("bob", add, new() { ["time"] = "10:20", ["kind"] = "evidence" }, room);
        await chat.EditsAsync("sarah", message, "error rate is 45 %", room);
        var entry = (await TimelineAsync(chat)).Single(e => e.GetProperty("text").GetString() == "error rate is 45 %");
        Assert.Equal(("2026-03-10T14:20:00Z", "evidence", "Sarah Chen"), (entry.GetProperty("occurredAt").GetString(), entry.GetProperty("kind").GetString(), entry.GetProperty("actor").GetString()));
        Assert.Equal("refused", (await chat.SubmitAsync("bob", (await chat.ShortcutAsync("bob", "timeline.from-message", room, message)).Form!, [], room)).Kind);
        await chat.PinsAsync("ann", message, room);
        Assert.Single(await TimelineAsync(chat), e => e.GetProperty("text").GetString() == "error rate is 45 %");

        var action = (await chat.ShortcutAsync("bob", "action-items.from-message", room, message)).Form!;
        Assert.Contains("due", (await chat.SubmitAsync("bob", action, new() { ["due"] = "someday" }, room)).Errors!.Keys);
        await chat.SubmitAsync("bob", action, new() { ["text"] = "Alert at 20 %", ["owner"] = "sarah", ["due"] = "friday", ["priority"] = "P1" }, room);
        var item = (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items").EnumerateArray().Single();
        Assert.Equal(("Alert at 20 %", "Sarah Chen", "2026-03-13", "P1"), (item.GetProperty("text").GetString(), item.GetProperty("owner").GetString(), item.GetProperty("due").GetString(), item.GetProperty("priority").GetString()));
    }

    [Fact]
    public async Task The_global_shortcut_opens_the_declaration_and_its_receipt_comes_by_direct_message()
    {
        await using var chat = await SlackDriver.StartAsync();
        var form = (await chat.ShortcutAsync("ann", "declare.shortcut")).Form!;
        Assert.Contains("title", (await chat.SubmitAsync("ann", form, [], "dm-ann")).Errors!.Keys);
        await chat.SubmitAsync("ann", form, new() { ["title"] = "down" }, "dm-ann");
        await chat.SettleAsync();
        Assert.Contains("SEV3 · down", Assert.Single(await chat.SeesAsync("bob")).Words, StringComparison.Ordinal);
        Assert.Contains(await chat.SeesAsync("ann", "dm-ann"), m => m.Words.Contains("INC-2026-0001 declared", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_form_that_cannot_be_opened_in_time_says_so_and_nothing_is_lost()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        chat.Workspace.Trouble("views.open", new("expired_trigger_id"));
        Assert.Contains("did not open the form in time", (await chat.CommandAsync("ann", "impact", room)).Words, StringComparison.Ordinal);
        Assert.Equal("form", (await chat.CommandAsync("ann", "impact", room)).Kind);
    }

    [Fact]
    public async Task Guests_of_a_shared_channel_log_and_nothing_else_also_when_Slack_says_nothing_of_them()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var card = await chat.LiveCardAsync("ann", room);
        chat.Workspace.Trouble("users.info", new("user_not_visible"));
        Assert.Contains("Guests from other organisations", (await chat.PressAsync("gus", card.Buttons.Single(b => b.Label == "Resolve"), room)).Words, StringComparison.Ordinal);
        Assert.Equal("detected", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}")).GetProperty("status").GetString());
        Assert.Equal("form", (await chat.PressAsync("gus", card.Buttons.Single(b => b.Label == "Log"), room)).Kind);
    }

    [Fact]
    public async Task A_command_is_taken_while_Slack_itself_cannot_be_asked_anything()
    {
        await using var chat = await SlackDriver.StartAsync();
        foreach (var method in new[] { "auth.test", "users.info", "conversations.list", "conversations.create" })
        {
            for (var i = 0; i < 3; i++)
            {
                chat.Workspace.Trouble(method, new("internal_error", Status: 503));
            }
        }

        Assert.Contains("INC-2026-0001 declared", (await chat.CommandAsync("ann", "start sev1 Slack is slow")).Words, StringComparison.Ordinal);
        for (var i = 0; i < 12; i++)
        {
            await chat.Bot.PassAsync(TimeSpan.FromSeconds(40));
        }

        Assert.Contains("inc-2026-0001-slack-is-slow", await chat.RoomsAsync("ann"));
        Assert.Equal("Ann Field", (await TimelineAsync(chat))[0].GetProperty("actor").GetString());
    }

    [Fact]
    public async Task The_same_gesture_delivered_twice_has_its_effect_once()
    {
        await using var chat = await SlackDriver.StartAsync();
        await chat.CommandAsync("ann", "start sev1 down", gestureId: "trigger.same");
        Assert.Contains("already recorded", (await chat.CommandAsync("ann", "start sev1 down", gestureId: "trigger.same")).Words, StringComparison.Ordinal);
        Assert.Single((await chat.Bot.GetAsync("/api/v1/incidents")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task When_nothing_can_be_saved_the_words_are_given_back_and_events_are_asked_for_again()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.Bot.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("CREATE TRIGGER full BEFORE INSERT ON timeline_entries BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"));
        var reply = await chat.CommandAsync("ann", "log 14:05 pool is exhausted", room);
        Assert.True(reply.Kind is "refused" or "failed", reply.Kind);
        await chat.Bot.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("DROP TRIGGER full"));
        Assert.Equal("private", (await chat.CommandAsync("ann", "log 14:05 pool is exhausted", room)).Kind);
    }

    [Fact]
    public async Task An_answer_goes_another_way_when_its_address_is_used_up_or_foreign()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.DeclaresAsync("ann", "sev1 second");
        var pick = await chat.CommandAsync("bob", "log we see timeouts", "general");
        var channel = chat.Channel("general");
        foreach (var url in new[] { "https://evil.example/steal", "http://hooks.slack.com/actions/x", $"{(await FakeSlack.SharedAsync()).Url}/response/{chat.Workspace.Id}/gone" })
        {
            var before = channel.Ephemerals.Count;
            var payload = new JsonObject
            {
                ["type"] = "block_actions",
                ["team"] = new JsonObject { ["id"] = chat.Workspace.Id },
                ["user"] = new JsonObject { ["id"] = chat.IdOf("bob"), ["team_id"] = chat.Workspace.Id },
                ["trigger_id"] = chat.Workspace.NewTrigger(chat.IdOf("bob")),
                ["channel"] = new JsonObject { ["id"] = channel.Id },
                ["container"] = new JsonObject { ["type"] = "message", ["channel_id"] = channel.Id },
                ["response_url"] = url,
                ["actions"] = new JsonArray(new JsonObject { ["type"] = "button", ["action_id"] = pick.Button(code).Key, ["value"] = pick.Button(code).Value }),
            };
            using var response = await chat.Bot.Browser.SendAsync(SlackRequests.Form("/slack/interactivity", new Dictionary<string, string> { ["payload"] = payload.ToJsonString() }, chat.Workspace.SigningSecret, chat.Time.Now));
            response.EnsureSuccessStatusCode();
            Assert.Equal(before + 1, channel.Ephemerals.Count);
        }
    }

    [Fact]
    public async Task What_takes_longer_than_Slack_waits_is_answered_afterwards()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var locks = (RoomLocks)chat.Bot.Services.GetService(typeof(RoomLocks))!;
        var pass = await locks.EnterAsync(new Place("slack", chat.Workspace.Id, chat.Channel(room).Id), CancellationToken.None);
        Assert.Equal("none", (await chat.CommandAsync("ann", "log 14:05 pool is exhausted", room)).Kind);
        pass.Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!chat.Channel(room).Ephemerals.Any(e => e.Body.ToString().Contains("pool is exhausted", StringComparison.Ordinal)))
        {
            await Task.Delay(10, patience.Token);
        }

        Assert.Contains(await TimelineAsync(chat), e => e.GetProperty("text").GetString() == "pool is exhausted");
    }

    [Fact]
    public async Task A_form_that_Slack_opens_too_slowly_is_answered_in_time_and_in_words_afterwards()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var held = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        chat.Workspace.Trouble("views.open", new("internal_error", Status: 500, Before: () =>
        {
            asked.SetResult();
            return held.Task;
        }));
        var answering = chat.CommandAsync("ann", "impact", room);
        await asked.Task;
        while (!answering.IsCompleted)
        {
            // Slack's three seconds pass on the manual clock.
            chat.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal("none", (await answering).Kind);
        held.SetResult();
        await UntilToldAsync(chat, room, "Slack did not open the form in time");
    }

    [Fact]
    public async Task A_form_that_another_form_answers_is_put_on_top_of_it_and_closing_one_is_no_event()
    {
        await using var chat = await SlackDriver.StartAsync();
        var answers = chat.Bot.Services.GetRequiredService<SlackAnswers>();
        var by = new PersonRef("slack", chat.Workspace.Id, chat.IdOf("ann"));
        var next = new Form("declare.second", "A second page", "Go on", [new FormField("title", "Title", Required: true)]);
        var reply = new ReplyTo(new(chat.Workspace.Id, chat.Workspace.Token, "", null, null, null, false, null, ""), by, new("slack", chat.Workspace.Id, "C1"), null, null) { ViewId = "V1", FirstField = "title" };
        using var json = JsonDocument.Parse(answers.ToSubmission(new OpenFormAnswer(next), reply).Body!);
        Assert.Equal("push", json.RootElement.GetProperty("response_action").GetString());
        Assert.Empty(BlockChecks.View(json.RootElement.GetProperty("view"), "modal"));

        using var closed = await chat.Bot.Browser.SendAsync(SlackRequests.Form("/slack/interactivity", new Dictionary<string, string>
        {
            ["payload"] = new JsonObject { ["type"] = "view_closed", ["team"] = new JsonObject { ["id"] = chat.Workspace.Id }, ["user"] = new JsonObject { ["id"] = chat.IdOf("ann"), ["team_id"] = chat.Workspace.Id }, ["view"] = new JsonObject { ["id"] = "V1", ["callback_id"] = "declare.form", ["type"] = "modal" }, ["is_cleared"] = true }.ToJsonString(),
        }, chat.Workspace.SigningSecret, chat.Time.Now));
        Assert.Equal((System.Net.HttpStatusCode.OK, ""), (closed.StatusCode, await closed.Content.ReadAsStringAsync()));
        Assert.Empty((await chat.Bot.GetAsync("/api/v1/incidents")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task What_was_typed_into_a_form_is_given_back_when_it_is_refused_after_Slack_has_stopped_waiting()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var message = await chat.SaysAsync("bob", "pool is exhausted", room);
        var form = (await chat.ShortcutAsync("ann", "timeline.from-message", room, message)).Form!;
        var locks = (RoomLocks)chat.Bot.Services.GetService(typeof(RoomLocks))!;
        var pass = await locks.EnterAsync(new Place("slack", chat.Workspace.Id, chat.Channel(room).Id), CancellationToken.None);
        var answering = chat.SubmitAsync("ann", form, new() { [form.Fields.First(f => f.Id.Contains("time", StringComparison.Ordinal)).Id] = "the day after never" }, room);
        while (!answering.IsCompleted)
        {
            chat.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await answering;
        pass.Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!chat.Workspace.Views[form.Context!].View.ToString().Contains("the day after never", StringComparison.Ordinal))
        {
            await Task.Delay(10, patience.Token);
        }

        Assert.Contains("Not taken", chat.Workspace.Views[form.Context!].View.ToString(), StringComparison.Ordinal);
    }

    private static async Task UntilToldAsync(SlackDriver chat, string room, string words)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!chat.Channel(room).Ephemerals.Any(e => e.Body.ToString().Contains(words, StringComparison.Ordinal)))
        {
            await Task.Delay(10, patience.Token);
        }
    }

    [Fact]
    public async Task The_bots_own_page_shows_what_is_mine_and_its_buttons_work()
    {
        await using var chat = await SlackDriver.StartAsync(new DateTimeOffset(2026, 10, 25, 4, 0, 0, TimeSpan.Zero));
        async Task<Card> HomeAsync()
        {
            chat.Workspace.Owe(new() { ["type"] = "app_home_opened", ["user"] = chat.IdOf("ann"), ["channel"] = chat.Workspace.Direct(chat.IdOf("ann")).Id, ["tab"] = "home" });
            await chat.SettleAsync();
            return SlackView.Card(chat.Workspace.Homes[chat.IdOf("ann")]);
        }

        Assert.Contains("Nothing is open", CardWords.Of(await HomeAsync()), StringComparison.Ordinal);
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("ann", "action Raise the pool @ann due friday", room);
        await chat.CommandAsync("ann", "log 01:30 the batch began", room);
        var home = await HomeAsync();
        var words = CardWords.Of(home);
        foreach (var part in new[] { $"{code} SEV1 · detected · down", $"{code}/AI-1 Raise the pool", "When was it? You said “01:30”" })
        {
            Assert.Contains(part, words, StringComparison.Ordinal);
        }

        var done = (await chat.PressAsync("ann", home.Buttons.Single(b => b.Label.StartsWith("Done: AI-1", StringComparison.Ordinal)), "dm-ann")).Form!;
        await chat.SubmitAsync("ann", done, new() { ["link"] = "https://example.com/change/1" }, "dm-ann");
        Assert.DoesNotContain("Raise the pool", CardWords.Of(await HomeAsync()), StringComparison.Ordinal);
        Assert.Equal("form", (await chat.PressAsync("ann", home.Buttons.Single(b => b.Label.StartsWith("Set the time", StringComparison.Ordinal)), "dm-ann")).Kind);
        Assert.Equal("form", (await chat.PressAsync("ann", home.Buttons.Single(b => b.Label == "Declare an incident"), "dm-ann")).Kind);
    }

    [Fact]
    public async Task Smart_quotes_dashes_and_mentions_with_labels_are_understood()
    {
        await using var chat = await SlackDriver.StartAsync();
        var fields = chat.Command("ann", "", "incidents", chat.Workspace.NewTrigger(chat.IdOf("ann")), chat.Workspace.NewResponseUrl(chat.IdOf("ann"), chat.Channel("incidents").Id));
        async Task<Reply> TypeAsync(string text)
        {
            fields["text"] = text;
            fields["trigger_id"] = chat.Workspace.NewTrigger(chat.IdOf("ann"));
            using var response = await chat.Bot.Browser.SendAsync(SlackRequests.Form("/slack/commands", fields, chat.Workspace.SigningSecret, chat.Time.Now));
            using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            return SlackView.Reply(json.RootElement);
        }

        Assert.Contains("declared", (await TypeAsync("start sev1 checkout &amp; cards —service “web shop” ––drill")).Words, StringComparison.Ordinal);
        Assert.Contains("Bob Lin", (await TypeAsync($"commander <@{chat.IdOf("bob")}|bobby>")).Words, StringComparison.Ordinal);
        Assert.Contains("I do not know @nobody", (await TypeAsync("commander @nobody")).Words, StringComparison.Ordinal);
        var incident = await chat.Bot.GetAsync("/api/v1/incidents/INC-2026-0001");
        Assert.Equal(("checkout & cards", "web shop", true), (incident.GetProperty("title").GetString(), incident.GetProperty("services")[0].GetString(), incident.GetProperty("drill").GetBoolean()));
    }

    private static async Task<List<JsonElement>> TimelineAsync(RoomDriver chat) =>
        [.. (await chat.Bot.GetAsync("/api/v1/incidents/INC-2026-0001/timeline")).GetProperty("items").EnumerateArray()];
}
