using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Respond;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Core.Delivery;

/// <summary>Makes rooms, keeps cards up to date and sends what the outbox owes, in order for each place.</summary>
public sealed partial class Courier(
    IServiceScopeFactory scopes, IEnumerable<IChat> chats, Signals signals, Meters meters, TimeProvider time, ILogger<Courier> log) : ILoop
{
    private const int Tries = 12;

    private readonly Dictionary<string, IChat> _chats = chats.ToDictionary(c => c.Platform);

    public string Name => "outbox";

    public async Task<int> RunOnceAsync(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        await using var lead = await db.TryLeadAsync("courier", stop);
        if (lead is null)
        {
            return 0;
        }

        var done = await MakeRoomsAsync(db, stop) + await RefreshCardsAsync(db, stop) + await SendAsync(db, stop);
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
        var row = await db.Outbox.Where(r => r.State == RowState.Pending && r.NotBefore != null).MinAsync(r => r.NotBefore, stop);
        var room = await db.Rooms.Where(r => r.NotBefore != null).MinAsync(r => r.NotBefore, stop);
        return (row < room || room is null ? row : room) - time.GetUtcNow();
    }

    private async Task<int> MakeRoomsAsync(BotDb db, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var pending = await db.Rooms.Where(r => r.State == RoomState.Pending && (r.NotBefore == null || r.NotBefore <= now)).OrderBy(r => r.IncidentId).ToListAsync(stop);
        foreach (var room in pending.Where(r => _chats.ContainsKey(r.Platform)))
        {
            var incident = await db.Incidents.FirstAsync(i => i.Id == room.IncidentId, stop);
            var people = await db.People.Where(p => db.Participants.Any(x => x.IncidentId == incident.Id && x.PersonId == p.Id)).ToListAsync(stop);
            try
            {
                var made = await _chats[room.Platform].MakeRoomAsync(
                    new(incident.Id, room.Workspace, room.Name, incident.Private, [.. people.Select(p => p.Ref)]), stop);
                (room.State, room.Channel, room.Name, room.Url, room.NotBefore) = (RoomState.Ready, made.Channel, made.Name, made.Url, null);
            }
            catch (ChatFault fault)
            {
                room.Attempts++;
                if (fault.Permanent || room.Attempts >= Tries)
                {
                    (room.State, room.NotBefore) = (RoomState.Failed, null);
                    incident.Record(Trouble(incident, DeliveryWording.NoRoom(fault.Message), now));
                }
                else
                {
                    room.NotBefore = now + (fault.RetryAfter ?? Backoff.After(room.Attempts));
                }

                Log.Fault(log, "make a room", incident.Code, fault.Permanent, fault.Message);
            }

            await db.SaveChangesAsync(stop);
        }

        return pending.Count;
    }

    private async Task<int> RefreshCardsAsync(BotDb db, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var stale = await db.Rooms.Where(r => (r.NotBefore == null || r.NotBefore <= now)
            && db.Incidents.Any(i => i.Id == r.IncidentId
                && ((!i.Private && r.AnnouncementVersion <= i.Version) || (r.State == RoomState.Ready && r.CardVersion <= i.Version)))).OrderBy(r => r.IncidentId).Take(100).ToListAsync(stop);
        foreach (var room in stale.Where(r => _chats.ContainsKey(r.Platform)))
        {
            var incident = await db.Incidents.AsNoTracking().FirstAsync(i => i.Id == room.IncidentId, stop);
            var chat = _chats[room.Platform];
            var state = await IncidentCard.LoadAsync(db, incident, stop);
            var home = new Place(room.Platform, room.Workspace, room.HomeChannel, room.HomeThread);
            try
            {
                if (!incident.Private && room.AnnouncementVersion <= incident.Version)
                {
                    (room.AnnouncementId, room.AnnouncementVersion) = await PutAsync(
                        chat, home, room.AnnouncementId, IncidentCard.Announcement(state, now), $"announcement-{incident.Id}", incident.Version, stop);
                }

                if (room is { State: RoomState.Ready, Here: { } here } && room.CardVersion <= incident.Version)
                {
                    (room.CardId, room.CardVersion) = await PutAsync(chat, here, room.CardId, IncidentCard.Render(state, now), $"card-{incident.Id}", incident.Version, stop);
                }

                (room.NotBefore, room.Attempts) = (null, 0);
            }
            catch (ChatFault fault)
            {
                room.Attempts++;
                room.NotBefore = now + (fault.RetryAfter ?? Backoff.After(room.Attempts));
                if (fault.Permanent && room.Attempts >= Tries)
                {
                    // Until the next change: what cannot be shown is not tried for ever.
                    (room.AnnouncementVersion, room.CardVersion, room.Attempts, room.NotBefore) = (incident.Version + 1, incident.Version + 1, 0, null);
                }

                Log.Fault(log, "show a card", incident.Code, fault.Permanent, fault.Message);
            }

            await db.SaveChangesAsync(stop);
        }

        return stale.Count;
    }

    private async Task<int> SendAsync(BotDb db, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        // A lane whose head waits is left out whole, so that no number of waiting rows stops the others.
        var rows = await db.Outbox.Where(r => r.State == RowState.Pending && (r.NotBefore == null || r.NotBefore <= now)
            && !db.Outbox.Any(o => o.Lane == r.Lane && o.State == RowState.Pending && o.Id < r.Id && o.NotBefore > now)).OrderBy(r => r.Id).Take(500).ToListAsync(stop);
        var blocked = new HashSet<string>();
        var sent = 0;
        foreach (var row in rows.Where(r => _chats.ContainsKey(r.Platform)))
        {
            if (blocked.Contains(row.Lane))
            {
                continue;
            }

            // A redaction may have overwritten it since the rows were read.
            await db.Entry(row).ReloadAsync(stop);
            if (row.State != RowState.Pending)
            {
                continue;
            }

            try
            {
                using var span = Tracing.Source.StartActivity("send");
                if (await SendAsync(db, row, stop) is not { } messageId)
                {
                    // Its place is not there yet.
                    blocked.Add(row.Lane);
                    row.NotBefore = now + TimeSpan.FromSeconds(2);
                    await db.SaveChangesAsync(stop);
                    continue;
                }

                (row.State, row.MessageId, row.Body, row.NotBefore) = (RowState.Done, messageId, "", null);
                meters.Sent(row.Platform);
            }
            catch (ChatFault fault)
            {
                blocked.Add(row.Lane);
                await FailAsync(db, row, fault, now, stop);
            }

            await db.SaveChangesAsync(stop);
            sent++;
        }

        return sent;
    }

    private async Task<string?> SendAsync(BotDb db, OutboxRow row, CancellationToken stop)
    {
        var chat = _chats[row.Platform];
        var card = Card.FromJson(row.Body);
        var id = $"outbox-{row.Id}";
        if (row.DirectTo is not null)
        {
            return await chat.PostDirectAsync(new(row.Platform, row.Workspace, row.DirectTo), card, id, stop);
        }

        var room = await db.Rooms.AsNoTracking().FirstOrDefaultAsync(r => r.IncidentId == row.IncidentId, stop);
        if (room is null)
        {
            throw new ChatFault("the incident has no room", permanent: true);
        }

        var place = row.Home ? room.Home : room.Here;
        return place is null ? null
            : row.OnlyFor is { } only ? await chat.PostPrivatelyAsync(place, new(row.Platform, row.Workspace, only), card, id, stop)
            : await chat.PostAsync(place, card, id, stop);
    }

    private async Task FailAsync(BotDb db, OutboxRow row, ChatFault fault, DateTimeOffset now, CancellationToken stop)
    {
        row.Attempts++;
        row.Fault = fault.Message;
        if (!fault.Permanent && row.Attempts < Tries)
        {
            row.NotBefore = now + (fault.RetryAfter ?? Backoff.After(row.Attempts));
            meters.Failed("out", givenUp: false);
            Log.Fault(log, "send", row.Lane, fault.Permanent, fault.Message);
            return;
        }

        row.State = RowState.Dead;
        meters.Failed("out", givenUp: true);
        Log.Dead(log, row.Id, row.Lane, fault.Message);
        if (row.IncidentId is not { } id || await db.Incidents.FirstOrDefaultAsync(i => i.Id == id, stop) is not { } incident)
        {
            return;
        }

        incident.Record(Trouble(incident, DeliveryWording.NotDelivered(fault.Message), now));
        if (row.DirectTo is null && await db.People.FirstOrDefaultAsync(p => p.Id == incident.DeclaredById, stop) is { } declarer)
        {
            db.Outbox.Add(OutboxRow.ToPerson(declarer.Ref, Card.Words(incident.Code, DeliveryWording.NotDelivered(fault.Message)), id));
        }
    }

    // A first post may turn out to be one that was made before a crash, with an older text; so it is updated once before it counts as current.
    private static async Task<(string Id, int Version)> PutAsync(IChat chat, Place at, string? messageId, Card card, string outboxId, int version, CancellationToken stop)
    {
        if (messageId is null)
        {
            return (await chat.PostAsync(at, card, outboxId, stop), 0);
        }

        await chat.UpdateAsync(at, messageId, card, stop);
        return (messageId, version + 1);
    }

    private static Timeline.TimelineEntry Trouble(Incident incident, string words, DateTimeOffset now) =>
        new Acting(People.Person.Bot(incident.Platform, incident.Workspace), now).System(words);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Could not {Act} for {Place} (permanent: {Permanent}): {Fault}")]
        public static partial void Fault(ILogger log, string act, string place, bool permanent, string fault);

        [LoggerMessage(Level = LogLevel.Error, Message = "Post {Id} to {Lane} is given up: {Fault}")]
        public static partial void Dead(ILogger log, long id, string lane, string fault);
    }
}

/// <summary>Words about what could not be delivered.</summary>
internal static class DeliveryWording
{
    public static string NoRoom(string why) => $"The room could not be made ({why}); the thread of the announcement is used instead";

    public static string NotDelivered(string why) => $"A post of the bot could not be delivered ({why})";
}
