using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Respond;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Core.Delivery;

/// <summary>Makes the rooms of incidents, brings people into them, and keeps announcement, live card and topic up to date.</summary>
public sealed partial class RoomKeeper(
    IServiceScopeFactory scopes, IEnumerable<IChat> chats, Installation installation, Signals signals, TimeProvider time, ILogger<RoomKeeper> log) : ILoop
{
    private const int Tries = 12;

    private readonly Dictionary<string, IChat> _chats = chats.ToDictionary(c => c.Platform);

    public string Name => "rooms";

    public async Task<int> RunOnceAsync(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        await using var lead = await db.TryLeadAsync("rooms", stop);
        if (lead is null)
        {
            return 0;
        }

        var now = time.GetUtcNow();
        var done = 0;
        foreach (var room in await WaitingAsync(db, now, stop))
        {
            done++;
            var incident = await db.Incidents.FirstAsync(i => i.Id == room.IncidentId, stop);
            try
            {
                await KeepAsync(db, room, incident, _chats[room.Platform], now, stop);
                (room.NotBefore, room.Attempts, room.BegunAt) = (null, 0, null);
            }
            catch (ChatFault fault)
            {
                Fail(db, room, incident, fault, now);
            }

            await db.SaveChangesAsync(stop);
        }

        if (done > 0)
        {
            signals.Changed();
        }

        return done;
    }

    public async Task<TimeSpan?> UntilNextAsync(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        return await db.Rooms.Where(r => r.NotBefore != null).MinAsync(r => r.NotBefore, stop) - time.GetUtcNow();
    }

    private async Task<List<Room>> WaitingAsync(BotDb db, DateTimeOffset now, CancellationToken stop)
    {
        var platforms = _chats.Keys.ToList();
        return await db.Rooms.Where(r => platforms.Contains(r.Platform) && (r.NotBefore == null || r.NotBefore <= now)
            && (r.State == RoomState.Pending
                || (r.State == RoomState.Ready && db.Participants.Any(p => p.IncidentId == r.IncidentId && p.InvitedAt == null))
                || db.Incidents.Any(i => i.Id == r.IncidentId
                    && ((!i.Private && r.AnnouncementVersion <= i.Version) || (r.State == RoomState.Ready && r.CardVersion <= i.Version)))))
            .OrderBy(r => r.IncidentId).Take(100).ToListAsync(stop);
    }

    private async Task KeepAsync(BotDb db, Room room, Incident incident, IChat chat, DateTimeOffset now, CancellationToken stop)
    {
        if (room.State == RoomState.Pending)
        {
            var since = await BeginAsync(db, room, now, stop);
            var made = await chat.MakeRoomAsync(new(incident.Id, room.Workspace, room.Name, incident.Private, since), stop);
            (room.State, room.Channel, room.Name, room.Url, room.BegunAt) = (RoomState.Ready, made.Channel, made.Name, made.Url, null);
            await db.SaveChangesAsync(stop);
        }

        if (room is { State: RoomState.Ready, Here: { } place })
        {
            await InviteAsync(db, room, incident, chat, place, now, stop);
        }

        var state = await IncidentCard.LoadAsync(db, incident, stop);
        if (!incident.Private && room.AnnouncementVersion <= incident.Version)
        {
            if (!room.Announcing)
            {
                await SettleAnnouncementAsync(room, chat, stop);
                await db.SaveChangesAsync(stop);
            }

            var card = room.IsThread ? IncidentCard.Render(state, now) : IncidentCard.Announcement(state, now);
            var home = new Place(room.Platform, room.Workspace, room.HomeChannel, room.HomeThread);
            (room.AnnouncementId, room.AnnouncementVersion) = await PutAsync(db, room, chat, home, room.AnnouncementId, card, $"announcement-{incident.Id}", incident.Version, now, stop);
            await db.SaveChangesAsync(stop);
        }

        if (room is { State: RoomState.Ready, Here: { } here } && room.CardVersion <= incident.Version)
        {
            var first = room.CardId is null;
            (room.CardId, room.CardVersion) = await PutAsync(db, room, chat, here, room.CardId, IncidentCard.Render(state, now), $"card-{incident.Id}", incident.Version, now, stop);
            await db.SaveChangesAsync(stop);
            await FurnishAsync(room, incident, state, chat, here, first, stop);
        }
    }

    private async Task InviteAsync(BotDb db, Room room, Incident incident, IChat chat, Place place, DateTimeOffset now, CancellationToken stop)
    {
        var waiting = await db.Participants.Where(p => p.IncidentId == room.IncidentId && p.InvitedAt == null).ToListAsync(stop);
        if (waiting.Count == 0)
        {
            return;
        }

        var ids = waiting.ConvertAll(p => p.PersonId);
        var people = await db.People.Where(p => ids.Contains(p.Id)).ToListAsync(stop);
        var refused = await chat.InviteAsync(place, [.. people.Select(p => p.Ref)], stop);
        waiting.ForEach(p => p.InvitedAt = now);
        foreach (var (who, why) in refused)
        {
            incident.Record(Trouble(incident, DeliveryWording.NotInvited(people.First(p => p.Ref == who).Name, why), now));
        }

        await db.SaveChangesAsync(stop);
    }

    // Incidents are announced where everybody looks, or where they were declared when that is such a place or there is none.
    private async Task SettleAnnouncementAsync(Room room, IChat chat, CancellationToken stop)
    {
        string? first = null;
        foreach (var name in installation.Channels)
        {
            var id = await chat.FindChannelAsync(room.Workspace, name, stop);
            if (id == room.HomeChannel)
            {
                first = id;
                break;
            }

            first ??= id;
        }

        if (first is not null && first != room.HomeChannel)
        {
            (room.HomeChannel, room.HomeThread) = (first, null);
        }

        room.Announcing = true;
    }

    private async Task FurnishAsync(Room room, Incident incident, IncidentCard.State state, IChat chat, Place here, bool first, CancellationToken stop)
    {
        var topic = IncidentCard.Topic(state);
        if (!first && topic == room.Topic)
        {
            return;
        }

        try
        {
            await chat.FurnishAsync(here, new(topic, room.Topic is null ? Reports.DocumentAddress.Of(installation, incident) + ".html" : null, room.Topic is null ? room.CardId : null), stop);
        }
        catch (ChatFault fault) when (fault.Permanent)
        {
            // A room without its topic is still a room.
            Log.Fault(log, "furnish the room", incident.Code, fault.Permanent, fault.Message);
        }

        room.Topic = topic;
    }

    private void Fail(BotDb db, Room room, Incident incident, ChatFault fault, DateTimeOffset now)
    {
        Log.Fault(log, room.State == RoomState.Pending ? "make the room" : "keep the room", incident.Code, fault.Permanent, fault.Message);
        // To wait as long as the platform asks is no failed try.
        room.Attempts += fault.RetryAfter is null ? 1 : 0;
        if (!fault.Permanent && room.Attempts < Tries)
        {
            room.NotBefore = now + (fault.RetryAfter ?? Backoff.After(room.Attempts));
            return;
        }

        (room.NotBefore, room.Attempts, room.BegunAt) = (null, 0, null);
        if (room.State == RoomState.Pending)
        {
            room.State = RoomState.Failed;
            incident.Record(Trouble(incident, incident.Private ? DeliveryWording.NoPrivateRoom(fault.Message) : DeliveryWording.NoRoom(fault.Message), now));
            if (incident.Private && db.People.Find(incident.DeclaredById) is { } declarer)
            {
                db.Outbox.Add(OutboxRow.ToPerson(declarer.Ref, Card.Words(incident.Code, DeliveryWording.NoPrivateRoom(fault.Message)), incident.Id));
            }
        }
        else
        {
            // Until the next change: what cannot be shown is not tried for ever.
            (room.AnnouncementVersion, room.CardVersion) = (incident.Version + 1, incident.Version + 1);
        }
    }

    // A first post may turn out to be one that was made before a crash, with an older text; so it is updated once before it counts as current.
    private static async Task<(string Id, int Version)> PutAsync(
        BotDb db, Room room, IChat chat, Place at, string? messageId, Card card, string outboxId, int version, DateTimeOffset now, CancellationToken stop)
    {
        if (messageId is null)
        {
            var since = await BeginAsync(db, room, now, stop);
            var posted = await chat.PostAsync(at, card, new(outboxId, since), stop);
            room.BegunAt = null;
            return (posted, since is null ? version + 1 : 0);
        }

        await chat.UpdateAsync(at, messageId, card, stop);
        return (messageId, version + 1);
    }

    // What is begun is marked before it is done: after a crash the platform is asked first whether it was.
    private static async Task<DateTimeOffset?> BeginAsync(BotDb db, Room room, DateTimeOffset now, CancellationToken stop)
    {
        var since = room.BegunAt;
        room.BegunAt ??= now;
        await db.SaveChangesAsync(stop);
        return since;
    }

    private static Timeline.TimelineEntry Trouble(Incident incident, string words, DateTimeOffset now) =>
        new Acting(People.Person.Bot(incident.Platform, incident.Workspace), now).System(words);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Could not {Act} of {Place} (permanent: {Permanent}): {Fault}")]
        public static partial void Fault(ILogger log, string act, string place, bool permanent, string fault);
    }
}

/// <summary>Words about what could not be delivered.</summary>
internal static class DeliveryWording
{
    public static string NoRoom(string why) => $"The room could not be made ({why}); the thread of the announcement is used instead";

    public static string NoPrivateRoom(string why) => $"No private room could be made ({why}). The incident is kept, and nothing of it is shown to others: log it with --in and read it on the web pages, or ask an administrator to mend the cause.";

    public static string NotInvited(string name, string why) => $"{name} could not be brought into the room ({why})";

    public static string NotDelivered(string why) => $"A post of the bot could not be delivered ({why})";
}
