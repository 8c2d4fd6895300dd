namespace IncidentBot.Core.Chat;

/// <summary>Something that happened in a chat, translated out of its platform.</summary>
/// <param name="By">Who did it.</param>
/// <param name="Place">Where.</param>
/// <param name="At">When, by the platform's clock, in UTC.</param>
public abstract record ChatEvent(PersonRef By, Place Place, DateTimeOffset At)
{
    /// <summary>The word, button, form or alarm that the route table looks up; empty when the type alone decides.</summary>
    public virtual string Key => "";
}

/// <summary>An act that wants its answer within three seconds and is handled inside the request.</summary>
/// <param name="GestureId">The platform's id of the act; the same act delivered twice carries it twice.</param>
public abstract record Gesture(string GestureId, PersonRef By, Place Place, DateTimeOffset At) : ChatEvent(By, Place, At);

/// <summary>Someone typed a command.</summary>
/// <param name="Verb">The first word, lower case.</param>
/// <param name="Text">What followed the verb, without options.</param>
/// <param name="In">The incident named by <c>--in</c>.</param>
/// <param name="Files">Ids of stored files that were sent along, where the platform can do that.</param>
public sealed record CommandInvoked(
    string GestureId, PersonRef By, Place Place, DateTimeOffset At, string Verb, RichText Text, string? In = null, IReadOnlyList<string>? Files = null)
    : Gesture(GestureId, By, Place, At)
{
    public override string Key => Verb;
}

/// <summary>Someone pressed a button of a card.</summary>
public sealed record ButtonPressed(string GestureId, PersonRef By, Place Place, DateTimeOffset At, string ButtonKey, string? Value)
    : Gesture(GestureId, By, Place, At)
{
    public override string Key => ButtonKey;
}

/// <summary>Someone sent a form.</summary>
/// <param name="Context">What the form carried unseen, such as the incident's id.</param>
public sealed record FormSubmitted(
    string GestureId, PersonRef By, Place Place, DateTimeOffset At, string FormKey, string? Context, IReadOnlyDictionary<string, string> Values)
    : Gesture(GestureId, By, Place, At)
{
    public override string Key => FormKey;

    /// <summary>The trimmed value of a field, or null when it was left empty.</summary>
    public string? Value(string field) =>
        Values.TryGetValue(field, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}

/// <summary>Someone chose a shortcut of the bot, in a menu of the chat or of a message.</summary>
/// <param name="Message">The message whose menu it was; null for one that stands by itself.</param>
public sealed record ShortcutUsed(string GestureId, PersonRef By, Place Place, DateTimeOffset At, string ShortcutKey, QuotedMessage? Message)
    : Gesture(GestureId, By, Place, At)
{
    public override string Key => ShortcutKey;
}

/// <summary>A message that a shortcut was used on.</summary>
/// <param name="AuthorId">The platform's id of who wrote it; empty when no person did.</param>
/// <param name="At">When it was written, in UTC.</param>
/// <param name="AuthorName">The name under which it was posted, where no person did.</param>
public sealed record QuotedMessage(string MessageId, string AuthorId, DateTimeOffset At, RichText Text, string? Link, string? AuthorName = null);

/// <summary>Something seen in a room; stored before it is acknowledged, handled by the pump.</summary>
/// <param name="MessageId">The platform's id of the message that it is about.</param>
public abstract record Observation(PersonRef By, Place Place, DateTimeOffset At, string MessageId) : ChatEvent(By, Place, At);

/// <summary>A message was written.</summary>
/// <param name="Files">Ids of stored files that it carries.</param>
/// <param name="Shared">Files of the platform that it carries; the bot keeps their content once the message belongs to an incident.</param>
/// <param name="AuthorName">The name under which it was posted, where no person did.</param>
public record MessagePosted(
    PersonRef By, Place Place, DateTimeOffset At, string MessageId, RichText Text, string? Link = null, IReadOnlyList<string>? Files = null,
    IReadOnlyList<SharedFile>? Shared = null, string? AuthorName = null)
    : Observation(By, Place, At, MessageId)
{
    /// <summary>True for one that names the bot: whatever it asks for comes, or came, as a command.</summary>
    public bool NamesTheBot { get; init; }
}

/// <summary>A message that speaks to the bot: it is a message like any other, and a command.</summary>
/// <param name="Words">What was said to the bot, without its name.</param>
/// <param name="Direct">True in the person's direct messages with the bot.</param>
public sealed record Mentioned(
    PersonRef By, Place Place, DateTimeOffset At, string MessageId, RichText Text, RichText Words, bool Direct, string? Link = null, IReadOnlyList<SharedFile>? Shared = null)
    : MessagePosted(By, Place, At, MessageId, Text, Link, null, Shared)
{
    /// <summary>The command that it is; the same message is the same gesture, however often it is told.</summary>
    public CommandInvoked Command()
    {
        var (verb, text, named) = CommandReader.Read(Words);
        return new($"mention-{Place.Channel}-{MessageId}", By, Place, At, verb, text, named);
    }
}

/// <summary>A file as a platform describes it.</summary>
/// <param name="Id">What it is stored under.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Source">What the adapter needs to fetch its content.</param>
/// <param name="Link">Where people with access see it.</param>
public sealed record SharedFile(string Id, string Name, string MediaType, long Size, string Source, string? Link);

/// <summary>A message was changed; <paramref name="Text"/> is its new text.</summary>
public sealed record MessageEdited(PersonRef By, Place Place, DateTimeOffset At, string MessageId, RichText Text)
    : Observation(By, Place, At, MessageId);

/// <summary>A message was taken away by its author or a moderator.</summary>
public sealed record MessageDeleted(PersonRef By, Place Place, DateTimeOffset At, string MessageId) : Observation(By, Place, At, MessageId);

/// <summary>A pin was put on a message, or taken off.</summary>
/// <param name="Mark">Which of the pins that a message can have, such as one person's; the message is pinned as long as one is left.</param>
public sealed record PinChanged(PersonRef By, Place Place, DateTimeOffset At, string MessageId, bool Pinned, string Mark = "") : Observation(By, Place, At, MessageId);

/// <summary>An alarm that some handler set has come due.</summary>
public sealed record AlarmRang(PersonRef By, Place Place, DateTimeOffset At, string AlarmKey, long IncidentId) : ChatEvent(By, Place, At)
{
    public override string Key => AlarmKey;
}

/// <summary>Someone came into a room; <paramref name="MessageId"/> is the platform's id of the join.</summary>
public sealed record MemberJoined(PersonRef By, Place Place, DateTimeOffset At, string MessageId) : Observation(By, Place, At, MessageId);

/// <summary>Someone went out of a room.</summary>
public sealed record MemberLeft(PersonRef By, Place Place, DateTimeOffset At, string MessageId) : Observation(By, Place, At, MessageId);

/// <summary>A room got another name, another id, or was put away.</summary>
/// <param name="Name">The new name, if it has one.</param>
/// <param name="Channel">The new id, if it has one.</param>
/// <param name="Archived">True when it was put away, false when it was brought back, null when neither.</param>
public sealed record RoomChanged(PersonRef By, Place Place, DateTimeOffset At, string MessageId, string? Name = null, string? Channel = null, bool? Archived = null)
    : Observation(By, Place, At, MessageId);

/// <summary>What a platform knows of a person has changed.</summary>
/// <param name="Who">The person; someone whom the bot has never met stays unknown to it.</param>
public sealed record PersonChanged(PersonRef By, Place Place, DateTimeOffset At, string MessageId, PersonRef Who, People.PersonFacts Facts) : Observation(By, Place, At, MessageId);

/// <summary>Someone opened the bot's own page in the chat.</summary>
public sealed record HomeOpened(PersonRef By, Place Place, DateTimeOffset At, string MessageId) : Observation(By, Place, At, MessageId);
