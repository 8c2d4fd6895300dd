using IncidentBot.Fakes;

namespace IncidentBot.Tests.Behaviour;

/// <summary>Where people meet the edges: stale forms, times that are unsure, words that look like grammar, guests.</summary>
public abstract partial class BehaviourSuite
{
    [Fact]
    public async Task Redacting_short_words_touches_nothing_that_only_holds_them()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.SaysAsync("bob", "the db team is here", room);
        await chat.CommandAsync("ann", "log db", room);
        await chat.CommandAsync("ann", $"redact {(await EntryAsync(chat, code, "db")).Seq}", room);
        Assert.Contains("the db team is here", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/transcript")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redaction_reaches_what_was_made_from_the_words_and_names_what_it_does_not_reach()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev2 tenant Hemlock-4711 cannot pay");
        await chat.CommandAsync("ann", "sev 1 tenant Hemlock-4711 is furious", room);
        await chat.CommandAsync("ann", "action Call tenant Hemlock-4711 back", room);
        await chat.CommandAsync("ann", "update tenant Hemlock-4711 can pay again, see https://example.com/Hemlock-4711", room);
        await chat.SettleAsync();
        foreach (var seq in (await TimelineAsync(chat, code)).Where(e => e.Text.Contains("Hemlock", StringComparison.Ordinal)).Select(e => e.Seq).ToList())
        {
            var reply = await chat.CommandAsync("ann", $"redact {seq}", room);
            Assert.Equal(seq == 1, reply.Words.Contains("The title of", StringComparison.Ordinal));
        }

        var details = (await chat.PressAsync("ann", (await chat.LiveCardAsync("ann", room)).Buttons.Single(b => b.Label == "Details"), room)).Form!;
        await chat.SubmitAsync("ann", details, new() { ["title"] = "A tenant cannot pay" }, room);
        var renamed = (await TimelineAsync(chat, code)).Single(e => e.Text.StartsWith("Title changed", StringComparison.Ordinal));
        await chat.CommandAsync("ann", $"redact {renamed.Seq}", room);
        await chat.SettleAsync();
        foreach (var place in new[] { room, RoomDriver.Main })
        {
            Assert.DoesNotContain(await chat.SeesAsync("ann", place), m => m.Words.Contains("Hemlock", StringComparison.Ordinal));
        }

        Assert.DoesNotContain("Hemlock", await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md"), StringComparison.Ordinal);
        Assert.DoesNotContain("Hemlock", (await chat.Bot.GetAsync("/api/v1/action-items")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_form_opens_with_what_was_typed_already()
    {
        await using var chat = await StartAsync();
        var form = (await chat.CommandAsync("ann", "start sev2 keys leaked --form --private --drill --service vault --kind security")).Form!;
        await chat.SubmitAsync("ann", form, form.Fields.ToDictionary(f => f.Id, f => f.Value ?? ""));
        var incident = await chat.Bot.GetAsync("/api/v1/incidents/INC-2026-0001");
        Assert.True(incident.GetProperty("private").GetBoolean() && incident.GetProperty("drill").GetBoolean());
        Assert.Equal(("security", "SEV2", "keys leaked"), (incident.GetProperty("kind").GetString(), incident.GetProperty("severity").GetString(), incident.GetProperty("title").GetString()));
    }

    [Fact]
    public async Task A_form_that_is_sent_late_does_not_undo_what_others_have_entered_meanwhile()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var anns = (await chat.CommandAsync("ann", "impact", room)).Form!;
        var bobs = (await chat.CommandAsync("bob", "impact", room)).Form!;
        await chat.SubmitAsync("bob", bobs, Filled(bobs, "usersAffected", "12,000"), room);
        await chat.SubmitAsync("ann", anns, Filled(anns, "revenue", "$45,000"), room);
        var impact = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}")).GetProperty("impact");
        Assert.Equal(("12,000", "$45,000"), (impact.GetProperty("usersAffected").GetString(), impact.GetProperty("revenue").GetString()));

        static Dictionary<string, string> Filled(Core.Chat.Form form, string field, string value) =>
            form.Fields.ToDictionary(f => f.Id, f => f.Id == field ? value : f.Value ?? "");
    }

    [Fact]
    public async Task Done_means_the_item_of_this_room_or_asks()
    {
        await using var chat = await StartAsync();
        var (_, first) = await chat.DeclaresAsync("ann", "sev1 first");
        await chat.CommandAsync("ann", "action Write it down @ann", first);
        var (_, second) = await chat.DeclaresAsync("ann", "sev1 second");
        Assert.Equal("refused", (await chat.CommandAsync("ann", "done AI-1", second)).Kind);
        await chat.CommandAsync("ann", "action Something else @ann", second);
        var which = await chat.CommandAsync("ann", "done AI-1");
        Assert.Contains("Which AI-1?", which.Words, StringComparison.Ordinal);
        Assert.Contains("Something else", (await chat.PressAsync("ann", which.Button("Something else"))).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status mitigated 01:30 pool raised")]
    [InlineData("mitigated 01:30")]
    [InlineData("resolve 01:30")]
    public async Task A_status_at_an_ambiguous_time_has_no_time_until_it_is_settled(string typed)
    {
        await using var chat = await StartAsync(new DateTimeOffset(2026, 10, 25, 4, 0, 0, TimeSpan.Zero));
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var question = await chat.CommandAsync("ann", typed, room);
        var marker = typed.StartsWith("resolve", StringComparison.Ordinal) ? "resolvedAt" : "mitigatedAt";
        Assert.Null((await chat.Bot.GetAsync($"/api/v1/incidents/{code}")).GetProperty(marker).GetString());
        await chat.PressAsync("ann", question.Button("second"), room);
        Assert.Equal("2026-10-25T01:30:00Z", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}")).GetProperty(marker).GetString());
    }

    [Fact]
    public async Task An_edit_just_after_midnight_means_the_time_just_before_it()
    {
        await using var chat = await StartAsync(Utc(0, 5));
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("ann", "log pool is full", room);
        var seq = (await EntryAsync(chat, code, "pool is full")).Seq;
        await chat.CommandAsync("ann", $"edit {seq} 23:58", room);
        Assert.Equal("2026-03-09T23:58:00Z", (await EntryAsync(chat, code, "pool is full")).At);
        chat.Time.Advance(TimeSpan.FromDays(3));
        await chat.CommandAsync("ann", $"edit {seq} 11:50pm", room);
        Assert.Equal("2026-03-09T23:50:00Z", (await EntryAsync(chat, code, "pool is full")).At);
    }

    [Fact]
    public async Task Every_doubtful_line_of_several_is_asked_about()
    {
        await using var chat = await StartAsync(new DateTimeOffset(2026, 10, 25, 4, 0, 0, TimeSpan.Zero));
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var reply = await chat.CommandAsync("ann", "log 03:00 one\n01:30 two\n2026-10-26 09:00 three", room);
        Assert.Contains("came twice", reply.Words, StringComparison.Ordinal);
        Assert.Contains("in the future", reply.Words, StringComparison.Ordinal);
        Assert.Equal(2, reply.Card!.Buttons.Length);
    }

    [Fact]
    public async Task A_new_severity_does_not_inherit_the_old_justification()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "down");
        await chat.CommandAsync("ann", "sev 3 cosmetic only", room);
        await chat.CommandAsync("ann", "sev 1", room);
        Assert.DoesNotContain("Critical: cosmetic", await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_severity_raised_in_the_details_restarts_the_clock_for_updates()
    {
        await using var chat = await StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev4 slow");
        var details = (await chat.PressAsync("ann", (await chat.LiveCardAsync("ann", room)).Buttons.Single(b => b.Label == "Details"), room)).Form!;
        await chat.SubmitAsync("ann", details, new() { ["title"] = "slow", ["severity"] = "SEV1" }, room);
        await chat.Bot.PassAsync(TimeSpan.FromMinutes(31));
        Assert.Contains(await chat.SeesAsync("ann", room), m => m.Words.Contains("No status update yet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_guest_finds_the_way_to_the_timeline_through_picker_form_and_question()
    {
        await using var chat = await StartAsync(new DateTimeOffset(2026, 4, 4, 20, 0, 0, TimeSpan.Zero));
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 first");
        await chat.DeclaresAsync("ann", "sev1 second");
        var question = await chat.CommandAsync("gus", "log we see timeouts");
        await chat.PressAsync("gus", question.Button("first"));
        await EntryAsync(chat, code, "we see timeouts");
        var form = (await chat.CommandAsync("gus", "log", room)).Form!;
        Assert.Equal("private", (await chat.SubmitAsync("gus", form, new() { ["text"] = "and errors" }, room)).Kind);
        var twice = await chat.CommandAsync("gus", "log 02:30 it began", room);
        Assert.Equal("private", (await chat.PressAsync("gus", twice.Button("first"), room)).Kind);
    }

    [Theory]
    [InlineData("commander marcus", "I do not know marcus")]
    [InlineData("role @marcus", "Which role shall Marcus Johnson have?")]
    [InlineData("handoff", "Whom do you hand over to?")]
    [InlineData("action @sarah due friday", "What is to be done?")]
    [InlineData("action AI-9 @sarah due friday", "There is no open action INC-2026-0001/AI-9")]
    [InlineData("review", "first end it")]
    public async Task Words_that_are_left_over_are_not_passed_over(string typed, string says)
    {
        await using var chat = await StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var reply = await chat.CommandAsync("ann", typed, room);
        Assert.Equal("refused", reply.Kind);
        Assert.Contains(says, reply.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_last_word_that_could_be_a_type_stays_when_nothing_else_ends_the_line()
    {
        await using var chat = await StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("ann", "action Document the rollback process", room);
        Assert.Equal("Document the rollback process", (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Evidence_follows_an_edited_message()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var message = await chat.SaysAsync("bob", "see https://example.com/secret", room);
        await chat.PinsAsync("ann", message, room);
        await chat.EditsAsync("bob", message, "see https://example.com/public", room);
        var evidence = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray().Last().GetProperty("evidence");
        Assert.Equal("https://example.com/public", Assert.Single(evidence.EnumerateArray()).GetProperty("url").GetString());
    }

    [Fact]
    public async Task A_second_incident_declared_in_the_thread_of_the_first_does_not_take_the_thread_over()
    {
        await using var chat = await StartAsync();
        var (first, _) = await chat.DeclaresAsync("ann", "sev1 first");
        var announcement = (await chat.SeesAsync("ann")).Single(m => m.Card is not null).Id;
        await chat.CommandAsync("ann", "start sev2 second", thread: announcement);
        await chat.SettleAsync();
        await chat.CommandAsync("ann", "log in the first one's thread", thread: announcement);
        await EntryAsync(chat, first, "in the first one's thread");
    }

    [Fact]
    public async Task Undo_takes_ones_own_last_entry_or_the_one_that_is_named_and_puts_it_back()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("sarah", "log one", room);
        await chat.CommandAsync("sarah", "log two", room);
        var one = (await EntryAsync(chat, code, "one")).Seq;
        Assert.Contains("You have no entry", (await chat.CommandAsync("priya", $"undo {one}", room)).Words, StringComparison.Ordinal);
        var undone = await chat.CommandAsync("sarah", $"undo {one}", room);
        await EntryAsync(chat, code, "two");
        Assert.DoesNotContain(await TimelineAsync(chat, code), e => e.Seq == one);
        await chat.PressAsync("sarah", undone.Button("Put it back"), room);
        await EntryAsync(chat, code, "one");
        await chat.CommandAsync("sarah", "status investigating", room);
        Assert.Contains("is not undone but set", (await chat.CommandAsync("sarah", "undo", room)).Words, StringComparison.Ordinal);
        await EntryAsync(chat, code, "two");
    }

    [Theory]
    [InlineData("at 14:05 pool is full", "pool is full", "2026-03-10T14:05:00Z", "event")]
    [InlineData("@14:05 pool is full", "pool is full", "2026-03-10T14:05:00Z", "event")]
    [InlineData("[14:05] pool is full", "pool is full", "2026-03-10T14:05:00Z", "event")]
    [InlineData("14h05 pool is full", "pool is full", "2026-03-10T14:05:00Z", "event")]
    [InlineData("five minutes ago pool is full", "pool is full", "2026-03-10T14:25:00Z", "event")]
    [InlineData("09:05 EST pool is full", "pool is full", "2026-03-10T14:05:00Z", "event")]
    [InlineData("15:05 Europe/Berlin pool is full", "pool is full", "2026-03-10T14:05:00Z", "event")]
    [InlineData("decision: 14:05 roll back", "roll back", "2026-03-10T14:05:00Z", "decision")]
    [InlineData("impact begins: 14:05 for all shops", "impact begins for all shops", "2026-03-10T14:05:00Z", "impact-begins")]
    [InlineData("alerted: 14:05 pool at 100 %", "alerted: pool at 100 %", "2026-03-10T14:05:00Z", "event")]
    public async Task Times_are_understood_as_people_under_stress_write_them(string typed, string text, string at, string kind)
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("ann", $"log {typed}", room);
        var entry = await EntryAsync(chat, code, text);
        Assert.Equal((at, kind), (entry.At, entry.Kind));
    }

    [Theory]
    [InlineData("it broke at 14:05", "is stamped now")]
    [InlineData("14:05 IST pool is full", "when was it?")]
    [InlineData("14:05 MST pool is full", "when was it?")]
    [InlineData("14:20-14:10 restart", "in the future")]
    public async Task A_time_that_was_not_taken_for_sure_is_asked_about(string typed, string says)
    {
        await using var chat = await StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        Assert.Contains(says, (await chat.CommandAsync("ann", $"log {typed}", room)).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("start sev 2 checkout is slow", "SEV2", "checkout is slow")]
    [InlineData("start severity 1: down", "SEV1", "down")]
    public async Task A_severity_may_be_written_apart(string typed, string severity, string title)
    {
        await using var chat = await StartAsync();
        await chat.CommandAsync("ann", typed);
        await chat.CommandAsync("ann", "sev4 only internal");
        var incident = await chat.Bot.GetAsync("/api/v1/incidents/INC-2026-0001");
        Assert.Equal(("SEV4", title), (incident.GetProperty("severity").GetString(), incident.GetProperty("title").GetString()));
        await EntryAsync(chat, "INC-2026-0001", $"Severity changed from {severity} to SEV4: only internal");
    }

    [Fact]
    public async Task A_hand_over_carries_its_note_and_is_told_to_those_concerned()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("bob", "commander", room);
        await chat.CommandAsync("ann", "handoff @marcus the cluster is restarting, watch the pool", room);
        await chat.SettleAsync();
        await EntryAsync(chat, code, "Ann Field handed the role of commander from Bob Lin to Marcus Johnson: the cluster is restarting, watch the pool");
        Assert.Contains("watch the pool", Assert.Single(await chat.SeesAsync("marcus", "dm-marcus")).Words, StringComparison.Ordinal);
        Assert.Contains("Marcus Johnson is commander", Assert.Single(await chat.SeesAsync("bob", "dm-bob")).Words, StringComparison.Ordinal);
        Assert.Contains("| Marcus Johnson (before: Bob Lin) |", await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_action_gets_later_what_it_still_wants()
    {
        await using var chat = await StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        Assert.Contains("/incident action AI-1 @name due friday", (await chat.CommandAsync("ann", "action Write the runbook", room)).Words, StringComparison.Ordinal);
        await chat.CommandAsync("ann", "action AI-1 @bob due friday P2", room);
        await chat.CommandAsync("ann", "action @priya check the other clusters", room);
        var items = (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items").EnumerateArray().Select(i => (i.GetProperty("text").GetString(), i.GetProperty("owner").GetString(), i.GetProperty("due").GetString())).ToList();
        Assert.Equal([("Write the runbook", "Bob Lin", "2026-03-13"), ("check the other clusters", "Priya Nair", null)], items);
    }

    [Fact]
    public async Task A_resolution_before_its_mitigation_is_asked_about()
    {
        await using var chat = await StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("ann", "mitigated", room);
        Assert.Contains("is before the mitigation", (await chat.CommandAsync("ann", "resolve 14:20 all fine", room)).Words, StringComparison.Ordinal);
    }
}
