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
        var replies = events.Where(e => e is not Mentioned && !e.NamesTheBot && e.Place.Thread is not null && e.By.UserId.Length > 0 && (!e.Text.IsBlank || e.Files is { Count: > 0 } || e.Shared is { Count: > 0 })).ToList();
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

    /// <summary>Takes what was said under a question before its own message was known here.</summary>
    public async Task AdoptAsync(Prompt prompt, CancellationToken stop)
    {
        var incident = await db.Incidents.FirstAsync(i => i.Id == prompt.IncidentId, stop);
        foreach (var message in await db.Transcript.Where(m => m.Thread == prompt.MessageId && m.IncidentId == incident.Id && m.AuthorId != null && m.PostedAt != null && m.DeletedAt == null && m.RedactedAt == null).OrderBy(m => m.PostedAt).ToListAsync(stop))
        {
            // What begins with a name speaks to somebody, perhaps to the bot.
            if (await db.People.FirstOrDefaultAsync(p => p.Id == message.AuthorId, stop) is { } author && message.Text.Spans is not [{ Kind: SpanKind.User }, ..])
            {
                await TakeAsync(incident, prompt, new(author.Ref, new(message.Platform, message.Workspace, message.Channel, message.Thread), message.PostedAt!.Value, message.MessageId, message.Text, message.Link), stop);
            }
        }
    }

    public async Task EditedAsync(TranscriptMessage message, RichText text, DateTimeOffset at, CancellationToken stop)
    {
        foreach (var (answer, incident) in await OfAsync(message, stop))
        {
            await answers.ReviseAsync(incident, answer, answer.WrittenBy is not null && text.Spans is [{ Kind: SpanKind.User } first, _, ..] ? WithoutName(text, first) : text, await SpeakerAsync(answer, at, stop), stop);
        }
    }

    public async Task DeletedAsync(TranscriptMessage message, DateTimeOffset at, CancellationToken stop)
    {
        if (message.Files.Count > 0)
        {
            // What it brought along shows nothing any more.
            foreach (var finding in (await db.Findings.Where(f => f.IncidentId == message.IncidentId).ToListAsync(stop)).Where(f => f.Files.Exists(message.Files.Contains)))
            {
                finding.Files = [.. finding.Files.Except(message.Files)];
            }
        }

        foreach (var (answer, incident) in await OfAsync(message, stop))
        {
            await answers.TakeBackAsync(incident, answer, await SpeakerAsync(answer, at, stop), stop);
        }
    }

    // In a room that is a thread itself a reply counts for the question that is asked now.
    private async Task<Prompt?> PromptAsync(Incident incident, Place place, CancellationToken stop)
    {
        var review = await db.Reviews.FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop);
        if (review?.IsRunning != true || review.LegalHold)
        {
            return null;
        }

        var room = await db.Rooms.AsNoTracking().FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop);
        return room?.IsThread == true
            // While the incident goes on again, what is said there is about it.
            ? incident.IsOpen ? null : await db.Prompts.FirstOrDefaultAsync(p => p.Id == review.PromptId && !p.Silent, stop)
            : await db.Prompts.FirstOrDefaultAsync(p => p.IncidentId == incident.Id && p.MessageId == place.Thread, stop);
    }

    private async Task TakeAsync(Incident incident, Prompt prompt, MessagePosted reply, CancellationToken stop)
    {
        var author = await people.FindOrAddAsync(reply.By, stop);
        var message = db.Transcript.Local.FirstOrDefault(m => m.MessageId == reply.MessageId && m.Channel == reply.Place.Channel)
            ?? await db.Transcript.FirstOrDefaultAsync(m => m.Platform == reply.Place.Platform && m.Workspace == reply.Place.Workspace && m.Channel == reply.Place.Channel && m.MessageId == reply.MessageId, stop);
        if (message is { DeletedAt: not null } or { RedactedAt: not null } || db.ReviewAnswers.Local.Any(a => a.IncidentId == incident.Id && a.MessageId == reply.MessageId))
        {
            return;
        }

        // An edit may have overtaken its message.
        reply = message?.EditedAt is null ? reply : reply with { Text = message.Text };
        if (author.Id == 0 || author.IsGuest || await db.ReviewAnswers.AnyAsync(a => a.IncidentId == incident.Id && a.MessageId == reply.MessageId, stop))
        {
            return;
        }

        if (reply.Text.IsBlank)
        {
            await ShowAsync(await LastAnswerAsync(prompt, author, stop), message?.Files, stop);
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
        var doubts = await answers.KeepAsync(incident, prompt, answer, null, new(speaker, speaker.Name, reply.At, speaker.Zone) { Files = message?.Files ?? [] }, stop);
        if (doubts.Count > 0)
        {
            db.Outbox.Add(OutboxRow.UnderPrompt(incident, prompt.Id, Card.Words("", [.. doubts]), author.Ref));
        }
    }

    // Files that come with an answer, or behind it, show what it says.
    private async Task ShowAsync(ReviewAnswer? answer, IReadOnlyCollection<string>? files, CancellationToken stop)
    {
        if (answer is null || files is not { Count: > 0 })
        {
            return;
        }

        await db.Findings.Where(f => f.AnswerId == answer.Id).LoadAsync(stop);
        foreach (var finding in db.Findings.Local.Where(f => f.AnswerId == answer.Id && f.RemovedAt is null))
        {
            finding.Files = [.. finding.Files.Union(files)];
        }
    }

    private async Task<ReviewAnswer?> LastAnswerAsync(Prompt prompt, Person author, CancellationToken stop)
    {
        await db.ReviewAnswers.Where(a => a.PromptId == prompt.Id && a.PersonId == author.Id).LoadAsync(stop);
        return db.ReviewAnswers.Local.Where(a => a.PromptId == prompt.Id && a.PersonId == author.Id && a.DeletedAt is null).MaxBy(a => a.At);
    }

    // In a live meeting a scribe writes for the others: "@ann what she said".
    private async Task<(Person Speaker, RichText Text)> ScribedAsync(Incident incident, Review review, Person author, MessagePosted reply, CancellationToken stop)
    {
        if (!Meeting.IsOn(review, reply.At) || reply.Text.Spans is not [{ Kind: SpanKind.User, Target: { } id } first, _, ..])
        {
            return (author, reply.Text);
        }

        var speaker = await people.FindOrAddAsync(new(author.Platform, author.Workspace, id), stop);
        var rest = WithoutName(reply.Text, first);
        return rest.IsBlank || !await db.Asked.AnyAsync(a => a.IncidentId == incident.Id && a.PersonId == speaker.Id, stop) ? (author, reply.Text) : (speaker, rest);
    }

    private static RichText WithoutName(RichText text, Span name)
    {
        var rest = text.From(name.Text.Length).Trim();
        return rest.Plain.StartsWith(':') ? rest.From(1).Trim() : rest;
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
