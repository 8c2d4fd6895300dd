using IncidentBot.Core.Chat;
using IncidentBot.Fakes;

namespace IncidentBot.Tests.Behaviour;

/// <summary>A whole review: three people in three time zones over five days, restarts in every phase, and all that goes astray on the way.</summary>
public abstract partial class BehaviourSuite
{
    /// <summary>The question that is asked now, with its thread.</summary>
    private static async Task<Seen> NowAskedAsync(RoomDriver chat, string room) =>
        (await chat.SeesAsync("ann", room)).Last(m => m.Card is not null && m.Thread is null && m.Card.Buttons.Any(b => b.Label == "Skip"));

    private static async Task<Seen> NextAsync(RoomDriver chat, string room, string expected, string facilitator = "priya")
    {
        var asked = await NowAskedAsync(chat, room);
        var reply = await chat.PressAsync(facilitator, asked.Card!.Buttons.Single(b => b.Label == "Next question"), room);
        Assert.Equal("private", reply.Kind);
        await chat.SettleAsync();
        var next = await NowAskedAsync(chat, room);
        Assert.Contains(expected, next.Card!.Title, StringComparison.Ordinal);
        return next;
    }

    private static async Task<string> AnswersAsync(RoomDriver chat, string who, string text, string room, Seen question)
    {
        var id = await chat.SaysAsync(who, text, room, question.Id);
        await chat.SettleAsync();
        return id;
    }

    [Fact]
    public async Task A_review_runs_over_five_days_through_restarts_edits_deletions_and_a_person_who_has_left()
    {
        await using var chat = await StartAsync(Utc(14, 24, day: 9));
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 Production database is down --service payments");
        await chat.CommandAsync("bob", "commander", room);
        await chat.CommandAsync("sarah", "log 14:23Z detected: alert database connections exhausted", room);
        chat.Time.Advance(TimeSpan.FromMinutes(26));
        await chat.CommandAsync("bob", "log 14:45Z decision: restart the database cluster", room);
        await chat.CommandAsync("sarah", "log 14:50Z restart begun", room);
        chat.Time.Advance(TimeSpan.FromMinutes(80));
        await chat.CommandAsync("marcus", "log 16:10Z services are back", room);
        await chat.CommandAsync("bob", "mitigated", room);
        chat.Time.Advance(TimeSpan.FromMinutes(10));
        await chat.CommandAsync("bob", "resolve", room);
        await chat.CommandAsync("ann", "park limit connections per service", room);
        await chat.LeavesAsync("ann");
        await chat.SettleAsync();
        await chat.CommandAsync("priya", "review start", room);
        await chat.SettleAsync();

        // The story, in silence: with a name, without one, and not at all.
        var overview = await PostAsync(chat, room, $"Review of {code}");
        Assert.Contains("Asked: Bob Lin, Marcus Johnson, Sarah Chen", overview.Words, StringComparison.Ordinal);
        Assert.Contains("Have left since: Ann Field", overview.Words, StringComparison.Ordinal);
        Assert.DoesNotContain(await chat.SeesAsync("ann", chat.DirectRoom("ann")), m => m.Words.Contains($"Review of {code}", StringComparison.Ordinal));
        var story = await NowAskedAsync(chat, room);
        var invited = (await chat.SeesAsync("sarah", chat.DirectRoom("sarah"))).Single(m => m.Words.Contains($"Review of {code}", StringComparison.Ordinal));
        var form = (await chat.PressAsync("sarah", invited.Card!.Buttons.Single(), chat.DirectRoom("sarah"))).Form!;
        Assert.Contains("only if", (await chat.SubmitAsync("sarah", form, new() { ["story"] = "I saw the pool at 500 of 500 and thought it was the cluster; only if I had looked at the batch jobs", ["named"] = "yes" }, chat.DirectRoom("sarah"))).Words + "only if", StringComparison.Ordinal);
        form = (await chat.PressAsync("bob", story.Card!.Buttons[0], room)).Form!;
        Assert.Contains("No name is stored", (await chat.SubmitAsync("bob", form, new() { ["story"] = "I did not feel safe to say stop", ["named"] = "no" }, room)).Words, StringComparison.Ordinal);
        await chat.SettleAsync();
        story = await NowAskedAsync(chat, room);
        Assert.Contains("Answered: Sarah Chen", story.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("500 of 500", string.Join('\n', (await chat.SeesAsync("marcus", room)).Select(m => m.Words)), StringComparison.Ordinal);
        await chat.RestartAsync();

        // Tuesday, 14:00 in Berlin: the silent are reminded once, in their own working hours.
        await chat.Bot.PassAsync(TimeSpan.FromHours(20.3));
        Assert.Single(await chat.SeesAsync("marcus", chat.DirectRoom("marcus")), m => m.Words.Contains("Still open for you", StringComparison.Ordinal));
        Assert.DoesNotContain(await chat.SeesAsync("sarah", chat.DirectRoom("sarah")), m => m.Words.Contains("Still open for you", StringComparison.Ordinal));
        await chat.Bot.PassAsync(TimeSpan.FromHours(3));
        Assert.Single(await chat.SeesAsync("marcus", chat.DirectRoom("marcus")), m => m.Words.Contains("Still open for you", StringComparison.Ordinal));
        Assert.Equal("refused", (await chat.PressAsync("sarah", story.Card!.Buttons.Single(b => b.Label == "Next question"), room)).Kind);

        // Two clicks at once move on once.
        var press = story.Card!.Buttons.Single(b => b.Label == "Next question");
        var both = await Task.WhenAll(chat.PressAsync("priya", press, room), chat.PressAsync("priya", press, room));
        Assert.Equal(["private", "refused"], both.Select(r => r.Kind).Order(StringComparer.Ordinal));
        await chat.SettleAsync();
        var told = (await chat.SeesAsync("marcus", room)).Single(m => m.Card?.Title.Contains("Your own recollection", StringComparison.Ordinal) == true && m.Thread is null);
        Assert.Contains("500 of 500", told.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("say stop", told.Words, StringComparison.Ordinal);
        Assert.Contains("answers without a name are shown once there are 3", told.Words, StringComparison.OrdinalIgnoreCase);

        // The timeline: answers become entries, follow their edits, and go with their messages.
        var markers = await NowAskedAsync(chat, room);
        Assert.Contains("when the impact began", markers.Words, StringComparison.Ordinal);
        await AnswersAsync(chat, "sarah", "impact began 14:20\nimpact ended 16:12", room, markers);
        Assert.Equal("2026-03-09T14:20:00Z", (await EntryAsync(chat, code, "impact began 14:20")).At);
        await chat.RestartAsync();
        var gap = await NextAsync(chat, room, "A gap");
        Assert.Contains("between 14:50 and 16:10 UTC", gap.Words, StringComparison.Ordinal);
        Assert.Contains("@Sarah Chen: Nothing", gap.Words.Replace("@sarah", "@Sarah Chen"), StringComparison.Ordinal);
        var found = await AnswersAsync(chat, "bob", "11:15 we found the batch jb holding the connections", room, gap);
        Assert.Equal("2026-03-09T15:15:00Z", (await EntryAsync(chat, code, "we found the batch jb holding the connections")).At);
        await chat.EditsAsync("bob", found, "11:20 we found the batch job holding the connections", room);
        Assert.Equal("2026-03-09T15:20:00Z", (await EntryAsync(chat, code, "we found the batch job holding the connections")).At);
        var wrong = await AnswersAsync(chat, "marcus", "nothing of note", room, gap);
        await chat.DeletesAsync("marcus", wrong, room);
        Assert.DoesNotContain(await TimelineAsync(chat, code), e => e.Text == "nothing of note");
        var decision = await NextAsync(chat, room, "A decision");
        Assert.Contains("At 14:45 UTC: “restart the database cluster”", decision.Words, StringComparison.Ordinal);
        await AnswersAsync(chat, "bob", "We decided for it because the runbook names it first", room, decision);
        Assert.Contains(await chat.SeesAsync("bob", room), m => m.Thread == decision.Id && m.Author.Length == 0 && m.Words.Contains("What ", StringComparison.Ordinal));
        await NextAsync(chat, room, "Evidence");
        await NextAsync(chat, room, "Getting the right people");

        // Impact, by labelled lines.
        await chat.RestartAsync();
        var impact = await NextAsync(chat, room, "Impact");
        await chat.RestartAsync();
        await AnswersAsync(chat, "marcus", "Customers saw error pages at checkout.\nusers: ~12,000 active users\nrevenue: about $45,000\nSLA: 99.84 % of 99.9 %", room, impact);
        var shown = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}")).GetProperty("impact");
        Assert.Equal(("Customers saw error pages at checkout.", "~12,000 active users", "about $45,000"),
            (shown.GetProperty("userExperience").GetString(), shown.GetProperty("usersAffected").GetString(), shown.GetProperty("revenue").GetString()));

        // Wednesday. What broke, and a private word about blame.
        await chat.Bot.PassAsync(TimeSpan.FromHours(20));
        var proximate = await NextAsync(chat, room, "The immediate cause");
        await AnswersAsync(chat, "sarah", "Code: the new batch job opened a connection for each row and never closed it, which exhausted the pool", room, proximate);
        await NextAsync(chat, room, "What ended it");
        await chat.RestartAsync();
        var why = await NextAsync(chat, room, "One step further");
        Assert.Contains("the new batch job opened a connection for each row", why.Words, StringComparison.Ordinal);
        await AnswersAsync(chat, "sarah", "Alex should have tested the batch job under load", room, why);
        var advice = Assert.Single(await chat.SeesAsync("sarah", room), m => m.OnlyYou && m.Words.Contains("Only for you", StringComparison.Ordinal));
        Assert.DoesNotContain(await chat.SeesAsync("bob", room), m => m.OnlyYou && m.Words.Contains("Only for you", StringComparison.Ordinal));
        form = (await chat.PressAsync("sarah", advice.Card!.Buttons.Single(b => b.Label == "Reword it"), room)).Form!;
        await chat.SubmitAsync("sarah", form, new() { ["text"] = "the load test is optional for batch jobs, so the leak was never seen under load" }, room);
        await AnswersAsync(chat, "marcus", "also: no limit of connections is configured for the batch system #2", room, why);
        await chat.SettleAsync();
        await chat.RestartAsync();
        why = await NextAsync(chat, room, "One step further");
        Assert.Contains("no limit of connections is configured", why.Words, StringComparison.Ordinal);
        form = (await chat.PressAsync("marcus", why.Card!.Buttons.Single(b => b.Label == "It ends here"), room)).Form!;
        Assert.Equal("errors", (await chat.SubmitAsync("marcus", form, new() { ["how"] = "accepted" }, room)).Kind);
        await chat.SubmitAsync("marcus", form, new() { ["how"] = "systemic", ["why"] = "the default of the batch system is no limit" }, room);
        why = await NextAsync(chat, room, "One step further");
        Assert.Contains("the load test is optional", why.Words, StringComparison.Ordinal);
        await AnswersAsync(chat, "bob", "no gate in the pipeline requires it", room, why);
        await chat.CommandAsync("priya", "review skip phase the rest is clear", room);
        await chat.SettleAsync();

        // Thursday. Defences, factors, learning.
        await chat.Bot.PassAsync(TimeSpan.FromHours(24));
        await chat.RestartAsync();
        var caught = await NowAskedAsync(chat, room);
        Assert.Contains("What did not catch it", caught.Card!.Title, StringComparison.Ordinal);
        await AnswersAsync(chat, "sarah", "Load tests run at night only.\nalert: connections above 80 %\ntest: batch with 10,000 rows", room, caught);
        await NextAsync(chat, room, "What limited it");
        await chat.RestartAsync();
        var factors = await NextAsync(chat, room, "more likely");
        await AnswersAsync(chat, "marcus", "- process: load tests are optional for batch jobs — the leak was never seen under load\n- technology: batch and web share one pool — one job stopped everything\n- people: nobody owns the guide for batch jobs — there was nothing to follow\n- environment: it was deployed at peak hours — twice the users were hit", room, factors);
        await chat.RestartAsync();
        await AnswersAsync(chat, "bob", "response: on-call answered in 3 minutes — the search began before customers called", room, await NextAsync(chat, room, "What went well"));
        await AnswersAsync(chat, "bob", "It was not the end of the month", room, await NextAsync(chat, room, "lucky"));
        await AnswersAsync(chat, "sarah", "The restart changed nothing at all", room, await NextAsync(chat, room, "surprised"));
        await AnswersAsync(chat, "sarah", "detection: the alert fires at 100 % — by then everything was down", room, await NextAsync(chat, room, "could be better"));
        await AnswersAsync(chat, "marcus", "some delays: the runbook names the restart first", room, await NextAsync(chat, room, "How the response went"));
        await chat.RestartAsync();
        var statement = await NextAsync(chat, room, "root-cause statement");
        Assert.Contains("Proposed: When the new batch job opened", statement.Words, StringComparison.Ordinal);
        await AnswersAsync(chat, "marcus", "When a batch job leaks connections, the optional load test and the missing limit allowed it to exhaust the shared pool, which led to an outage of all services; it was not caught because load tests run at night only.", room, statement);

        // Friday. Actions: parked ideas come back, and what is missing is asked for.
        await chat.Bot.PassAsync(TimeSpan.FromHours(20));
        await chat.RestartAsync();
        var actions = await NextAsync(chat, room, "What will be done");
        Assert.Contains("Parked by Ann Field: limit connections per service", actions.Words, StringComparison.Ordinal);
        form = (await chat.PressAsync("sarah", actions.Card!.Buttons.Single(b => b.Label.StartsWith("Take up", StringComparison.Ordinal)), room)).Form!;
        await chat.SubmitAsync("sarah", form, new() { ["text"] = "Limit connections per service to 100 in PgBouncer", ["owner"] = "sarah", ["due"] = "in two weeks", ["priority"] = "P1", ["type"] = "prevent", ["category"] = "automation", ["success"] = "a job that opens 200 gets 100" }, room);
        await AnswersAsync(chat, "bob", "Add an alert at 80% pool use @marcus due friday P1 detect\nImprove the testing", room, actions);
        var items = (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("text").GetString()!, i => (i.GetProperty("state").GetString(), i.GetProperty("owner").GetString()));
        Assert.Equal(("open", "Sarah Chen"), items["Limit connections per service to 100 in PgBouncer"]);
        Assert.Equal(("open", "Marcus Johnson"), items["Add an alert at 80% pool use"]);
        Assert.Equal(("proposed", null), items["Improve the testing"]);
        await NextAsync(chat, room, "What it is worth");
        await chat.RestartAsync();
        await AnswersAsync(chat, "marcus", "taught: optional safeguards are skipped under pressure\nothers: shared resources need isolation", room, await NextAsync(chat, room, "Lessons"));
        await chat.RestartAsync();
        await NextAsync(chat, room, "Before the next such change");
        await NextAsync(chat, room, "For others to read");
        await NextAsync(chat, room, "Have we seen this before");
        await chat.RestartAsync();
        var poll = await NextAsync(chat, room, "Two quick questions");
        Assert.Equal("refused", (await chat.CommandAsync("sarah", "review close", room)).Kind);
        await chat.PressAsync("sarah", ButtonsOf(poll.Card!).First(b => b.Label == "Yes"), room);
        await chat.RestartAsync();
        await chat.PressAsync("bob", ButtonsOf(poll.Card!).First(b => b.Label == "No"), room);
        await chat.PressAsync("priya", poll.Card!.Buttons.Single(b => b.Label == "Next question"), room);
        await chat.SettleAsync();
        Assert.Contains("Everything has been asked", (await PostAsync(chat, room, $"Review of {code}")).Words, StringComparison.Ordinal);
        var closed = await chat.CommandAsync("priya", "review close", room);
        Assert.Contains("is closed", closed.Words, StringComparison.Ordinal);
        await chat.SettleAsync();

        var report = await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md");
        foreach (var part in new[]
        {
            "| **Status** | Final |", "led by Priya Nair", "users: ~12,000 active users", "**Why** did this happen: the load test is optional for batch jobs, so the leak was never seen under load",
            "```why-tree", "[can be changed: the default of the batch system is no limit; shown by entry 2]", "**Type of cause:** code", "**Missing alert:** connections above 80 %", "**Process**\n\n- load tests are optional for batch jobs — *how it contributed:* the leak was never seen under load",
            "**Environment**", "*it made possible:* the search began before customers called", "**Where we were lucky:** It was not the end of the month", "**What surprised us:** The restart changed nothing at all", "**How the response went:** some delays: the runbook names the restart first",
            "| AI-1 | Limit connections per service to 100 in PgBouncer | Sarah Chen |", "kind of measure: automation", "**What it taught us**\n\n- optional safeguards are skipped under pressure", "**Sarah Chen:** I saw the pool at 500 of 500", "the rest is clear", "| F",
        })
        {
            Assert.Contains(part, report, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("say stop", report, StringComparison.Ordinal);
        Assert.DoesNotContain("Alex", report, StringComparison.Ordinal);
        var review = await chat.Bot.GetAsync($"/api/v1/incidents/{code}/review");
        Assert.Equal("closed", review.GetProperty("state").GetString());
        Assert.Equal(4, review.GetProperty("factors").GetArrayLength());
        Assert.DoesNotContain("say stop", review.ToString(), StringComparison.Ordinal);
    }
}
