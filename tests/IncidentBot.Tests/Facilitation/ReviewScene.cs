using IncidentBot.Fakes;

namespace IncidentBot.Tests.Facilitation;

/// <summary>A review that has begun, with ways to get to one of its questions.</summary>
public abstract class ReviewScene
{
    protected static async Task<(WebChatDriver Chat, string Code, string Room)> StartedAsync(string text = "sev1 checkout is down", Dictionary<string, string>? settings = null, TestDatabase? database = null)
    {
        var chat = new WebChatDriver(await BotUnderTest.StartAsync(settings: settings, database: database));
        var (code, room) = await chat.DeclaresAsync("ann", text);
        await chat.CommandAsync("bob", "commander", room);
        await chat.CommandAsync("sarah", "log tenant Hemlock cannot pay", room);
        await chat.CommandAsync("bob", "resolve", room);
        await chat.CommandAsync("priya", "review start", room);
        await chat.SettleAsync();
        return (chat, code, room);
    }

    protected static async Task<Seen> AskedAsync(RoomDriver chat, string room) => (await chat.SeesAsync("bob", room)).Last(m => m.Thread is null && m.Card?.Buttons.Any(b => b.Label == "Skip") == true);

    protected static async Task<Seen> GoToAsync(RoomDriver chat, string room, string title)
    {
        for (var i = 0; i < 30; i++)
        {
            await chat.SettleAsync();
            var asked = await AskedAsync(chat, room);
            if (asked.Card!.Title.Contains(title, StringComparison.Ordinal))
            {
                return asked;
            }

            await chat.CommandAsync("priya", "review next", room);
        }

        throw new InvalidOperationException($"{title} was never asked.");
    }
}
