using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Slack.Install;
using IncidentBot.Slack.Outbound;
using IncidentBot.Slack.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Slack.Listening;

/// <summary>Knows until when the bot has listened; after a gap the rooms of open incidents are read again, and what cannot be recovered is said.</summary>
public sealed partial class Watch(
    IServiceScopeFactory scopes, SlackSettings settings, Installations installations, SocketHealth sockets, Rereader rereader, TimeProvider time, ILogger<Watch> log) : ILoop
{
    private const string Id = "events";

    /// <summary>Silence that is no gap: Slack delivers again what was not taken.</summary>
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(20);

    private DateTimeOffset? _writtenAt;
    private DateTimeOffset? _deafSince;
    private readonly Lock _lock = new();
    private bool _started;
    private readonly HashSet<long> _read = [];
    private DateTimeOffset? _notBefore;

    public string Name => "listening";

    /// <summary>Something that Slack sent since then may have been missed.</summary>
    public void Missed(DateTimeOffset since)
    {
        lock (_lock)
        {
            _deafSince = _deafSince < since ? _deafSince : since;
            _read.Clear();
        }
    }

    public async Task<int> RunOnceAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (_notBefore > now)
        {
            return 0;
        }

        // Over sockets the bot listens while one is up; over HTTP while it runs, since Slack sends again what was not taken.
        if (settings.AppToken is not null && sockets.State.Up == 0)
        {
            if (_started && _deafSince is null)
            {
                Missed(now);
            }

            return 0;
        }

        var deaf = _deafSince;
        if (_started && deaf is null && _writtenAt is { } written && now - written < Beat && now >= written)
        {
            return 0;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        var watch = await db.Set<SlackWatch>().FirstOrDefaultAsync(w => w.Id == Id, stop);
        if (watch is null)
        {
            db.Add(watch = new SlackWatch { Id = Id, HeardUntil = now });
        }
        else if ((_started ? deaf : watch.HeardUntil) is { } since && !await RereadAsync(db, since, now, stop))
        {
            return 0;
        }

        lock (_lock)
        {
            // What was missed meanwhile is read next.
            _deafSince = _deafSince == deaf ? null : _deafSince;
            _read.Clear();
        }

        rereader.Forget();
        (_started, _writtenAt, watch.HeardUntil) = (true, now, now);
        await db.SaveChangesAsync(stop);
        return 0;
    }

    public Task<TimeSpan?> UntilNextAsync(CancellationToken stop) => Task.FromResult<TimeSpan?>(_notBefore is { } later && later > time.GetUtcNow() ? later - time.GetUtcNow() : Beat);

    /// <returns>False when Slack could not be asked yet, so that it is tried again.</returns>
    private async Task<bool> RereadAsync(BotDb db, DateTimeOffset until, DateTimeOffset now, CancellationToken stop)
    {
        await using var lead = await db.TryLeadAsync("slack-reread", stop);
        if (lead is null)
        {
            // Another process reads at the moment; whether it comes to its end is not known here.
            _notBefore = now + TimeSpan.FromSeconds(5);
            return false;
        }

        var rooms = await db.Rooms.AsNoTracking().Where(r => r.Platform == SlackServices.Platform && db.Incidents.Where(Incident.StillOpen).Any(i => i.Id == r.IncidentId && !i.Imported)).ToListAsync(stop);
        foreach (var room in rooms)
        {
            lock (_lock)
            {
                if (_read.Contains(room.IncidentId))
                {
                    continue;
                }
            }

            try
            {
                var where = await installations.GetAsync(room.Workspace, stop);
                var found = await rereader.ReadAsync(db, where, room, until, stop);
                if (now - until > Gap)
                {
                    await NoteAsync(db, room, WatchWording.Gap(until, now, found), now, stop);
                }
            }
            catch (SlackFault fault) when (fault.Trouble is SlackTrouble.Unknown or SlackTrouble.RateLimited)
            {
                // What was read is read; the rest waits for as long as Slack asks.
                _notBefore = now + (fault.RetryAfter ?? TimeSpan.FromSeconds(15));
                Log.NotRead(log, room.IncidentId, fault.Error);
                return false;
            }
            catch (SlackFault fault)
            {
                await NoteAsync(db, room, WatchWording.NotRead(until, now, fault.Error), now, stop);
            }

            lock (_lock)
            {
                _read.Add(room.IncidentId);
            }
        }

        return true;
    }

    private static async Task NoteAsync(BotDb db, Room room, string words, DateTimeOffset now, CancellationToken stop)
    {
        var incident = await db.Incidents.FirstAsync(i => i.Id == room.IncidentId, stop);
        incident.Record(new Acting(Person.Bot(incident.Platform, incident.Workspace), now).System(words));
        await db.SaveChangesAsync(stop);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The room of incident {Incident} could not be read again yet: {Fault}")]
        public static partial void NotRead(ILogger log, long incident, string fault);
    }
}
