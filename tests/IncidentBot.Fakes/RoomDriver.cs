using System.Collections.Immutable;
using IncidentBot.Core.Chat;

namespace IncidentBot.Fakes;

/// <summary>What people do and see in a chat, whatever the platform; the behaviour suite is written against it.</summary>
public abstract class RoomDriver(BotUnderTest bot) : IAsyncDisposable
{
    public const string Main = "incidents";

    public BotUnderTest Bot { get; protected set; } = bot;

    public ManualTime Time => Bot.Time;

    /// <summary>True where a redaction also reaches what people have written in the chat itself.</summary>
    public virtual bool ReachesOldMessages => true;

    /// <summary>Someone types a command.</summary>
    public abstract Task<Reply> CommandAsync(string who, string text, string room = Main, string? thread = null, string? gestureId = null, string[]? files = null);

    /// <summary>Someone writes a message; answers its id.</summary>
    public abstract Task<string> SaysAsync(string who, string text, string room = Main, string? thread = null, string[]? files = null);

    /// <summary>Someone brings a file into a room, to send it along with the next words; answers its id.</summary>
    public abstract Task<string> BringsAsync(string who, string name, string mediaType, byte[] content, string room = Main);

    public abstract Task EditsAsync(string who, string messageId, string text, string room = Main);

    public abstract Task DeletesAsync(string who, string messageId, string room = Main);

    public abstract Task PinsAsync(string who, string messageId, string room = Main, bool pinned = true);

    public abstract Task JoinsAsync(string who, string room);

    public abstract Task<Reply> PressAsync(string who, CardButton button, string room = Main);

    public abstract Task<Reply> SubmitAsync(string who, Form form, Dictionary<string, string> values, string room = Main);

    /// <summary>The messages that someone sees in a room, oldest first.</summary>
    public abstract Task<IReadOnlyList<Seen>> SeesAsync(string who, string room = Main);

    /// <summary>The room of someone's direct messages from the bot.</summary>
    public abstract string DirectRoom(string who);

    /// <summary>The rooms that someone sees.</summary>
    public abstract Task<IReadOnlyList<string>> RoomsAsync(string who);

    /// <summary>Stops the bot and starts it anew on the same database, as a restart does.</summary>
    public abstract Task RestartAsync();

    /// <summary>Somebody's account is closed.</summary>
    public abstract Task LeavesAsync(string who);

    public Task SettleAsync() => Bot.SettleAsync();

    /// <summary>Declares an incident and answers its id and room.</summary>
    public async Task<(string Code, string Room)> DeclaresAsync(string who, string text, string room = Main)
    {
        var reply = await CommandAsync(who, $"start {text}", room);
        var code = reply.Card?.Title.Split(' ')[0] ?? throw new InvalidOperationException($"Not declared: {reply.Words}");
        await SettleAsync();
        var found = (await RoomsAsync(who)).Single(r => r.StartsWith(code.ToLowerInvariant(), StringComparison.Ordinal));
        return (code, found);
    }

    /// <summary>The live card in an incident's room.</summary>
    public async Task<Card> LiveCardAsync(string who, string room) => (await SeesAsync(who, room)).First(m => m.Card is not null).Card!;

    public virtual async ValueTask DisposeAsync()
    {
        await Bot.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>What someone was answered, privately.</summary>
public sealed record Reply(string Kind, Card? Card, Form? Form, ImmutableDictionary<string, string>? Errors, string? Text)
{
    /// <summary>All words of the answer.</summary>
    public string Words => string.Join('\n', new[] { Text, Card is null ? null : CardWords.Of(Card), Form?.Title }.Where(x => x is not null));

    public CardButton Button(string label) => Card!.Buttons.Single(b => b.Label.Contains(label, StringComparison.Ordinal));
}

/// <summary>A message that someone sees.</summary>
public sealed record Seen(string Id, string Author, string? Thread, string? Text, Card? Card, bool OnlyYou = false)
{
    public string Words => Text ?? (Card is null ? "" : CardWords.Of(Card));
}

/// <summary>A card as words, for assertions.</summary>
public static class CardWords
{
    public static string Of(Card card) => string.Join('\n', new[] { card.Title }.Concat(card.Parts.SelectMany(Lines)).Concat(card.Buttons.Select(b => $"[{b.Label}]")));

    private static IEnumerable<string> Lines(CardPart part) => part switch
    {
        TextPart text => [text.Text.Plain],
        FactsPart facts => facts.Facts.Select(f => $"{f.Label}: {f.Value.Plain}"),
        RowsPart rows => rows.Rows.Select(r => $"{r.Label} {r.Value.Plain}"),
        HeadingPart heading => [heading.Text],
        ButtonsPart buttons => [string.Join(' ', buttons.Buttons.Select(b => $"[{b.Label}]"))],
        _ => [],
    };
}
