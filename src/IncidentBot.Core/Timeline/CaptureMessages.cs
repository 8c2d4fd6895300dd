using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Answers;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Timeline;

/// <summary>Keeps every message of an incident's room in its transcript, many in one pass.</summary>
public sealed class CaptureMessages(BotDb db, PeopleDirectory people, Rooms rooms, PinnedMessages pins, StoredFiles files) : IHandleMany<MessagePosted>
{
    public async Task HandleAsync(IReadOnlyList<MessagePosted> events, CancellationToken stop)
    {
        var incidents = await rooms.IncidentsAsync([.. events.Select(e => e.Place).Distinct()], stop);
        var kept = events.Where(e => incidents.ContainsKey(e.Place)).ToList();
        if (kept.Count == 0)
        {
            return;
        }

        var known = new Dictionary<(string, string, string), TranscriptMessage>();
        foreach (var workspace in kept.GroupBy(e => (e.Place.Platform, e.Place.Workspace)))
        {
            // Every part of the key is named, so that it costs the same however many messages there are.
            var (platform, id) = workspace.Key;
            var channels = workspace.Select(e => e.Place.Channel).Distinct().ToList();
            var ids = workspace.Select(e => e.MessageId).ToList();
            foreach (var m in await db.Transcript.Where(m => m.Platform == platform && m.Workspace == id && channels.Contains(m.Channel) && ids.Contains(m.MessageId)).ToListAsync(stop))
            {
                known[(m.Workspace, m.Channel, m.MessageId)] = m;
            }

            await people.MeetAsync(platform, id, workspace.Select(e => e.By.UserId), stop);
        }

        foreach (var e in kept)
        {
            var author = await people.FindOrAddAsync(e.By, stop);
            var key = (e.Place.Workspace, e.Place.Channel, e.MessageId);
            if (!known.TryGetValue(key, out var message))
            {
                known[key] = message = db.Transcript.Add(Rooms.NewMessage(incidents[e.Place], e)).Entity;
            }

            var isNew = message.PostedAt is null;
            if (message is { RedactedAt: null, Files.Count: 0 } && (e.Files is { Count: > 0 } || e.Shared is { Count: > 0 }))
            {
                message.Files = [.. e.Files ?? [], .. e.Shared is { Count: > 0 } ? await files.ExpectAsync(e, message.IncidentId, stop) : []];
                var evidence = await files.AttachAsync(message.Files, message.IncidentId, stop);
                if (!isNew)
                {
                    // Somebody has put the message on a timeline before it came by itself.
                    await AddEvidenceAsync(message, evidence, stop);
                }
            }

            if (!isNew)
            {
                continue;
            }

            message.PostedAt = e.At;
            message.AuthorId = author.Id == 0 ? null : author.Id;
            message.AuthorName = e.AuthorName ?? author.Name;
            message.Thread = e.Place.Thread;
            message.Link = e.Link;
            if (message.EditedAt is null && message.DeletedAt is null && message.RedactedAt is null)
            {
                message.Text = e.Text;
            }

            if (message.Pinned)
            {
                await pins.PutOnTimelineAsync(message, e.At, stop);
            }
        }
    }

    private async Task AddEvidenceAsync(TranscriptMessage message, List<Evidence> evidence, CancellationToken stop)
    {
        foreach (var entry in await db.EntriesOf(message).Include(x => x.Evidence).Where(x => x.RedactedAt == null).ToListAsync(stop))
        {
            entry.Evidence.AddRange(evidence.Select(v => new Evidence { File = v.File, FileId = v.FileId }));
        }
    }
}

/// <summary>Finds the entries that were made from a captured message.</summary>
internal static class MadeFromMessage
{
    /// <summary>In whatever incident of the workspace they stand: a message may be put on the timeline of another than the one of its room.</summary>
    public static IQueryable<TimelineEntry> EntriesOf(this BotDb db, TranscriptMessage message) => db.Entries.Where(x => x.MessageId == message.MessageId
        && db.Incidents.Any(i => i.Id == x.IncidentId && i.Platform == message.Platform && i.Workspace == message.Workspace
            && (i.Id == message.IncidentId || x.ActorId == message.AuthorId || db.Incidents.Any(m => m.Id == message.IncidentId && m.MergedIntoId == i.Id))));
}

/// <summary>Carries an edit of a captured message through to the transcript and the timeline.</summary>
public sealed class CaptureEdit(BotDb db, Rooms rooms, TakeReplies replies) : IHandle<MessageEdited>
{
    public async Task<Answer> HandleAsync(MessageEdited e, Turn turn, CancellationToken stop)
    {
        if (await rooms.FindOrAddAsync(e, stop) is not { } message || message.EditedAt >= e.At || message.DeletedAt is not null || message.RedactedAt is not null)
        {
            return Answer.None;
        }

        message.Text = e.Text;
        message.EditedAt = e.At;
        await replies.EditedAsync(message, e.Text, e.At, stop);
        foreach (var entry in await db.EntriesOf(message).Include(x => x.Evidence).Where(x => x.RedactedAt == null).ToListAsync(stop))
        {
            entry.Revise(turn.By.Name, e.At, "message edited");
            EntryWords.ReplaceEvidence(entry, e.Text);
            entry.Text = e.Text;
            (await db.Incidents.FirstAsync(i => i.Id == entry.IncidentId, stop)).Version++;
        }

        return Answer.None;
    }
}

/// <summary>Marks a captured message as deleted; an entry made from it leaves the timeline, with its history kept.</summary>
public sealed class CaptureDeletion(BotDb db, Rooms rooms, TakeReplies replies) : IHandle<MessageDeleted>
{
    public async Task<Answer> HandleAsync(MessageDeleted e, Turn turn, CancellationToken stop)
    {
        if (await rooms.FindOrAddAsync(e, stop) is not { } message || message.DeletedAt is not null)
        {
            return Answer.None;
        }

        message.DeletedAt = e.At;
        await replies.DeletedAsync(message, e.At, stop);
        foreach (var entry in await db.EntriesOf(message).Where(x => x.RemovedAt == null).ToListAsync(stop))
        {
            entry.Revise(turn.By.Name, e.At, "message deleted");
            entry.RemovedAt = e.At;
            (await db.Incidents.FirstAsync(i => i.Id == entry.IncidentId, stop)).Version++;
        }

        return Answer.None;
    }
}

/// <summary>Puts a pinned message on the timeline at the time it was written, and takes it off when the pin goes.</summary>
public sealed class CapturePin(Rooms rooms, PinnedMessages pins) : IHandle<PinChanged>
{
    public async Task<Answer> HandleAsync(PinChanged e, Turn turn, CancellationToken stop)
    {
        if (await rooms.FindOrAddAsync(e, stop) is not { } message)
        {
            return Answer.None;
        }

        var (pinned, by) = (message.Pinned, message.PinnedById);
        message.ChangePin(new(e.Mark, e.Pinned, e.At, turn.By.Id, turn.By.Name));
        if (message.Pinned && !pinned)
        {
            await pins.PutOnTimelineAsync(message, e.At, stop);
        }
        else if (pinned && !message.Pinned)
        {
            await pins.TakeOffTimelineAsync(message, turn.By.Name, e.At, stop);
        }
        else if (message.PinnedById != by)
        {
            await pins.PassOnAsync(message, stop);
        }

        return Answer.None;
    }
}
