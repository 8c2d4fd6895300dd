using System.Text.Json;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using IncidentBot.Slack.Install;
using IncidentBot.Slack.Outbound;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Slack.Listening;

/// <summary>How far the reading of a workspace's gap has come; Slack's limits may cut it into several tries.</summary>
/// <param name="Since">When the gap began.</param>
/// <param name="Until">When it ended.</param>
public sealed record Rereading(DateTimeOffset Since, DateTimeOffset? Until)
{
    public HashSet<long> Rooms { get; } = [];

    /// <summary>Channels whose history was read to its end.</summary>
    public HashSet<string> Histories { get; } = [];

    /// <summary>Threads that were answered during the gap.</summary>
    public HashSet<(string Channel, string Thread)> Answered { get; } = [];

    /// <summary>Threads that were read to their end.</summary>
    public HashSet<(string Channel, string Thread)> Threads { get; } = [];

    /// <summary>The messages of the gap that were not known, by room.</summary>
    public HashSet<(long Room, string Channel, string Ts)> Found { get; } = [];

    public string Walk => $"reread-{Since.UtcTicks}";
}

/// <summary>Reads what was written in a room and its threads since a moment, and stores it as if it had been delivered.</summary>
public sealed class Rereader(SlackApi api, SlackSettings settings, InboxIntake intake, TimeProvider time)
{
    private const int MostThreads = 100;

    // A thread may be answered long after it was begun; later still it is known from what was captured of it.
    private static readonly TimeSpan Before = TimeSpan.FromDays(2);

    /// <exception cref="SlackFault">Slack did not let it be read to the end; what was read is kept, and counted.</exception>
    public async Task ReadAsync(BotDb db, Installed where, Room room, Rereading pass, CancellationToken stop)
    {
        if (room is { State: RoomState.Ready, Channel: { } channel })
        {
            await HistoryAsync(db, where, room, channel, pass, stop);
            foreach (var (_, answered) in pass.Answered.Where(t => t.Channel == channel))
            {
                await ThreadAsync(db, where, room, channel, answered, pass, stop);
            }

            foreach (var known in await db.Transcript.Where(m => m.Platform == SlackServices.Platform && m.Workspace == where.Workspace && m.Channel == channel && m.Thread != null)
                .GroupBy(m => m.Thread!).OrderByDescending(g => g.Max(m => m.PostedAt)).Select(g => g.Key).Take(MostThreads).ToListAsync(stop))
            {
                await ThreadAsync(db, where, room, channel, known, pass, stop);
            }
        }

        if ((room.HomeThread ?? room.AnnouncementId) is { } thread)
        {
            await ThreadAsync(db, where, room, room.HomeChannel, thread, pass, stop);
        }

        if (room is { DeclaredChannel: { } declared, DeclaredThread: { } began })
        {
            await ThreadAsync(db, where, room, declared, began, pass, stop);
        }
    }

    // To its end before any thread: a limit that a thread runs into must not begin the history anew.
    private async Task HistoryAsync(BotDb db, Installed where, Room room, string channel, Rereading pass, CancellationToken stop)
    {
        if (pass.Histories.Contains(channel))
        {
            return;
        }

        await foreach (var message in PagesAsync(where, "conversations.history", channel, null, pass, stop))
        {
            // Older ones too: they may have been edited or pinned meanwhile.
            await StoreAsync(db, where, room, channel, message, pass, stop);
            if (SlackTime.Read(message.Text("latest_reply")) is { } latest && latest >= pass.Since)
            {
                pass.Answered.Add((channel, message.Text("ts")!));
            }
        }

        pass.Histories.Add(channel);
    }

    private async Task ThreadAsync(BotDb db, Installed where, Room room, string channel, string thread, Rereading pass, CancellationToken stop)
    {
        if (pass.Threads.Contains((channel, thread)))
        {
            return;
        }

        try
        {
            await foreach (var reply in PagesAsync(where, "conversations.replies", channel, thread, pass, stop))
            {
                if (reply.Text("ts") != thread)
                {
                    await StoreAsync(db, where, room, channel, reply, pass, stop);
                }
            }
        }
        catch (SlackFault fault) when (fault is { Trouble: SlackTrouble.Refused, Error: "thread_not_found" or "message_not_found" })
        {
            // It was deleted with all its replies.
        }

        pass.Threads.Add((channel, thread));
    }

    private async Task StoreAsync(BotDb db, Installed where, Room room, string channel, JsonElement message, Rereading pass, CancellationToken stop)
    {
        var ts = message.Text("ts");
        if (ts is null || message.Text("user") == where.BotUserId || message.Text("subtype") is not (null or "file_share" or "thread_broadcast" or "me_message" or "bot_message"))
        {
            return;
        }

        var known = await db.Transcript.AsNoTracking().FirstOrDefaultAsync(m => m.Platform == SlackServices.Platform && m.Workspace == where.Workspace && m.Channel == channel && m.MessageId == ts && m.PostedAt != null, stop);
        var now = time.GetUtcNow();
        if (known is null)
        {
            await intake.StoreAsync(Reread.Row(where, channel, message, now, old: SlackTime.Read(ts) < pass.Since), stop);
            if (SlackTime.Read(ts) >= pass.Since)
            {
                pass.Found.Add((room.IncidentId, channel, ts));
            }
        }

        if (message.Text("edited", "ts") is { } edited && SlackTime.Read(edited) is { } at && !(known?.EditedAt >= at))
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

        if (message.Items("pinned_to").Any(c => c.GetString() == channel) && (message.Text("pinned_info", "pinned_by") ?? message.Text("user")) is { } pinner)
        {
            await intake.StoreAsync(Reread.Row(where, $"reread-{channel}-{ts}-pin", new { type = "pin_added", user = pinner, channel_id = channel, item = new { type = "message", channel, message }, event_ts = ts }, now), stop);
        }
    }

    private IAsyncEnumerable<JsonElement> PagesAsync(Installed where, string method, string channel, string? thread, Rereading pass, CancellationToken stop) =>
        api.EachAsync(where, method, "messages", pass.Walk, new Dictionary<string, object?> { ["channel"] = channel, ["ts"] = thread, ["oldest"] = SlackTime.Write(pass.Since - Before), ["limit"] = 200 }, stop);
}
