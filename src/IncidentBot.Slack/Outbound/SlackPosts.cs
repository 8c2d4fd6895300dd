using IncidentBot.Core.Chat;
using IncidentBot.Slack.Install;
using IncidentBot.Slack.Rendering;

namespace IncidentBot.Slack.Outbound;

/// <summary>Posts messages that carry the outbox's id, and looks for those that may have been posted already.</summary>
public sealed class SlackPosts(SlackApi api, TimeProvider time)
{
    public const string MetadataType = "incidentbot_post";
    private const string IdField = "outbox_id";

    // Clocks differ, and history is asked for by Slack's.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    private readonly System.Collections.Concurrent.ConcurrentDictionary<(string Workspace, string User), string> _direct = new();

    /// <returns>The message's id; of several pages, that of the first.</returns>
    public async Task<string> PostAsync(Installed where, string channel, string? thread, Card card, Sending sending, CancellationToken stop)
    {
        var pages = BlockKit.Pages(card);
        string? first = null;
        for (var i = 0; i < pages.Count; i++)
        {
            var id = i == 0 ? sending.OutboxId : $"{sending.OutboxId}-{i + 1}";
            // What goes on after the first page stands in its thread, so that the channel stays quiet.
            var parent = i == 0 ? thread : thread ?? first;
            try
            {
                var ts = (sending.Since is { } since ? await FindAsync(where, channel, parent, id, since, stop) : null) ?? await PostAsync(where, channel, parent, pages[i], id, stop);
                first ??= ts;
            }
            catch (SlackFault fault) when (first is not null || sending.Since is not null)
            {
                throw new SlackFault(fault.Trouble, fault.Error, null, fault.RetryAfter, fault) { Partly = true };
            }
        }

        return first!;
    }

    /// <summary>The channel of a person's direct messages.</summary>
    public async Task<string> DirectAsync(Installed where, string user, CancellationToken stop)
    {
        if (_direct.TryGetValue((where.Workspace, user), out var known))
        {
            return known;
        }

        var answer = await api.CallAsync(where, "conversations.open", new Dictionary<string, object?> { ["users"] = user }, stop);
        return _direct[(where.Workspace, user)] = answer.Text("channel", "id") ?? throw new SlackFault(SlackTrouble.Refused, "no_channel");
    }

    private async Task<string> PostAsync(Installed where, string channel, string? thread, SlackMessage message, string id, CancellationToken stop)
    {
        var answer = await api.CallAsync(where, "chat.postMessage", new Dictionary<string, object?>
        {
            ["channel"] = channel,
            ["thread_ts"] = thread,
            ["text"] = message.Text,
            ["blocks"] = message.Blocks,
            ["unfurl_links"] = false,
            ["unfurl_media"] = false,
            ["metadata"] = new Dictionary<string, object?> { ["event_type"] = MetadataType, ["event_payload"] = new Dictionary<string, object?> { [IdField] = id } },
        }, stop);
        return answer.Text("ts") ?? throw new SlackFault(SlackTrouble.Unknown, "no_ts");
    }

    /// <summary>Looks for a message that may have been posted before the bot knew of it.</summary>
    private async Task<string?> FindAsync(Installed where, string channel, string? thread, string id, DateTimeOffset since, CancellationToken stop)
    {
        var messages = api.EachAsync(where, thread is null ? "conversations.history" : "conversations.replies", "messages", id, new Dictionary<string, object?>
        {
            ["channel"] = channel,
            ["ts"] = thread,
            ["oldest"] = SlackTime.Write(since - Margin),
            ["latest"] = SlackTime.Write(time.GetUtcNow() + Margin),
            ["inclusive"] = true,
            ["include_all_metadata"] = true,
            ["limit"] = 200,
        }, stop);
        await foreach (var message in messages)
        {
            if (message.Text("metadata", "event_type") == MetadataType && message.Text("metadata", "event_payload", IdField) == id)
            {
                return message.Text("ts");
            }
        }

        return null;
    }
}
