namespace IncidentBot.Core.Incidents;

/// <summary>Someone has come into an incident's room, and was told where it stands.</summary>
public sealed class Visitor
{
    public long IncidentId { get; init; }

    public long PersonId { get; init; }

    /// <summary>When they last came in.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>When they went out again, if they have not come back.</summary>
    public DateTimeOffset? LeftAt { get; set; }
}
