using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Fakes;
using IncidentBot.Fakes.Slack;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Tests.ActionItems;

/// <summary>What must not go astray in following actions up: absurd dates, private incidents, redacted words, items that only wait for a look.</summary>
public sealed class FollowUpEdgesTests : FollowUpScene
{
    [Theory]
    [InlineData("end of month", "2026-03-31")]
    [InlineData("end of next month", "2026-04-30")]
    [InlineData("by end of the quarter", "2026-03-31")]
    [InlineData("end of week", "2026-03-13")]
    [InlineData("end of year", "2026-12-31")]
    [InlineData("30 Nov", "2026-11-30")]
    [InlineData("0001-01-01", null)]
    [InlineData("9999-12-31", null)]
    [InlineData("0026-11-30", null)]
    public void Days_are_understood_as_they_are_said_and_slips_are_not(string said, string? day) =>
        Assert.Equal(day is null ? null : DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), SpokenDate.Read(said, new(2026, 3, 10)));

    [Fact]
    public async Task One_item_that_cannot_be_served_keeps_nobody_else_from_hearing()
    {
        await using var bot = await BotUnderTest.StartAsync(now: Start);
        await bot.InDatabaseAsync(async db =>
        {
            var incident = Over(db, 1, Start.AddDays(-3));
            Item(db, incident, Owner(db, "wrong", "UTC"), DateOnly.MinValue, Start);
            Item(db, incident, Owner(db, "right", "UTC"), new(2026, 4, 1), Start);
            return await db.SaveChangesAsync();
        });
        bot.Time.Advance(TimeSpan.FromDays(6));
        await Assert.ThrowsAsync<AggregateException>(() => bot.FollowUpAsync());
        await bot.SettleAsync();
        Assert.Single(await DirectsAsync(bot), d => d.To == "right" && d.Words.StartsWith("Your actions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_of_a_private_incident_is_escalated_or_previewed_to_whoever_is_not_in_it()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(settings: new() { ["Admins"] = "priya", ["FollowUps:EscalateTo"] = "admins" }));
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 leaked key --kind security --private");
        await chat.CommandAsync("ann", "invite @bob", room);
        await chat.CommandAsync("ann", "action Revoke the key `k-17` everywhere @bob P1 prevent", room);
        await chat.CommandAsync("ann", "resolve", room);
        Assert.DoesNotContain("k-17", (await chat.CommandAsync("priya", "policy complete 3d for P1")).Words, StringComparison.Ordinal);
        await chat.Bot.FollowUpAsync(TimeSpan.FromDays(35), TimeSpan.FromHours(3));
        Assert.DoesNotContain(await DirectsAsync(chat.Bot), d => d.To == "priya" && d.Words.Contains("k-17", StringComparison.Ordinal));
        Assert.Contains(await DirectsAsync(chat.Bot), d => d.To == "ann" && d.Words.Contains("needs a hand", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Redacted_words_are_gone_from_histories_and_from_messages_to_owners()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 checkout is down");
        await chat.CommandAsync("ann", "log tenant Hemlock & Sons cannot pay", room);
        await chat.CommandAsync("ann", "resolve", room);
        await chat.CommandAsync("ann", "action Refund tenant Hemlock & Sons cannot pay @sarah due 2026-04-10 P1 process", room);
        await chat.CommandAsync("sarah", "action AI-1 blocked by tenant Hemlock & Sons cannot pay", room);
        await chat.Bot.FollowUpAsync(TimeSpan.FromDays(6), TimeSpan.FromHours(6));
        Assert.Contains(await DirectsAsync(chat.Bot), d => d.To == "sarah" && d.Words.Contains("Hemlock", StringComparison.Ordinal));
        var seq = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray().First(e => e.GetProperty("text").GetString() == "tenant Hemlock & Sons cannot pay").GetProperty("seq").GetInt32();
        await chat.CommandAsync("ann", $"redact {seq} a customer", room);
        await chat.SettleAsync();
        Assert.DoesNotContain("Hemlock", (await chat.CommandAsync("ann", $"action {code}/AI-1 history", room)).Words, StringComparison.Ordinal);
        Assert.DoesNotContain(await DirectsAsync(chat.Bot), d => d.Words.Contains("Hemlock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_done_while_the_incident_went_on_is_looked_at_afterwards_by_somebody_else()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 checkout is down");
        await chat.CommandAsync("bob", "commander", room);
        await chat.CommandAsync("ann", "action Raise the pool limit to 80", room);
        await chat.CommandAsync("bob", "done AI-1", room);
        await chat.CommandAsync("bob", "resolve", room);
        await chat.SettleAsync();
        // Nobody owns it, and whoever did it does not verify it.
        Assert.Equal("refused", (await chat.CommandAsync("bob", $"action {code}/AI-1 verify", room)).Kind);
        await chat.Bot.FollowUpAsync(TimeSpan.FromDays(1), TimeSpan.FromHours(2));
        Assert.Equal("ann", Assert.Single(await DirectsAsync(chat.Bot), d => d.Words.StartsWith($"Does {code}/AI-1 work?", StringComparison.Ordinal)).To);
    }

    [Fact]
    public async Task Whoever_is_new_may_be_away_and_a_picked_item_keeps_who_was_named()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        Assert.Contains("I keep quiet", (await chat.CommandAsync("marcus", "away until 2026-03-20")).Words, StringComparison.Ordinal);
        foreach (var text in new[] { "sev1 one", "sev1 two" })
        {
            var (_, room) = await chat.DeclaresAsync("ann", text);
            await chat.CommandAsync("ann", "action Limit connections to 20 per service @ann due 2026-03-20 P2 mitigate", room);
            await chat.CommandAsync("ann", "resolve", room);
        }

        var which = await chat.CommandAsync("ann", "action AI-1 hand over @priya please", "general");
        Assert.Equal("Which AI-1?", which.Card!.Title);
        Assert.Contains("Priya Nair is asked", (await chat.PressAsync("ann", which.Card.Buttons[0], "general")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_takes_an_item_from_somebody_who_is_there_by_a_command()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 checkout is down");
        await chat.CommandAsync("ann", "resolve", room);
        await chat.CommandAsync("ann", "action Limit connections to 20 per service @sarah due 2026-03-20 P2 mitigate", room);
        Assert.Equal("refused", (await chat.CommandAsync("bob", "action AI-1 @bob", room)).Kind);
        // A guest cannot do it, so it waits for somebody else.
        Assert.Contains("proposed", (await chat.CommandAsync("ann", "action Add an alert at 80% pool use @gus due 2026-03-20 P2 detect", room)).Words, StringComparison.Ordinal);
        await chat.CommandAsync("sarah", "done AI-1", room);
        Assert.Equal("refused", (await chat.CommandAsync("ann", "action AI-1 due 2026-04-20", room)).Kind);
        Assert.Equal("2026-03-20", (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items")[0].GetProperty("due").GetString());
    }

    [Fact]
    public async Task A_date_beside_the_week_is_mended_at_one_press_also_on_an_item_that_was_just_kept()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 checkout is down");
        await chat.CommandAsync("ann", "resolve", room);
        var kept = await chat.CommandAsync("ann", "action Limit connections to 20 per service @sarah due 2026-03-21 P2 mitigate", room);
        var mended = await chat.PressAsync("ann", kept.Button("Use Friday"), room);
        Assert.Contains("due Friday 2026-03-20", mended.Words, StringComparison.Ordinal);
        Assert.Equal("2026-03-20", (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items")[0].GetProperty("due").GetString());
    }

    [Fact]
    public async Task The_policy_gives_no_date_that_has_passed()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 checkout is down");
        await chat.CommandAsync("ann", "resolve", room);
        await chat.CommandAsync("ann", "action Limit connections to 20 per service @ann P3 mitigate", room);
        chat.Time.Advance(TimeSpan.FromDays(40));
        await chat.CommandAsync("ann", "action AI-1 P1", room);
        // Two weeks from 19 April are a Sunday.
        Assert.Equal("2026-05-01", (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items")[0].GetProperty("due").GetString());
    }

    [Fact]
    public async Task What_becomes_urgent_when_its_class_comes_again_is_due_earlier()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        async Task ClassAsync(string where) => await chat.SubmitAsync("ann", (await chat.CommandAsync("ann", "details", where)).Form!, new() { ["title"] = "pool is empty", ["class"] = "database performance" }, where);
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 pool is empty");
        await ClassAsync(room);
        await chat.CommandAsync("ann", "resolve", room);
        await chat.CommandAsync("ann", "action Limit connections to 20 per service @ann P3 prevent", room);
        await chat.CommandAsync("ann", "action Add a second pool @ann due 2026-08-20 P3 prevent", room);
        // On a Sunday night the rooms hear of it at once, the owner on Monday.
        chat.Time.Advance(TimeSpan.FromDays(5.3));
        var (again, second) = await chat.DeclaresAsync("bob", "sev1 pool is empty again");
        await ClassAsync(second);
        await chat.CommandAsync("bob", "resolve", second);
        await chat.SettleAsync();
        var items = (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items");
        // Of its own day: it was kept on 10 March. A date that somebody has named stays.
        Assert.Equal(["2026-03-24", "2026-08-20"], items.EnumerateArray().Select(i => i.GetProperty("due").GetString()).Order());
        Assert.Contains(await PostsAsync(chat.Bot, second), p => p.Words.Contains($"{code}/AI-1", StringComparison.Ordinal));
        Assert.DoesNotContain(await DirectsAsync(chat.Bot), d => d.Words.Contains("again", StringComparison.Ordinal));
        await chat.Bot.PassAsync(TimeSpan.FromHours(17));
        Assert.Single(await DirectsAsync(chat.Bot), d => d.To == "ann" && d.Words.StartsWith("database performance again", StringComparison.Ordinal));
        Assert.Contains($"P1 from now on, due 2026-03-24: {again}", (await chat.CommandAsync("ann", $"action {code}/AI-1 history")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_agrees_to_their_own_wish_to_drop_an_item()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 checkout is down");
        await chat.CommandAsync("bob", "commander", room);
        await chat.CommandAsync("bob", "resolve", room);
        await chat.CommandAsync("bob", "action Limit connections to 20 per service @bob due 2026-03-20 P2 mitigate", room);
        Assert.Contains("Ann Field is asked", (await chat.CommandAsync("bob", $"action {code}/AI-1 not doing because the service goes in April")).Words, StringComparison.Ordinal);
        await chat.SettleAsync();
        var asked = (await chat.SeesAsync("ann", chat.DirectRoom("ann"))).Last(m => m.Card?.Title.StartsWith("May ", StringComparison.Ordinal) == true).Card!;
        Assert.Contains("Ann Field is asked to agree", (await chat.PressAsync("bob", asked.Buttons[0], room)).Words, StringComparison.Ordinal);
        Assert.Contains("closed as not done", (await chat.PressAsync("ann", asked.Buttons[0], chat.DirectRoom("ann"))).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_item_that_nobody_can_be_told_of_keeps_no_other_from_being_told_of()
    {
        await using var bot = await BotUnderTest.StartAsync(now: Start);
        await bot.InDatabaseAsync(async db =>
        {
            var ann = Owner(db, "ann", "UTC");
            await db.SaveChangesAsync();
            var incident = Over(db, 1, Start.AddDays(-3), by: ann);
            Item(db, incident, null, null, Start).Team = "broken";
            Item(db, incident, null, null, Start);
            db.FollowUpRules.Add(new() { Workspace = Workspace, Team = "broken", Remind = "no number", SetByName = "ann", SetAt = Start });
            return await db.SaveChangesAsync();
        });
        bot.Time.Advance(TimeSpan.FromDays(6));
        await Assert.ThrowsAsync<AggregateException>(() => bot.FollowUpAsync());
        await bot.SettleAsync();
        Assert.Single(await DirectsAsync(bot), d => d.To == "ann" && d.Words.Contains("AI-2 has no owner yet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_is_asked_to_take_an_item_or_to_let_it_go_is_asked_again_each_week_until_they_have_decided()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 checkout is down");
        await chat.CommandAsync("ann", "resolve", room);
        await chat.CommandAsync("ann", "action Limit connections to 20 per service @sarah due 2026-06-01 P3 mitigate", room);
        await chat.CommandAsync("ann", "action Add an alert at 80% pool use @sarah due 2026-06-01 P3 detect", room);
        await chat.CommandAsync("sarah", $"action {code}/AI-1 hand over @bob you know the pool");
        await chat.CommandAsync("sarah", $"action {code}/AI-2 not doing because the pool goes in April");
        async Task<(int Offers, int Wishes)> AskedAsync()
        {
            await chat.Bot.FollowUpAsync(TimeSpan.FromDays(8), TimeSpan.FromHours(4));
            var directs = await DirectsAsync(chat.Bot);
            return (directs.Count(d => d.To == "bob" && d.Words.Contains($"Will you take {code}/AI-1?", StringComparison.Ordinal) && d.Words.Contains("you know the pool", StringComparison.Ordinal)),
                directs.Count(d => d.To == "ann" && d.Words.Contains($"May {code}/AI-2 go undone?", StringComparison.Ordinal)));
        }

        Assert.Equal((2, 2), await AskedAsync());
        Assert.Equal((3, 3), await AskedAsync());
        var offer = (await chat.SeesAsync("bob", chat.DirectRoom("bob"))).Last(m => m.Card?.Title.StartsWith("Will you", StringComparison.Ordinal) == true).Card!;
        Assert.Contains("is yours now", (await chat.PressAsync("bob", offer.Buttons[0], chat.DirectRoom("bob"))).Words, StringComparison.Ordinal);
        Assert.Equal((3, 4), await AskedAsync());
    }

    [Fact]
    public async Task An_owner_who_may_not_see_the_incident_is_named_to_those_who_answer_for_it()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 leaked key --kind security --private");
        await chat.CommandAsync("ann", "action Revoke the key k-17 everywhere @bob due 2026-03-20 P1 prevent", room);
        await chat.CommandAsync("ann", "resolve", room);
        await chat.Bot.FollowUpAsync(TimeSpan.FromDays(3), TimeSpan.FromHours(4));
        Assert.Contains("It is Bob", Assert.Single(await DirectsAsync(chat.Bot), d => d.To == "ann" && d.Words.StartsWith($"{code}/AI-1: its owner cannot see it", StringComparison.Ordinal)).Words, StringComparison.Ordinal);
        Assert.DoesNotContain(await DirectsAsync(chat.Bot), d => d.To == "bob");
    }

    [Fact]
    public async Task A_list_says_how_many_it_leaves_out()
    {
        await using var bot = await BotUnderTest.StartAsync(now: Start);
        await bot.InDatabaseAsync(async db =>
        {
            var incident = Over(db, 1, Start.AddDays(-3));
            for (var n = 0; n < 53; n++)
            {
                Item(db, incident, null, new(2026, 4, 1), Start);
            }

            return await db.SaveChangesAsync();
        });
        await using var chat = new WebChatDriver(bot);
        Assert.Contains("and 3 more", (await chat.CommandAsync("ann", "actions open")).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Redacted_words_are_taken_out_of_the_weekly_overview(bool slack)
    {
        await using RoomDriver chat = slack ? await SlackDriver.StartAsync() : new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 checkout is down");
        await chat.CommandAsync("ann", "log tenant Hemlock & Sons cannot pay", room);
        await chat.CommandAsync("ann", "resolve", room);
        await chat.CommandAsync("ann", "action Refund tenant Hemlock & Sons cannot pay due 2026-03-12 P1 process", room);
        await chat.Bot.FollowUpAsync(TimeSpan.FromDays(6), TimeSpan.FromHours(6));
        Assert.Contains(await chat.SeesAsync("bob"), m => m.Words.StartsWith("Actions this week", StringComparison.Ordinal) && m.Words.Contains("Hemlock", StringComparison.Ordinal));
        var seq = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray().First(e => e.GetProperty("text").GetString() == "tenant Hemlock & Sons cannot pay").GetProperty("seq").GetInt32();
        await chat.CommandAsync("ann", $"redact {seq} a customer", room);
        await chat.SettleAsync();
        Assert.DoesNotContain(await chat.SeesAsync("bob"), m => m.Words.Contains("Hemlock", StringComparison.Ordinal));
    }
}
