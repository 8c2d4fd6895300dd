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
    private const int MostAtOnce = 100;
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, IChat> _chats = chats.ToDictionary(c => c.Platform);

    private DateTimeOffset? _seen;

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
        var waiting = await WaitingAsync(db, now, stop);
        foreach (var room in waiting)
        {
            done++;
            var incident = await db.Incidents.FirstAsync(i => i.Id == room.IncidentId, stop);
            await KeepAsync(db, room, incident, _chats[room.Platform], now, stop);
            await db.SaveChangesAsync(stop);
        }

        // All that was changed until now has been looked at; clocks of several processes may differ a little.
        _seen = waiting.Count < MostAtOnce ? now - Skew : _seen;
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
        var platforms = _chats.Keys.ToList();
        var now = time.GetUtcNow();
        return await db.Rooms.Where(r => platforms.Contains(r.Platform) && r.NotBefore > now).MinAsync(r => r.NotBefore, stop) - now;
    }

    private async Task<List<Room>> WaitingAsync(BotDb db, DateTimeOffset now, CancellationToken stop)
    {
        var platforms = _chats.Keys.ToList();
        var rooms = db.Rooms.Where(r => platforms.Contains(r.Platform) && (r.NotBefore == null || r.NotBefore <= now));
        if (_seen is { } seen)
        {
            var changed = await db.Incidents.Where(i => i.ChangedAt >= seen).Select(i => i.Id).ToListAsync(stop);
            rooms = rooms.Where(r => r.NotBefore != null || changed.Contains(r.IncidentId));
        }

        return await rooms.Where(r => (r.State == RoomState.Pending
                || (r.State == RoomState.Ready && db.Participants.Any(p => p.IncidentId == r.IncidentId && p.InvitedAt == null))
                || db.Incidents.Any(i => i.Id == r.IncidentId
                    && ((!i.Private && r.AnnouncementVersion <= i.Version) || (r.State == RoomState.Ready && r.CardVersion <= i.Version)))))
            .OrderBy(r => r.IncidentId).Take(MostAtOnce).ToListAsync(stop);
    }

    // Each by itself: what is refused for the announcement must not keep the card from the room.
    private async Task KeepAsync(BotDb db, Room room, Incident incident, IChat chat, DateTimeOffset now, CancellationToken stop)
    {
        var faults = new List<ChatFault?>
        {
            await TryAsync("make", room, incident, async () => await MakeAsync(db, room, incident, chat, now, stop)),
            await TryAsync("bring people into", room, incident, async () => await InviteAsync(db, room, incident, chat, now, stop)),
        };
        var state = await IncidentCard.LoadAsync(db, incident, stop);
        faults.Add(await TryAsync("announce", room, incident, async () => await AnnounceAsync(db, room, incident, state, chat, now, stop)));
        faults.Add(await TryAsync("show the card of", room, incident, async () => await ShowCardAsync(db, room, incident, state, chat, now, stop)));
        Judge(db, room, incident, faults, now);
    }

    private async Task<ChatFault?> TryAsync(string act, Room room, Incident incident, Func<Task> step)
    {
        try
        {
            await step();
            return null;
        }
        catch (ChatFault fault)
        {
            Log.Fault(log, act, incident.Code, fault.Permanent, fault.Message);
            return fault;
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or DbUpdateException))
        {
            // Whatever else went wrong with one room must not keep the others waiting.
            Log.Fault(log, act, incident.Code, false, fault.GetType().Name);
            return new ChatFault(fault.GetType().Name, fault);
        }
    }

    private static async Task MakeAsync(BotDb db, Room room, Incident incident, IChat chat, DateTimeOffset now, CancellationToken stop)
    {
        if (room.State == RoomState.Pending)
        {
            var since = room.MakingSince;
            room.MakingSince ??= now;
            await db.SaveChangesAsync(stop);
            var made = await chat.MakeRoomAsync(new(incident.Id, room.Workspace, room.Name, incident.Private, since), stop);
            (room.State, room.Channel, room.Name, room.Url, room.MakingSince) = (RoomState.Ready, made.Channel, made.Name, made.Url, null);
            // An announcement that went out before does not name the room yet.
            room.AnnouncementVersion = 0;
            await db.SaveChangesAsync(stop);
        }
    }

    private async Task AnnounceAsync(BotDb db, Room room, Incident incident, IncidentCard.State state, IChat chat, DateTimeOffset now, CancellationToken stop)
    {
        if (incident.Private || room.AnnouncementVersion > incident.Version)
        {
            return;
        }

        if (!room.Announcing)
        {
            await SettleAnnouncementAsync(room, chat, stop);
            await db.SaveChangesAsync(stop);
        }

        var card = room.IsThread ? IncidentCard.Render(state, now) : IncidentCard.Announcement(state, now);
        var home = new Place(room.Platform, room.Workspace, room.HomeChannel, room.HomeThread);
        var since = room.AnnouncingSince;
        room.AnnouncingSince = room.AnnouncementId is null ? since ?? now : null;
        await db.SaveChangesAsync(stop);
        try
        {
            (room.AnnouncementId, room.AnnouncementVersion) = await PutAsync(chat, home, room.AnnouncementId, card, new($"announcement-{incident.Id}", since), incident.Version, stop);
            room.AnnouncingSince = null;
        }
        catch (ChatFault fault) when (fault.Gone && room.AnnouncementId is not null)
        {
            // Somebody has deleted it. Another takes its place, unless the incident lives in its thread, which is still there.
            (room.AnnouncementId, room.AnnouncementVersion) = room.IsThread ? (room.AnnouncementId, incident.Version + 1) : (null, 0);
        }

        await db.SaveChangesAsync(stop);
    }

    private async Task ShowCardAsync(BotDb db, Room room, Incident incident, IncidentCard.State state, IChat chat, DateTimeOffset now, CancellationToken stop)
    {
        if (room is { State: RoomState.Ready, Here: { } here } && room.CardVersion <= incident.Version)
        {
            var first = room.CardId is null;
            var since = room.ShowingSince;
            room.ShowingSince = first ? since ?? now : null;
            await db.SaveChangesAsync(stop);
            try
            {
                (room.CardId, room.CardVersion) = await PutAsync(chat, here, room.CardId, IncidentCard.Render(state, now), new($"card-{incident.Id}", since), incident.Version, stop);
                room.ShowingSince = null;
            }
            catch (ChatFault fault) when (fault.Gone && !first)
            {
                // Somebody has deleted it: another takes its place.
                (room.CardId, room.CardVersion) = (null, 0);
                await db.SaveChangesAsync(stop);
                return;
            }

            await db.SaveChangesAsync(stop);
            await FurnishAsync(db, room, incident, state, chat, here, stop);
        }
    }

    private static async Task InviteAsync(BotDb db, Room room, Incident incident, IChat chat, DateTimeOffset now, CancellationToken stop)
    {
        if (room is not { State: RoomState.Ready, Here: { } place })
        {
            return;
        }

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
        // Where incidents live in threads, it is the channel of the declaration.
        var first = room.State == RoomState.InThread && chat.IsForMany(room.HomeChannel) ? await chat.FindChannelAsync(room.Workspace, room.HomeChannel, stop) : null;
        foreach (var name in first is null ? installation.Channels : [])
        {
            var id = await chat.FindChannelAsync(room.Workspace, name, stop);
            if (id == room.HomeChannel)
            {
                first = id;
                break;
            }

            first ??= id;
        }

        // Where it was declared, if nowhere else: the bot must be there to hear its thread.
        first ??= await chat.FindChannelAsync(room.Workspace, room.HomeChannel, stop) ?? throw new ChatFault("the bot is not in the channel of the declaration, and there is no channel for announcements", permanent: true);
        if (first != room.HomeChannel)
        {
            (room.DeclaredChannel, room.DeclaredThread, room.HomeChannel, room.HomeThread) = (room.HomeChannel, room.HomeThread, first, null);
        }

        room.Announcing = true;
    }

    private async Task FurnishAsync(BotDb db, Room room, Incident incident, IncidentCard.State state, IChat chat, Place here, CancellationToken stop)
    {
        var topic = IncidentCard.Topic(state);
        var link = room.HasDocumentLink ? null : Reports.DocumentAddress.Shared(installation, incident) is { } address ? address + ".html" : null;
        var card = room.PinnedCardId == room.CardId ? null : room.CardId;
        if (topic == room.Topic && link is null && card is null)
        {
            return;
        }

        try
        {
            await chat.FurnishAsync(here, new(topic, link, card), stop);
        }
        catch (ChatFault fault) when (!fault.Permanent)
        {
            // The card stands there, and with it everything is tried again.
            room.CardVersion = incident.Version;
            throw;
        }

        (room.Topic, room.HasDocumentLink, room.PinnedCardId) = (topic, room.HasDocumentLink || link is not null, room.CardId);
        await db.SaveChangesAsync(stop);
    }

    private static void Judge(BotDb db, Room room, Incident incident, List<ChatFault?> faults, DateTimeOffset now)
    {
        // To wait as long as the platform asks is no failed try.
        room.Attempts += faults.Exists(f => f is { RetryAfter: null }) ? 1 : 0;
        ChatFault? GivenUp(int step) => faults[step] is { RetryAfter: null } fault && (fault.Permanent || room.Attempts >= Backoff.Tries) ? fault : null;
        var recorded = 0;
        if (GivenUp(0) is { } unmade)
        {
            (room.State, room.MakingSince) = (RoomState.Failed, null);
            Say(incident.Private ? DeliveryWording.NoPrivateRoom(unmade.Message) : DeliveryWording.NoRoom(unmade.Message), tell: incident.Private);
        }

        if (GivenUp(1) is { } uninvited)
        {
            // Not for ever, and not in silence: whoever is invited again, or takes a role, is tried again.
            Say(DeliveryWording.NobodyInvited(uninvited.Message), tell: false);
            foreach (var waiting in db.Participants.Local.Where(p => p.IncidentId == incident.Id && p.InvitedAt is null))
            {
                waiting.InvitedAt = now;
            }
        }

        if (GivenUp(2) is { } unannounced && room.AnnouncementId is null && room.AnnouncementVersion == 0)
        {
            Say(DeliveryWording.NotAnnounced(unannounced.Message), tell: true);
        }

        // Until the next change: what cannot be shown is not tried for ever. What was just recorded is no such change.
        var shown = incident.Version + 1 + (recorded > 0 ? 1 : 0);
        room.AnnouncementVersion = GivenUp(2) is null ? room.AnnouncementVersion : shown;
        room.CardVersion = GivenUp(3) is null ? room.CardVersion : shown;
        var left = faults.Where((f, step) => f is not null && GivenUp(step) is null).OfType<ChatFault>().ToList();
        room.NotBefore = left.Count == 0 ? null : now + (left.Max(f => f.RetryAfter) ?? Backoff.After(room.Attempts));
        room.Attempts = left.Count == 0 ? 0 : room.Attempts;
        if (left.Count == 0 && ((room.State == RoomState.Ready && room.CardVersion == 0) || (!incident.Private && room.AnnouncementVersion == 0)))
        {
            // What was deleted, or found again, is shown anew at once, however long ago the incident changed.
            room.NotBefore = now;
        }

        void Say(string words, bool tell)
        {
            incident.Record(Trouble(incident, words, now));
            recorded++;
            if (tell && db.People.Find(incident.DeclaredById) is { } declarer)
            {
                db.Outbox.Add(OutboxRow.ToPerson(declarer.Ref, Card.Words(incident.Code, words), incident.Id));
            }
        }
    }

    // What is begun is marked before it is done: after a crash the platform is asked first whether it was.
    // A post that is found may have an older text; so it is updated once before it counts as current.
    private static async Task<(string Id, int Version)> PutAsync(IChat chat, Place at, string? messageId, Card card, Sending sending, int version, CancellationToken stop)
    {
        if (messageId is null)
        {
            return (await chat.PostAsync(at, card, sending, stop), sending.Since is null ? version + 1 : 0);
        }

        await chat.UpdateAsync(at, messageId, card, stop);
        return (messageId, version + 1);
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

    public static string NoPrivateRoom(string why) => $"No private room could be made ({why}). The incident is kept, and nothing of it is shown to others: log it with --in and read it on the web pages. When an administrator has mended the cause, `incidentbot jobs --retry all` tries again.";

    public static string NotAnnounced(string why) => $"The incident could not be announced ({why})";

    public static string NobodyInvited(string why) => $"People could not be brought into the room ({why}); `/incident invite @person` tries again";

    public static string NotInvited(string name, string why) => $"{name} could not be brought into the room ({why})";

    public static string NotRetracted(string why) => $"Redacted words could not be taken out of the bot's posts in the chat ({why}): delete those posts there by hand";

    public static Card NoOverview(string channel, string why) => Card.Words($"{channel} did not get its overview", NotDelivered(why));

    public static string NotDelivered(string why) => $"A post of the bot could not be delivered ({why})";
}
