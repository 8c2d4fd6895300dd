using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Timeline;

/// <summary>Knows which incident a room or thread belongs to, and the captured messages in it.</summary>
public sealed class Rooms(BotDb db, Merges merges)
{
    /// <summary>The incidents of places: a whole room, or the thread of an announcement; other places keep nothing.</summary>
    public async Task<Dictionary<Place, long>> IncidentsAsync(IReadOnlyCollection<Place> places, CancellationToken stop)
    {
        var channels = places.Select(p => p.Channel).Distinct().ToList();
        var threads = places.Where(p => p.Thread is not null).Select(p => p.Thread).Distinct().ToList();
        var rooms = await db.Rooms.AsNoTracking()
            .Where(r => channels.Contains(r.Channel!) || threads.Contains(r.AnnouncementId) || threads.Contains(r.HomeThread) || threads.Contains(r.DeclaredThread)).ToListAsync(stop);
        var found = new Dictionary<Place, long>();
        foreach (var place in places)
        {
            var room = rooms.OrderByDescending(r => r.AnnouncementId == place.Thread).ThenByDescending(r => r.Name, StringComparer.Ordinal).FirstOrDefault(r => r.Platform == place.Platform && r.Workspace == place.Workspace
                && (r.Channel == place.Channel
                    || (place.Thread is not null && r.HomeChannel == place.Channel && (r.AnnouncementId == place.Thread || r.HomeThread == place.Thread))
                    || (place.Thread is not null && r.DeclaredChannel == place.Channel && r.DeclaredThread == place.Thread)));
            if (room is not null)
            {
                found[place] = room.IncidentId;
            }
        }

        var survivors = await merges.SurvivorsAsync([.. found.Values], stop);
        return found.ToDictionary(f => f.Key, f => survivors.GetValueOrDefault(f.Value, f.Value));
    }

    /// <summary>The captured message that an observation is about; what comes before the message itself makes an empty one that waits for it.</summary>
    public async Task<TranscriptMessage?> FindOrAddAsync(Observation e, CancellationToken stop)
    {
        var known = await db.Transcript.FirstOrDefaultAsync(
            m => m.Platform == e.Place.Platform && m.Workspace == e.Place.Workspace && m.Channel == e.Place.Channel && m.MessageId == e.MessageId, stop);
        if (known is not null)
        {
            return known;
        }

        var incidents = await IncidentsAsync([e.Place], stop);
        return incidents.TryGetValue(e.Place, out var incident) ? db.Transcript.Add(NewMessage(incident, e)).Entity : null;
    }

    public static TranscriptMessage NewMessage(long incident, Observation e) => new()
    {
        IncidentId = incident,
        Platform = e.Place.Platform,
        Workspace = e.Place.Workspace,
        Channel = e.Place.Channel,
        MessageId = e.MessageId,
    };
}

/// <summary>Entries that follow the pin of a message.</summary>
public sealed class PinnedMessages(BotDb db, Merges merges, StoredFiles files)
{
    /// <summary>Makes the entry of a pinned message, or brings back the one that an unpinning took off; waits while the message itself is unknown.</summary>
    public async Task PutOnTimelineAsync(TranscriptMessage message, DateTimeOffset now, CancellationToken stop)
    {
        if (message.PostedAt is null || message.DeletedAt is not null)
        {
            return;
        }

        var incident = await merges.SurvivorAsync(await db.Incidents.FirstAsync(i => i.Id == message.IncidentId, stop), stop);
        var known = await db.Entries.Where(x => x.IncidentId == incident.Id && x.MessageId == message.MessageId && (x.Source == EntrySource.Pin || x.Source == EntrySource.Shortcut)).ToListAsync(stop);
        known.AddRange(incident.Entries.Where(x => x.MessageId == message.MessageId && !known.Contains(x)));
        // One that stands there counts before one that was taken off; what was made by hand is not brought back by a pin.
        var entry = known.Where(x => x.RemovedAt is null || x.Source == EntrySource.Pin).OrderBy(x => x.RemovedAt is not null).ThenBy(x => x.Seq).FirstOrDefault();
        if (entry is { RemovedAt: not null })
        {
            entry.Revise(message.PinnedByName ?? "", now, "pinned again");
            entry.RemovedAt = null;
            (entry.AddedByName, entry.AddedById) = (message.PinnedByName, message.PinnedById);
            incident.Version++;
        }
        else if (entry is null)
        {
            incident.Record(new TimelineEntry
            {
                OccurredAt = message.PostedAt,
                RecordedAt = now,
                Kind = EntryKind.Event,
                Source = EntrySource.Pin,
                Text = message.Text,
                ActorName = message.AuthorName,
                ActorId = message.AuthorId,
                AddedByName = message.PinnedByName,
                AddedById = message.PinnedById,
                MessageId = message.MessageId,
                Link = message.Link,
                Evidence = [.. EntryWords.EvidenceIn(message.Text), .. await files.AttachAsync(message.Files, incident.Id, stop)],
            });
        }
    }

    /// <summary>The entry stands on with the pin of another.</summary>
    public async Task PassOnAsync(TranscriptMessage message, CancellationToken stop)
    {
        var incident = await merges.SurvivorAsync(await db.Incidents.FirstAsync(i => i.Id == message.IncidentId, stop), stop);
        foreach (var entry in await db.Entries.Where(x => x.IncidentId == incident.Id && x.MessageId == message.MessageId && x.Source == EntrySource.Pin && x.RemovedAt == null).ToListAsync(stop))
        {
            (entry.AddedByName, entry.AddedById) = (message.PinnedByName, message.PinnedById);
        }
    }

    public async Task TakeOffTimelineAsync(TranscriptMessage message, string by, DateTimeOffset now, CancellationToken stop)
    {
        var incident = await merges.SurvivorAsync(await db.Incidents.FirstAsync(i => i.Id == message.IncidentId, stop), stop);
        var entry = await db.Entries.FirstOrDefaultAsync(
            x => x.IncidentId == incident.Id && x.MessageId == message.MessageId && x.Source == EntrySource.Pin && x.RemovedAt == null, stop);
        if (entry is null)
        {
            return;
        }

        entry.Revise(by, now, "unpinned");
        entry.RemovedAt = now;
        incident.Version++;
    }
}

/// <summary>Follows a room through another name, another id, and being put away.</summary>
public sealed class FollowRoom(BotDb db) : IHandle<RoomChanged>
{
    public async Task<Answer> HandleAsync(RoomChanged e, Turn turn, CancellationToken stop)
    {
        var rooms = await db.Rooms.Where(r => r.Platform == e.Place.Platform && r.Workspace == e.Place.Workspace
            && (r.Channel == e.Place.Channel || r.HomeChannel == e.Place.Channel || r.DeclaredChannel == e.Place.Channel)).ToListAsync(stop);
        foreach (var room in rooms)
        {
            if (e.Channel is { } id)
            {
                room.HomeChannel = room.HomeChannel == e.Place.Channel ? id : room.HomeChannel;
                room.DeclaredChannel = room.DeclaredChannel == e.Place.Channel ? id : room.DeclaredChannel;
                room.Channel = room.Channel == e.Place.Channel ? id : room.Channel;
                await db.Transcript.Where(m => m.IncidentId == room.IncidentId && m.Platform == room.Platform && m.Channel == e.Place.Channel)
                    .ForEachAsync(m => m.Channel = id, stop);
            }
            else if (room.Channel == e.Place.Channel)
            {
                room.Name = e.Name ?? room.Name;
                var incident = await db.Incidents.FirstAsync(i => i.Id == room.IncidentId, stop);
                incident.Version++;
                if (e.Archived is { } archived && incident.IsOpen)
                {
                    incident.Record(new Acting(turn.By, e.At).System(TimelineWording.RoomPutAway(turn.By.Name, archived)));
                }
            }
        }

        return Answer.None;
    }
}
