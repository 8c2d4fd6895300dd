using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation.Answers;

/// <summary>Takes replies in the threads of a review's questions as answers, and follows their edits and deletion.</summary>
public sealed class TakeReplies(BotDb db, Rooms rooms, PeopleDirectory people, RecordAnswer answers)
{
    /// <summary>Takes those of many messages that answer a question; what speaks to the bot is a command, and no answer.</summary>
    public async Task HandleAsync(IReadOnlyList<MessagePosted> events, CancellationToken stop)
    {
        var replies = events.Where(e => e is not Mentioned && e.Place.Thread is not null && e.By.UserId.Length > 0 && !e.Text.IsBlank).ToList();
        if (replies.Count == 0)
        {
            return;
        }

        var incidents = await rooms.IncidentsAsync([.. replies.Select(e => e.Place).Distinct()], stop);
        foreach (var reply in replies.Where(r => incidents.ContainsKey(r.Place)))
        {
            var incident = await db.Incidents.FirstAsync(i => i.Id == incidents[reply.Place], stop);
            if (await PromptAsync(incident, reply.Place, stop) is { } prompt)
            {
                await TakeAsync(incident, prompt, reply, stop);
            }
        }
    }

    public async Task EditedAsync(TranscriptMessage message, RichText text, DateTimeOffset at, CancellationToken stop)
    {
        foreach (var (answer, incident) in await OfAsync(message, stop))
        {
            await answers.ReviseAsync(incident, answer, text, await SpeakerAsync(answer, at, stop), stop);
        }
    }

    public async Task DeletedAsync(TranscriptMessage message, DateTimeOffset at, CancellationToken stop)
    {
        foreach (var (answer, incident) in await OfAsync(message, stop))
        {
            await answers.TakeBackAsync(incident, answer, await SpeakerAsync(answer, at, stop), stop);
        }
    }

    // In a room that is a thread itself a reply counts for the question that is asked now.
    private async Task<Prompt?> PromptAsync(Incident incident, Place place, CancellationToken stop)
    {
        var review = await db.Reviews.FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop);
        if (review?.IsRunning != true)
        {
            return null;
        }

        var room = await db.Rooms.AsNoTracking().FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop);
        return room?.IsThread == true
            ? await db.Prompts.FirstOrDefaultAsync(p => p.Id == review.PromptId && !p.Silent, stop)
            : await db.Prompts.FirstOrDefaultAsync(p => p.IncidentId == incident.Id && p.MessageId == place.Thread, stop);
    }

    private async Task TakeAsync(Incident incident, Prompt prompt, MessagePosted reply, CancellationToken stop)
    {
        var author = await people.FindOrAddAsync(reply.By, stop);
        if (author.Id == 0 || author.IsGuest || await db.ReviewAnswers.AnyAsync(a => a.IncidentId == incident.Id && a.MessageId == reply.MessageId, stop))
        {
            return;
        }

        var review = await db.Reviews.FirstAsync(r => r.IncidentId == incident.Id, stop);
        var (speaker, text) = await ScribedAsync(incident, review, author, reply, stop);
        var answer = new ReviewAnswer
        {
            IncidentId = incident.Id,
            PromptId = prompt.Id,
            PersonId = speaker.Id,
            PersonName = speaker.Name,
            WrittenBy = speaker.Id == author.Id ? null : author.Name,
            Text = text,
            At = reply.At,
            MessageId = reply.MessageId,
            Link = reply.Link,
        };
        var doubts = await answers.KeepAsync(incident, prompt, answer, null, new(speaker, speaker.Name, reply.At, speaker.Zone), stop);
        if (doubts.Count > 0)
        {
            db.Outbox.Add(OutboxRow.UnderPrompt(incident, prompt.Id, Card.Words("", [.. doubts]), author.Ref));
        }
    }

    // In a live meeting a scribe writes for the others: "@ann what she said".
    private async Task<(Person Speaker, RichText Text)> ScribedAsync(Incident incident, Review review, Person author, MessagePosted reply, CancellationToken stop)
    {
        if (review.MeetingAt is null || reply.Text.Spans is not [{ Kind: SpanKind.User, Target: { } id } first, _, ..])
        {
            return (author, reply.Text);
        }

        var speaker = await people.FindOrAddAsync(new(author.Platform, author.Workspace, id), stop);
        var rest = reply.Text.From(first.Text.Length).Trim();
        rest = rest.Plain.StartsWith(':') ? rest.From(1).Trim() : rest;
        return rest.IsBlank || !await db.Asked.AnyAsync(a => a.IncidentId == incident.Id && a.PersonId == speaker.Id, stop) ? (author, reply.Text) : (speaker, rest);
    }

    private async Task<List<(ReviewAnswer Answer, Incident Incident)>> OfAsync(TranscriptMessage message, CancellationToken stop)
    {
        var found = new List<(ReviewAnswer, Incident)>();
        foreach (var answer in await db.ReviewAnswers.Where(a => a.MessageId == message.MessageId && a.DeletedAt == null).ToListAsync(stop))
        {
            var incident = await db.Incidents.FirstAsync(i => i.Id == answer.IncidentId, stop);
            if (incident.Platform == message.Platform && incident.Workspace == message.Workspace)
            {
                found.Add((answer, incident));
            }
        }

        return found;
    }

    private async Task<Speaker> SpeakerAsync(ReviewAnswer answer, DateTimeOffset at, CancellationToken stop)
    {
        var person = await db.People.FirstOrDefaultAsync(p => p.Id == answer.PersonId, stop);
        return new(person, answer.PersonName, at, person?.Zone ?? TimeZoneInfo.Utc);
    }
}
