using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Timeline;

/// <summary>What sort of entry it is.</summary>
public enum EntryKind
{
    Event,
    Decision,
    Detected,
    Action,
    Evidence,
    ImpactBegins,
    ImpactEnds,
    System,
}

/// <summary>How an entry came to be on the timeline.</summary>
public enum EntrySource
{
    Command,
    Message,
    Pin,
    Shortcut,
    File,
    Review,
    Api,
    System,
}

/// <summary>A milestone that an entry marks; durations are counted between milestones.</summary>
public enum Marker
{
    ImpactBegins,
    Alerted,
    Detected,
    Declared,
    Acknowledged,
    StakeholdersNotified,
    Mitigated,
    Resolved,
    ImpactEnds,
    Reopened,
}

/// <summary>What is unsure about the time that someone gave.</summary>
public enum TimeDoubt
{
    Ambiguous,
    Impossible,
    Future,
    LongBefore,
}

/// <summary>One entry of the timeline: what happened, when, who did it, and who wrote it down.</summary>
public sealed class TimelineEntry
{
    public long Id { get; set; }

    public long IncidentId { get; set; }

    /// <summary>The order of recording within the incident, from 1; the N of <c>edit N</c>.</summary>
    public int Seq { get; set; }

    /// <summary>When it happened; null when that is unknown.</summary>
    public DateTimeOffset? OccurredAt { get; set; }

    /// <summary>The end of what lasted a while.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The time as it was said, when it could not be understood for sure.</summary>
    public string? TimeSaid { get; set; }

    public TimeDoubt? Doubt { get; set; }

    public DateTimeOffset RecordedAt { get; init; }

    public EntryKind Kind { get; set; }

    /// <summary>The phase that a person has set; otherwise it follows from the status at the time.</summary>
    public Phase? PhaseSaid { get; set; }

    public Marker? Marker { get; set; }

    /// <summary>The status that began with this entry.</summary>
    public Status? StatusTo { get; set; }

    public required RichText Text { get; set; }

    public string? ActorName { get; set; }

    public long? ActorId { get; init; }

    /// <summary>Who put it on the timeline, when that is not who said it.</summary>
    public string? AddedByName { get; set; }

    public long? AddedById { get; set; }

    public EntrySource Source { get; init; }

    public string? Link { get; init; }

    public string? SystemState { get; set; }

    public string? TeamAction { get; set; }

    public string? Context { get; set; }

    public string? OldValue { get; set; }

    public string? NewValue { get; set; }

    /// <summary>The captured message that it follows through edits and deletion.</summary>
    public string? MessageId { get; init; }

    /// <summary>The entry of a merged incident that this one is a copy of.</summary>
    public long? CopiedFromId { get; init; }

    /// <summary>Taken off the timeline; kept with its history.</summary>
    public DateTimeOffset? RemovedAt { get; set; }

    public DateTimeOffset? RedactedAt { get; set; }

    public List<Evidence> Evidence { get; set; } = [];

    public List<EntryRevision> Revisions { get; set; } = [];

    public int RevisionCount { get; set; }

    /// <summary>Keeps what the entry says now before it is changed.</summary>
    public void Revise(string by, DateTimeOffset at, string? why = null)
    {
        Revisions.Add(new EntryRevision
        {
            Number = ++RevisionCount,
            Text = Text,
            OccurredAt = OccurredAt,
            EndedAt = EndedAt,
            Kind = Kind,
            ByName = by,
            At = at,
            Why = why,
        });
    }
}

/// <summary>What an entry said before it was changed, by whom, when and why.</summary>
public sealed class EntryRevision
{
    public long Id { get; set; }

    public long EntryId { get; set; }

    public int Number { get; init; }

    public required RichText Text { get; set; }

    public DateTimeOffset? OccurredAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public EntryKind Kind { get; init; }

    public required string ByName { get; set; }

    public DateTimeOffset At { get; init; }

    public string? Why { get; set; }
}

/// <summary>What shows that an entry is so: a link, the name of a file, or an excerpt of a log.</summary>
public sealed class Evidence
{
    public long Id { get; set; }

    public long EntryId { get; set; }

    public string? Text { get; set; }

    public string? Url { get; set; }

    /// <summary>The name of a file.</summary>
    public string? File { get; set; }

    /// <summary>The stored file, when the bot has it.</summary>
    public string? FileId { get; set; }
}
