using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.ActionItems.Policy;

/// <summary>What holds for the action items of some incidents in one workspace, in place of what holds for all.</summary>
public sealed class FollowUpRule
{
    public long Id { get; set; }

    public required string Workspace { get; init; }

    /// <summary>Only incidents of this severity, 1 to 4; null: of any.</summary>
    public int? Severity { get; init; }

    /// <summary>Only items of this priority, 1 to 3; null: of any.</summary>
    public int? Priority { get; init; }

    public IncidentKind? Kind { get; init; }

    /// <summary>Only items with this team beside their owner.</summary>
    public string? Team { get; init; }

    /// <summary>By when an item has an owner; null: not set by this rule, as with all that follow.</summary>
    public string? AssignWithin { get; set; }

    /// <summary>By when an item is done.</summary>
    public string? CompleteWithin { get; set; }

    /// <summary>Days before (−) and after its date on which an item is recalled, separated by spaces.</summary>
    public string? Remind { get; set; }

    /// <summary>After how many recalls without an answer somebody else is told.</summary>
    public int? EscalateAfter { get; set; }

    /// <summary>Who that is: commander, facilitator, admins, or a platform's id of a person.</summary>
    public string? EscalateTo { get; set; }

    /// <summary>The name of that person.</summary>
    public string? EscalateToName { get; set; }

    /// <summary>Whether items stand in the weekly overview of the channel.</summary>
    public bool? Report { get; set; }

    public required string SetByName { get; set; }

    public DateTimeOffset SetAt { get; set; }

    /// <summary>How narrowly it applies; the narrowest that says something wins.</summary>
    public int Narrowness => (Severity is null ? 0 : 1) + (Priority is null ? 0 : 1) + (Kind is null ? 0 : 1) + (Team is null ? 0 : 1);

    public bool IsFor(Incident incident, ActionItem item) =>
        (Severity is null || Severity == incident.Severity) && (Priority is null || Priority == item.Priority)
        && (Kind is null || Kind == incident.Kind) && (Team is null || Team.Equals(item.Team, StringComparison.OrdinalIgnoreCase));

    public bool HasSameScope(FollowUpRule other) =>
        (Severity, Priority, Kind, Team?.ToLowerInvariant()) == (other.Severity, other.Priority, other.Kind, other.Team?.ToLowerInvariant());

    /// <summary>True when nothing is left of it.</summary>
    public bool SaysNothing => (AssignWithin, CompleteWithin, Remind, EscalateAfter, EscalateTo, Report) is (null, null, null, null, null, null);

    /// <summary>True when it says something about what another one does.</summary>
    public bool SaysAnyOf(FollowUpRule other) => (other.AssignWithin is not null && AssignWithin is not null) || (other.CompleteWithin is not null && CompleteWithin is not null) || (other.Remind is not null && Remind is not null)
        || (other.EscalateAfter is not null && EscalateAfter is not null) || (other.EscalateTo is not null && EscalateTo is not null) || (other.Report is not null && Report is not null);

    /// <summary>A copy without what another one says.</summary>
    public FollowUpRule Without(FollowUpRule other)
    {
        var copy = (FollowUpRule)MemberwiseClone();
        copy.YieldTo(other);
        return copy;
    }

    /// <summary>Leaves to a newer rule what that says.</summary>
    public void YieldTo(FollowUpRule newer)
    {
        (AssignWithin, CompleteWithin) = (newer.AssignWithin is null ? AssignWithin : null, newer.CompleteWithin is null ? CompleteWithin : null);
        (Remind, EscalateAfter) = (newer.Remind is null ? Remind : null, newer.EscalateAfter is null ? EscalateAfter : null);
        (EscalateTo, EscalateToName) = newer.EscalateTo is null ? (EscalateTo, EscalateToName) : (null, null);
        Report = newer.Report is null ? Report : null;
    }

    /// <summary>To what it applies, as a person reads it.</summary>
    public string Scope => string.Join(" ", new[] { Severity is { } s ? Incidents.Severity.Name(s) : null, Priority is { } p ? $"P{p}" : null, Kind?.Word(), Team is null ? null : $"team {Team}" }.OfType<string>()) is { Length: > 0 } scope ? scope : "everything";
}
