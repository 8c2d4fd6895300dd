using IncidentBot.Core.Chat;
using IncidentBot.Core.Storage;

namespace IncidentBot.Core.Facilitation;

/// <summary>How far the review of an incident has come.</summary>
public enum ReviewState
{
    Offered,
    Running,
    Closed,
    NotHeld,
}

/// <summary>The review of an incident: who leads it, until when, and which question is asked now.</summary>
public sealed class Review : IVersioned
{
    public long IncidentId { get; init; }

    public ReviewState State { get; set; }

    /// <summary>Why the policy wants a review; null when it does not.</summary>
    public string? RequiredBecause { get; set; }

    public DateTimeOffset OfferedAt { get; init; }

    /// <summary>Until when it should have begun.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Until when the document should be done.</summary>
    public DateTimeOffset? DocumentDueAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>The points of its quality when it was closed.</summary>
    public int? Score { get; set; }

    /// <summary>How many there were to have.</summary>
    public int? ScoreOf { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    public long? FacilitatorId { get; set; }

    public string? FacilitatorName { get; set; }

    /// <summary>The script as it was when the review began; empty before.</summary>
    public string Script { get; set; } = "";

    /// <summary>The phase that is open; null before the first and after the last.</summary>
    public string? Phase { get; set; }

    /// <summary>The question that is asked now.</summary>
    public long? PromptId { get; set; }

    /// <summary>Why there is no review: a legal hold, or words of whoever decided it.</summary>
    public string? NotHeldBecause { get; set; }

    /// <summary>True under a legal hold: nothing is asked, nothing is written down.</summary>
    public bool LegalHold { get; set; }

    /// <summary>When it meets live, if it does.</summary>
    public DateTimeOffset? MeetingAt { get; set; }

    public int MeetingMinutes { get; set; }

    /// <summary>The overview in the room, by the platform's id.</summary>
    public string? CardId { get; set; }

    /// <summary>True once somebody has set a date; what they set is not counted anew.</summary>
    public bool DatesByHand { get; set; }

    /// <summary>The reminders of deadlines that have gone out.</summary>
    public List<string> Reminders { get; set; } = [];

    public int Version { get; set; }

    public bool IsRunning => State == ReviewState.Running;

    /// <summary>True when it began in time; null while that is open.</summary>
    public bool? BegunInTime => DueAt is not { } due ? null : StartedAt is { } at ? at <= due : null;

    /// <summary>True when the document was done in time; null while that is open.</summary>
    public bool? DocumentInTime => DocumentDueAt is not { } due ? null : ClosedAt is { } at ? at <= due : null;
}

/// <summary>What has become of a phase of a review.</summary>
public enum PhaseState
{
    Open,
    Done,
    Skipped,
}

/// <summary>A phase that a review has reached.</summary>
public sealed class ReviewPhase
{
    public long IncidentId { get; init; }

    public required string Key { get; init; }

    public PhaseState State { get; set; }

    public DateTimeOffset OpenedAt { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>Why it was skipped.</summary>
    public string? Reason { get; set; }

    /// <summary>What the facilitator takes from it, in a few sentences.</summary>
    public string? Summary { get; set; }
}

/// <summary>A question that was asked in the incident's room; answers stand in its thread.</summary>
public sealed class Prompt
{
    public long Id { get; init; } = Random.Shared.NextInt64(1, long.MaxValue);

    public long IncidentId { get; init; }

    /// <summary>The order of asking, from 1.</summary>
    public int Number { get; init; }

    public required string Phase { get; init; }

    /// <summary>The question in the script.</summary>
    public required string Key { get; init; }

    /// <summary>What it is about, where the script asks once for each; empty otherwise.</summary>
    public string About { get; init; } = "";

    public required string Title { get; init; }

    public required string Question { get; set; }

    /// <summary>What it rests on, a line each.</summary>
    public List<string> Quotes { get; set; } = [];

    /// <summary>The timeline entry that it is about.</summary>
    public int? EntrySeq { get; init; }

    /// <summary>The cause that it is about.</summary>
    public long? FindingId { get; init; }

    /// <summary>The stretch of time that it is about.</summary>
    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>The one person who was asked, or was there then; null: everyone.</summary>
    public long? AskedId { get; init; }

    public string? AskedName { get; init; }

    /// <summary>True: what is said is shown once the phase is over.</summary>
    public bool Silent { get; init; }

    public PhaseState State { get; set; }

    public DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>Why it was skipped.</summary>
    public string? Reason { get; set; }

    /// <summary>The message in the room, by the platform's id.</summary>
    public string? MessageId { get; set; }
}

/// <summary>Someone who is asked in a review.</summary>
public sealed class Asked
{
    public long IncidentId { get; init; }

    public long PersonId { get; init; }

    /// <summary>What makes their view wanted, such as “commander” or “owner of payments”.</summary>
    public required string Because { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>The questions about which they were reminded; nobody is reminded of one twice.</summary>
    public List<long> RemindedOf { get; set; } = [];
}

/// <summary>What someone answered to a question.</summary>
public sealed class ReviewAnswer
{
    public long Id { get; init; } = Random.Shared.NextInt64(1, long.MaxValue);

    public long IncidentId { get; init; }

    public long PromptId { get; init; }

    /// <summary>Who said it; null for someone without an account, and for an answer without a name.</summary>
    public long? PersonId { get; init; }

    /// <summary>The name that is shown; null for an answer without a name.</summary>
    public string? PersonName { get; set; }

    /// <summary>Who wrote it down for them, in a live meeting.</summary>
    public string? WrittenBy { get; init; }

    public required RichText Text { get; set; }

    /// <summary>When it was said; of an answer without a name only the day.</summary>
    public DateTimeOffset At { get; init; }

    public string? MessageId { get; init; }

    public string? Link { get; init; }

    public DateTimeOffset? EditedAt { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>The kind of question that was asked back.</summary>
    public string? FollowUp { get; set; }

    /// <summary>Timeline entries that were made from it.</summary>
    public List<int> Entries { get; set; } = [];

    /// <summary>True where nobody is to be named.</summary>
    public bool IsAnonymous => PersonId is null && PersonName is null;
}

/// <summary>A fix that somebody proposed before its time.</summary>
public sealed class ParkedIdea
{
    public long Id { get; init; } = Random.Shared.NextInt64(1, long.MaxValue);

    public long IncidentId { get; set; }

    public required string Text { get; set; }

    public long? ById { get; init; }

    public required string ByName { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>The action item that came of it.</summary>
    public int? ActionNumber { get; set; }
}

/// <summary>Someone's answer to one of the two closing questions.</summary>
public sealed class PollVote
{
    public long IncidentId { get; init; }

    public long PersonId { get; init; }

    public required string Question { get; init; }

    public bool Yes { get; set; }
}

/// <summary>A rule of the coach that a team has switched off.</summary>
public sealed class SilencedRule
{
    public required string Workspace { get; init; }

    public required string Rule { get; init; }

    public required string ByName { get; init; }

    public DateTimeOffset At { get; init; }
}
