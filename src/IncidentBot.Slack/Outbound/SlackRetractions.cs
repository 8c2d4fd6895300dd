using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentBot.Core.Chat;
using IncidentBot.Slack.Inbound;
using IncidentBot.Slack.Install;
using IncidentBot.Slack.Rendering;

namespace IncidentBot.Slack.Outbound;

/// <summary>Takes redacted words out of the bot's own messages and documents in Slack; what people wrote, and what only one person saw, is out of reach.</summary>
public sealed class SlackRetractions(SlackApi api, SlackPosts posts, SlackDocuments documents)
{
    private const string Instead = "[redacted]";

    public async Task<bool> RetractAsync(Installed where, Retraction what, CancellationToken stop)
    {
        foreach (var place in what.Places)
        {
            await SweepAsync(where, place.Channel, place.Thread, what, stop);
        }

        foreach (var (person, message) in what.Direct)
        {
            var channel = await posts.DirectAsync(where, person.UserId, stop);
            var found = await api.CallAsync(where, "conversations.history", new Dictionary<string, object?> { ["channel"] = channel, ["latest"] = message, ["inclusive"] = true, ["limit"] = 1 }, stop);
            await OverwriteAsync(where, channel, found.Items("messages").Where(m => m.Text("ts") == message), what.Holds, stop);
        }

        if (what.DocumentId is { } document)
        {
            await documents.TakeAwayAsync(where, document, stop);
        }

        return true;
    }

    private async Task SweepAsync(Installed where, string channel, string? thread, Retraction what, CancellationToken stop)
    {
        string? cursor = null;
        do
        {
            var answer = await api.CallAsync(where, thread is null ? "conversations.history" : "conversations.replies", new Dictionary<string, object?>
            {
                ["channel"] = channel, ["ts"] = thread, ["oldest"] = SlackTime.Write(what.Since.AddMinutes(-10)), ["limit"] = 200, ["cursor"] = cursor,
            }, stop);
            await OverwriteAsync(where, channel, answer.Items("messages"), what.Holds, stop);
            foreach (var parent in thread is null ? answer.Items("messages").Where(m => m.Number("reply_count") > 0 || m.Text("latest_reply") is not null).Select(m => m.Text("ts")).ToList() : [])
            {
                await SweepAsync(where, channel, parent, what, stop);
            }

            cursor = answer.Text("response_metadata", "next_cursor");
        }
        while (!string.IsNullOrEmpty(cursor));
    }

    private async Task OverwriteAsync(Installed where, string channel, IEnumerable<JsonElement> messages, Func<string, bool> holds, CancellationToken stop)
    {
        foreach (var message in messages.Where(m => m.Text("user") == where.BotUserId && Holds(m, holds)).ToList())
        {
            await api.CallAsync(where, "chat.update", new Dictionary<string, object?>
            {
                ["channel"] = channel, ["ts"] = message.Text("ts"), ["text"] = Instead, ["blocks"] = new JsonArray(BlockKit.Context("[redacted] What stood here was taken away for good.")),
            }, stop);
        }
    }

    // A message shows the words between others, so it is looked at as a whole and line by line.
    private static bool Holds(JsonElement message, Func<string, bool> holds)
    {
        var shown = SlackText.Read(string.Join('\n', SlackBlocksText.Shown(message)), _ => null).Plain;
        return holds(shown) || shown.Split('\n').Any(line => holds(line.Trim()) || (line.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon && holds(line[(colon + 2)..].Trim())));
    }
}
