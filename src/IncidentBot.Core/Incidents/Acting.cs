using IncidentBot.Core.Chat;
using IncidentBot.Core.People;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Incidents;

/// <summary>Who changes an incident, when it happened, and when it was recorded.</summary>
/// <param name="OccurredAt">When the change took place; the moment of recording unless a time was given.</param>
public sealed record Acting(Person By, DateTimeOffset RecordedAt, DateTimeOffset? OccurredAt = null)
{
    /// <summary>An act of the review: on the record, and not among what happened in the incident.</summary>
    public TimelineEntry InReview(string text, string? old = null, string? now = null)
    {
        var entry = System(text, old, now);
        return new() { OccurredAt = entry.OccurredAt, RecordedAt = entry.RecordedAt, Kind = entry.Kind, Source = EntrySource.Review, Text = entry.Text, ActorName = entry.ActorName, ActorId = entry.ActorId, OldValue = old, NewValue = now };
    }

    /// <summary>What happens to an action: among what happened while the incident goes on, an act of the review afterwards.</summary>
    public TimelineEntry OnItem(Incident incident, string text, string? old = null, string? now = null) => incident.IsOpen ? System(text, old, now) : InReview(text, old, now);

    /// <summary>An automatic entry with the old and the new value.</summary>
    public TimelineEntry System(string text, string? old = null, string? now = null) => new()
    {
        OccurredAt = OccurredAt ?? RecordedAt,
        RecordedAt = RecordedAt,
        Kind = EntryKind.System,
        Source = EntrySource.System,
        Text = RichText.Of(text),
        ActorName = By.Name,
        ActorId = By.Id == 0 ? null : By.Id,
        OldValue = old,
        NewValue = now,
    };
}
