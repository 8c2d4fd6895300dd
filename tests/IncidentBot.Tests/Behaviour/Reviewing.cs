using IncidentBot.Core.Chat;
using IncidentBot.Fakes;

namespace IncidentBot.Tests.Behaviour;

/// <summary>The review, from the offer after the resolution to the closing poll.</summary>
public abstract partial class BehaviourSuite
{
    private static IEnumerable<CardButton> ButtonsOf(Card card) => card.Buttons.Concat(card.Parts.OfType<ButtonsPart>().SelectMany(p => p.Buttons));

    /// <summary>The overview, or the question of a title, as it stands in the room.</summary>
    private static async Task<Seen> PostAsync(RoomDriver chat, string room, string title) =>
        Assert.Single(await chat.SeesAsync("ann", room), m => m.Card is not null && m.Thread is null && m.Card.Title.Contains(title, StringComparison.Ordinal));

    private static async Task<(string Code, string Room)> ResolvedAsync(RoomDriver chat, string text = "sev1 checkout is down")
    {
        var (code, room) = await chat.DeclaresAsync("ann", text);
        await chat.CommandAsync("bob", "commander", room);
        await chat.CommandAsync("sarah", "log the pool is exhausted", room);
        await chat.CommandAsync("bob", "resolve", room);
        await chat.SettleAsync();
        return (code, room);
    }

    [Fact]
    public async Task In_a_thread_of_the_review_what_is_said_to_the_bot_moves_it_on_and_is_no_answer()
    {
        await using var chat = await StartAsync();
        var (code, room) = await ResolvedAsync(chat);
        await chat.CommandAsync("priya", "review start", room);
        await chat.SettleAsync();
        var story = await NowAskedAsync(chat, room);
        await chat.CommandAsync("sarah", "park limit the pool", room, story.Id);
        await chat.CommandAsync("priya", "next", room, story.Id);
        await chat.SettleAsync();
        Assert.NotEqual(story.Id, (await NowAskedAsync(chat, room)).Id);
        Assert.Empty((await chat.Bot.GetAsync($"/api/v1/incidents/{code}/review")).GetProperty("phases").EnumerateArray().SelectMany(p => p.GetProperty("prompts").EnumerateArray()).SelectMany(p => p.GetProperty("answers").EnumerateArray()));
        Assert.Equal("refused", (await chat.CommandAsync("priya", "skip", room, story.Id)).Kind);
    }

    [Fact]
    public async Task After_the_resolution_the_room_is_told_what_comes_next_and_the_review_asks_those_who_were_there()
    {
        await using var chat = await StartAsync();
        var (code, room) = await ResolvedAsync(chat);
        var offer = await PostAsync(chat, room, $"What comes next · {code}");
        Assert.Contains("it was SEV1", offer.Words, StringComparison.Ordinal);
        Assert.Contains("Facilitator: nobody yet", offer.Words, StringComparison.Ordinal);
        Assert.Contains("Review begins by: 2026-03-12 14:30 UTC", offer.Words, StringComparison.Ordinal);
        Assert.Contains("Document done by: 2026-03-13 14:30 UTC", offer.Words, StringComparison.Ordinal);

        await chat.PressAsync("priya", offer.Card!.Buttons.Single(b => b.Label == "I'll facilitate"), room);
        await chat.SettleAsync();
        Assert.Contains("Facilitator: Priya Nair", (await PostAsync(chat, room, $"What comes next · {code}")).Words, StringComparison.Ordinal);
        var started = await chat.CommandAsync("priya", "review start", room);
        Assert.Contains($"The review of {code} has begun", started.Words, StringComparison.Ordinal);
        await chat.SettleAsync();
        var overview = await PostAsync(chat, room, $"Review of {code}");
        Assert.Contains("Asked: Ann Field, Bob Lin, Sarah Chen", overview.Words, StringComparison.Ordinal);
        await PostAsync(chat, room, "1. What people saw · Your own recollection");
        foreach (var who in new[] { "ann", "bob", "sarah" })
        {
            Assert.Contains(await chat.SeesAsync(who, chat.DirectRoom(who)), m => m.Words.Contains($"Review of {code}", StringComparison.Ordinal));
        }
    }
}
