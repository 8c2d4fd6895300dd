using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentBot.Fakes;
using IncidentBot.Fakes.Slack;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Tests.Slack;

/// <summary>What is said in Slack is captured with the right words, author and time, once, in whatever order and however often it is told.</summary>
public sealed class CaptureTests
{
    [Fact]
    public async Task A_mention_and_its_message_are_one_and_the_command_in_it_is_done_once()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        chat.Workspace.Say(chat.IdOf("bob"), chat.Channel(room).Id, $"<@{chat.Workspace.BotUser}> log 10:05 pool is exhausted");
        await chat.SettleAsync();
        var entry = (await TimelineAsync(chat, code)).Single(e => e.GetProperty("text").GetString() == "pool is exhausted");
        Assert.Equal(("Bob Lin", "2026-03-10T14:05:00Z"), (entry.GetProperty("actor").GetString(), entry.GetProperty("occurredAt").GetString()));
        Assert.Single(await TranscriptAsync(chat, code));
        Assert.Single(await chat.SeesAsync("bob", room), m => m.OnlyYou);
        Assert.Contains(await chat.SeesAsync("bob", room), m => m.OnlyYou && m.Words.Contains("pool is exhausted", StringComparison.Ordinal));
        Assert.DoesNotContain(await chat.SeesAsync("ann", room), m => m.OnlyYou && m.Words.Contains("pool is exhausted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mention_that_is_refused_changes_nothing_and_a_form_waits_behind_a_button()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var announcement = (await chat.SeesAsync("ann")).Single(m => m.Card is not null).Id;
        Assert.Contains("is still open", (await chat.CommandAsync("ann", "reopen", thread: announcement)).Words, StringComparison.Ordinal);
        var asked = await chat.CommandAsync("bob", "update", thread: announcement);
        var form = await chat.PressAsync("bob", asked.Button("Open the form"));
        Assert.Equal("form", form.Kind);
        await chat.SubmitAsync("bob", form.Form!, new() { ["text"] = "half of it is back" });
        await chat.SettleAsync();
        Assert.Contains(await chat.SeesAsync("sarah", room), m => m.Words.Contains("half of it is back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Speaking_of_the_bot_is_no_command_and_pinning_an_old_command_does_not_do_it_again()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        chat.Workspace.Say(chat.IdOf("bob"), chat.Channel(room).Id, $"should we let <@{chat.Workspace.BotUser}> resolve it?");
        await chat.SettleAsync();
        Assert.Equal("detected", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}")).GetProperty("status").GetString());
        var old = chat.Workspace.Say(chat.IdOf("bob"), chat.Channel("incidents").Id, $"<@{chat.Workspace.BotUser}> start sev1 something of last week");
        chat.Workspace.Owed.Clear();
        chat.Time.Advance(TimeSpan.FromDays(5));
        await chat.PinsAsync("ann", old["ts"]!.GetValue<string>());
        Assert.Single((await chat.Bot.GetAsync("/api/v1/incidents")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Direct_messages_are_commands()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, _) = await chat.DeclaresAsync("ann", "sev1 down");
        chat.Workspace.Say(chat.IdOf("bob"), chat.Workspace.Direct(chat.IdOf("bob")).Id, $"log we see timeouts --in {code}");
        await chat.SettleAsync();
        Assert.Contains(await TimelineAsync(chat, code), e => e.GetProperty("text").GetString() == "we see timeouts");
        Assert.Contains(await chat.SeesAsync("bob", "dm-bob"), m => m.Author.Length == 0 && m.Words.Contains("we see timeouts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pin_on_a_reply_in_the_announcements_thread_keeps_that_reply_and_not_its_neighbour()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, _) = await chat.DeclaresAsync("ann", "sev1 down");
        var announcement = (await chat.SeesAsync("ann")).Single(m => m.Card is not null).Id;
        chat.Workspace.Say(chat.IdOf("bob"), chat.Channel("incidents").Id, "lunch, anyone?");

        // The pin is heard before the reply that it is about.
        var reply = chat.Workspace.Say(chat.IdOf("bob"), chat.Channel("incidents").Id, "the provider is down", announcement);
        var message = chat.Workspace.Owed.Last();
        chat.Workspace.Owed.Clear();
        chat.Workspace.React(chat.IdOf("ann"), chat.Channel("incidents").Id, reply["ts"]!.GetValue<string>(), "pushpin", true);
        await chat.SettleAsync();
        chat.Workspace.Owe(message);
        await chat.SettleAsync();
        var pinned = Assert.Single(await TimelineAsync(chat, code), e => e.GetProperty("source").GetString() == "pin");
        Assert.Equal(("the provider is down", "Bob Lin", "Ann Field"), (pinned.GetProperty("text").GetString(), pinned.GetProperty("actor").GetString(), pinned.GetProperty("addedBy").GetString()));
        Assert.Single(await TranscriptAsync(chat, code));
    }

    [Fact]
    public async Task A_message_stays_on_the_timeline_as_long_as_somebodys_pin_is_left()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var message = await chat.SaysAsync("bob", "error rate is 40%", room);
        await chat.PinsAsync("ann", message, room);
        await chat.PinsAsync("sarah", message, room);
        await chat.PinsAsync("ann", message, room, pinned: false);
        Assert.Equal("Sarah Chen", Assert.Single(await TimelineAsync(chat, code), e => e.GetProperty("source").GetString() == "pin").GetProperty("addedBy").GetString());
        await chat.PinsAsync("sarah", message, room, pinned: false);
        Assert.DoesNotContain(await TimelineAsync(chat, code), e => e.GetProperty("source").GetString() == "pin");
    }

    [Fact]
    public async Task The_reactions_that_pin_can_be_chosen()
    {
        await using var chat = await SlackDriver.StartAsync(settings: new() { ["Slack:PinEmoji"] = ":round_pushpin:, star" });
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        foreach (var (name, text) in new[] { ("pushpin", "one"), ("star", "two"), ("round_pushpin::skin-tone-3", "three") })
        {
            chat.Workspace.React(chat.IdOf("ann"), chat.Channel(room).Id, await chat.SaysAsync("bob", text, room), name, true);
        }

        await chat.SettleAsync();
        Assert.Equal(["two", "three"], (await TimelineAsync(chat, code)).Where(e => e.GetProperty("source").GetString() == "pin").Select(e => e.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Alerts_of_other_apps_are_captured_with_what_stands_in_their_attachments_and_blocks()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        chat.Workspace.Say("", chat.Channel(room).Id, "", more: new()
        {
            ["user"] = null,
            ["subtype"] = "bot_message",
            ["bot_id"] = "B0ALERTS",
            ["username"] = "Alertmanager",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["title"] = "[FIRING:1] HighErrorRate",
                ["title_link"] = "https://alerts.example.com/1",
                ["text"] = "Error rate &gt; 5 %",
                ["fields"] = new JsonArray(new JsonObject { ["title"] = "severity", ["value"] = "critical" }),
                ["fallback"] = "not this",
            }),
        });
        chat.Workspace.Say("", chat.Channel(room).Id, "", more: new()
        {
            ["user"] = null,
            ["bot_id"] = "B0GRAPHS",
            ["bot_profile"] = new JsonObject { ["name"] = "Grafana", ["app_id"] = "A0OTHER" },
            ["blocks"] = new JsonArray(new JsonObject { ["type"] = "header", ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = "p99 < 2 s violated" } }),
        });
        await chat.SettleAsync();
        var messages = (await TranscriptAsync(chat, code)).Select(m => (m.GetProperty("author").GetString(), m.GetProperty("text").GetString())).ToList();
        Assert.Equal([("Alertmanager", "[FIRING:1] HighErrorRate\nError rate > 5 %\nseverity: critical"), ("Grafana", "p99 < 2 s violated")], messages);
    }

    [Fact]
    public async Task Mentions_links_emoji_and_code_read_as_people_see_them()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        chat.Workspace.Say(chat.IdOf("bob"), chat.Channel(room).Id,
            $"<@{chat.IdOf("marcus")}> &amp; <@U0NOBODY> see <https://example.com/a?b=1&amp;c=2|the graph> in <#{chat.Channel("general").Id}|> and <#C0GONE|old> :fire: `a &lt; b` <!channel> <!subteam^S1|@oncall> 5 &gt; 4");
        await chat.SettleAsync();
        Assert.Equal("@Marcus Johnson & @U0NOBODY see the graph in #general and #old :fire: `a < b` @channel @oncall 5 > 4", (await TranscriptAsync(chat, code)).Single().GetProperty("text").GetString());
    }

    [Fact]
    public async Task The_bots_own_posts_unfurled_links_and_channel_notes_are_no_messages()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var message = await chat.SaysAsync("bob", "see https://example.com/x", room);
        var channel = chat.Channel(room);
        var unfurled = channel.Find(message)!.DeepClone().AsObject();
        unfurled["attachments"] = new JsonArray(new JsonObject { ["from_url"] = "https://example.com/x", ["title"] = "A page" });
        chat.Workspace.Owe(new() { ["type"] = "message", ["subtype"] = "message_changed", ["channel"] = channel.Id, ["channel_type"] = "channel", ["message"] = unfurled, ["previous_message"] = channel.Find(message)!.DeepClone(), ["ts"] = chat.Workspace.NextTs() });
        chat.Workspace.Owe(new() { ["type"] = "message", ["subtype"] = "channel_topic", ["channel"] = channel.Id, ["channel_type"] = "channel", ["user"] = chat.IdOf("bob"), ["text"] = "set the topic", ["ts"] = chat.Workspace.NextTs() });
        await chat.CommandAsync("ann", "update half of it is back", room);
        await chat.SettleAsync();
        var captured = Assert.Single(await TranscriptAsync(chat, code));
        Assert.Equal(("see https://example.com/x", JsonValueKind.Null), (captured.GetProperty("text").GetString(), captured.GetProperty("editedAt").ValueKind));
    }

    [Fact]
    public async Task A_shared_file_is_fetched_with_the_bots_token_and_is_evidence_when_pinned()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var file = await chat.BringsAsync("bob", "graph.png", "image/png", [0x89, 0x50, 1, 2], room);
        var twin = await chat.BringsAsync("bob", "graph.png", "image/png", new byte[2 * 1024 * 1024], room);
        var huge = await chat.BringsAsync("bob", "dump.bin", "application/octet-stream", new byte[10 * 1024 * 1024 + 1], room);
        var message = await chat.SaysAsync("bob", "the pool at its worst", room, files: [file, twin, huge]);
        await chat.PinsAsync("ann", message, room);
        var pinned = Assert.Single(await TimelineAsync(chat, code), e => e.GetProperty("source").GetString() == "pin");
        Assert.Equal(["graph.png", "graph.png", "dump.bin"], pinned.GetProperty("evidence").EnumerateArray().Select(v => v.GetProperty("file").GetString()));
        var folder = await chat.Bot.ExportAsync(code, Path.Combine(chat.Bot.Database.DataDirectory, "out"));
        Assert.Equal([4L, 2 * 1024 * 1024], Directory.GetFiles(Path.Combine(folder, "evidence"), "*-graph.png").Select(f => new FileInfo(f).Length).Order());
        Assert.Contains("dump.bin (by name only: its content is not kept here)", await File.ReadAllTextAsync(Path.Combine(folder, "post-mortem.md")), StringComparison.Ordinal);
        Assert.Contains("dump.bin (by name only", await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_whose_names_cannot_be_had_are_captured_all_the_same_and_named_later()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        chat.Workspace.Trouble("users.info", new("internal_error", Status: 500));
        await chat.SaysAsync("marcus", "first words", room);
        Assert.Equal(chat.IdOf("marcus"), (await TranscriptAsync(chat, code)).Single().GetProperty("author").GetString());
        await chat.Bot.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Equal("Marcus Johnson", (await TranscriptAsync(chat, code)).Single().GetProperty("author").GetString());

        var changed = chat.Workspace.Users[chat.IdOf("marcus")];
        changed.ShownName = "Marcus J.";
        chat.Workspace.Owe(new() { ["type"] = "user_change", ["user"] = changed.ToJson() });
        await chat.SettleAsync();
        await chat.SaysAsync("marcus", "later words", room);
        Assert.Equal("Marcus J.", (await TranscriptAsync(chat, code))[^1].GetProperty("author").GetString());
    }

    [Fact]
    public async Task Rooms_are_followed_through_renaming_archiving_and_another_id()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var channel = chat.Channel(room).Id;
        chat.Workspace.Owe(new() { ["type"] = "channel_rename", ["channel"] = new JsonObject { ["id"] = channel, ["name"] = "inc-database" } });
        chat.Workspace.Owe(new() { ["type"] = "channel_archive", ["channel"] = channel, ["user"] = chat.IdOf("bob") });
        await chat.SettleAsync();
        Assert.Equal("inc-database", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}")).GetProperty("room").GetProperty("name").GetString());
        Assert.Contains(await TimelineAsync(chat, code), e => e.GetProperty("text").GetString() == "Bob Lin archived the incident's room");
        chat.Workspace.Owe(new() { ["type"] = "channel_id_changed", ["old_channel_id"] = channel, ["new_channel_id"] = "C0ANOTHER1" });
        await chat.SettleAsync();
        Assert.Equal("C0ANOTHER1", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}")).GetProperty("room").GetProperty("id").GetString());
    }

    [Fact]
    public async Task What_was_said_while_the_bot_was_away_is_read_again_once_and_the_gap_is_told()
    {
        var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var before = await chat.SaysAsync("bob", "before", room);
        var announcement = (await chat.SeesAsync("ann")).Single(m => m.Card is not null).Id;
        var database = await chat.Bot.StopAsync();
        var time = chat.Time;
        time.Advance(TimeSpan.FromMinutes(11));
        var channel = chat.Channel(room).Id;
        var during = chat.Workspace.Say(chat.IdOf("sarah"), channel, "while it was away")["ts"]!.GetValue<string>();
        chat.Workspace.Say(chat.IdOf("sarah"), channel, "a reply", during);
        chat.Workspace.Say(chat.IdOf("bob"), chat.Channel("incidents").Id, "in the announcement's thread", announcement);
        chat.Workspace.Edit(chat.IdOf("bob"), channel, before, "before, mended");
        chat.Workspace.React(chat.IdOf("ann"), channel, during, "pushpin", true);
        var last = chat.Workspace.Owed.ToList();
        chat.Workspace.Owed.Clear();

        await using var again = await SlackDriver.StartAsync(database: database, workspace: chat.Workspace, time: time);
        await again.SettleAsync();

        // What Slack delivers late after all is known already.
        last.ForEach(again.Workspace.Owed.Enqueue);
        await again.SettleAsync();
        Assert.Equal(["a reply", "before, mended", "in the announcement's thread", "while it was away"], (await TranscriptAsync(again, code)).Select(m => m.GetProperty("text").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal("while it was away", Assert.Single(await TimelineAsync(again, code), e => e.GetProperty("source").GetString() == "pin").GetProperty("text").GetString());
        Assert.Contains("From 2026-03-10 14:30 to 14:41 UTC not everything in Slack may have reached the bot; 3 messages were read afterwards", await again.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pins_of_the_channel_count_as_reactions_do_and_what_was_undone_stays_undone()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var channel = chat.Channel(room).Id;
        var message = await chat.SaysAsync("bob", "pool is exhausted", room);
        chat.Workspace.Pin(chat.IdOf("ann"), channel, message, true);
        await chat.SettleAsync();
        var pinned = Assert.Single(await TimelineAsync(chat, code), e => e.GetProperty("source").GetString() == "pin");
        Assert.Equal(("Bob Lin", "Ann Field"), (pinned.GetProperty("actor").GetString(), pinned.GetProperty("addedBy").GetString()));
        chat.Workspace.Pin(chat.IdOf("ann"), channel, message, false);
        await chat.SettleAsync();
        Assert.DoesNotContain(await TimelineAsync(chat, code), e => e.GetProperty("source").GetString() == "pin");

        await chat.PinsAsync("ann", message, room);
        await chat.PinsAsync("sarah", message, room);
        await chat.CommandAsync("ann", "undo", room);
        await chat.PinsAsync("ann", message, room, pinned: false);
        Assert.DoesNotContain(await TimelineAsync(chat, code), e => e.GetProperty("source").GetString() == "pin");
    }

    [Fact]
    public async Task A_message_on_the_timeline_of_another_incident_is_followed_too()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var message = await chat.SaysAsync("bob", "cards are refused as well", room);
        var form = (await chat.ShortcutAsync("ann", "declare.from-message", room, message)).Form!;
        await chat.SubmitAsync("ann", form, [], room);
        await chat.SettleAsync();
        await chat.EditsAsync("bob", message, "cards are refused since 14:00", room);
        Assert.Contains(await TimelineAsync(chat, "INC-2026-0002"), e => e.GetProperty("text").GetString() == "cards are refused since 14:00");
        await chat.DeletesAsync("bob", message, room);
        Assert.DoesNotContain(await TimelineAsync(chat, "INC-2026-0002"), e => e.GetProperty("text").GetString()!.StartsWith("cards", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_that_was_put_on_the_timeline_before_it_came_keeps_its_files()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var file = await chat.BringsAsync("bob", "graph.png", "image/png", [1, 2, 3], room);
        var message = chat.Workspace.Say(chat.IdOf("bob"), chat.Channel(room).Id, "the pool", more: new() { ["subtype"] = "file_share", ["files"] = new JsonArray(new JsonObject { ["id"] = file, ["name"] = "graph.png", ["mimetype"] = "image/png", ["size"] = 3 }) });
        chat.Workspace.Owed.TryDequeue(out var late);
        var form = (await chat.ShortcutAsync("ann", "timeline.from-message", room, message["ts"]!.GetValue<string>())).Form!;
        await chat.SubmitAsync("ann", form, [], room);
        chat.Workspace.Owed.Enqueue(late!);
        await chat.SettleAsync();
        Assert.Equal("graph.png", Assert.Single(Assert.Single(await TimelineAsync(chat, code), e => e.GetProperty("source").GetString() == "shortcut").GetProperty("evidence").EnumerateArray()).GetProperty("file").GetString());
    }

    [Fact]
    public async Task Any_order_duplication_and_redelivery_of_a_session_gives_the_same_timeline()
    {
        var expected = await PlayAsync(null);
        Assert.Contains("error rate is 45 %|Bob Lin|Ann Field|pin", expected, StringComparison.Ordinal);
        Assert.DoesNotContain("taken off", expected, StringComparison.Ordinal);
        for (var i = Environment.GetEnvironmentVariable("INCIDENTBOT_TEST_LONG") is null ? 12 : 200; i > 0; i--)
        {
            var seed = Random.Shared.Next();
            Assert.Equal($"{expected} (seed {seed})", $"{await PlayAsync(seed)} (seed {seed})");
        }
    }

    // A session with edits, deletions, threads, files and pins, told in some order, parts of it several times.
    private static async Task<string> PlayAsync(int? seed)
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var channel = chat.Channel(room).Id;
        var (ann, bob, sarah) = (chat.IdOf("ann"), chat.IdOf("bob"), chat.IdOf("sarah"));
        string Say(string who, string text, string? thread = null) => chat.Workspace.Say(who, channel, text, thread)["ts"]!.GetValue<string>();
        var first = Say(bob, "error rate is 40 %");
        var second = Say(sarah, "the pool is full");
        var reply = Say(ann, "since when?", second);
        var gone = Say(bob, "a slip with a name in it");
        chat.Workspace.React(ann, channel, first, "pushpin", true);
        chat.Workspace.React(sarah, channel, first, "pushpin::skin-tone-2", true);
        chat.Workspace.Edit(bob, channel, first, "error rate is 44 %");
        chat.Workspace.Edit(bob, channel, first, "error rate is 45 %");
        chat.Workspace.React(bob, channel, second, "pushpin", true);
        chat.Workspace.React(bob, channel, second, "pushpin", false);
        chat.Workspace.React(bob, channel, reply, "pushpin", true);
        chat.Workspace.Delete(channel, gone);
        chat.Workspace.React(sarah, channel, first, "pushpin::skin-tone-2", false);
        var envelopes = chat.Workspace.Owed.Select(e => chat.Workspace.Envelope(e)).ToList();
        chat.Workspace.Owed.Clear();
        if (seed is { } s)
        {
            var random = new Random(s);
            envelopes = [.. envelopes.Concat(envelopes.Where(_ => random.Next(3) == 0)).OrderBy(_ => random.Next())];
        }

        foreach (var (envelope, i) in envelopes.Select((e, i) => (e, i)))
        {
            using var response = await chat.Bot.Browser.SendAsync(SlackRequests.Event(envelope, chat.Workspace.SigningSecret, chat.Time.Now, retry: i % 2));
            response.EnsureSuccessStatusCode();
            if (seed is null || i % 3 == seed % 3)
            {
                await chat.Bot.SettleAsync();
            }
        }

        await chat.SettleAsync();
        var timeline = (await TimelineAsync(chat, code)).Where(e => e.GetProperty("source").GetString() == "pin")
            .Select(e => $"{e.GetProperty("occurredAt")}|{e.GetProperty("text")}|{e.GetProperty("actor")}|{e.GetProperty("addedBy")}|{e.GetProperty("source")}");
        var transcript = (await TranscriptAsync(chat, code)).Select(m => $"{m.GetProperty("at")}|{m.GetProperty("text")}|{m.GetProperty("author")}|{m.GetProperty("deletedAt").ValueKind}").Order(StringComparer.Ordinal);
        return string.Join('\n', timeline.Order(StringComparer.Ordinal).Concat(transcript));
    }

    private static async Task<List<JsonElement>> TimelineAsync(RoomDriver chat, string code) =>
        [.. (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray()];

    private static async Task<List<JsonElement>> TranscriptAsync(RoomDriver chat, string code) =>
        [.. (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/transcript")).GetProperty("items").EnumerateArray()];
}
