using System.Text.Json;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using IncidentBot.Slack.Install;
using IncidentBot.Slack.Outbound;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Slack.Listening;

/// <summary>Reads what was written in a room and its threads since a moment, and stores it as if it had been delivered.</summary>
public sealed class Rereader(SlackApi api, SlackSettings settings, InboxIntake intake, TimeProvider time)
{
    // A thread may be answered long after it was begun.
    private static readonly TimeSpan Threads = TimeSpan.FromDays(2);

    // Read already in a pass that Slack's limits have cut into several.
    private readonly HashSet<(string Workspace, string Channel, string Thread)> _threads = [];

    /// <summary>The pass is at its end; the next reads everything again.</summary>
    public void Forget() => _threads.Clear();

    /// <returns>How many messages were not known.</returns>
    public async Task<int> ReadAsync(BotDb db, Installed where, Room room, DateTimeOffset since, CancellationToken stop)
    {
        var found = 0;
        if (room is { State: RoomState.Ready, Channel: { } channel })
        {
            await foreach (var message in PagesAsync(where, "conversations.history", channel, null, since - Threads, stop))
            {
                // Older ones too: they may have been edited or pinned meanwhile.
                found += await StoreAsync(db, where, channel, message, since, stop);

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
        if (_threads.Contains((where.Workspace, channel, thread)))
        {
            return 0;
        }

        var found = 0;
        await foreach (var reply in PagesAsync(where, "conversations.replies", channel, thread, since - Threads, stop))
        {
            found += reply.Text("ts") == thread ? 0 : await StoreAsync(db, where, channel, reply, since, stop);
        }

        _threads.Add((where.Workspace, channel, thread));
        return found;
    }

    private async Task<int> StoreAsync(BotDb db, Installed where, string channel, JsonElement message, DateTimeOffset since, CancellationToken stop)
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
            await intake.StoreAsync(Reread.Row(where, channel, message, now, old: SlackTime.Read(ts) < since), stop);
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
                    type = "reaction_added",
                    user,
                    reaction = reaction.Text("name"),
                    item = new { type = "message", channel, ts },
                    event_ts = ts,
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
