using System.Collections.Concurrent;
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
    IServiceScopeFactory scopes, SlackSettings settings, Installations installations, SocketHealth sockets, Heard heard, Rereader rereader, TimeProvider time, ILogger<Watch> log) : ILoop
{
    /// <summary>Silence that is no gap: Slack delivers again what was not taken.</summary>
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(20);

    // A dead network is noticed only after a while.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Hopeless = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _notBefore = new();
    private readonly Dictionary<string, Rereading> _passes = [];
    private DateTimeOffset? _writtenAt;
    private DateTimeOffset? _deafSince;
    private bool _started;

    public string Name => "listening";

    public async Task<int> RunOnceAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        // Over sockets the bot listens while one is up; over HTTP while it runs, and late deliveries tell of what did not come through.
        if (settings.AppToken is not null && sockets.State.Up == 0)
        {
            _deafSince ??= _started ? now - Margin : null;
            return 0;
        }

        if (_deafSince is { } deaf)
        {
            heard.Missed(null, deaf);
            _deafSince = null;
        }

        var beats = !_started || _writtenAt is not { } written || now - written >= Beat || now < written;
        if (!beats && !heard.HasMissed && (_passes.Count == 0 || _notBefore.Values.All(t => t > now)))
        {
            return 0;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        var gaps = heard.TakeMissed();
        try
        {
            await NoteGapsAsync(db, gaps, beats, now, stop);
        }
        catch
        {
            // The database is away, which is when gaps come about.
            gaps.ForEach(g => heard.Missed(g.Workspace, g.Since, g.Guessed));
            throw;
        }

        await using var lead = await db.TryLeadAsync("slack-reread", stop);
        var read = 0;
        if (lead is not null)
        {
            var rows = await db.Set<SlackWatch>().AsNoTracking().Where(w => w.Id != SlackWatch.Beat).OrderBy(w => w.Id).ToListAsync(stop);
            foreach (var stale in _passes.Where(p => !rows.Exists(r => r.Id == p.Key && r.HeardUntil == p.Value.Since && r.ResumedAt == p.Value.Until)).Select(p => p.Key).ToList())
            {
                // Another process has read it, or knows of more.
                _passes.Remove(stale);
                _notBefore.TryRemove(stale, out _);
            }

            foreach (var gap in rows)
            {
                if (!(_notBefore.TryGetValue(gap.Id, out var later) && later > now))
                {
                    read += await RereadAsync(db, gap, now, stop) ? 1 : 0;
                }
            }
        }

        return read;
    }

    public Task<TimeSpan?> UntilNextAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        return Task.FromResult<TimeSpan?>(_notBefore.Values.Where(t => t > now).Select(t => t - now).Append(Beat).Min());
    }

    // Gaps are rows before they are read, so that a restart forgets none.
    private async Task NoteGapsAsync(BotDb db, IReadOnlyList<Missed> missed, bool beats, DateTimeOffset now, CancellationToken stop)
    {
        var gaps = missed.ToList();
        var later = new List<Missed>();
        if (beats)
        {
            var watch = await db.Set<SlackWatch>().FirstOrDefaultAsync(w => w.Id == SlackWatch.Beat, stop);
            if (watch is null)
            {
                db.Add(watch = new SlackWatch { Id = SlackWatch.Beat, HeardUntil = now });
            }
            else if (!_started)
            {
                gaps.Add(new(null, settings.AppToken is null ? watch.HeardUntil : watch.HeardUntil - Margin, Guessed: false));
            }

            watch.HeardUntil = now;
        }

        var workspaces = gaps.Count == 0 ? [] : await Rooms(db).Select(r => r.Workspace).Distinct().ToListAsync(stop);
        foreach (var (workspace, since, guessed) in workspaces.SelectMany(w => gaps.Where(g => g.Workspace is null || g.Workspace == w).Select(g => (w, g.Since, g.Guessed))))
        {
            if (_passes.ContainsKey(workspace))
            {
                // What is read at the moment is read to its end; this comes after it.
                later.Add(new(workspace, since, guessed));
            }
            else if (await db.Set<SlackWatch>().FindAsync([workspace], stop) is { } known)
            {
                (known.HeardUntil, known.ResumedAt, known.IsGuess) = (known.HeardUntil < since ? known.HeardUntil : since, now, known.IsGuess && guessed);
            }
            else
            {
                db.Add(new SlackWatch { Id = workspace, HeardUntil = since, ResumedAt = now, IsGuess = guessed });
            }
        }

        await db.SaveChangesAsync(stop);
        later.ForEach(g => heard.Missed(g.Workspace, g.Since, g.Guessed));
        (_started, _writtenAt) = (true, beats ? now : _writtenAt);
    }

    /// <returns>True when it was read to its end.</returns>
    private async Task<bool> RereadAsync(BotDb db, SlackWatch gap, DateTimeOffset now, CancellationToken stop)
    {
        var workspace = gap.Id;
        var pass = _passes.TryGetValue(workspace, out var begun) ? begun : _passes[workspace] = new Rereading(gap.HeardUntil, gap.ResumedAt);
        var until = gap.ResumedAt ?? now;
        foreach (var room in await Rooms(db).AsNoTracking().Where(r => r.Workspace == workspace).OrderBy(r => r.IncidentId).ToListAsync(stop))
        {
            if (pass.Rooms.Contains(room.IncidentId))
            {
                continue;
            }

            try
            {
                await rereader.ReadAsync(db, await installations.GetAsync(workspace, stop), room, pass, stop);
                var found = pass.Found.Count(f => f.Room == room.IncidentId);
                if (found > 0 || (until - pass.Since > Gap && !gap.IsGuess))
                {
                    await NoteAsync(db, room, WatchWording.Gap(pass.Since, until, found), now, stop);
                }
            }
            catch (SlackFault fault) when (fault.Trouble is SlackTrouble.Unknown or SlackTrouble.RateLimited && now - until < Hopeless)
            {
                // What was read is read; the rest of this workspace waits for as long as Slack asks.
                _notBefore[workspace] = now + (fault.RetryAfter ?? TimeSpan.FromSeconds(15));
                Log.NotRead(log, room.IncidentId, fault.Error);
                return false;
            }
            catch (SlackFault fault)
            {
                if (until - pass.Since > Gap && !gap.IsGuess)
                {
                    await NoteAsync(db, room, WatchWording.NotRead(pass.Since, until, fault.Error), now, stop);
                }
            }

            pass.Rooms.Add(room.IncidentId);
        }

        await db.Set<SlackWatch>().Where(w => w.Id == workspace && w.HeardUntil == gap.HeardUntil && w.ResumedAt == gap.ResumedAt).ExecuteDeleteAsync(stop);
        _passes.Remove(workspace);
        _notBefore.TryRemove(workspace, out _);
        heard.Read(workspace, until);
        return true;
    }

    // A merged incident's room goes on in its survivor.
    private static IQueryable<Room> Rooms(BotDb db)
    {
        var open = db.Incidents.Where(Incident.StillOpen);
        return db.Rooms.Where(r => r.Platform == SlackServices.Platform && (open.Any(i => i.Id == r.IncidentId && !i.Imported)
            || db.Incidents.Any(m => m.Id == r.IncidentId && open.Any(i => i.Id == m.MergedIntoId && !i.Imported))));
    }

    private static async Task NoteAsync(BotDb db, Room room, string words, DateTimeOffset now, CancellationToken stop)
    {
        var incident = await db.Incidents.FirstAsync(i => i.Id == room.IncidentId, stop);
        if (incident.MergedIntoId is { } survivor)
        {
            incident = await db.Incidents.FirstAsync(i => i.Id == survivor, stop);
        }

        incident.Record(new Acting(Person.Bot(incident.Platform, incident.Workspace), now).System(words));
        await db.SaveChangesAsync(stop);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The room of incident {Incident} could not be read again yet: {Fault}")]
        public static partial void NotRead(ILogger log, long incident, string fault);
    }
}
