using System.Text.Json;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Fakes;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Tests.Facilitation;

/// <summary>How answers, causes, statement and actions are mended: by edits, by deletions, by the coach, by the facilitator.</summary>
public sealed class ReviewMendingTests : ReviewScene
{
    [Fact]
    public async Task What_puts_a_cause_on_a_person_is_said_to_its_author_alone_also_about_causes()
    {
        var (chat, _, room) = await StartedAsync();
        await using var __ = chat;
        var cause = await GoToAsync(chat, room, "The immediate cause");
        await chat.SaysAsync("sarah", "The new job opened a connection for each row and exhausted the pool", room, cause.Id);
        var why = await GoToAsync(chat, room, "One step further");
        await chat.SaysAsync("sarah", "The on-call engineer forgot to test the job. It ran at noon.", room, why.Id);
        await chat.SettleAsync();
        var advice = Assert.Single(await chat.SeesAsync("sarah", room), m => m.OnlyYou);
        Assert.DoesNotContain(await chat.SeesAsync("bob", room), m => m.Thread == why.Id && m.Author.Length == 0 && m.Words.Contains("memory", StringComparison.Ordinal));
        await chat.PressAsync("sarah", advice.Card!.Buttons.Single(b => b.Label == "Take these words"), room);
        Assert.Contains("The step relied on memory; no reminder or guard existed. It ran at noon.", (await chat.CommandAsync("bob", "review tree", room)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_brings_back_nothing_that_the_facilitator_has_mended_and_a_deletion_takes_all_of_it()
    {
        var (chat, code, room) = await StartedAsync();
        await using var _ = chat;
        var cause = await GoToAsync(chat, room, "The immediate cause");
        var said = await chat.SaysAsync("sarah", "Code: the jb leaks connections until the pool is empty #3", room, cause.Id);
        await GoToAsync(chat, room, "One step further");
        await chat.EditsAsync("sarah", said, "Capacity: the job leaks connections until the pool is empty", room);
        await chat.SettleAsync();
        var review = await chat.Bot.GetAsync($"/api/v1/incidents/{code}/review");
        Assert.Equal("the job leaks connections until the pool is empty", review.GetProperty("proximateCause").GetString());
        Assert.Equal("the job leaks connections until the pool is empty", review.GetProperty("whys")[0].GetProperty("children")[0].GetProperty("text").GetString());
        var findings = review.GetProperty("findings").EnumerateArray().ToDictionary(f => f.GetProperty("kind").GetString()!);
        Assert.Equal(("capacity", 3), (findings["cause-type"].GetProperty("text").GetString(), findings["proximate-cause"].GetProperty("entries")[0].GetInt32()));
        await chat.CommandAsync("priya", $"review edit {findings["proximate-cause"].GetProperty("id").GetString()} the batch job leaks connections", room);
        await chat.EditsAsync("sarah", said, "Capacity: the job leaks connections until the pool is quite empty", room);
        Assert.Equal(["the batch job leaks connections"], await chat.Bot.InDatabaseAsync(db => db.Findings.Where(f => f.Kind == FindingKind.ProximateCause && f.RemovedAt == null).Select(f => f.Text).ToListAsync()));
        await chat.DeletesAsync("sarah", said, room);
        await chat.SettleAsync();
        Assert.Equal(JsonValueKind.Null, (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/review")).GetProperty("proximateCause").ValueKind);
    }

    [Fact]
    public async Task The_proposed_statement_is_taken_by_a_nod_replaced_by_a_sentence_and_comes_back()
    {
        var (chat, code, room) = await StartedAsync();
        await using var _ = chat;
        async Task<string?> RootAsync() => (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/review")).GetProperty("rootCause").GetString();
        await chat.SaysAsync("sarah", "The new job leaks connections and exhausts the pool", room, (await GoToAsync(chat, room, "The immediate cause")).Id);
        await GoToAsync(chat, room, "One step further");
        await chat.CommandAsync("sarah", "review why 1.1 the load test is optional for batch jobs #3", room);
        await chat.CommandAsync("sarah", "review why 1.1.1 no gate of the pipeline requires one", room);
        Assert.Equal("refused", (await chat.CommandAsync("sarah", "review why 1.1.1.1 systemic", room)).Kind);
        await chat.CommandAsync("sarah", "review why 1.1.1.1 systemic the pipeline is ours", room);
        Assert.Contains("1.1.1.1 no gate of the pipeline requires one", (await chat.CommandAsync("bob", "review tree", room)).Words, StringComparison.Ordinal);
        await chat.SaysAsync("sarah", "load tests run at night only", room, (await GoToAsync(chat, room, "What did not catch it")).Id);
        var statement = await GoToAsync(chat, room, "root-cause statement");
        await chat.SaysAsync("bob", "+1", room, statement.Id);
        await chat.SettleAsync();
        var proposed = await RootAsync();
        Assert.Equal("When the new job leaks connections and exhausts the pool, no gate of the pipeline requires one allowed the load test is optional for batch jobs, which led to this: checkout is down; it was not caught because load tests run at night only.", proposed);
        await chat.SaysAsync("sarah", "thanks", room, statement.Id);
        await chat.SaysAsync("sarah", "not quite right", room, statement.Id);
        var better = await chat.SaysAsync("sarah", "The pipeline lets batch jobs reach production without a load test.", room, statement.Id);
        await chat.SettleAsync();
        Assert.Equal("The pipeline lets batch jobs reach production without a load test.", await RootAsync());
        await chat.DeletesAsync("sarah", better, room);
        Assert.Equal(proposed, await RootAsync());
        Assert.Equal("refused", (await chat.CommandAsync("bob", "review statement it was the job", room)).Kind);
        await chat.CommandAsync("priya", "review statement The pipeline does not require load tests of batch jobs", room);
        Assert.Equal("The pipeline does not require load tests of batch jobs", await RootAsync());
    }

    [Fact]
    public async Task Going_back_to_a_phase_returns_to_where_it_was_and_a_closed_review_opens_again_unless_it_is_held()
    {
        var (chat, code, room) = await StartedAsync();
        await using var _ = chat;
        var lucky = await GoToAsync(chat, room, "lucky");
        Assert.Contains("asked too", (await chat.CommandAsync("marcus", "review join", room)).Words, StringComparison.Ordinal);
        Assert.Equal("refused", (await chat.CommandAsync("priya", "review reopen nowhere", room)).Kind);
        await chat.CommandAsync("priya", "review reopen story", room);
        await chat.SettleAsync();
        Assert.Contains("Asked now: 1. Your own recollection", (await chat.CommandAsync("bob", "review", room)).Words, StringComparison.Ordinal);
        Assert.Contains("Who is heard", string.Concat((await chat.CommandAsync("priya", "review status", room)).Card!.Parts.OfType<HeadingPart>().Select(h => h.Text)), StringComparison.Ordinal);
        await chat.CommandAsync("priya", "review next", room);
        await chat.SettleAsync();
        Assert.Equal(lucky.Id, (await AskedAsync(chat, room)).Id);
        await GoToAsync(chat, room, "Two quick");
        await chat.Bot.PassAsync(TimeSpan.FromDays(2));
        Assert.DoesNotContain(await chat.SeesAsync("sarah", chat.DirectRoom("sarah")), m => m.Words.Contains("Did you learn", StringComparison.Ordinal));
        await chat.CommandAsync("priya", "review close anyway enough", room);
        Assert.Equal("refused", (await chat.CommandAsync("priya", "review due 2026-04-01", room)).Kind);
        await chat.CommandAsync("bob", "review hold a lawsuit", room);
        foreach (var text in new[] { "review reopen", "park an idea", "review statement It was something that nobody may say now" })
        {
            Assert.Contains("legal hold", (await chat.CommandAsync("priya", text, room)).Words, StringComparison.Ordinal);
        }

        await chat.CommandAsync("bob", "review release", room);
        Assert.Equal("private", (await chat.CommandAsync("priya", "review reopen", room)).Kind);
        Assert.Equal("running", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/review")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task An_action_gets_what_it_lacks_in_the_form_or_is_accepted_with_a_reason_that_is_printed()
    {
        var (chat, code, room) = await StartedAsync();
        await using var _ = chat;
        var kept = await chat.CommandAsync("sarah", "action Improve the testing @sarah due 2026-04-01", room);
        Assert.Contains("It still needs a type", kept.Words, StringComparison.Ordinal);
        var form = (await chat.PressAsync("sarah", kept.Button("All fields of AI-1"), room)).Form!;
        await chat.SubmitAsync("sarah", form, new() { ["text"] = "Require a load test of batch jobs in the pipeline", ["owner"] = "sarah", ["due"] = "2026-04-01", ["priority"] = "P2", ["type"] = "prevent", ["category"] = "process", ["verification"] = "a job without one is refused", ["implementation"] = "a gate in CI" }, room);
        await chat.CommandAsync("bob", "action Make it better @bob due 2026-04-01 P2 prevent", room);
        Assert.Equal("refused", (await chat.CommandAsync("sarah", "review accept AI-2 because we know what is meant", room)).Kind);
        await chat.CommandAsync("priya", "review accept AI-2 because we know what is meant", room);
        var states = (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items").EnumerateArray().Select(i => (i.GetProperty("text").GetString(), i.GetProperty("state").GetString()));
        Assert.Equal([("Require a load test of batch jobs in the pipeline", "open"), ("Make it better", "open")], states);
        var report = await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md");
        Assert.Contains("- **AI-1** type: prevent; kind of measure: process; implementation: a gate in CI; verification: a job without one is refused", report, StringComparison.Ordinal);
        Assert.Contains("accepted as it is: we know what is meant (Priya Nair)", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_is_off_holds_no_action_back_a_twin_is_named_and_what_is_unknown_waits_to_be_investigated()
    {
        var (chat, code, room) = await StartedAsync();
        await using var _ = chat;
        await chat.CommandAsync("ann", "coach off A8");
        Assert.DoesNotContain("proposed", (await chat.CommandAsync("sarah", "action Improve the alerting of payments @sarah due 2026-04-01 P2 detect", room)).Words, StringComparison.Ordinal);
        Assert.Contains($"{code}/AI-1 is open and nearly the same", (await chat.CommandAsync("bob", "action Improve the alerting for payments @bob due 2026-04-05 P2 detect", room)).Words, StringComparison.Ordinal);
        Assert.Contains("Nobody works on that day", (await chat.CommandAsync("bob", "action AI-2 Alert on failed payments above 1 % due 2026-04-05", room)).Words, StringComparison.Ordinal);
        await chat.CommandAsync("sarah", "review why checkout is down", room);
        await chat.CommandAsync("sarah", "review why 1 the job leaks connections", room);
        await chat.CommandAsync("sarah", "review why 1.1 unknown nobody has looked", room);
        var actions = await GoToAsync(chat, room, "What will be done");
        Assert.Contains("Parked by Sarah Chen: Investigate how it came about: the job leaks connections\n", actions.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_is_read_near_the_incident_and_told_back_several_in_one_line_and_talk_is_no_action()
    {
        var (chat, code, room) = await StartedAsync();
        await using var _ = chat;
        var markers = await GoToAsync(chat, room, "Moments that are missing");
        // 14:05 in New York would be hours after the end; so UTC was meant.
        await chat.SaysAsync("bob", "impact began 14:05 and mitigated 14:20", room, markers.Id);
        await chat.SettleAsync();
        var entries = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray().Select(e => (e.GetProperty("text").GetString(), e.GetProperty("occurredAt").GetString())).ToList();
        Assert.Contains(("impact began 14:05", "2026-03-10T14:05:00Z"), entries);
        Assert.Contains(("mitigated 14:20", "2026-03-10T14:20:00Z"), entries);
        Assert.Contains(await chat.SeesAsync("bob", room), m => m.OnlyYou && m.Words.Contains("I read that as 2026-03-10 14:05 UTC, which is 10:05 in America/New_York", StringComparison.Ordinal));
        var story = await chat.Bot.InDatabaseAsync(db => db.Findings.CountAsync());
        var actions = await GoToAsync(chat, room, "What will be done");
        await chat.SaysAsync("bob", "We looked at the dashboard and it came late", room, actions.Id);
        await chat.SaysAsync("bob", "Lower the alert threshold to 80 %", room, actions.Id);
        await chat.SettleAsync();
        Assert.Equal("Lower the alert threshold to 80 %", (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items").EnumerateArray().Single().GetProperty("text").GetString());
        Assert.Contains(await chat.SeesAsync("bob", room), m => m.OnlyYou && m.Words.Contains("AI-1 is kept as proposed; it still needs an owner, a date, a type, a priority", StringComparison.Ordinal));
        Assert.Equal(0, story);
    }

    [Fact]
    public async Task What_two_people_have_noted_in_the_same_words_is_asked_about_once()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 checkout is down");
        await chat.CommandAsync("ann", "decision restart the database cluster", room);
        await chat.CommandAsync("sarah", "decision Restart the database cluster.", room);
        await chat.CommandAsync("sarah", "decision leave the batch job off", room);
        await chat.CommandAsync("ann", "resolve", room);
        await chat.CommandAsync("priya", "review start", room);
        await GoToAsync(chat, room, "Getting the right people");
        Assert.Equal(2, (await chat.SeesAsync("bob", room)).Count(m => m.Thread is null && m.Card?.Title.EndsWith("A decision", StringComparison.Ordinal) == true));
    }
}
