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
    /// <summary>Kept as it was said, while something is missing that its owner would need.</summary>
    Proposed,
    Open,
    Done,
}

/// <summary>By which kind of measure an action prevents.</summary>
public enum PreventiveCategory
{
    Process,
    Monitoring,
    Automation,
    DocumentationAndTraining,
    Organisation,
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

    public PreventiveCategory? Category { get; set; }

    /// <summary>How one checks that it works.</summary>
    public string? Verification { get; set; }

    /// <summary>The exact change to make.</summary>
    public string? Implementation { get; set; }

    public string? Why { get; set; }

    public string? Effort { get; set; }

    public string? Value { get; set; }

    /// <summary>Numbers of the causes and factors that it serves.</summary>
    public List<int> Serves { get; set; } = [];

    /// <summary>Why it was accepted in spite of what was missing, and by whom; printed.</summary>
    public string? AcceptedBecause { get; set; }

    public int Version { get; set; }

    /// <summary>True until it is done.</summary>
    public bool IsOpen => State is ActionState.Proposed or ActionState.Open;

    public string Code => $"AI-{Number}";
}
