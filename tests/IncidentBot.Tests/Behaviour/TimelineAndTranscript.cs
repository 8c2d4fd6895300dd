using IncidentBot.Fakes;

namespace IncidentBot.Tests.Behaviour;

/// <summary>What is logged, pinned, changed and taken back.</summary>
public abstract partial class BehaviourSuite
{
    [Theory]
    [InlineData("ann", "log 14:20 pool is exhausted", "pool is exhausted", "2026-03-10T14:20:00Z")]
    [InlineData("ann", "log 5m ago pool is exhausted", "pool is exhausted", "2026-03-10T14:25:00Z")]
    [InlineData("ann", "note pool is exhausted | 14:20", "pool is exhausted", "2026-03-10T14:20:00Z")]
    [InlineData("priya", "event 19:55 pool is exhausted", "pool is exhausted", "2026-03-10T14:25:00Z")]
    [InlineData("bob", "log 10:20am pool is exhausted", "pool is exhausted", "2026-03-10T14:20:00Z")]
    [InlineData("ann", "log 14.35 ms is the median", "14.35 ms is the median", "2026-03-10T14:30:00Z")]
    [InlineData("ann", "log 2026-03-10 09:15 deployed v2.3.1", "deployed v2.3.1", "2026-03-10T09:15:00Z")]
    [InlineData("ann", "timeline yesterday 23:50 batch began", "batch began", "2026-03-09T23:50:00Z")]
    public async Task An_entry_stands_at_the_time_that_was_said_in_the_speakers_zone(string who, string typed, string text, string at)
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync(who, typed, room);
        Assert.Equal(at, (await EntryAsync(chat, code, text)).At);
    }

    [Fact]
    public async Task A_range_sets_begin_and_end_and_the_prefix_sets_the_kind()
    {
        await using var chat = await StartAsync(Utc(16, 0));
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("ann", "log 14:50-15:05 restart of the cluster", room);
        await chat.CommandAsync("ann", "log 14:45 decision: restart the cluster", room);
        await chat.CommandAsync("ann", "decision 14:46 go for it", room);
        await chat.CommandAsync("ann", "log 14:23 impact begins", room);
        await chat.CommandAsync("ann", "log 15:50 impact ends for all shops", room);
        await chat.CommandAsync("ann", "log detected: 14:24 alert fired", room);
        var items = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray().ToList();
        var range = items.Single(e => e.GetProperty("text").GetString() == "restart of the cluster");
        Assert.Equal("2026-03-10T15:05:00Z", range.GetProperty("endedAt").GetString());
        Assert.Equal("decision", (await EntryAsync(chat, code, "restart the cluster")).Kind);
        Assert.Equal("decision", (await EntryAsync(chat, code, "go for it")).Kind);
        Assert.Equal("impact-begins", (await EntryAsync(chat, code, "impact begins")).Kind);
        Assert.Equal("impact-ends", (await EntryAsync(chat, code, "impact ends for all shops")).Kind);
        Assert.Equal("2026-03-10T14:23:00Z", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}")).GetProperty("startedAt").GetString());
    }

    [Fact]
    public async Task Several_lines_make_an_entry_each()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var reply = await chat.CommandAsync("ann", "log 14:01 one\n14:02 two\n\n  three", room);
        Assert.Contains("3 entries", reply.Words, StringComparison.Ordinal);
        Assert.Equal("2026-03-10T14:02:00Z", (await EntryAsync(chat, code, "two")).At);
        Assert.Equal("2026-03-10T14:30:00Z", (await EntryAsync(chat, code, "three")).At);
    }

    [Fact]
    public async Task An_ambiguous_time_is_kept_asked_about_and_settled()
    {
        // Clocks in London go back on 25 October 2026 at 02:00; 01:30 comes twice.
        await using var chat = await StartAsync(new DateTimeOffset(2026, 10, 25, 4, 0, 0, TimeSpan.Zero));
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var question = await chat.CommandAsync("ann", "log 01:30 batch began", room);
        Assert.Contains("came twice", question.Words, StringComparison.Ordinal);
        Assert.Null((await EntryAsync(chat, code, "batch began")).At);
        await chat.PressAsync("ann", question.Button("second"), room);
        Assert.Equal("2026-10-25T01:30:00Z", (await EntryAsync(chat, code, "batch began")).At);
    }

    [Fact]
    public async Task A_time_that_never_was_is_kept_as_said_and_asked_about()
    {
        // Clocks in London go forward on 29 March 2026 at 01:00; 01:30 does not exist.
        await using var chat = await StartAsync(new DateTimeOffset(2026, 3, 29, 9, 0, 0, TimeSpan.Zero));
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var question = await chat.CommandAsync("ann", "log 01:30 batch began", room);
        Assert.Contains("does not exist", question.Words, StringComparison.Ordinal);
        var entry = await EntryAsync(chat, code, "batch began");
        Assert.Null(entry.At);
        await chat.CommandAsync("ann", $"edit {entry.Seq} 02:30", room);
        Assert.Equal("2026-03-29T01:30:00Z", (await EntryAsync(chat, code, "batch began")).At);
    }

    [Fact]
    public async Task The_future_and_long_ago_are_kept_as_said_and_asked_about()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        Assert.Contains("is in the future", (await chat.CommandAsync("ann", "log 2026-03-11 09:00 planned restart", room)).Words, StringComparison.Ordinal);
        Assert.Equal("2026-03-11T09:00:00Z", (await EntryAsync(chat, code, "planned restart")).At);
        Assert.Contains("long before the declaration", (await chat.CommandAsync("ann", "log 2026-03-01 09:00 deploy", room)).Words, StringComparison.Ordinal);
        Assert.Equal("2026-03-01T09:00:00Z", (await EntryAsync(chat, code, "deploy")).At);
    }

    [Fact]
    public async Task Every_message_of_the_room_and_of_the_announcements_thread_is_in_the_transcript_and_nothing_else()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.SaysAsync("bob", "lunch, anyone?");
        var announcement = Assert.Single(await chat.SeesAsync("bob"), m => m.Card is not null).Id;
        await chat.SaysAsync("bob", "in the thread", thread: announcement);
        await chat.SaysAsync("ann", "in the room 👀 <defunct> | `x`", room);
        var texts = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/transcript")).GetProperty("items").EnumerateArray().Select(m => m.GetProperty("text").GetString());
        Assert.Equal(["in the thread", "in the room 👀 <defunct> | `x`"], texts);
    }

    [Fact]
    public async Task A_pin_puts_the_message_on_the_timeline_at_its_own_time_with_its_author_and_unpinning_takes_it_off()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var message = await chat.SaysAsync("bob", "error rate is 40%", room);
        chat.Time.Advance(TimeSpan.FromMinutes(38));
        await chat.PinsAsync("ann", message, room);
        var items = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray().ToList();
        var entry = items.Single(e => e.GetProperty("source").GetString() == "pin");
        Assert.StartsWith("2026-03-10T14:30", entry.GetProperty("occurredAt").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("2026-03-10T15:08", entry.GetProperty("recordedAt").GetString(), StringComparison.Ordinal);
        Assert.Equal("Bob Lin", entry.GetProperty("actor").GetString());
        Assert.Equal("Ann Field", entry.GetProperty("addedBy").GetString());

        await chat.EditsAsync("bob", message, "error rate is 45%", room);
        Assert.Equal("Bob Lin", (await EntryAsync(chat, code, "error rate is 45%")).Actor);
        await chat.PinsAsync("ann", message, room, pinned: false);
        Assert.DoesNotContain(await TimelineAsync(chat, code), e => e.Text.StartsWith("error rate", StringComparison.Ordinal));
        await chat.PinsAsync("ann", message, room);
        await EntryAsync(chat, code, "error rate is 45%");
        await chat.DeletesAsync("bob", message, room);
        Assert.DoesNotContain(await TimelineAsync(chat, code), e => e.Text.StartsWith("error rate", StringComparison.Ordinal));
        var transcript = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/transcript")).GetProperty("items").EnumerateArray().Single();
        Assert.NotNull(transcript.GetProperty("deletedAt").GetString());
    }

    [Fact]
    public async Task Edit_and_undo_keep_history_and_only_some_may()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("sarah", "log 14:20 pool is exhausted", room);
        var seq = (await EntryAsync(chat, code, "pool is exhausted")).Seq;
        Assert.Contains("Only Sarah Chen", (await chat.CommandAsync("priya", $"edit {seq} nonsense", room)).Words, StringComparison.Ordinal);
        await chat.CommandAsync("sarah", $"edit {seq} 14:22 pool is at 100 %", room);
        await chat.CommandAsync("sarah", $"edit {seq} phase: escalation", room);
        await chat.CommandAsync("sarah", $"edit {seq} kind: evidence", room);
        var entry = await EntryAsync(chat, code, "pool is at 100 %");
        Assert.Equal(("2026-03-10T14:22:00Z", "evidence", "escalation"), (entry.At, entry.Kind, entry.Phase));
        var item = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray().Single(e => e.GetProperty("seq").GetInt32() == seq);
        Assert.Equal(3, item.GetProperty("revisions").GetInt32());

        await chat.CommandAsync("sarah", "undo", room);
        Assert.DoesNotContain(await TimelineAsync(chat, code), e => e.Seq == seq);
        Assert.Contains("added nothing", (await chat.CommandAsync("sarah", "undo", room)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redaction_overwrites_the_words_everywhere()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var message = await chat.SaysAsync("bob", "the password is hunter2-secret", room);
        await chat.PinsAsync("ann", message, room);
        await chat.SettleAsync();
        var seq = (await EntryAsync(chat, code, "the password is hunter2-secret")).Seq;
        await chat.CommandAsync("bob", $"log as said: the password is hunter2-secret", room);
        var reply = await chat.CommandAsync("bob", $"redact {seq} credentials", room);
        Assert.Contains("Out of my reach", reply.Words, StringComparison.Ordinal);
        await chat.CommandAsync("bob", $"redact {seq + 1}", room);
        await chat.SettleAsync();

        Assert.DoesNotContain(await chat.SeesAsync("ann", room), m => m.Words.Contains("hunter2", StringComparison.Ordinal) && (chat.ReachesOldMessages || m.Author.Length == 0));
        Assert.DoesNotContain("hunter2", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/transcript")).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md"), StringComparison.Ordinal);
        Assert.Equal(0, await DatabaseDump.CountAsync(chat.Bot, "hunter2"));
        Assert.Contains("is redacted", (await chat.CommandAsync("bob", $"edit {seq} new", room)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_and_log_excerpts_become_evidence()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("ann", "log pool is full, see https://graphs.example.com/d/1 and ```FATAL: too many clients```", room);
        var evidence = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray().Last().GetProperty("evidence").EnumerateArray().ToList();
        Assert.Contains(evidence, v => v.GetProperty("url").GetString() == "https://graphs.example.com/d/1");
        Assert.Contains(evidence, v => v.GetProperty("text").GetString() == "FATAL: too many clients");
        var report = await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md");
        Assert.Contains("FATAL: too many clients", report[report.IndexOf("### Relevant Logs", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_form_takes_time_kind_and_evidence_and_asks_again_when_the_time_makes_no_sense()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var form = (await chat.CommandAsync("ann", "log", room)).Form!;
        Assert.Contains("time", (await chat.SubmitAsync("ann", form, new() { ["text"] = "it broke", ["time"] = "teatime" }, room)).Errors!.Keys);
        await chat.SubmitAsync("ann", form, new() { ["text"] = "14:99 is not a time here", ["time"] = "14:05", ["kind"] = "decision", ["state"] = "pool at 100 %", ["team-action"] = "restarted it", ["evidence"] = "https://example.com/x\ncore/dump-1.log\nline of a log" }, room);
        var entry = await EntryAsync(chat, code, "14:99 is not a time here");
        Assert.Equal(("2026-03-10T14:05:00Z", "decision"), (entry.At, entry.Kind));
        var evidence = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray().Single(e => e.GetProperty("seq").GetInt32() == entry.Seq).GetProperty("evidence").EnumerateArray().ToList();
        Assert.Equal(("https://example.com/x", "core/dump-1.log", "line of a log"), (evidence[0].GetProperty("url").GetString(), evidence[1].GetProperty("file").GetString(), evidence[2].GetProperty("text").GetString()));
        var report = await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md");
        Assert.Contains("(pool at 100 %) (restarted it) (core/dump-1.log)", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_timeline_shows_numbers_times_and_offsets_and_the_report_every_duration_with_its_definition()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("ann", "log 14:00 impact begins\n14:05 alerted: pool at 100 %\n14:10 detected: on-call looks", room);
        await chat.CommandAsync("bob", "commander", room);
        chat.Time.Advance(TimeSpan.FromMinutes(30));
        await chat.CommandAsync("ann", "mitigated", room);
        await chat.CommandAsync("ann", "log 14:50 impact ends", room);
        await chat.CommandAsync("ann", "resolve", room);
        Assert.Contains("3 · 14:05 · T+00:05 alerted: pool at 100 %", (await chat.CommandAsync("ann", "timeline", room)).Words, StringComparison.Ordinal);
        var report = await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md");
        foreach (var row in new[] { "10 min (started → detected)", "20 min (detected → acknowledged)", "25 min (alerted → acknowledged)", "50 min (detected → mitigated)", "50 min (merged impact windows: 14:00–14:50 UTC)", "50 min (detected → resolved, 14:10–15:00 UTC)" })
        {
            Assert.Contains(row, report, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Action_items_are_kept_listed_and_done()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var kept = await chat.CommandAsync("ann", "action Add an alert at 80% pool use @sarah due friday P1 detect", room);
        Assert.Contains("Owner: Sarah Chen", kept.Words, StringComparison.Ordinal);
        Assert.Contains("2026-03-13 Friday", kept.Words, StringComparison.Ordinal);
        var item = (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items").EnumerateArray().Single();
        Assert.Equal("Add an alert at 80% pool use", item.GetProperty("text").GetString());
        Assert.Equal(("P1", "detect", "2026-03-13", $"{code}/AI-1"), (item.GetProperty("priority").GetString(), item.GetProperty("type").GetString(), item.GetProperty("due").GetString(), item.GetProperty("id").GetString()));
        Assert.Contains("an owner", (await chat.CommandAsync("ann", "todo Write the runbook", room)).Words, StringComparison.Ordinal);
        Assert.Contains("AI-1", (await chat.CommandAsync("sarah", "actions mine")).Words, StringComparison.Ordinal);
        Assert.Contains("is done", (await chat.CommandAsync("sarah", "done AI-1 https://example.com/pr/1", room)).Words, StringComparison.Ordinal);
        Assert.Contains("already", (await chat.CommandAsync("sarah", $"done {code}/AI-1")).Words, StringComparison.Ordinal);
        Assert.Contains("AI-2", (await chat.CommandAsync("ann", "actions open")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_coach_asks_about_an_item_once_the_incident_is_over_and_never_before()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        Assert.DoesNotContain("?", (await chat.CommandAsync("ann", "action Improve the alerting @ann due friday", room)).Words, StringComparison.Ordinal);
        await chat.CommandAsync("ann", "resolve", room);
        var vague = await chat.CommandAsync("ann", "action Improve the alerting of payments @ann due friday", room);
        Assert.Contains("What is true when this is done?", vague.Words, StringComparison.Ordinal);
        Assert.Contains("/incident action AI-2 TEXT", vague.Words, StringComparison.Ordinal);
        var wish = await chat.CommandAsync("ann", "action We should limit the batch pool to 100 connections @ann due friday", room);
        var taken = await chat.PressAsync("ann", wish.Button("Take these words"), room);
        Assert.Contains("Limit the batch pool to 100 connections", taken.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("?", taken.Words, StringComparison.Ordinal);
        Assert.Equal("refused", (await chat.PressAsync("ann", wish.Button("Take these words"), room)).Kind);
        Assert.Equal(["Improve the alerting", "Improve the alerting of payments", "Limit the batch pool to 100 connections"],
            (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("text").GetString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_report_is_posted_and_can_be_read()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 database is down");
        await chat.CommandAsync("ann", "log 14:23 detected: alert fired", room);
        chat.Time.Advance(TimeSpan.FromMinutes(90));
        await chat.CommandAsync("ann", "resolve", room);
        await chat.CommandAsync("ann", "report", room);
        await chat.SettleAsync();
        var posted = Assert.Single(await chat.SeesAsync("bob", room), m => m.Card?.Title.StartsWith("Post-mortem report", StringComparison.Ordinal) == true);
        Assert.Contains("1 h 37 min", posted.Words, StringComparison.Ordinal);
        Assert.Contains("14:23–16:00 UTC", await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.html"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_very_long_text_is_kept_whole()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var text = string.Concat(Enumerable.Range(0, 2500).Select(i => $"{i % 10}é🔥"))[..10000];
        await chat.CommandAsync("ann", $"log {text}", room);
        await EntryAsync(chat, code, text);
        await chat.SettleAsync();
        Assert.True((await chat.SeesAsync("ann", room))[0].Words.Length < 2000);
    }
}
