using IncidentBot.Core.Chat;
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

            if (message.PostedAt is not null)
            {
                continue;
            }

            message.PostedAt = e.At;
            message.AuthorId = author.Id == 0 ? null : author.Id;
            message.AuthorName = e.AuthorName ?? author.Name;
            message.Thread = e.Place.Thread;
            message.Link = e.Link;
            if (message.RedactedAt is null && e.Files is { Count: > 0 })
            {
                message.Files = [.. e.Files];
                await files.AttachAsync(e.Files, message.IncidentId, stop);
            }

            if (message.RedactedAt is null && e.Shared is { Count: > 0 })
            {
                message.Files = [.. message.Files, .. await files.ExpectAsync(e, message.IncidentId, stop)];
            }

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
}

/// <summary>Carries an edit of a captured message through to the transcript and the timeline.</summary>
public sealed class CaptureEdit(BotDb db, Merges merges, Rooms rooms) : IHandle<MessageEdited>
{
    public async Task<Answer> HandleAsync(MessageEdited e, Turn turn, CancellationToken stop)
    {
        if (await rooms.FindOrAddAsync(e, stop) is not { } message || message.EditedAt >= e.At || message.DeletedAt is not null || message.RedactedAt is not null)
        {
            return Answer.None;
        }

        message.Text = e.Text;
        message.EditedAt = e.At;
        var incident = await merges.SurvivorAsync(await db.Incidents.FirstAsync(i => i.Id == message.IncidentId, stop), stop);
        foreach (var entry in await db.Entries.Include(x => x.Evidence).Where(x => x.IncidentId == incident.Id && x.MessageId == e.MessageId && x.RedactedAt == null).ToListAsync(stop))
        {
            entry.Revise(turn.By.Name, e.At, "message edited");
            EntryWords.ReplaceEvidence(entry, e.Text);
            entry.Text = e.Text;
            incident.Version++;
        }

        return Answer.None;
    }
}

/// <summary>Marks a captured message as deleted; an entry made from it leaves the timeline, with its history kept.</summary>
public sealed class CaptureDeletion(BotDb db, Merges merges, Rooms rooms) : IHandle<MessageDeleted>
{
    public async Task<Answer> HandleAsync(MessageDeleted e, Turn turn, CancellationToken stop)
    {
        if (await rooms.FindOrAddAsync(e, stop) is not { } message || message.DeletedAt is not null)
        {
            return Answer.None;
        }

        message.DeletedAt = e.At;
        var incident = await merges.SurvivorAsync(await db.Incidents.FirstAsync(i => i.Id == message.IncidentId, stop), stop);
        foreach (var entry in await db.Entries.Where(x => x.IncidentId == incident.Id && x.MessageId == e.MessageId && x.RemovedAt == null).ToListAsync(stop))
        {
            entry.Revise(turn.By.Name, e.At, "message deleted");
            entry.RemovedAt = e.At;
            incident.Version++;
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

        var before = (message.Pinned, message.PinnedById);
        message.ChangePin(new(e.Mark, e.Pinned, e.At, turn.By.Id, turn.By.Name));
        if (before == (message.Pinned, message.PinnedById))
        {
            return Answer.None;
        }

        if (message.Pinned)
        {
            await pins.PutOnTimelineAsync(message, e.At, stop);
        }
        else
        {
            await pins.TakeOffTimelineAsync(message, turn.By.Name, e.At, stop);
        }

        return Answer.None;
    }
}
