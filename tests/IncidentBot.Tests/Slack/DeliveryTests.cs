using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentBot.Core.Chat;
using IncidentBot.Fakes;
using IncidentBot.Fakes.Slack;

namespace IncidentBot.Tests.Slack;

/// <summary>What the bot posts arrives once, in Slack's manner and within its limits, whatever Slack does.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task A_room_is_furnished_once_and_its_card_is_updated_rather_than_posted_again()
    {
        await using var chat = await SlackDriver.StartAsync(settings: new() { ["PublicUrl"] = "https://incidents.example.com" });
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 checkout is down");
        await chat.CommandAsync("bob", "commander", room);
        await chat.CommandAsync("bob", "status investigating", room);
        await chat.SettleAsync();
        var channel = chat.Channel(room);
        Assert.Equal($"{code} · SEV1 · investigating · commander Bob Lin · checkout is down", channel.Topic);
        Assert.Equal(("Post-mortem", $"https://incidents.example.com/documents/{code}/report.html"), Assert.Single(channel.Bookmarks));
        Assert.True(channel.Members.ContainsKey(chat.IdOf("ann")) && channel.Members.ContainsKey(chat.IdOf("bob")));
        Assert.Equal((await chat.SeesAsync("ann", room))[0].Id, Assert.Single(channel.Pinned));
        Assert.Single(await chat.SeesAsync("ann", room), m => m.Words.Contains("Commander: Bob Lin", StringComparison.Ordinal));
        Assert.Contains("Status: investigating", Assert.Single(await chat.SeesAsync("ann"), m => m.Thread is null).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("🔥 Überlastung: \"Zahlungen\" <b> & Höhe", "inc-2026-0001-berlastung-zahlungen-b-h-he")]
    [InlineData("数据库宕机", "inc-2026-0001")]
    [InlineData("a title that is very long and goes on and on until it is longer than a channel may be named at all", null)]
    public async Task Channels_get_names_that_Slack_takes(string title, string? name)
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", $"sev1 {title}");
        Assert.True(room.Length <= 80 && (name is null || room == name), room);
    }

    [Fact]
    public async Task A_name_that_is_taken_even_by_an_archived_channel_gets_a_number()
    {
        await using var chat = await SlackDriver.StartAsync();
        chat.Workspace.NewChannel("inc-2026-0001-down").Archived = true;
        chat.Workspace.NewChannel("inc-2026-0001-down-2");
        var reply = await chat.CommandAsync("ann", "start sev1 down");
        await chat.SettleAsync();
        Assert.Contains("declared", reply.Words, StringComparison.Ordinal);
        Assert.Contains("inc-2026-0001-down-3", await chat.RoomsAsync("ann"));
    }

    [Fact]
    public async Task A_numbered_channel_whose_answer_was_lost_is_found_again()
    {
        await using var chat = await SlackDriver.StartAsync();
        chat.Workspace.NewChannel("inc-2026-0001-down").Archived = true;
        chat.Workspace.Trouble("conversations.create", new("", Done: true));
        chat.Workspace.Trouble("conversations.create", new("internal_error", Status: 500, Done: true));
        await chat.CommandAsync("ann", "start sev1 down");
        await chat.SettleAsync();
        await chat.Bot.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal("inc-2026-0001-down-2", (await chat.Bot.GetAsync("/api/v1/incidents/INC-2026-0001")).GetProperty("room").GetProperty("name").GetString());
        Assert.DoesNotContain(await chat.RoomsAsync("ann"), r => r.EndsWith("-3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_canvas_whose_answer_was_lost_is_the_document_all_the_same()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        chat.Workspace.Trouble("conversations.canvases.create", new("internal_error", Status: 500, Done: true));
        await chat.CommandAsync("ann", "report", room);
        await chat.SettleAsync();
        await chat.Bot.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Single(chat.Workspace.Canvases);
        Assert.Empty(chat.Workspace.CallsOf("files.getUploadURLExternal"));
        await chat.CommandAsync("ann", "log 14:25 pool is exhausted", room);
        await chat.CommandAsync("ann", "report", room);
        await chat.SettleAsync();
        Assert.Contains("pool is exhausted", Assert.Single(chat.Workspace.Canvases).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redacted_words_are_found_however_Slack_has_broken_them()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("ann", "update the credentials are ```user = hemlock\npassword = swordfish``` as of now", room);
        await chat.SettleAsync();
        Assert.Contains("swordfish", chat.Channel(room).Messages.Aggregate("", (all, m) => all + m.ToJsonString()), StringComparison.Ordinal);
        await chat.CommandAsync("ann", "commander", room);
        await chat.CommandAsync("ann", "redact 2", room);
        await chat.SettleAsync();
        Assert.DoesNotContain("swordfish", chat.Workspace.Channels.Values.SelectMany(c => c.Messages).Where(m => m["user"]!.GetValue<string>() == chat.Workspace.BotUser).Aggregate("", (all, m) => all + m.ToJsonString()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chat.postMessage")]
    [InlineData("conversations.create")]
    public async Task What_was_done_although_the_answer_was_lost_is_not_done_again(string method)
    {
        await using var chat = await SlackDriver.StartAsync();
        chat.Workspace.Trouble(method, new("internal_error", Status: 500, Done: true));
        await chat.CommandAsync("ann", "start sev1 down");
        await chat.SettleAsync();
        for (var i = 0; i < 5; i++)
        {
            await chat.Bot.PassAsync(TimeSpan.FromSeconds(5));
        }

        Assert.Single(await chat.RoomsAsync("ann"), r => r.StartsWith("inc-", StringComparison.Ordinal));
        Assert.Single(await chat.SeesAsync("ann"));
        Assert.Single(await chat.SeesAsync("ann", "inc-2026-0001-down"));
        await chat.CommandAsync("ann", "commander", "inc-2026-0001-down");
        await chat.SettleAsync();
        Assert.Contains("Commander: Ann Field", (await chat.SeesAsync("ann"))[0].Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_whose_answer_was_lost_stands_there_once()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        chat.Workspace.Trouble("chat.postMessage", new("fatal_error", Done: true));
        chat.Workspace.Trouble("chat.postMessage", new("", Status: 200, Done: true));
        await chat.CommandAsync("ann", "update half of it is back", room);
        await chat.Bot.PassAsync(TimeSpan.FromSeconds(1));
        await chat.Bot.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Single(await chat.SeesAsync("ann", room), m => m.Words.StartsWith("Status update", StringComparison.Ordinal));
        Assert.Single(await chat.SeesAsync("ann"), m => m.Words.StartsWith("Status update", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_method_rests_as_long_as_Slack_asks_and_everything_else_goes_on()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        chat.Workspace.Trouble("chat.postMessage", new("ratelimited", RetryAfter: 40));
        await chat.CommandAsync("ann", "update first", room);
        await chat.CommandAsync("ann", "update second", room);
        await chat.CommandAsync("ann", "status investigating", room);
        await chat.SettleAsync();
        var posts = chat.Workspace.CallsOf("chat.postMessage").Count();
        Assert.Contains("Status: investigating", (await chat.LiveCardAsync("ann", room)).Parts.Select(p => ((TextPart)p).Text.Plain).First(), StringComparison.Ordinal);
        await chat.Bot.PassAsync(TimeSpan.FromSeconds(39));
        Assert.Equal(posts, chat.Workspace.CallsOf("chat.postMessage").Count());
        await chat.Bot.PassAsync(TimeSpan.FromSeconds(2));
        var seen = (await chat.SeesAsync("ann", room)).Select(m => m.Words).ToList();
        Assert.Equal(2, seen.Count(w => w.StartsWith("Status update", StringComparison.Ordinal)));
        Assert.True(seen.FindIndex(w => w.Contains("first", StringComparison.Ordinal) && w.StartsWith("Status update", StringComparison.Ordinal)) < seen.FindIndex(w => w.Contains("second", StringComparison.Ordinal) && w.StartsWith("Status update", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_bot_keeps_within_the_limits_by_itself()
    {
        await using var chat = await SlackDriver.StartAsync(pace: 1);
        chat.Workspace.Limits = method => IncidentBot.Slack.Outbound.SlackMethods.All[method].AMinute;
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        for (var i = 0; i < 20; i++)
        {
            await chat.CommandAsync("ann", $"update number {i:00}", room);
        }

        await chat.SettleAsync();
        Assert.True((await chat.SeesAsync("ann", room)).Count < 10, "A message a second and channel, and a few at once.");
        for (var i = 0; i < 40; i++)
        {
            await chat.Bot.PassAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"number {i:00}"), (await chat.SeesAsync("ann", room)).Where(m => m.Words.StartsWith("Status update", StringComparison.Ordinal)).Select(m => m.Words.Split('\n')[1]));
        Assert.DoesNotContain("NotDelivered", (await chat.Bot.GetAsync("/api/v1/incidents/INC-2026-0001/timeline")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Someone_who_cannot_be_invited_does_not_keep_others_out()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        chat.Workspace.Users.TryRemove(chat.IdOf("priya"), out var gone);
        await chat.CommandAsync("ann", "invite @priya @marcus", room);
        await chat.SettleAsync();
        Assert.True(chat.Channel(room).Members.ContainsKey(chat.IdOf("marcus")));
        Assert.Contains("could not be brought into the room (user_not_found)", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).ToString(), StringComparison.Ordinal);
        chat.Workspace.Users[gone!.Id] = gone;
    }

    [Fact]
    public async Task Texts_of_any_length_are_shown_whole_in_as_many_messages_as_it_takes()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var text = string.Join(' ', Enumerable.Range(0, 4000).Select(i => i % 97 == 0 ? $"👩‍👩‍👧‍👦<{i}>&*_~`" : $"w{i}"));
        await chat.CommandAsync("ann", $"update {text}", room);
        await chat.SettleAsync();
        var shown = string.Concat((await chat.SeesAsync("ann", room)).Where(m => m.Author.Length == 0 && m.Card!.Title.StartsWith("Status update", StringComparison.Ordinal) || m.Thread is not null).SelectMany(m => m.Card!.Parts.OfType<TextPart>().Where(p => !p.Quiet).Select(p => p.Text.Plain)));
        Assert.Contains(text, shown, StringComparison.Ordinal);

        (code, room) = await chat.DeclaresAsync("ann", "sev1 another");
        for (var i = 0; i < 50; i++)
        {
            await chat.CommandAsync("bob", $"log entry {i} {new string('x', 400)}", room);
        }

        var list = await chat.CommandAsync("ann", "timeline", room);
        Assert.Contains(code, list.Words, StringComparison.Ordinal);

        // What does not fit into the answer follows it.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        bool Shown(int n) => (list.Words + string.Join('\n', chat.Channel(room).Ephemerals.ToList().Select(e => CardWords.Of(SlackView.Card(e.Body))))).Contains($"entry {n} ", StringComparison.Ordinal);
        while (!Enumerable.Range(0, 50).All(Shown))
        {
            await Task.Delay(10, patience.Token);
        }
    }

    [Fact]
    public async Task Nothing_that_people_write_calls_anybody_or_becomes_mark_up()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 <!channel> *bold* <https://evil.example|login> @here");
        await chat.CommandAsync("ann", "update <!everyone> `rm -rf` & @marcus look", room);
        await chat.SettleAsync();
        foreach (var call in chat.Workspace.Calls.Where(c => c.Method is "chat.postMessage" or "chat.update"))
        {
            Assert.DoesNotContain("<", call.Arguments["text"], StringComparison.Ordinal);
            foreach (var markup in new[] { "\"mrkdwn\"", "\"type\":\"user\"", "\"type\":\"broadcast\"" })
            {
                Assert.DoesNotContain(markup, call.Arguments["blocks"], StringComparison.Ordinal);
            }
        }

        Assert.Contains("<!channel> *bold*", (await chat.LiveCardAsync("ann", room)).Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_document_is_the_channels_canvas_and_a_file_where_there_are_none()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 database is down");
        await chat.CommandAsync("ann", "report", room);
        await chat.SettleAsync();
        var canvas = chat.Channel(room).Canvas!;
        Assert.Contains("# Post-Mortem", chat.Workspace.Canvases[canvas], StringComparison.Ordinal);
        await chat.CommandAsync("ann", "log the pool was exhausted", room);
        await chat.CommandAsync("ann", "report", room);
        await chat.SettleAsync();
        Assert.Contains("the pool was exhausted", Assert.Single(chat.Workspace.Canvases).Value, StringComparison.Ordinal);
        Assert.Contains(await chat.SeesAsync("ann", room), m => m.Words.Contains($"Post-mortem report", StringComparison.Ordinal) && m.Words.Contains(code, StringComparison.Ordinal));

        var (_, second) = await chat.DeclaresAsync("ann", "sev2 cards are refused");
        chat.Workspace.Trouble("conversations.canvases.create", new("team_tier_cannot_create_channel_canvases"));
        await chat.CommandAsync("ann", "report", second);
        await chat.SettleAsync();
        Assert.Contains("# Post-Mortem", System.Text.Encoding.UTF8.GetString(Assert.Single(chat.Workspace.Files).Value.Bytes), StringComparison.Ordinal);
        Assert.Contains(chat.Channel(second).Messages, m => m["files"] is not null);
    }

    [Fact]
    public async Task A_private_incident_gets_a_private_channel_and_leaks_nowhere()
    {
        await using var chat = await SlackDriver.StartAsync(settings: new() { ["Incidents:Stakeholders"] = "general", ["Incidents:Room"] = "Thread" });
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 Hemlock keys leaked --private");
        await chat.CommandAsync("ann", "update Hemlock rotates", room);
        await chat.CommandAsync("ann", "report", room);
        await chat.SettleAsync();
        Assert.True(chat.Channel(room).IsPrivate);
        Assert.DoesNotContain(chat.IdOf("bob"), chat.Channel(room).Members.Keys);
        foreach (var place in chat.Workspace.Channels.Values.Where(c => c.Name != room && c.DirectWith != chat.IdOf("ann")))
        {
            Assert.DoesNotContain(place.Messages, m => m.ToJsonString().Contains("Hemlock", StringComparison.Ordinal));
        }

        chat.Workspace.Owe(new() { ["type"] = "app_home_opened", ["user"] = chat.IdOf("bob"), ["channel"] = chat.Workspace.Direct(chat.IdOf("bob")).Id, ["tab"] = "home" });
        await chat.SettleAsync();
        Assert.DoesNotContain("Hemlock", chat.Workspace.Homes[chat.IdOf("bob")].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Updates_reach_the_stakeholders_channel_and_declarations_elsewhere_are_announced_where_everybody_looks()
    {
        await using var chat = await SlackDriver.StartAsync(settings: new() { ["Incidents:Stakeholders"] = "#status" });
        chat.Workspace.NewChannel("status");
        chat.Workspace.NewChannel("payments", members: [chat.Workspace.BotUser, chat.IdOf("ann")]);
        await chat.CommandAsync("ann", "start sev1 down", "payments");
        await chat.SettleAsync();
        Assert.Contains("SEV1 · down", Assert.Single(await chat.SeesAsync("bob")).Words, StringComparison.Ordinal);
        Assert.Empty(await chat.SeesAsync("bob", "payments"));
        await chat.CommandAsync("ann", "update half of it is back", "payments");
        await chat.SettleAsync();
        Assert.Contains("half of it is back", Assert.Single(await chat.SeesAsync("bob", "status")).Words, StringComparison.Ordinal);
        Assert.Contains(await chat.SeesAsync("bob"), m => m.Thread is not null && m.Words.Contains("half of it is back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_incident_can_live_in_the_thread_of_its_announcement()
    {
        await using var chat = await SlackDriver.StartAsync(settings: new() { ["Incidents:Room"] = "Thread" });
        await chat.CommandAsync("ann", "start sev1 down");
        await chat.SettleAsync();
        Assert.DoesNotContain(await chat.RoomsAsync("ann"), r => r.StartsWith("inc-", StringComparison.Ordinal));
        var root = Assert.Single(await chat.SeesAsync("ann"));
        await chat.PressAsync("bob", root.Card!.Buttons.Single(b => b.Label == "Take command"));
        await chat.SaysAsync("bob", "looking at the pool", thread: root.Id);
        await chat.CommandAsync("bob", "log 5m ago pool is exhausted", thread: root.Id);
        await chat.CommandAsync("bob", "update half of it is back", thread: root.Id);
        await chat.SettleAsync();
        var timeline = (await chat.Bot.GetAsync("/api/v1/incidents/INC-2026-0001/timeline")).ToString();
        Assert.Contains("pool is exhausted", timeline, StringComparison.Ordinal);
        Assert.Contains("looking at the pool", (await chat.Bot.GetAsync("/api/v1/incidents/INC-2026-0001/transcript")).ToString(), StringComparison.Ordinal);
        var seen = await chat.SeesAsync("sarah");
        Assert.Contains("Commander: Bob Lin", seen.Single(m => m.Id == root.Id).Words, StringComparison.Ordinal);
        Assert.Single(seen, m => m.Thread == root.Id && m.Words.StartsWith("Status update", StringComparison.Ordinal));
        Assert.Empty(chat.Workspace.CallsOf("conversations.setTopic").Concat(chat.Workspace.CallsOf("pins.add")));
    }
}
