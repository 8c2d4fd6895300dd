using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Timeline;

/// <summary>Messages on which people use a shortcut: their words are held while the form is open, and recorded as an entry when it is sent.</summary>
public sealed class QuotedMessages(BotDb db, PeopleDirectory people, StoredFiles files)
{
    private const string Mark = "message:";

    /// <summary>Holds the words, which may be longer than a form takes.</summary>
    /// <param name="about">What else the form should remember.</param>
    /// <returns>The context for the form.</returns>
    public string Hold(QuotedMessage message, Turn turn, string about)
    {
        var held = new HeldCommand { PersonId = turn.By.Id, Verb = Mark, Text = message.Text, At = turn.Now };
        db.HeldCommands.Add(held);
        return $"{Mark}{held.Id}|{message.MessageId}|{message.AuthorId}|{message.At.UtcTicks}|{about}|{message.AuthorName?.Replace('|', ' ')}|{message.Link}";
    }

    /// <summary>Reads the context that <see cref="Hold"/> made; null for any other, or when the words are gone.</summary>
    public async Task<(QuotedMessage Message, string About)?> HeldAsync(string? context, Turn turn, CancellationToken stop)
    {
        var parts = context?.StartsWith(Mark, StringComparison.Ordinal) == true ? context[Mark.Length..].Split('|', 7) : [];
        var held = parts.Length == 7 ? await db.HeldCommands.FirstOrDefaultAsync(h => h.Id == parts[0] && h.PersonId == turn.By.Id, stop) : null;
        return held is not null && long.TryParse(parts[3], out var ticks)
            ? (new(parts[1], parts[2], new(ticks, TimeSpan.Zero), held.Text, parts[6].Length == 0 ? null : parts[6], parts[5].Length == 0 ? null : parts[5]), parts[4]) : null;
    }

    /// <summary>True when the message was deleted while the form was open.</summary>
    public Task<bool> IsGoneAsync(QuotedMessage message, Place place, CancellationToken stop) => db.Transcript.AnyAsync(
        m => m.Platform == place.Platform && m.Workspace == place.Workspace && m.Channel == place.Channel && m.MessageId == message.MessageId && m.DeletedAt != null, stop);

    /// <summary>Records a message as an entry, at the time it was written unless another is said; where the bot has captured it, its words are those that it has now.</summary>
    public async Task<TimelineEntry> RecordAsync(Incident incident, QuotedMessage message, SpokenTime? said, Turn turn, CancellationToken stop)
    {
        var place = turn.Place;
        var captured = await db.Transcript.FirstOrDefaultAsync(m => m.Platform == place.Platform && m.Workspace == place.Workspace && m.Channel == place.Channel && m.MessageId == message.MessageId, stop);
        var author = message.AuthorId.Length == 0 ? null : await people.FindOrAddAsync(new(place.Platform, place.Workspace, message.AuthorId), stop);
        captured ??= db.Transcript.Add(new TranscriptMessage { IncidentId = incident.Id, Platform = place.Platform, Workspace = place.Workspace, Channel = place.Channel, MessageId = message.MessageId }).Entity;
        if (captured.PostedAt is null)
        {
            // From now on it is followed through edits and deletion, wherever it was written.
            (captured.PostedAt, captured.AuthorId, captured.AuthorName) = (message.At, author?.Id, message.AuthorName ?? author?.Name);
            (captured.Thread, captured.Link) = (place.Thread, message.Link);
            captured.Text = captured.EditedAt is null && captured.RedactedAt is null ? message.Text : captured.Text;
        }

        var text = captured.Text;
        return incident.Record(new TimelineEntry
        {
            OccurredAt = said is null ? message.At : said.At,
            EndedAt = said?.End,
            TimeSaid = said?.Doubt is null ? null : said.Said,
            Doubt = said?.Doubt,
            RecordedAt = turn.Now,
            Kind = EntryKind.Event,
            Source = EntrySource.Shortcut,
            Text = text,
            ActorName = captured.AuthorName,
            ActorId = author?.Id,
            AddedByName = turn.By.Name,
            AddedById = turn.By.Id,
            MessageId = message.MessageId,
            Link = message.Link,
            Evidence = [.. EntryWords.EvidenceIn(text), .. await files.AttachAsync(captured.Files, incident.Id, stop)],
        });
    }
}
