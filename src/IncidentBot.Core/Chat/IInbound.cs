using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Chat;

/// <summary>A delivery cannot be handled before something has been learnt; that is no fault of it.</summary>
public sealed class NotYet : Exception
{
    public NotYet()
    {
    }

    public NotYet(string message)
        : base(message)
    {
    }

    public NotYet(string message, Exception inner)
        : base(message, inner)
    {
    }

    public NotYet(DateTimeOffset until)
        : base("What a delivery hangs on is not known yet.") => Until = until;

    /// <summary>When it is worth trying again.</summary>
    public DateTimeOffset Until { get; }
}

/// <summary>A platform as the pump sees it: turns stored deliveries into events.</summary>
public interface IInbound
{
    /// <summary>The platform's name as it stands in <see cref="InboxRow.Platform"/>.</summary>
    string Platform { get; }

    /// <summary>Reads one stored delivery.</summary>
    /// <returns>The event, or null when the delivery says nothing of use.</returns>
    /// <exception cref="FormatException">The body cannot be read; the row is retried, then set aside as dead.</exception>
    /// <exception cref="NotYet">It is tried again at that time, as often as it takes.</exception>
    Observation? Translate(InboxRow row);

    /// <summary>What must be asked of the platform before these can be handled well, such as the names of people never seen; null when nothing.</summary>
    /// <returns>An act that is done outside any transaction and does not throw: what a platform does not tell must not hold up what people said.</returns>
    ValueTask<Func<CancellationToken, Task>?> WantsAsync(BotDb db, IReadOnlyList<Observation> events, CancellationToken stop);

    /// <summary>Lets the adapter keep its own rows in the same commit as what the handlers change.</summary>
    Task AbsorbAsync(BotDb db, IReadOnlyList<Observation> events, CancellationToken stop);

    /// <summary>Overwrites redacted words in what the adapter itself keeps of an incident's room, and in its deliveries that wait; what a platform keeps is out of reach.</summary>
    /// <param name="messageId">The message that the redacted entry was captured from, if any.</param>
    Task RedactAsync(BotDb db, Incident incident, string? messageId, RedactedWords words, CancellationToken stop);
}
