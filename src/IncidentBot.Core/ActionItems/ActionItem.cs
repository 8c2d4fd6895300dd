using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.ActionItems;

/// <summary>How an action makes a recurrence less likely, less harmful or better understood.</summary>
public enum ActionType
{
    Prevent,
    Mitigate,
    Detect,
    Investigate,
    Process,
}

/// <summary>How far an action has come.</summary>
public enum ActionState
{
    Open,
    Done,
}

/// <summary>Something to be done after an incident so that it does not happen again.</summary>
public sealed class ActionItem : Storage.IVersioned
{
    public long Id { get; set; }

    public long IncidentId { get; set; }

    public Incident? Incident { get; init; }

    /// <summary>Counted per incident, from 1.</summary>
    public int Number { get; set; }

    public required string Text { get; set; }

    public long? OwnerId { get; set; }

    public string? OwnerName { get; set; }

    public string? Team { get; set; }

    /// <summary>1 to 3; null while nobody has said.</summary>
    public int? Priority { get; set; }

    public ActionType? Type { get; set; }

    public DateOnly? Due { get; set; }

    public ActionState State { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; set; }

    public string? CompletedLink { get; set; }

    public string? SuccessCriteria { get; set; }

    public string? Ticket { get; set; }

    public int Version { get; set; }

    public string Code => $"AI-{Number}";
}
