using IncidentBot.Core.Chat;

namespace IncidentBot.Core.Incidents;

/// <summary>What has become of an incident's room.</summary>
public enum RoomState
{
    Pending,
    Ready,
    Failed,
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
    public required string HomeChannel { get; init; }

    /// <summary>The thread in which it was declared, if any.</summary>
    public string? HomeThread { get; init; }

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

    /// <summary>Where the courier posts for this incident, or null while there is no such place.</summary>
    public Place? Here => State switch
    {
        RoomState.Ready => new(Platform, Workspace, Channel!),
        RoomState.Failed => Home,
        _ => null,
    };

    /// <summary>The thread of the announcement, or null while there is none.</summary>
    public Place? Home => AnnouncementId is null ? null : new(Platform, Workspace, HomeChannel, HomeThread ?? AnnouncementId);
}
