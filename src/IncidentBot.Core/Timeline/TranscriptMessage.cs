using IncidentBot.Core.Chat;

namespace IncidentBot.Core.Timeline;

/// <summary>A message of an incident's room, kept beside the timeline.</summary>
/// <remarks>
/// What is seen of a message may arrive in any order: a row may hold an edit, a deletion or a pin before the message itself is known,
/// and <see cref="PostedAt"/> is null until then.
/// </remarks>
public sealed class TranscriptMessage
{
    public long Id { get; set; }

    /// <summary>The incident in whose room it was captured; that may have been merged since.</summary>
    public long IncidentId { get; set; }

    public required string Platform { get; init; }

    public required string Workspace { get; init; }

    public required string Channel { get; init; }

    /// <summary>The platform's id of the message, unique in its channel.</summary>
    public required string MessageId { get; init; }

    public string? Thread { get; set; }

    public DateTimeOffset? PostedAt { get; set; }

    public long? AuthorId { get; set; }

    public string? AuthorName { get; set; }

    public RichText Text { get; set; } = RichText.Empty;

    public string? Link { get; set; }

    /// <summary>Ids of the stored files that it carries.</summary>
    public List<string> Files { get; set; } = [];

    public DateTimeOffset? EditedAt { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }

    public DateTimeOffset? RedactedAt { get; set; }

    /// <summary>When the pin was last put on or taken off; an older change that arrives later is passed over.</summary>
    public DateTimeOffset? PinChangedAt { get; set; }

    public bool Pinned { get; set; }

    public long? PinnedById { get; set; }

    public string? PinnedByName { get; set; }
}
