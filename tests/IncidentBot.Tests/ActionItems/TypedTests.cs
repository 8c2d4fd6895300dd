using IncidentBot.Fakes;

namespace IncidentBot.Tests.ActionItems;

/// <summary>What is typed of actions in a hurry: slips, words at the end, lists, days that have passed; and what the document makes of it.</summary>
public sealed class TypedTests : FollowUpScene
{
    [Theory]
    [InlineData("in porgress", "Did you mean `in progress`?")]
    [InlineData("blokced", "Did you mean `blocked`?")]
    [InlineData("block by @priya", "Nothing was changed")]
    [InlineData("2026-04-10", "Nothing was changed")]
    public async Task A_slip_takes_the_place_of_no_words(string typed, string says)
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (_, room) = await ResolvedAsync(chat);
        await chat.CommandAsync("ann", "action Limit connections to 20 per service @sarah due 2026-04-01 P2 mitigate", room);
        Assert.Contains(says, (await chat.CommandAsync("sarah", $"action AI-1 {typed}", room)).Words, StringComparison.Ordinal);
        var item = await ItemAsync(chat);
        Assert.Equal(("Limit connections to 20 per service", "Sarah Chen", "open"), (item.GetProperty("text").GetString(), item.GetProperty("owner").GetString(), item.GetProperty("state").GetString()));
    }

    [Theory]
    [InlineData("Add an alert at 80% pool use @bob by friday p1 prevention", "Add an alert at 80% pool use", "2026-03-13", 1)]
    [InlineData("Add an alert at 80% pool use @bob due EOM P2 detection", "Add an alert at 80% pool use", "2026-03-31", 2)]
    [InlineData("Add an alert before orders stop by themselves @bob P2", "Add an alert before orders stop by themselves", "2026-04-09", 2)]
    public async Task Owner_date_priority_and_type_are_read_in_the_words_that_people_use(string typed, string text, string due, int priority)
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (_, room) = await ResolvedAsync(chat);
        await chat.CommandAsync("ann", $"action {typed}", room);
        var item = await ItemAsync(chat);
        Assert.Equal((text, "Bob Lin", due, $"P{priority}"), (item.GetProperty("text").GetString(), item.GetProperty("owner").GetString(), item.GetProperty("due").GetString(), item.GetProperty("priority").GetString()));
    }

    [Theory]
    [InlineData("someday")]
    [InlineData("2026-03-01")]
    public async Task A_date_that_is_none_is_named_and_takes_nothing_else_with_it(string said)
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (_, room) = await ResolvedAsync(chat);
        Assert.Contains($"“{said}” stays in the words", (await chat.CommandAsync("ann", $"action Add an alert at 80% pool use @bob due {said}", room)).Words, StringComparison.Ordinal);
        var item = await ItemAsync(chat);
        Assert.Equal(($"Add an alert at 80% pool use due {said}", "Bob Lin"), (item.GetProperty("text").GetString(), item.GetProperty("owner").GetString()));
    }

    [Fact]
    public async Task A_number_alone_shows_the_item_and_boxes_of_a_list_are_no_words()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await ResolvedAsync(chat);
        await chat.CommandAsync("ann", "action - [ ] Limit connections to 20 per service @ann P2 mitigate\n- [x] Add an alert at 80% pool use @ann P2 detect", room);
        var shown = await chat.CommandAsync("ann", "action AI-2", room);
        Assert.StartsWith($"{code}/AI-2: Add an alert at 80% pool use", shown.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("changed", shown.Words, StringComparison.Ordinal);
        Assert.Equal("refused", (await chat.CommandAsync("ann", "action 1", room)).Kind);
    }

    [Fact]
    public async Task What_happens_to_actions_afterwards_is_no_part_of_what_happened()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await ResolvedAsync(chat);
        await chat.CommandAsync("ann", "action Limit connections to 20 per service @ann due 2026-04-01 P2 mitigate", room);
        await chat.CommandAsync("ann", "action AI-1 date 2026-05-01 because Bob was ill", room);
        var report = await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md");
        Assert.Contains("Limit connections to 20 per service", report, StringComparison.Ordinal);
        Assert.DoesNotContain("Bob was ill", report, StringComparison.Ordinal);
        Assert.DoesNotContain("kept: Limit", report, StringComparison.Ordinal);
        Assert.Contains("Bob was ill", (await chat.CommandAsync("ann", "action AI-1 history", room)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Buttons_come_back_with_what_is_given_back()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await ResolvedAsync(chat);
        await chat.CommandAsync("ann", "action Limit connections to 20 per service @sarah due 2026-04-01 P2 mitigate", room);
        await chat.Bot.FollowUpAsync(TimeSpan.FromDays(6), TimeSpan.FromHours(3));
        async Task<string> DigestAsync()
        {
            await chat.SettleAsync();
            return (await DirectsAsync(chat.Bot)).Single(d => d.To == "sarah" && d.Words.StartsWith("Your actions", StringComparison.Ordinal)).Words;
        }

        await chat.CommandAsync("sarah", $"done {code}/AI-1 https://example.com/pr/1");
        Assert.DoesNotContain("[Done]", await DigestAsync(), StringComparison.Ordinal);
        await chat.CommandAsync("ann", $"action {code}/AI-1 reopen it still opens 40");
        Assert.Contains("[Done]", await DigestAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_that_has_just_passed_is_no_year_of_silence()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        Assert.Contains("/incident away until 2027-03-09", (await chat.CommandAsync("ann", "away until 9 Mar")).Words, StringComparison.Ordinal);
        Assert.Contains("I keep quiet until Tuesday 2027-03-09", (await chat.CommandAsync("ann", "away until 2027-03-09")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stays_unanswered_is_told_again_and_then_to_the_administrators()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(settings: new() { ["Admins"] = "priya" }));
        var (_, room) = await ResolvedAsync(chat);
        await chat.CommandAsync("priya", "log The pool is empty", room);
        await chat.CommandAsync("ann", "action Limit connections to 20 per service @sarah due 2026-03-12 P2 mitigate", room);
        await chat.Bot.FollowUpAsync(TimeSpan.FromDays(35), TimeSpan.FromHours(3));
        var told = (await DirectsAsync(chat.Bot)).Where(d => d.Words.Contains("needs a hand", StringComparison.Ordinal)).OrderBy(d => d.At).Select(d => d.To).ToList();
        Assert.Equal("ann", told[0]);
        Assert.Equal("priya", told[1]);
    }
}
