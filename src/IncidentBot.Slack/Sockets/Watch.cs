using System.Text.Json;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Slack.Install;
using IncidentBot.Slack.Outbound;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Slack.Sockets;

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
    private bool _started;

    public string Name => "listening";

    public async Task<int> RunOnceAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        // Over sockets the bot listens while one is up; over HTTP while it runs, since Slack sends again what was not taken.
        if (settings.AppToken is not null && sockets.State.Up == 0)
        {
            _deafSince ??= _started ? now : null;
            return 0;
        }

        if (_started && _deafSince is null && _writtenAt is { } written && now - written < Beat && now >= written)
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
        else if ((_started ? _deafSince : watch.HeardUntil) is { } since && !await RereadAsync(db, since, now, stop))
        {
            return 0;
        }

        (_started, _deafSince, _writtenAt, watch.HeardUntil) = (true, null, now, now);
        await db.SaveChangesAsync(stop);
        return 0;
    }

    public Task<TimeSpan?> UntilNextAsync(CancellationToken stop) => Task.FromResult<TimeSpan?>(Beat);

    /// <returns>False when Slack could not be asked yet, so that it is tried again.</returns>
    private async Task<bool> RereadAsync(BotDb db, DateTimeOffset until, DateTimeOffset now, CancellationToken stop)
    {
        await using var lead = await db.TryLeadAsync("slack-reread", stop);
        if (lead is null)
        {
            return true;
        }

        var rooms = await db.Rooms.AsNoTracking().Where(r => r.Platform == SlackServices.Platform && db.Incidents.Where(Incident.StillOpen).Any(i => i.Id == r.IncidentId && !i.Imported)).ToListAsync(stop);
        foreach (var room in rooms)
        {
            try
            {
                var where = await installations.GetAsync(room.Workspace, stop);
                var found = await rereader.ReadAsync(db, where, room, until, stop);
                if (now - until > Gap)
                {
                    var incident = await db.Incidents.FirstAsync(i => i.Id == room.IncidentId, stop);
                    incident.Record(new Acting(Person.Bot(incident.Platform, incident.Workspace), now).System(WatchWording.Gap(until, now, found)));
                }
            }
            catch (SlackFault fault) when (fault.Trouble is SlackTrouble.Unknown or SlackTrouble.RateLimited)
            {
                Log.NotRead(log, room.IncidentId, fault.Error);
                return false;
            }
            catch (SlackFault fault)
            {
                var incident = await db.Incidents.FirstAsync(i => i.Id == room.IncidentId, stop);
                incident.Record(new Acting(Person.Bot(incident.Platform, incident.Workspace), now).System(WatchWording.NotRead(until, now, fault.Error)));
            }
        }

        await db.SaveChangesAsync(stop);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The room of incident {Incident} could not be read again yet: {Fault}")]
        public static partial void NotRead(ILogger log, long incident, string fault);
    }
}

/// <summary>Words about gaps.</summary>
internal static class WatchWording
{
    public static string Gap(DateTimeOffset from, DateTimeOffset to, int messages) =>
        $"The bot did not listen from {from:yyyy-MM-dd HH:mm} to {to:HH:mm} UTC; {(messages == 0 ? "no message of that time was missing" : $"{messages} {(messages == 1 ? "message" : "messages")} of that time {(messages == 1 ? "was" : "were")} read afterwards")}. Deletions and pins taken off meanwhile cannot be known.";

    public static string NotRead(DateTimeOffset from, DateTimeOffset to, string why) =>
        $"The bot did not listen from {from:yyyy-MM-dd HH:mm} to {to:HH:mm} UTC, and Slack did not let it read that time again ({why}): messages may be missing.";
}

/// <summary>Reads what was written in a room and its threads since a moment, and stores it as if it had been delivered.</summary>
public sealed class Rereader(SlackApi api, SlackSettings settings, InboxIntake intake, TimeProvider time)
{
    // A thread may be answered long after it was begun.
    private static readonly TimeSpan Threads = TimeSpan.FromDays(2);

    /// <returns>How many messages were not known.</returns>
    public async Task<int> ReadAsync(BotDb db, Installed where, Room room, DateTimeOffset since, CancellationToken stop)
    {
        var found = 0;
        if (room is { State: RoomState.Ready, Channel: { } channel })
        {
            await foreach (var message in PagesAsync(where, "conversations.history", channel, null, since - Threads, stop))
            {
                var at = SlackTime.Read(message.Text("ts")) ?? DateTimeOffset.MinValue;
                if (at >= since)
                {
                    found += await StoreAsync(db, where, channel, message, stop);
                }

                if (SlackTime.Read(message.Text("latest_reply")) is { } latest && latest >= since)
                {
                    found += await ThreadAsync(db, where, channel, message.Text("ts")!, since, stop);
                }
            }
        }

        if ((room.HomeThread ?? room.AnnouncementId) is { } thread)
        {
            found += await ThreadAsync(db, where, room.HomeChannel, thread, since, stop);
        }

        return found;
    }

    private async Task<int> ThreadAsync(BotDb db, Installed where, string channel, string thread, DateTimeOffset since, CancellationToken stop)
    {
        var found = 0;
        await foreach (var reply in PagesAsync(where, "conversations.replies", channel, thread, since, stop))
        {
            found += reply.Text("ts") == thread ? 0 : await StoreAsync(db, where, channel, reply, stop);
        }

        return found;
    }

    private async Task<int> StoreAsync(BotDb db, Installed where, string channel, JsonElement message, CancellationToken stop)
    {
        var ts = message.Text("ts");
        if (ts is null || message.Text("user") == where.BotUserId || message.Text("subtype") is not (null or "file_share" or "thread_broadcast" or "me_message" or "bot_message"))
        {
            return 0;
        }

        var known = await db.Transcript.AsNoTracking().FirstOrDefaultAsync(m => m.Platform == SlackServices.Platform && m.Workspace == where.Workspace && m.Channel == channel && m.MessageId == ts && m.PostedAt != null, stop);
        var now = time.GetUtcNow();
        if (known is null)
        {
            await intake.StoreAsync(Reread.Row(where, channel, message, now), stop);
        }

        if (message.Text("edited", "ts") is { } edited && known is not null && SlackTime.Read(edited) is { } at && !(known.EditedAt >= at))
        {
            await intake.StoreAsync(Reread.Row(where, $"reread-{channel}-{ts}-{edited}", new { type = "message", subtype = "message_changed", channel, message, event_ts = edited }, now), stop);
        }

        foreach (var reaction in message.Items("reactions").Where(r => settings.PinEmoji.Contains(r.Text("name")?.Split("::")[0] ?? "")))
        {
            foreach (var user in reaction.Items("users").Select(u => u.GetString()))
            {
                // Slack does not say when it was put on; the message's own time loses against whatever was heard of it.
                await intake.StoreAsync(Reread.Row(where, $"reread-{channel}-{ts}-{reaction.Text("name")}-{user}", new
                {
                    type = "reaction_added", user, reaction = reaction.Text("name"), item = new { type = "message", channel, ts }, event_ts = ts,
                }, now), stop);
            }
        }

        return known is null ? 1 : 0;
    }

    private async IAsyncEnumerable<JsonElement> PagesAsync(
        Installed where, string method, string channel, string? thread, DateTimeOffset oldest, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        string? cursor = null;
        do
        {
            var answer = await api.CallAsync(where, method, new Dictionary<string, object?> { ["channel"] = channel, ["ts"] = thread, ["oldest"] = SlackTime.Write(oldest), ["limit"] = 200, ["cursor"] = cursor }, stop);
            foreach (var message in answer.Items("messages"))
            {
                yield return message;
            }

            cursor = answer.Text("response_metadata", "next_cursor");
        }
        while (!string.IsNullOrEmpty(cursor));
    }
}
