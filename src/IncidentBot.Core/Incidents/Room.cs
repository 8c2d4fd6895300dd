using IncidentBot.Core.Chat;

namespace IncidentBot.Core.Incidents;

/// <summary>What has become of an incident's room.</summary>
public enum RoomState
{
    Pending,
    Ready,
    Failed,
    InThread,
}

/// <summary>Where an incident lives in the chat: its room, and its announcement, whose thread is kept too.</summary>
public sealed class Room
{
    public long IncidentId { get; set; }

    public required string Platform { get; init; }

    public required string Workspace { get; init; }

    public RoomState State { get; set; }

    /// <summary>The name that was wished for; the platform may have made another.</summary>
    public required string Name { get; set; }

    public string? Channel { get; set; }

    public string? Url { get; set; }

    /// <summary>The channel in which the incident was declared, and announced unless it is private.</summary>
    public required string HomeChannel { get; set; }

    /// <summary>The thread in which it was declared, if any.</summary>
    public string? HomeThread { get; set; }

    /// <summary>The channel in which it was declared, when it is announced in another.</summary>
    public string? DeclaredChannel { get; set; }

    /// <summary>The thread there in which it was declared; it is kept as well.</summary>
    public string? DeclaredThread { get; set; }

    /// <summary>The announcement in the home channel; messages of its thread belong to the incident.</summary>
    public string? AnnouncementId { get; set; }

    /// <summary>One more than the version that the announcement shows; 0 before it is posted.</summary>
    public int AnnouncementVersion { get; set; }

    /// <summary>The live card in the room.</summary>
    public string? CardId { get; set; }

    /// <summary>One more than the version that the card shows; 0 before it is posted.</summary>
    public int CardVersion { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>When a try to make the room began whose outcome is not known yet.</summary>
    public DateTimeOffset? MakingSince { get; set; }

    /// <summary>The same for the first post of the announcement.</summary>
    public DateTimeOffset? AnnouncingSince { get; set; }

    /// <summary>The same for the first post of the live card.</summary>
    public DateTimeOffset? ShowingSince { get; set; }

    /// <summary>True once the channel of the announcement is settled.</summary>
    public bool Announcing { get; set; }

    /// <summary>The topic that the room shows.</summary>
    public string? Topic { get; set; }

    /// <summary>The card that is pinned in the room.</summary>
    public string? PinnedCardId { get; set; }

    /// <summary>True once the room has its way to the document.</summary>
    public bool HasDocumentLink { get; set; }

    /// <summary>The document that the room shows, by the platform's id.</summary>
    public string? DocumentId { get; set; }

    /// <summary>True where the incident is worked on in the thread of its announcement, which then is the live card.</summary>
    public bool IsThread => State is RoomState.Failed or RoomState.InThread;

    /// <summary>Where the courier posts for this incident, or null while there is no such place.</summary>
    public Place? Here => State switch
    {
        RoomState.Ready => new(Platform, Workspace, Channel!),
        RoomState.Failed or RoomState.InThread => Home,
        _ => null,
    };

    /// <summary>The thread of the announcement, or null while there is none.</summary>
    public Place? Home => AnnouncementId is null ? null : new(Platform, Workspace, HomeChannel, HomeThread ?? AnnouncementId);
}
