namespace IncidentBot.Core.Chat;

/// <summary>Decides what one kind of event means; changes tracked rows, and never saves, posts or waits: the router saves once, the loops deliver.</summary>
public interface IHandle<in TEvent>
    where TEvent : ChatEvent
{
    /// <summary>Handles one event within <paramref name="turn"/>.</summary>
    /// <returns>What the person is told; a refusal leaves nothing changed.</returns>
    Task<Answer> HandleAsync(TEvent e, Turn turn, CancellationToken stop);
}

/// <summary>Handles many events of one kind in one pass and one save.</summary>
public interface IHandleMany<in TEvent>
    where TEvent : ChatEvent
{
    Task HandleAsync(IReadOnlyList<TEvent> events, CancellationToken stop);
}

/// <summary>The circumstances of one event: who acts, when, and where.</summary>
/// <param name="By">The person who acts; the bot itself for alarms.</param>
/// <param name="Now">The time of the event in UTC, by its own clock: a replay's is its file's.</param>
public sealed record Turn(People.Person By, DateTimeOffset Now, Place Place);
