namespace IncidentBot.Core.Chat;

/// <summary>A platform as the courier sees it: what the bot can do there.</summary>
/// <remarks>
/// Every call may throw <see cref="ChatFault"/>: a permanent one is recorded and told to a person, any other is tried again later.
/// Calls are made outside transactions, one at a time for each place.
/// </remarks>
public interface IChat
{
    /// <summary>The platform's name as it stands in <see cref="Place.Platform"/>.</summary>
    string Platform { get; }

    /// <summary>Makes the room of an incident; called again with the same <see cref="RoomWanted.IncidentId"/> it answers the room that already exists.</summary>
    Task<RoomMade> MakeRoomAsync(RoomWanted wanted, CancellationToken stop);

    /// <summary>Posts a card; called again with the same <paramref name="outboxId"/> it answers the message that already exists.</summary>
    /// <returns>The platform's id of the message.</returns>
    Task<string> PostAsync(Place to, Card card, string outboxId, CancellationToken stop);

    /// <summary>Shows a card in a place to one person alone, at most once; where a platform cannot, it goes to their direct messages.</summary>
    Task<string> PostPrivatelyAsync(Place to, PersonRef person, Card card, string outboxId, CancellationToken stop);

    /// <summary>Sends a card to one person's direct messages; recognised again like a post.</summary>
    Task<string> PostDirectAsync(PersonRef to, Card card, string outboxId, CancellationToken stop);

    /// <summary>Replaces the card of a message that the bot has posted.</summary>
    Task UpdateAsync(Place at, string messageId, Card card, CancellationToken stop);
}

/// <summary>The room that an incident needs.</summary>
/// <param name="Name">Wished name in lower case, letters, digits and hyphens, 80 characters at most.</param>
public sealed record RoomWanted(long IncidentId, string Workspace, string Name, bool Private, IReadOnlyList<PersonRef> Invite);

/// <summary>A room that now exists.</summary>
public sealed record RoomMade(string Channel, string Name, string? Url);

/// <summary>A platform did not do what the courier asked.</summary>
public sealed class ChatFault : Exception
{
    public ChatFault()
    {
    }

    public ChatFault(string message)
        : base(message)
    {
    }

    public ChatFault(string message, Exception inner)
        : base(message, inner)
    {
    }

    public ChatFault(string message, bool permanent, TimeSpan? retryAfter = null)
        : base(message)
    {
        Permanent = permanent;
        RetryAfter = retryAfter;
    }

    /// <summary>True when trying again cannot help.</summary>
    public bool Permanent { get; }

    /// <summary>How long the platform asks to wait, if it said so.</summary>
    public TimeSpan? RetryAfter { get; }
}
