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

/// <summary>Something seen in a room; stored before it is acknowledged, handled by the pump.</summary>
/// <param name="MessageId">The platform's id of the message that it is about.</param>
public abstract record Observation(PersonRef By, Place Place, DateTimeOffset At, string MessageId) : ChatEvent(By, Place, At);

/// <summary>A message was written.</summary>
/// <param name="Files">Ids of stored files that it carries.</param>
public sealed record MessagePosted(
    PersonRef By, Place Place, DateTimeOffset At, string MessageId, RichText Text, string? Link = null, IReadOnlyList<string>? Files = null)
    : Observation(By, Place, At, MessageId);

/// <summary>A message was changed; <paramref name="Text"/> is its new text.</summary>
public sealed record MessageEdited(PersonRef By, Place Place, DateTimeOffset At, string MessageId, RichText Text)
    : Observation(By, Place, At, MessageId);

/// <summary>A message was taken away by its author or a moderator.</summary>
public sealed record MessageDeleted(PersonRef By, Place Place, DateTimeOffset At, string MessageId) : Observation(By, Place, At, MessageId);

/// <summary>A pin was put on a message, or taken off.</summary>
public sealed record PinChanged(PersonRef By, Place Place, DateTimeOffset At, string MessageId, bool Pinned) : Observation(By, Place, At, MessageId);

/// <summary>An alarm that some handler set has come due.</summary>
public sealed record AlarmRang(PersonRef By, Place Place, DateTimeOffset At, string AlarmKey, long IncidentId) : ChatEvent(By, Place, At)
{
    public override string Key => AlarmKey;
}

/// <summary>Someone came into a room; <paramref name="MessageId"/> is the platform's id of the join.</summary>
public sealed record MemberJoined(PersonRef By, Place Place, DateTimeOffset At, string MessageId) : Observation(By, Place, At, MessageId);
