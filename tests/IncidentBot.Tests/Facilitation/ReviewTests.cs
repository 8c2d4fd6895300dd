using System.Text.Json;
using IncidentBot.Core.Chat;
using IncidentBot.Fakes;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Tests.Facilitation;

/// <summary>When a review is wanted, who is asked, until when, and what is never asked.</summary>
public sealed class ReviewTests
{
    private static readonly DateTimeOffset Tuesday = new(2026, 3, 10, 14, 30, 0, TimeSpan.Zero);

    private static async Task<WebChatDriver> StartAsync(DateTimeOffset? now = null, Dictionary<string, string>? settings = null) => new(await BotUnderTest.StartAsync(now: now ?? Tuesday, settings: settings));

    private static async Task<(string Code, string Room)> ResolvedAsync(RoomDriver chat, string text, params string[] log)
    {
        var (code, room) = await chat.DeclaresAsync("ann", text);
        await chat.CommandAsync("bob", "commander", room);
        foreach (var line in log)
        {
            await chat.CommandAsync("sarah", line, room);
        }

        await chat.CommandAsync("bob", "resolve", room);
        await chat.SettleAsync();
        return (code, room);
    }

    private static async Task<Seen> OverviewAsync(RoomDriver chat, string room, string who = "bob") =>
        Assert.Single(await chat.SeesAsync(who, room), m => m.Card is { Title: var t } && (t.StartsWith("What comes next", StringComparison.Ordinal) || t.StartsWith("Review of", StringComparison.Ordinal) || t.StartsWith("No review", StringComparison.Ordinal)));

    private static async Task<Seen> QuestionAsync(RoomDriver chat, string room) => (await chat.SeesAsync("bob", room)).Last(m => m.Thread is null && m.Card?.Buttons.Any(b => b.Label == "Skip") == true);

    private static Task<JsonElement> ReviewAsync(RoomDriver chat, string code) => chat.Bot.GetAsync($"/api/v1/incidents/{code}/review");

    private static async Task GoToAsync(RoomDriver chat, string room, string title, string facilitator = "priya")
    {
        for (var i = 0; i < 30; i++)
        {
            await chat.SettleAsync();
            if ((await QuestionAsync(chat, room)).Card!.Title.Contains(title, StringComparison.Ordinal))
            {
                return;
            }

            await chat.CommandAsync(facilitator, "review next", room);
        }

        Assert.Fail($"{title} was never asked.");
    }

    [Theory]
    [InlineData("sev4 slow page", "log detected: alert fired", "The policy asks for no review")]
    [InlineData("sev4 slow page", "log detected: a customer called", "people noticed it before monitoring did")]
    [InlineData("sev4 a near thing --kind near-miss", "log detected: alert fired", "it was a near miss")]
    [InlineData("sev2 checkout is down", "log detected: alert fired", "it was SEV2")]
    [InlineData("sev1 checkout is down --drill", "log detected: alert fired", "The policy asks for no review")]
    public async Task The_policy_says_which_incidents_want_a_review_and_why(string declared, string logged, string says)
    {
        await using var chat = await StartAsync();
        var (_, room) = await ResolvedAsync(chat, declared, logged);
        Assert.Contains(says, (await OverviewAsync(chat, room)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_second_of_a_class_wants_one_and_whoever_asks_may_have_one()
    {
        await using var chat = await StartAsync();
        foreach (var says in new[] { "The policy asks for no review", "the second of its class (Memory leaks) in 180 days" })
        {
            var (_, room) = await chat.DeclaresAsync("ann", "sev4 memory of the billing service grows --service billing");
            await chat.CommandAsync("ann", "log detected: alert on memory", room);
            var form = (await chat.CommandAsync("ann", "details", room)).Form!;
            await chat.SubmitAsync("ann", form, form.Fields.ToDictionary(f => f.Id, f => f.Id == "class" ? "Memory leaks" : f.Value ?? ""), room);
            await chat.CommandAsync("ann", "resolve", room);
            await chat.SettleAsync();
            Assert.Contains(says, (await OverviewAsync(chat, room)).Words, StringComparison.Ordinal);
            Assert.Equal("private", (await chat.CommandAsync("marcus", "review start", room)).Kind);
        }

        Assert.Contains("INC-2026-0001 memory of the billing service grows", (await chat.CommandAsync("ann", "similar --in 2")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_a_legal_hold_nothing_is_asked_and_it_says_so()
    {
        await using var chat = await StartAsync();
        var (code, room) = await ResolvedAsync(chat, "sev1 keys leaked --kind security");
        Assert.Equal("refused", (await chat.CommandAsync("sarah", "review hold a lawsuit", room)).Kind);
        await chat.CommandAsync("bob", "review hold a lawsuit", room);
        await chat.SettleAsync();
        Assert.Contains("under legal hold (a lawsuit)", (await OverviewAsync(chat, room)).Words, StringComparison.Ordinal);
        foreach (var text in new[] { "review start", "review facilitate", "review next" })
        {
            var reply = await chat.CommandAsync("priya", text, room);
            Assert.Equal(("refused", true), (reply.Kind, reply.Words.Contains("legal hold", StringComparison.Ordinal)));
        }

        await chat.Bot.PassAsync(TimeSpan.FromDays(9));
        Assert.DoesNotContain(await chat.SeesAsync("ann", chat.DirectRoom("ann")), m => m.Words.Contains("was due", StringComparison.Ordinal));
        Assert.Contains("Under legal hold: not reviewed", await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md"), StringComparison.Ordinal);
        await chat.CommandAsync("bob", "review release", room);
        Assert.Equal("private", (await chat.CommandAsync("priya", "review start", room)).Kind);
        Assert.Contains((await ReviewAsync(chat, code)).GetProperty("phases").EnumerateArray(), p => p.GetProperty("key").GetString() == "security");
    }

    [Fact]
    public async Task Deadlines_are_recalled_in_working_hours_once_each_can_be_moved_and_are_met_or_missed()
    {
        // Friday evening in London: the review is due on Sunday, so both reminders wait for Monday morning.
        await using var chat = await StartAsync(new DateTimeOffset(2026, 3, 13, 18, 0, 0, TimeSpan.Zero), new() { ["Calendar:Holidays"] = "2026-03-16" });
        var (code, room) = await ResolvedAsync(chat, "sev1 checkout is down");
        string[] Due(IEnumerable<Seen> seen) => [.. seen.Where(m => m.Card is { Title: var t } && (t.Contains("due soon", StringComparison.Ordinal) || t.Contains("was due", StringComparison.Ordinal))).Select(m => m.Card!.Title)];
        await chat.Bot.PassAsync(TimeSpan.FromHours(62));
        Assert.Empty(Due(await chat.SeesAsync("ann", chat.DirectRoom("ann"))));
        // Monday is a holiday.
        await chat.Bot.PassAsync(TimeSpan.FromHours(25.5));
        Assert.Equal([$"The review of {code} was due", $"The post-mortem document of {code} was due"], Due(await chat.SeesAsync("ann", chat.DirectRoom("ann"))));
        await chat.Bot.PassAsync(TimeSpan.FromDays(5));
        Assert.Equal(2, Due(await chat.SeesAsync("ann", chat.DirectRoom("ann"))).Length);
        await chat.CommandAsync("priya", "review facilitate", room);
        Assert.Equal("refused", (await chat.CommandAsync("sarah", "review due friday", room)).Kind);
        Assert.Equal("refused", (await chat.CommandAsync("priya", "review due yesterday", room)).Kind);
        Assert.Contains("Nobody works on that day", (await chat.CommandAsync("priya", "review due 2026-04-04", room)).Words, StringComparison.Ordinal);
        await chat.CommandAsync("priya", "review start", room);
        var review = await ReviewAsync(chat, code);
        Assert.False(review.GetProperty("begunInTime").GetBoolean());
        Assert.Equal(JsonValueKind.Null, review.GetProperty("documentInTime").ValueKind);
        await chat.CommandAsync("priya", "review close anyway nothing more to learn", room);
        await chat.SettleAsync();
        Assert.True((await ReviewAsync(chat, code)).GetProperty("documentInTime").GetBoolean());
        Assert.Equal("final", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}")).GetProperty("postmortem").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Answers_without_a_name_store_nobody_and_are_shown_once_there_are_three()
    {
        await using var chat = await StartAsync();
        var (code, room) = await ResolvedAsync(chat, "sev1 checkout is down", "log the pool is exhausted");
        await chat.CommandAsync("marcus", "log the batch job", room);
        await chat.CommandAsync("priya", "review start", room);
        await chat.SettleAsync();
        var story = await QuestionAsync(chat, room);
        foreach (var (who, n) in new[] { ("ann", 1), ("bob", 2), ("sarah", 3) })
        {
            var form = (await chat.PressAsync(who, story.Card!.Buttons[0], room)).Form!;
            await chat.SubmitAsync(who, form, new() { ["story"] = $"hidden words {n}", ["named"] = "no" }, room);
            await chat.SettleAsync();
            Assert.DoesNotContain(await chat.SeesAsync("marcus", room), m => m.Words.Contains("hidden words", StringComparison.Ordinal));
        }

        var stored = await chat.Bot.InDatabaseAsync(db => db.ReviewAnswers.ToListAsync());
        Assert.Equal(3, stored.Count);
        Assert.All(stored, a => Assert.Equal((null, null, null, TimeSpan.Zero), (a.PersonId, a.PersonName, a.MessageId, a.At.TimeOfDay)));
        Assert.Equal(["findings", "review_answers"], await DatabaseDump.TablesWithAsync(chat.Bot, "hidden words"));
        await chat.CommandAsync("priya", "review next", room);
        await chat.SettleAsync();
        Assert.Contains(await chat.SeesAsync("marcus", room), m => m.Words.Contains("Without a name hidden words 1", StringComparison.Ordinal));
        Assert.Contains("**Without a name:** hidden words 3", await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md"), StringComparison.Ordinal);
        var answers = (await ReviewAsync(chat, code)).GetProperty("phases")[0].GetProperty("prompts")[0].GetProperty("answers").EnumerateArray().ToList();
        Assert.All(answers, a => Assert.Equal((JsonValueKind.Null, "2026-03-10"), (a.GetProperty("person").ValueKind, a.GetProperty("at").GetString())));
    }

    [Fact]
    public async Task Where_the_facilitator_has_left_anyone_takes_over_and_nobody_else_before()
    {
        await using var chat = await StartAsync();
        var (code, room) = await ResolvedAsync(chat, "sev1 checkout is down");
        await chat.CommandAsync("priya", "review start", room);
        foreach (var text in new[] { "review next", "review skip no time", "review close", "review facilitate" })
        {
            var reply = await chat.CommandAsync("sarah", text, room);
            Assert.Equal(("refused", true), (reply.Kind, reply.Words.Contains("Priya Nair", StringComparison.Ordinal)));
        }

        await chat.LeavesAsync("priya");
        await chat.CommandAsync("sarah", "review facilitate", room);
        Assert.Equal("private", (await chat.CommandAsync("sarah", "review next", room)).Kind);
        Assert.Equal("Sarah Chen", (await ReviewAsync(chat, code)).GetProperty("facilitator").GetString());
        Assert.Equal("refused", (await chat.CommandAsync("sarah", "review skip", room)).Kind);
        Assert.Equal("refused", (await chat.CommandAsync("sarah", "review facilitate @gus", room)).Kind);
    }

    [Fact]
    public async Task Of_a_private_incident_only_its_people_are_asked()
    {
        await using var chat = await StartAsync();
        var form = (await chat.CommandAsync("ann", "service vault")).Form!;
        await chat.SubmitAsync("ann", form, new() { ["name"] = "vault", ["owners"] = "@marcus" });
        await chat.SaysAsync("marcus", "hello");
        await chat.CommandAsync("marcus", "list");
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 keys leaked --private --service vault");
        await chat.CommandAsync("ann", "resolve", room);
        await chat.SettleAsync();
        await chat.CommandAsync("ann", "review start", room);
        var reply = await chat.CommandAsync("ann", "review ask @sarah", room);
        Assert.Equal(("refused", true), (reply.Kind, reply.Words.Contains("is private, and Sarah Chen is not in it", StringComparison.Ordinal)));
        await chat.SettleAsync();
        foreach (var text in new[] { "review facilitate @marcus", "review add @marcus it was the key" })
        {
            Assert.Contains("Marcus Johnson is not in it", (await chat.CommandAsync("ann", text, room)).Words, StringComparison.Ordinal);
        }

        Assert.Equal(["Ann Field"], (await ReviewAsync(chat, code)).GetProperty("asked").EnumerateArray().Select(a => a.GetProperty("person").GetString()));
        foreach (var who in new[] { "marcus", "sarah" })
        {
            Assert.DoesNotContain(await chat.SeesAsync(who, chat.DirectRoom(who)), m => m.Words.Contains("keys leaked", StringComparison.Ordinal));
        }

        await chat.CommandAsync("ann", "invite @sarah", room);
        Assert.Equal("private", (await chat.CommandAsync("ann", "review ask @sarah what did the vendor say?", room)).Kind);
        await chat.SettleAsync();
        Assert.Contains(await chat.SeesAsync("sarah", chat.DirectRoom("sarah")), m => m.Words.Contains("what did the vendor say?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task At_most_one_question_is_asked_back_for_an_answer_and_two_of_a_person()
    {
        await using var chat = await StartAsync();
        var (_, room) = await ResolvedAsync(chat, "sev1 checkout is down", "log the pool is exhausted");
        await chat.CommandAsync("priya", "review start", room);
        await GoToAsync(chat, room, "surprised");
        var asked = await QuestionAsync(chat, room);
        var expected = 0;
        foreach (var (text, more) in new[] { ("I assumed that we knew it, obviously, and I saw the graph", 1), ("We decided to restart it", 1), ("I was confused by the logs", 0), ("it is what it is", 0) })
        {
            await chat.SaysAsync("sarah", text, room, asked.Id);
            await chat.SettleAsync();
            expected += more;
            var back = (await chat.SeesAsync("sarah", room)).Where(m => m.Thread == asked.Id && m.Author.Length == 0).ToList();
            Assert.Equal(expected, back.Count);
            Assert.All(back, b => Assert.DoesNotContain("why did you", b.Words, StringComparison.OrdinalIgnoreCase));
        }

        // Another person has questions of their own.
        await chat.SaysAsync("bob", "We chose the other way", room, asked.Id);
        await chat.SettleAsync();
        Assert.Equal(3, (await chat.SeesAsync("sarah", room)).Count(m => m.Thread == asked.Id && m.Author.Length == 0));
    }

    [Fact]
    public async Task A_rule_that_a_team_switches_off_is_silent()
    {
        await using var chat = await StartAsync();
        Assert.Equal("refused", (await chat.CommandAsync("ann", "coach off S99")).Kind);
        await chat.CommandAsync("ann", "coach off counterfactual");
        await chat.CommandAsync("ann", "coach off error-label");
        Assert.Contains("counterfactual by Ann Field", (await chat.CommandAsync("bob", "coach")).Words, StringComparison.Ordinal);
        var (_, room) = await ResolvedAsync(chat, "sev1 checkout is down");
        await chat.CommandAsync("priya", "review start", room);
        await GoToAsync(chat, room, "surprised");
        var asked = await QuestionAsync(chat, room);
        await chat.SaysAsync("sarah", "They should have tested it", room, asked.Id);
        await chat.SettleAsync();
        Assert.DoesNotContain(await chat.SeesAsync("sarah", room), m => m.OnlyYou);
        await chat.CommandAsync("ann", "coach on counterfactual");
        await chat.SaysAsync("sarah", "The team should have rehearsed the failover", room, asked.Id);
        await chat.SettleAsync();
        var advice = Assert.Single(await chat.SeesAsync("sarah", room), m => m.OnlyYou);
        await chat.PressAsync("sarah", advice.Card!.Buttons.Single(b => b.Label.StartsWith("Park as an idea", StringComparison.Ordinal)), room);
        Assert.Equal("Rehearse the failover", await chat.Bot.InDatabaseAsync(db => db.ParkedIdeas.Select(p => p.Text).SingleAsync()));
    }
}
