using System.Collections.Concurrent;
using System.Text.Json;
using IncidentBot.Core.Delivery;
using IncidentBot.Slack.Install;

namespace IncidentBot.Slack.Outbound;

/// <summary>Finds the message that a reaction is about, with its thread: Slack names only channel and time, and the right message must be kept, never a neighbour.</summary>
public sealed class SlackThreads(SlackApi api, Installations installations, InboxIntake intake, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Channel, string Ts), string> _threads = new();

    public bool Knows(string channel, string ts) => _threads.ContainsKey((channel, ts));

    /// <summary>The thread of a message, or null when it stands in none or is not known.</summary>
    public string? Of(string channel, string ts) => _threads.TryGetValue((channel, ts), out var thread) && thread.Length > 0 ? thread : null;

    /// <summary>Asks for messages that are not known, and stores them as if they had been delivered; what Slack does not tell is done without.</summary>
    public async Task AskAsync(IEnumerable<(string Workspace, string Channel, string Ts)> messages, CancellationToken stop)
    {
        foreach (var (workspace, channel, ts) in messages)
        {
            try
            {
                var where = await installations.GetAsync(workspace, stop);
                var answer = await api.CallAsync(where, "conversations.replies", new Dictionary<string, object?> { ["channel"] = channel, ["ts"] = ts, ["latest"] = ts, ["inclusive"] = true, ["limit"] = 1000 }, stop);
                var found = answer.Items("messages").Where(m => m.Text("ts") == ts).Take(1).ToList();
                Remember(channel, ts, found.Count > 0 && found[0].Text("thread_ts") is { } parent && parent != ts ? parent : "");
                if (found.Count > 0)
                {
                    await intake.StoreAsync(Reread.Row(where, channel, found[0], time.GetUtcNow()), stop);
                }
            }
            catch (Exception fault) when (fault is SlackFault or Core.Chat.StoreUnavailable)
            {
                Remember(channel, ts, "");
            }
        }
    }

    private void Remember(string channel, string ts, string thread)
    {
        // As many as one could ask for in a day; after that all are asked for again.
        if (_threads.Count > 20_000)
        {
            _threads.Clear();
        }

        _threads[(channel, ts)] = thread;
    }
}

/// <summary>Messages that were read again, as deliveries.</summary>
internal static class Reread
{
    /// <summary>The delivery that would have brought a message; the same message is the same delivery, however often it is read.</summary>
    public static InboxRow Row(Installed where, string channel, JsonElement message, DateTimeOffset now)
    {
        var fields = message.EnumerateObject().ToDictionary(p => p.Name, p => (object)p.Value);
        fields["type"] = "message";
        fields["channel"] = channel;
        fields["event_ts"] = message.Text("ts") ?? "";
        return Row(where, $"reread-{channel}-{message.Text("ts")}", fields, now);
    }

    public static InboxRow Row(Installed where, string id, object e, DateTimeOffset now) => new()
    {
        Platform = SlackServices.Platform,
        Workspace = where.Workspace,
        DeliveryId = id,
        Body = JsonSerializer.Serialize(
            new
            {
                type = "event_callback",
                team_id = where.Workspace,
                api_app_id = where.AppId,
                event_id = id,
                authorizations = new[] { new { team_id = where.Workspace, user_id = where.BotUserId, is_bot = true, is_enterprise_install = false } },
                @event = e,
            },
            SlackJson.Options),
        ReceivedAt = now,
    };
}
