namespace IncidentBot.Pages;

/// <summary>One page of a list; <paramref name="NextCursor"/> is null on the last.</summary>
public sealed record PageOf<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>A list that is not paged.</summary>
public sealed record ListOf<T>(IReadOnlyList<T> Items);

/// <summary>An incident as the API shows it; times are UTC, people are display names.</summary>
public sealed record ApiIncident(
    string Id,
    string Workspace,
    string Title,
    string Kind,
    string? Class,
    string? Severity,
    string Status,
    bool Private,
    bool Drill,
    bool Replayed,
    string DeclaredAt,
    string? StartedAt,
    string? DetectedAt,
    string? AcknowledgedAt,
    string? MitigatedAt,
    string? ResolvedAt,
    long? DurationSeconds,
    IReadOnlyList<ApiRole> Roles,
    IReadOnlyList<string> Services,
    ApiImpact Impact,
    ApiRoom? Room,
    ApiPostMortem Postmortem);

/// <summary>Someone held a role.</summary>
public sealed record ApiRole(string Role, string Person, string From, string? To);

/// <summary>What the incident did, each in the words of those who measured it; null where nobody has said.</summary>
public sealed record ApiImpact(
    string? UsersAffected,
    string? RequestsAffected,
    string? Revenue,
    string? Sla,
    string? SupportTickets,
    string? Escalations,
    string? EngineeringTime,
    string? DataLoss,
    string? Reputation,
    string? UserExperience,
    string? Downstream);

/// <summary>Where the incident lives in the chat.</summary>
public sealed record ApiRoom(string Platform, string? Id, string Name, string? Url);

/// <summary>How far the post-mortem has come.</summary>
public sealed record ApiPostMortem(string Status, string? DueAt);

/// <summary>A timeline entry; <paramref name="Seq"/> is the order of recording, <paramref name="Revisions"/> how often it was changed.</summary>
public sealed record ApiEntry(
    string Workspace,
    int Seq,
    string? OccurredAt,
    string? EndedAt,
    string RecordedAt,
    string Kind,
    string? Phase,
    string Text,
    string? Actor,
    string? AddedBy,
    string Source,
    string? Link,
    IReadOnlyList<ApiEvidence> Evidence,
    int Revisions);

/// <summary>What shows that an entry is so.</summary>
public sealed record ApiEvidence(string? Text, string? Url, string? File);

/// <summary>A message of the incident's room.</summary>
public sealed record ApiMessage(string Workspace, string Id, string At, string? Author, string Text, string? Thread, string? EditedAt, string? DeletedAt, string? Link);

/// <summary>An action item; <paramref name="Id"/> in full.</summary>
public sealed record ApiActionItem(
    string Id,
    string Workspace,
    string IncidentId,
    string Text,
    string? Owner,
    string? Team,
    string? Type,
    string? Priority,
    string? Due,
    string State,
    string? SuccessCriteria,
    string? Ticket,
    string? CompletedAt);

/// <summary>What went wrong, in one sentence that says what to do.</summary>
public sealed record ApiFault(string Error);
