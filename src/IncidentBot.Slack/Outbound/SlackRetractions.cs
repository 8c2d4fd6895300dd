using System.Text.Json;
using IncidentBot.Core.Chat;
using IncidentBot.Slack.Inbound;
using IncidentBot.Slack.Install;
using IncidentBot.Slack.Rendering;

namespace IncidentBot.Slack.Outbound;

/// <summary>Takes redacted words out of the bot's own messages and documents in Slack; what people wrote, and what only one person saw, is out of reach.</summary>
public sealed class SlackRetractions(SlackApi api, SlackPosts posts, SlackRooms rooms, SlackDocuments documents)
{
    // Rich text like every card of the bot: Slack turns no message into one of another sort.
    private static readonly SlackMessage Instead = BlockKit.One(Card.Words("", "[redacted] What stood here was taken away for good."));

    private readonly System.Collections.Concurrent.ConcurrentDictionary<(string OutboxId, Place Place), bool> _swept = new();

    public async Task<bool> RetractAsync(Installed where, Retraction what, CancellationToken stop)
    {
        foreach (var (person, message) in what.Direct)
        {
            await StepAsync(async () => await OneAsync(where, await posts.DirectAsync(where, person.UserId, stop), message, what, stop));
        }

        foreach (var (channel, message) in what.Elsewhere)
        {
            await StepAsync(async () =>
            {
                if ((channel.StartsWith('#') ? await rooms.FindAsync(where, channel[1..], stop) : channel) is { } id)
                {
                    await OneAsync(where, id, message, what, stop);
                }
            });
        }

        if (what.DocumentId is { } document)
        {
            await StepAsync(() => documents.TakeAwayAsync(where, document, stop));
        }

        // What takes long comes last, and goes on where a limit has cut it short.
        foreach (var place in what.Places.Where(p => !_swept.ContainsKey((what.OutboxId, p))))
        {
            await StepAsync(() => SweepAsync(where, place.Channel, place.Thread, what, stop));
            _swept[(what.OutboxId, place)] = true;
        }

        foreach (var done in _swept.Keys.Where(k => k.OutboxId == what.OutboxId))
        {
            _swept.TryRemove(done, out _);
        }

        return true;
    }

    // A place that is gone, or a message that cannot be changed any more, must not keep the words in the others.
    private static async Task StepAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (SlackFault fault) when (fault.Trouble == SlackTrouble.Refused)
        {
            // Logged where it was refused.
        }
    }

    private async Task OneAsync(Installed where, string channel, string message, Retraction what, CancellationToken stop)
    {
        var found = await api.CallAsync(where, "conversations.history", new Dictionary<string, object?> { ["channel"] = channel, ["latest"] = message, ["inclusive"] = true, ["limit"] = 1 }, stop);
        await OverwriteAsync(where, channel, found.Items("messages").Where(m => m.Text("ts") == message), what, stop);
    }

    private async Task SweepAsync(Installed where, string channel, string? thread, Retraction what, CancellationToken stop)
    {
        var messages = api.EachAsync(where, thread is null ? "conversations.history" : "conversations.replies", "messages", $"retract-{what.OutboxId}", new Dictionary<string, object?>
        {
            ["channel"] = channel,
            ["ts"] = thread,
            ["oldest"] = SlackTime.Write(what.Since.AddMinutes(-10)),
            ["limit"] = 200,
        }, stop);
        await foreach (var message in messages)
        {
            await OverwriteAsync(where, channel, [message], what, stop);
            // Only where the bot itself has written into the thread: what goes on after a long message.
            var nested = (what.OutboxId, new Place(SlackServices.Platform, where.Workspace, channel, message.Text("ts")));
            if (thread is null && Own(where, message) && message.Text("latest_reply") is not null && !_swept.ContainsKey(nested))
            {
                await StepAsync(() => SweepAsync(where, channel, message.Text("ts"), what, stop));
                _swept[nested] = true;
            }
        }
    }

    private async Task OverwriteAsync(Installed where, string channel, IEnumerable<JsonElement> messages, Retraction what, CancellationToken stop)
    {
        foreach (var message in messages.Where(m => Own(where, m) && !what.Kept.Contains(m.Text("ts")) && Holds(m, what.Holds)).ToList())
        {
            await StepAsync(() => api.CallAsync(where, "chat.update", new Dictionary<string, object?> { ["channel"] = channel, ["ts"] = message.Text("ts"), ["text"] = Instead.Text, ["blocks"] = Instead.Blocks }, stop));
        }
    }

    private static bool Own(Installed where, JsonElement message) => message.Text("user") == where.BotUserId;

    // A message shows the words between others, so it is looked at as a whole and line by line.
    private static bool Holds(JsonElement message, Func<string, bool> holds)
    {
        var shown = SlackText.Read(string.Join('\n', SlackBlocksText.Shown(message)), _ => null).Plain;
        return holds(shown) || shown.Split('\n').Any(line => holds(line.Trim()) || (line.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon && holds(line[(colon + 2)..].Trim())));
    }
}
