using System.Linq.Expressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Incidents;

/// <summary>An incident: its state, and the only way to change it.</summary>
public sealed class Incident : IVersioned
{
    /// <summary>Given out here rather than by the database, so that rows can name the incident before it is saved.</summary>
    public long Id { get; init; } = Random.Shared.NextInt64(1, long.MaxValue);

    public required string Workspace { get; init; }

    public int Year { get; init; }

    public int Number { get; init; }

    public required string Title { get; set; }

    public IncidentKind Kind { get; set; }

    public string? Class { get; set; }

    /// <summary>1 (worst) to 4; null when an incident file names none.</summary>
    public int? Severity { get; private set; }

    /// <summary>Why the severity is what it is; null while nobody has said.</summary>
    public string? SeverityReason { get; private set; }

    /// <summary>True while the severity is the one that a declaration without severity gets.</summary>
    public bool SeverityAssumed { get; private set; }

    public Status Status { get; private set; }

    public bool Private { get; init; }

    /// <summary>An exercise: kept out of figures and patterns.</summary>
    public bool Drill { get; init; }

    /// <summary>Played from a file: kept out of figures, patterns, search and chasing.</summary>
    public bool Replayed { get; init; }

    /// <summary>Written down after the fact: no nudges.</summary>
    public bool Backfilled { get; init; }

    /// <summary>Real history from a file: nothing of it is ever posted.</summary>
    public bool Imported { get; init; }

    public DateTimeOffset DeclaredAt { get; init; }

    public long? DeclaredById { get; init; }

    public required string DeclaredByName { get; set; }

    /// <summary>Where it was declared; its announcement stands there.</summary>
    public required string Platform { get; init; }

    public required string DeclaredIn { get; init; }

    public List<string> Services { get; set; } = [];

    public Impact Impact { get; set; } = new();

    public int LastSeq { get; private set; }

    public int LastAction { get; private set; }

    public int LastFinding { get; private set; }

    /// <summary>Grows with every change; what the live card shows is this version.</summary>
    public int Version { get; set; }

    /// <summary>When it was last saved, by the real clock; so that whoever follows it need not look through all there ever were.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    public List<TimelineEntry> Entries { get; } = [];

    public string Code => $"INC-{Year:0000}-{Number:0000}";

    /// <summary>The incident that goes on in place of this one, once merged.</summary>
    public long? MergedIntoId { get; private set; }

    public bool IsOpen => Status is not (Status.Resolved or Status.Cancelled or Status.Merged);

    /// <summary><see cref="IsOpen"/> for a query.</summary>
    public static Expression<Func<Incident, bool>> StillOpen { get; } = i => i.Status != Status.Resolved && i.Status != Status.Cancelled && i.Status != Status.Merged;

    /// <summary>Puts an entry at the end of the record; its number never changes.</summary>
    public TimelineEntry Record(TimelineEntry entry)
    {
        entry.Seq = ++LastSeq;
        entry.IncidentId = Id;
        Entries.Add(entry);
        return entry;
    }

    public int NextAction() => ++LastAction;

    public int NextFinding() => ++LastFinding;

    /// <summary>Sets the severity that the declaration names, or assumes one.</summary>
    public void Classify(int? severity, bool mayAssume)
    {
        SeverityAssumed = severity is null && mayAssume;
        Severity = severity ?? (mayAssume ? Incidents.Severity.Assumed : null);
    }

    public Refusal? ChangeSeverity(int severity, string? reason, Acting by)
    {
        if (severity == Severity && !SeverityAssumed && reason is null)
        {
            return new AlreadyThatSeverity(Code, severity);
        }

        var old = Severity is { } s ? Incidents.Severity.Name(s) : "none";
        var now = Incidents.Severity.Name(severity);
        SeverityReason = reason ?? (severity == Severity ? SeverityReason : null);
        (Severity, SeverityAssumed) = (severity, false);
        var text = old == now ? $"Severity {now} confirmed" : $"Severity changed from {old} to {now}";
        Record(by.System(reason is null ? text : $"{text}: {reason}", old, now));
        return null;
    }

    /// <summary>Takes the justification away when its words are redacted.</summary>
    public void ForgetSeverityReason() => SeverityReason = null;

    public Refusal? ChangeStatus(Status to, string? note, Acting by)
    {
        if (!IsOpen)
        {
            return new NotOpen(Code, Status);
        }

        if (to == Status)
        {
            return new AlreadyThatStatus(Code, to);
        }

        Move(to, note, by);
        return null;
    }

    public Refusal? Reopen(string? note, Acting by)
    {
        if (IsOpen)
        {
            return new StillOpen(Code, Status);
        }

        var entry = Move(Status.Investigating, note, by);
        entry.Marker = Marker.Reopened;
        return null;
    }

    /// <summary>Ends as a part of another incident, which goes on in its place.</summary>
    public Refusal? MergeInto(Incident other, Acting by)
    {
        if (Status is Status.Merged or Status.Cancelled)
        {
            return new NotOpen(Code, Status);
        }

        (MergedIntoId, var old, Status) = (other.Id, Status, Status.Merged);
        var entry = by.System($"Merged into {other.Code}: {other.Title}", old.Word(), other.Code);
        entry.StatusTo = Status.Merged;
        Record(entry);
        return null;
    }

    private TimelineEntry Move(Status to, string? note, Acting by)
    {
        var old = Status;
        Status = to;
        var text = to switch
        {
            Status.Resolved => "Incident resolved",
            Status.Cancelled => "Incident cancelled",
            Status.Mitigated => "Impact mitigated",
            _ when old is Status.Resolved or Status.Cancelled => "Incident reopened",
            _ => $"Status changed from {old.Word()} to {to.Word()}",
        };
        var entry = by.System(string.IsNullOrWhiteSpace(note) ? text : $"{text}: {note}", old.Word(), to.Word());
        entry.StatusTo = to;
        entry.Marker = to switch { Status.Mitigated => Marker.Mitigated, Status.Resolved => Marker.Resolved, _ => null };
        return Record(entry);
    }
}
