using IncidentBot.Core.Chat;

namespace IncidentBot.Core.Timeline;

/// <summary>A message of an incident's room, kept beside the timeline.</summary>
/// <remarks>
/// What is seen of a message may arrive in any order: a row may hold an edit, a deletion or a pin before the message itself is known,
/// and <see cref="PostedAt"/> is null until then.
/// </remarks>
public sealed class TranscriptMessage : Storage.IAppended
{
    public long Id { get; set; }

    /// <summary>The incident in whose room it was captured; that may have been merged since.</summary>
    public long IncidentId { get; set; }

    public required string Platform { get; init; }

    public required string Workspace { get; init; }

    public required string Channel { get; set; }

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

    /// <summary>The pins that were put on and taken off, a line each.</summary>
    public string PinLog { get; set; } = "";

    public IEnumerable<MessagePin> Pins => PinLog.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(MessagePin.Read);

    /// <summary>Puts a pin on or takes it off; what is older than what is known of that pin is passed over.</summary>
    public void ChangePin(MessagePin pin)
    {
        var pins = Pins.ToList();
        if (pins.Exists(p => p.Mark == pin.Mark && p.At >= pin.At))
        {
            return;
        }

        pins.RemoveAll(p => p.Mark == pin.Mark);
        pins.Add(pin);
        PinLog = string.Concat(pins.Select(p => p.Write() + "\n"));
        // Whoever pinned first, of those who still do.
        var first = pins.Where(p => p.On).MinBy(p => p.At);
        Pinned = first is not null;
        (PinnedById, PinnedByName) = first is null ? (pin.ById, pin.ByName) : (first.ById, first.ByName);
    }

    /// <summary>True while one of the pins is on.</summary>
    public bool Pinned { get; set; }

    public long? PinnedById { get; set; }

    public string? PinnedByName { get; set; }
}

/// <summary>One of the pins of a message, as it was last put on or taken off.</summary>
public sealed record MessagePin(string Mark, bool On, DateTimeOffset At, long ById, string ByName)
{
    public string Write() => $"{Mark}\t{(On ? 1 : 0)}\t{At.UtcTicks}\t{ById}\t{ByName.ReplaceLineEndings(" ").Replace('\t', ' ')}";

    public static MessagePin Read(string line)
    {
        var parts = line.Split('\t', 5);
        return new(parts[0], parts[1] == "1", new(long.Parse(parts[2]), TimeSpan.Zero), long.Parse(parts[3]), parts[4]);
    }
}
