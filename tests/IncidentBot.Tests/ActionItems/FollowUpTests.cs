using IncidentBot.Core.ActionItems;
using IncidentBot.Core.People;
using IncidentBot.Fakes;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Tests.ActionItems;

/// <summary>What is not answered, not owned, not wanted any more, or comes again: who else hears of it.</summary>
public sealed class FollowUpTests : FollowUpScene
{
    private static readonly Dictionary<string, string> Settings = new() { ["Admins"] = "ann", ["FollowUps:Leadership"] = "leads" };

    private static async Task<(WebChatDriver Chat, string Code, string Room)> ResolvedAsync(string text = "sev1 checkout is down")
    {
        var chat = new WebChatDriver(await BotUnderTest.StartAsync(settings: Settings));
        var (code, room) = await AnotherAsync(chat, text);
        return (chat, code, room);
    }

    private static async Task<(string Code, string Room)> AnotherAsync(WebChatDriver chat, string text)
    {
        var (code, room) = await chat.DeclaresAsync("ann", text);
        await chat.CommandAsync("bob", "commander", room);
        await chat.CommandAsync("bob", "resolve", room);
        await chat.SettleAsync();
        return (code, room);
    }

    private static async Task<Seen> DirectAsync(WebChatDriver chat, string who, string title) =>
        Assert.Single(await chat.SeesAsync(who, chat.DirectRoom(who)), m => m.Card?.Title.Contains(title, StringComparison.Ordinal) == true);

    private static Task PassAsync(WebChatDriver chat, double days) => chat.Bot.FollowUpAsync(TimeSpan.FromDays(days), TimeSpan.FromHours(2));

    [Fact]
    public async Task What_its_owner_does_not_answer_is_told_to_the_commander_once()
    {
        var (chat, code, room) = await ResolvedAsync();
        await using var _ = chat;
        await chat.CommandAsync("ann", "action Add an alert at 80% pool use @sarah due 2026-03-13 P1 detect", room);
        // On the day after its date, which is a Monday's digest, and on the Monday after.
        await PassAsync(chat, 10);
        Assert.DoesNotContain(await chat.SeesAsync("bob", chat.DirectRoom("bob")), m => m.Words.Contains("needs a hand", StringComparison.Ordinal));
        await PassAsync(chat, 4);
        var told = await DirectAsync(chat, "bob", $"{code}/AI-1 needs a hand");
        Assert.Contains("Recalled: 2 times without an answer", told.Words, StringComparison.Ordinal);
        await PassAsync(chat, 14);
        await DirectAsync(chat, "bob", $"{code}/AI-1 needs a hand");
        var form = (await chat.PressAsync("bob", told.Card!.Buttons.Single(b => b.Label == "Hand over"), chat.DirectRoom("bob"))).Form!;
        await chat.SubmitAsync("bob", form, new() { ["to"] = "marcus" }, chat.DirectRoom("bob"));
        await chat.SettleAsync();
        await chat.PressAsync("marcus", (await DirectAsync(chat, "marcus", "Will you take")).Card!.Buttons.Single(b => b.Label == "No, sorry"), chat.DirectRoom("marcus"));
        await chat.SettleAsync();
        Assert.Contains("stays yours", (await DirectAsync(chat, "sarah", "cannot take")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_owns_is_named_and_what_somebody_owned_who_left_is_offered()
    {
        var (chat, code, room) = await ResolvedAsync();
        await using var _ = chat;
        await chat.CommandAsync("ann", "action Limit connections to 20 per service due 2026-04-13 P2 mitigate", room);
        await chat.CommandAsync("ann", "action Add an alert at 80% pool use @sarah due 2026-04-13 P1 detect", room);
        await PassAsync(chat, 1);
        Assert.DoesNotContain(await chat.SeesAsync("bob", chat.DirectRoom("bob")), m => m.Words.Contains("no owner yet", StringComparison.Ordinal));
        await PassAsync(chat, 3);
        var unowned = await DirectAsync(chat, "bob", $"{code}/AI-1 has no owner yet");
        Assert.Contains("is yours now", (await chat.PressAsync("bob", unowned.Card!.Buttons.Single(b => b.Label == "I take it"), chat.DirectRoom("bob"))).Words, StringComparison.Ordinal);
        await chat.LeavesAsync("sarah");
        await PassAsync(chat, 0.25);
        var offered = Assert.Single(await chat.SeesAsync("marcus", room), m => m.Card?.Title == $"{code}/AI-2 looks for a new owner");
        // That is a Saturday: who answers for the incident hears of it directly on Monday.
        Assert.DoesNotContain(await chat.SeesAsync("bob", chat.DirectRoom("bob")), m => m.Card?.Title.Contains("looks for", StringComparison.Ordinal) == true);
        await PassAsync(chat, 2.5);
        await DirectAsync(chat, "bob", $"{code}/AI-2 looks for a new owner");
        // Two at once: one has it.
        var take = offered.Card!.Buttons.Single(b => b.Label == "I take it");
        var both = await Task.WhenAll(chat.PressAsync("marcus", take, room), chat.PressAsync("priya", take, room));
        Assert.Equal(["private", "refused"], both.Select(r => r.Kind).Order(StringComparer.Ordinal));
        await PassAsync(chat, 5);
        Assert.Single(await chat.SeesAsync("marcus", room), m => m.Card?.Title == $"{code}/AI-2 looks for a new owner");
    }

    [Fact]
    public async Task Nobody_is_written_to_while_away_and_nothing_is_said_of_incidents_they_may_not_know()
    {
        var (chat, _, room) = await ResolvedAsync();
        await using var __ = chat;
        await chat.CommandAsync("ann", "action Add an alert at 80% pool use @sarah due 2026-03-18 P1 detect", room);
        Assert.Equal("refused", (await chat.CommandAsync("sarah", "away until yesterday")).Kind);
        Assert.Contains("2026-03-25", (await chat.CommandAsync("sarah", "away until 2026-03-25")).Words, StringComparison.Ordinal);
        await PassAsync(chat, 14);
        Assert.DoesNotContain(await DirectsAsync(chat.Bot), d => d.To == "sarah" && d.Words.Contains("AI-1", StringComparison.Ordinal));
        await PassAsync(chat, 1);
        Assert.Contains("1 overdue", (await DirectAsync(chat, "sarah", "Your actions")).Words, StringComparison.Ordinal);

        var (code, closed) = await chat.DeclaresAsync("ann", "sev2 leaked key --kind security --private");
        await chat.CommandAsync("ann", "action Revoke the key `k-17` @marcus due 2026-04-01 P1 prevent", closed);
        await chat.CommandAsync("ann", "resolve", closed);
        await PassAsync(chat, 8);
        Assert.DoesNotContain(await DirectsAsync(chat.Bot), d => d.To == "marcus" && d.Words.Contains(code, StringComparison.Ordinal));
        Assert.DoesNotContain(await PostsAsync(chat.Bot, "incidents"), p => p.Words.Contains("k-17", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_change_of_policy_shows_first_what_it_would_move()
    {
        var (chat, code, room) = await ResolvedAsync();
        await using var _ = chat;
        await chat.CommandAsync("ann", "action Add an alert at 80% pool use @sarah P1 detect", room);
        await chat.CommandAsync("ann", "action Limit connections to 20 per service @bob due 2026-03-20 P1 mitigate", room);
        async Task<List<string?>> DuesAsync() => [.. (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("due").GetString())];
        // Two weeks from the tenth; a date that somebody has named is theirs.
        Assert.Equal(["2026-03-24", "2026-03-20"], await DuesAsync());
        Assert.Equal("refused", (await chat.CommandAsync("bob", "policy complete 5bd for SEV1 P1")).Kind);
        Assert.Equal("refused", (await chat.CommandAsync("ann", "policy complete soon")).Kind);
        var preview = await chat.CommandAsync("ann", "policy complete 5bd for SEV1 P1");
        Assert.Contains("2026-03-24 → 2026-03-17", preview.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("AI-2", preview.Words, StringComparison.Ordinal);
        Assert.Equal(["2026-03-24", "2026-03-20"], await DuesAsync());
        await chat.PressAsync("ann", preview.Button("Set it, and move the date"));
        Assert.Equal(["2026-03-17", "2026-03-20"], await DuesAsync());
        await chat.PressAsync("ann", (await chat.CommandAsync("ann", "policy escalate 3 to @priya for team payments")).Button("Set it"));
        var book = (await chat.CommandAsync("bob", "policy")).Words;
        Assert.Contains("SEV1 P1 done within 5 working days", book, StringComparison.Ordinal);
        Assert.Contains("team payments after 3 recalls without an answer somebody else is told, told then: Priya Nair", book, StringComparison.Ordinal);
        // Taken back, it is as it was, and says first what that moves.
        Assert.Equal("refused", (await chat.CommandAsync("ann", "policy complete usual for SEV2")).Kind);
        var back = await chat.CommandAsync("ann", "policy complete usual for SEV1 P1");
        Assert.Contains("2026-03-17 → 2026-03-24", back.Words, StringComparison.Ordinal);
        await chat.PressAsync("ann", back.Button("Set it, and move the date"));
        Assert.Equal(["2026-03-24", "2026-03-20"], await DuesAsync());
        var left = (await chat.CommandAsync("bob", "policy")).Words;
        Assert.DoesNotContain("5 working days", left, StringComparison.Ordinal);
        Assert.Contains("team payments", left, StringComparison.Ordinal);
        Assert.Contains("date moved by policy from 2026-03-24 to 2026-03-17", (await chat.CommandAsync("bob", $"action {code}/AI-1 history", room)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_that_comes_again_names_what_was_to_prevent_it_and_the_third_time_goes_to_those_who_lead()
    {
        var (chat, first, room) = await ResolvedAsync("sev2 pool exhausted");
        await using var _ = chat;
        async Task ClassAsync(string where) => Assert.Equal("private", (await chat.SubmitAsync("ann", (await chat.CommandAsync("ann", "details", where)).Form!, new() { ["title"] = $"pool exhausted {where}", ["class"] = "database performance" }, where)).Kind);
        await chat.CommandAsync("sarah", "log the rooms are there", room);
        await ClassAsync(room);
        await chat.CommandAsync("ann", "action Reject batch jobs without a load test in the pipeline @sarah due 2026-04-13 P2 prevent", room);
        chat.Time.Advance(TimeSpan.FromDays(20));
        var (second, again) = await AnotherAsync(chat, "sev2 pool exhausted at noon");
        await ClassAsync(again);
        await chat.SettleAsync();
        foreach (var where in new[] { room, again })
        {
            var named = Assert.Single(await chat.SeesAsync("bob", where), m => m.Card?.Title.EndsWith(" again", StringComparison.Ordinal) == true);
            Assert.Contains($"{first}/AI-1 Reject batch jobs without a load test", named.Words, StringComparison.Ordinal);
        }

        await DirectAsync(chat, "sarah", " again");
        Assert.Equal("P1", (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items")[0].GetProperty("priority").GetString());
        Assert.DoesNotContain(await PostsAsync(chat.Bot, "leads"), p => p.Words.Contains("incidents in half a year", StringComparison.Ordinal));
        var (third, last) = await AnotherAsync(chat, "sev2 pool exhausted at night");
        await ClassAsync(last);
        await chat.SettleAsync();
        await ClassAsync(last);
        await chat.SettleAsync();
        Assert.NotEqual(second, third);
        var management = Assert.Single(await chat.Bot.InDatabaseAsync(db => db.Outbox.Where(r => r.Channel == "#leads").Select(r => r.State).ToListAsync()));
        // There is no such channel, and who set it hears of that.
        Assert.Equal(Core.Delivery.RowState.Dead, management);
        Assert.Contains(await DirectsAsync(chat.Bot), d => d.To == "ann" && d.Words.StartsWith("#leads did not get", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_item_lacks_nothing_at_one_press_and_a_date_on_a_weekend_is_kept_if_it_is_meant()
    {
        var (chat, _, room) = await ResolvedAsync();
        await using var __ = chat;
        var receipt = await chat.CommandAsync("ann", "action Add an alert at 80% pool use @sarah", room);
        Assert.Contains("proposed", receipt.Words, StringComparison.Ordinal);
        Assert.Contains("Fill in detect, P2, the date of the policy", receipt.Words, StringComparison.Ordinal);
        Assert.Contains("Due: 2026-04-09", (await chat.PressAsync("ann", receipt.Button("Fill in"), room)).Words, StringComparison.Ordinal);
        var weekend = await chat.CommandAsync("ann", "action AI-1 due saturday", room);
        Assert.Contains("Use Friday 2026-03-13", weekend.Words, StringComparison.Ordinal);
        async Task<(string?, string?)> ItemAsync() => (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items")[0] is var i ? (i.GetProperty("due").GetString(), i.GetProperty("state").GetString()) : default;
        Assert.Equal(("2026-03-14", "open"), await ItemAsync());
        await chat.PressAsync("ann", weekend.Button("Use Friday"), room);
        Assert.Equal(("2026-03-13", "open"), await ItemAsync());
        // A date that somebody has named is moved for a reason.
        Assert.Equal("refused", (await chat.CommandAsync("ann", "action AI-1 due 2026-06-15", room)).Kind);
        Assert.Equal(("2026-03-13", "open"), await ItemAsync());
        await chat.CommandAsync("ann", "action AI-1 date 2026-06-15 because the vendor is late", room);
        Assert.Equal(("2026-06-15", "open"), await ItemAsync());
        Assert.Contains("later than the policy", (await chat.CommandAsync("ann", "action Rotate the password of the pool @bob due 2026-06-15 P2 prevent", room)).Words, StringComparison.Ordinal);
        Assert.Equal("2026-06-15", (await chat.Bot.GetAsync("/api/v1/action-items?owner=Bob%20Lin")).GetProperty("items")[0].GetProperty("due").GetString());
        Assert.Contains("rests on people", (await chat.CommandAsync("ann", "action Train all engineers on the pool @bob due 2026-03-20 P1 prevent", room)).Words, StringComparison.Ordinal);
        // Not in a list that is pasted, and each line is one item.
        Assert.Contains("3 actions of", (await chat.CommandAsync("ann", "action 1. Remove the old pool @bob P3 prevent\n2. Rotate the password @ann due 2026-03-27 P2 process\n3. improve things", room)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_done_is_not_verified_by_whoever_did_it_and_can_be_opened_again()
    {
        var (chat, code, room) = await ResolvedAsync();
        await using var _ = chat;
        await chat.CommandAsync("ann", "action Add an alert at 80% pool use @bob due 2026-03-13 P1 detect", room);
        await chat.CommandAsync("bob", "done AI-1 https://grafana.example.com/7", room);
        await chat.SettleAsync();
        // Bob commands, so who declared it is asked.
        var ask = await DirectAsync(chat, "ann", $"Does {code}/AI-1 work?");
        Assert.Equal("refused", (await chat.CommandAsync("bob", $"action {code}/AI-1 verify", room)).Kind);
        var form = (await chat.PressAsync("ann", ask.Card!.Buttons.Single(b => b.Label == "Not yet"), chat.DirectRoom("ann"))).Form!;
        await chat.SubmitAsync("ann", form, new() { ["why"] = "it fires at 95%" }, chat.DirectRoom("ann"));
        await chat.SettleAsync();
        Assert.Contains("it fires at 95%", (await DirectAsync(chat, "bob", "is open again")).Words, StringComparison.Ordinal);
        Assert.Equal("refused", (await chat.CommandAsync("ann", $"action {code}/AI-1 verify", room)).Kind);
        await chat.CommandAsync("bob", $"done {code}/AI-1");
        Assert.Equal("refused", (await chat.CommandAsync("bob", $"done {code}/AI-1")).Kind);
        Assert.Contains("verified", (await chat.CommandAsync("sarah", $"action {code}/AI-1 verified it fired at 81%", room)).Words, StringComparison.Ordinal);
        var history = (await chat.CommandAsync("sarah", $"action {code}/AI-1 history", room)).Words;
        Assert.Matches("(?s)kept.*done.*open again: it fires at 95%.*done.*verified.*it fired at 81%", history);
    }
}
