namespace IncidentBot.Core.Chat;

/// <summary>A platform as the courier sees it: what the bot can do there.</summary>
/// <remarks>
/// Every call may throw <see cref="ChatFault"/>: a permanent one is recorded and told to a person, any other is tried again later.
/// Calls are made outside transactions, several at once; posts of one lane come one after another.
/// </remarks>
public interface IChat
{
    /// <summary>The platform's name as it stands in <see cref="Place.Platform"/>.</summary>
    string Platform { get; }

    /// <summary>Finds a channel by its name without #, or by its id.</summary>
    /// <returns>The channel's id, or null when there is none that the bot can post in.</returns>
    Task<string?> FindChannelAsync(string workspace, string name, CancellationToken stop);

    /// <summary>Makes the room of an incident; called again with the same <see cref="RoomWanted.IncidentId"/> it answers the room that already exists.</summary>
    Task<RoomMade> MakeRoomAsync(RoomWanted wanted, CancellationToken stop);

    /// <summary>Brings people into a room; those who are there already are passed over.</summary>
    /// <returns>Those who could not be brought in, with the platform's reason.</returns>
    Task<IReadOnlyList<NotInvited>> InviteAsync(Place room, IReadOnlyList<PersonRef> people, CancellationToken stop);

    /// <summary>Gives a room its topic and, the first time, the ways to the document and the live card; what a platform cannot do is passed over.</summary>
    Task FurnishAsync(Place room, RoomLook look, CancellationToken stop);

    /// <summary>Posts a card; a post that may have been made already is looked for first.</summary>
    /// <returns>The platform's id of the message.</returns>
    Task<string> PostAsync(Place to, Card card, Sending sending, CancellationToken stop);

    /// <summary>Shows a card in a place to one person alone, at most once; where a platform cannot, it goes to their direct messages.</summary>
    Task<string> PostPrivatelyAsync(Place to, PersonRef person, Card card, Sending sending, CancellationToken stop);

    /// <summary>Sends a card to one person's direct messages; recognised again like a post.</summary>
    Task<string> PostDirectAsync(PersonRef to, Card card, Sending sending, CancellationToken stop);

    /// <summary>Replaces the card of a direct message that the bot has sent.</summary>
    Task UpdateDirectAsync(PersonRef to, string messageId, Card card, CancellationToken stop);

    /// <summary>True for a channel; false for the place of direct messages, in which an incident would be hidden from the others.</summary>
    bool IsForMany(string channel);

    /// <summary>Replaces the card of a message that the bot has posted.</summary>
    Task UpdateAsync(Place at, string messageId, Card card, CancellationToken stop);

    /// <summary>Puts a document into a room, in place of the one that it has.</summary>
    /// <param name="documentId">What an earlier call answered; null the first time.</param>
    /// <returns>The platform's id of the document, or null where it keeps none and people read it elsewhere.</returns>
    Task<string?> PutDocumentAsync(Place room, string? documentId, ChatDocument document, Sending sending, CancellationToken stop);

    /// <summary>Takes redacted words out of what the bot itself has posted; what people have written is out of its reach.</summary>
    Task RetractAsync(Retraction what, CancellationToken stop);

    /// <summary>Shows a person the bot's own page in the chat, where there is one.</summary>
    Task ShowHomeAsync(PersonRef person, Card card, CancellationToken stop);
}

/// <summary>One post as the courier knows it.</summary>
/// <param name="OutboxId">What it is recognised by.</param>
/// <param name="Since">When an earlier try began whose outcome is not known; null: this is the first.</param>
public sealed record Sending(string OutboxId, DateTimeOffset? Since = null);

/// <summary>The room that an incident needs.</summary>
/// <param name="Name">Wished name in lower case, letters, digits and hyphens, 80 characters at most.</param>
/// <param name="Since">When an earlier try began whose outcome is not known; null: this is the first.</param>
public sealed record RoomWanted(long IncidentId, string Workspace, string Name, bool Private, DateTimeOffset? Since);

/// <summary>A room that now exists.</summary>
public sealed record RoomMade(string Channel, string Name, string? Url);

/// <summary>Someone whom a platform did not let into a room.</summary>
public sealed record NotInvited(PersonRef Person, string Why);

/// <summary>How a room presents itself.</summary>
/// <param name="Topic">One line, 250 characters at most.</param>
/// <param name="DocumentUrl">Where the post-mortem is read; null once the room has its way there.</param>
/// <param name="CardId">The live card, to be pinned; null once it is.</param>
public sealed record RoomLook(string Topic, string? DocumentUrl, string? CardId);

/// <summary>Words that must go from the bot's own posts.</summary>
/// <param name="OutboxId">By which the same retraction is recognised when it is tried again.</param>
/// <param name="Places">Where the incident lives.</param>
/// <param name="Direct">Direct messages about it, by person and message.</param>
/// <param name="DocumentId">The document in its room, which is as old as the words.</param>
/// <param name="Since">Nothing was posted before.</param>
/// <param name="Holds">True for a text that holds the words.</param>
/// <param name="Elsewhere">Posts in channels that are no place of the incident, by the channel's id or #name, and message.</param>
/// <param name="Kept">Messages that are rendered anew by themselves.</param>
public sealed record Retraction(
    string OutboxId, string Workspace, IReadOnlyList<Place> Places, IReadOnlyList<(PersonRef Person, string MessageId)> Direct, IReadOnlyList<(string Channel, string MessageId)> Elsewhere, IReadOnlyList<string> Kept,
    string? DocumentId, DateTimeOffset Since, Func<string, bool> Holds);

/// <summary>A document in Markdown.</summary>
/// <param name="FileName">What it is called as a file.</param>
public sealed record ChatDocument(string Title, string FileName, string Markdown);

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

    public ChatFault(string message, bool permanent, TimeSpan? retryAfter = null, bool nothingSent = false)
        : base(message)
    {
        Permanent = permanent;
        RetryAfter = retryAfter;
        NothingSent = nothingSent;
    }

    /// <summary>True when it is certain that nothing has left, so that nothing needs to be looked for.</summary>
    public bool NothingSent { get; }

    /// <summary>True when the message that was to be changed is not there any more.</summary>
    public bool Gone { get; init; }

    /// <summary>True when trying again cannot help.</summary>
    public bool Permanent { get; }

    /// <summary>How long the platform asks to wait, if it said so; waiting for that is no failed try.</summary>
    public TimeSpan? RetryAfter { get; }
}
