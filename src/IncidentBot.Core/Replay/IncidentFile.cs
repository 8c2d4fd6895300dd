using IncidentBot.Core.Incidents;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Replay;

/// <summary>An incident as a file tells it.</summary>
public sealed class IncidentFile
{
    public required string Title { get; init; }

    public int? Severity { get; set; }

    public IncidentKind Kind { get; set; }

    public List<string> Services { get; } = [];

    public List<FileEntry> Entries { get; } = [];

    public List<(string Name, string Role)> People { get; } = [];

    /// <summary>Milestones that the file states, apart from its entries.</summary>
    public Dictionary<KeyEvent, DateTimeOffset> KeyEvents { get; } = [];

    /// <summary>Impact by the keys of <see cref="Impact.Fields"/>.</summary>
    public Dictionary<string, string> Impact { get; } = [];

    public List<(FindingKind Kind, string Text)> Findings { get; } = [];

    public WhyNode? Whys { get; set; }

    public List<FileAction> Actions { get; } = [];

    /// <summary>The review that it tells; played only when that is asked for.</summary>
    public FileReview? Review { get; set; }

    /// <summary>The same as it is written.</summary>
    public string? ReviewText { get; set; }

    /// <summary>What the format does not know, kept under its own key; the number is that of the entry it belongs to.</summary>
    public List<(int? Entry, string Key, string Text)> Notes { get; } = [];

    /// <summary>What could not be understood; it is kept as a note.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>When it was declared: as stated, else when detected, else the first dated entry.</summary>
    /// <exception cref="IncidentFileFault">Nothing in the file has a time.</exception>
    public DateTimeOffset DeclaredAt =>
        Known(KeyEvent.Declared) ?? Known(KeyEvent.Detected) ?? Entries.FirstOrDefault(e => e.At is not null)?.At
        ?? throw new IncidentFileFault("The file has no entry with a time and states no time of detection, so it cannot be put on a timeline. Give at least one entry a time.");

    /// <summary>When it was resolved: as stated, else when restored or repaired, else the last dated entry.</summary>
    public DateTimeOffset ResolvedAt =>
        Known(KeyEvent.Resolved) ?? Known(KeyEvent.Restored) ?? Known(KeyEvent.Repaired) ?? Entries.LastOrDefault(e => e.At is not null)?.At ?? DeclaredAt;

    public DateTimeOffset? Known(KeyEvent e) => KeyEvents.TryGetValue(e, out var at) ? at : null;
}

/// <summary>A milestone that a file can state.</summary>
public enum KeyEvent
{
    ImpactBegins,
    Detected,
    Acknowledged,
    Declared,
    Mitigated,
    Repaired,
    Restored,
    Resolved,
    ImpactEnds,
}

/// <summary>One entry of a file, its text as written.</summary>
public sealed record FileEntry(
    DateTimeOffset? At, DateTimeOffset? End, string? TimeSaid, string Text, string? Actor, EntryKind Kind, string? State, string? Context);

/// <summary>A node of a file's tree of whys.</summary>
public sealed record WhyNode(string Text, IReadOnlyList<WhyNode> Because);

/// <summary>An action item of a file.</summary>
public sealed record FileAction(string Text, string? Owner, string? Type, string? Priority, string? Due, string? Ticket);

/// <summary>A file that cannot be played, with what to do about it.</summary>
public sealed class IncidentFileFault : Exception
{
    public IncidentFileFault()
    {
    }

    public IncidentFileFault(string message)
        : base(message)
    {
    }

    public IncidentFileFault(string message, Exception inner)
        : base(message, inner)
    {
    }
}
