using System.Text.Json;
using IncidentBot.Core.Chat;
using IncidentBot.Slack.Install;
using IncidentBot.Slack.Rendering;

namespace IncidentBot.Slack.Outbound;

/// <summary>Does in Slack what the courier asks.</summary>
public sealed class SlackSender(SlackApi api, Installations installations, SlackRooms rooms, SlackDocuments documents, SlackPosts posts, SlackRetractions retractions) : IChat
{
    public string Platform => SlackServices.Platform;

    public Task<string?> FindChannelAsync(string workspace, string name, CancellationToken stop) =>
        DoAsync(workspace, (where, s) => rooms.FindAsync(where, name, s), stop);

    public Task<RoomMade> MakeRoomAsync(RoomWanted wanted, CancellationToken stop) =>
        DoAsync(wanted.Workspace, (where, s) => rooms.MakeAsync(where, wanted, s), stop);

    public Task<IReadOnlyList<NotInvited>> InviteAsync(Place room, IReadOnlyList<PersonRef> people, CancellationToken stop) =>
        DoAsync(room.Workspace, (where, s) => rooms.InviteAsync(where, room, people, s), stop);

    public Task FurnishAsync(Place room, RoomLook look, CancellationToken stop) =>
        DoAsync(room.Workspace, (where, s) => rooms.FurnishAsync(where, room.Channel, look, s), stop);

    public Task<string> PostAsync(Place to, Card card, Sending sending, CancellationToken stop) =>
        DoAsync(to.Workspace, (where, s) => posts.PostAsync(where, to.Channel, to.Thread, card, sending, s), stop);

    public Task<string> PostPrivatelyAsync(Place to, PersonRef person, Card card, Sending sending, CancellationToken stop) => DoAsync(to.Workspace, async (where, s) =>
    {
        // At most once: what was begun is not begun again.
        if (sending.Since is not null)
        {
            return "";
        }

        try
        {
            foreach (var page in BlockKit.Pages(card))
            {
                await api.CallAsync(where, "chat.postEphemeral", new Dictionary<string, object?>
                {
                    ["channel"] = to.Channel, ["user"] = person.UserId, ["thread_ts"] = to.Thread, ["text"] = page.Text, ["blocks"] = page.Blocks,
                }, s);
            }

            return "";
        }
        catch (SlackFault fault) when (fault.Trouble == SlackTrouble.Refused && fault.Error is "user_not_in_channel" or "channel_not_found" or "not_in_channel" or "is_archived")
        {
            return await posts.PostAsync(where, await posts.DirectAsync(where, person.UserId, s), null, card, sending, s);
        }
    }, stop);

    public Task<string> PostDirectAsync(PersonRef to, Card card, Sending sending, CancellationToken stop) =>
        DoAsync(to.Workspace, async (where, s) => await posts.PostAsync(where, await posts.DirectAsync(where, to.UserId, s), null, card, sending, s), stop);

    public Task UpdateAsync(Place at, string messageId, Card card, CancellationToken stop) => DoAsync(at.Workspace, async (where, s) =>
    {
        var message = BlockKit.One(card);
        return await api.CallAsync(where, "chat.update", new Dictionary<string, object?> { ["channel"] = at.Channel, ["ts"] = messageId, ["text"] = message.Text, ["blocks"] = message.Blocks }, s);
    }, stop);

    public Task<string?> PutDocumentAsync(Place room, string? documentId, ChatDocument document, CancellationToken stop) =>
        DoAsync(room.Workspace, (where, s) => documents.PutAsync(where, room, documentId, document, s), stop);

    public Task RetractAsync(Retraction what, CancellationToken stop) =>
        (what.Places.Select(p => p.Workspace).Concat(what.Direct.Select(d => d.Person.Workspace)).FirstOrDefault()) is { } workspace
            ? DoAsync(workspace, (where, s) => retractions.RetractAsync(where, what, s), stop) : Task.CompletedTask;

    public Task ShowHomeAsync(PersonRef person, Card card, CancellationToken stop) => DoAsync(person.Workspace, async (where, s) =>
    {
        var view = new Dictionary<string, object?> { ["type"] = "home", ["callback_id"] = "home", ["blocks"] = BlockKit.Home(card) };
        return await api.CallAsync(where, "views.publish", new Dictionary<string, object?> { ["user_id"] = person.UserId, ["view"] = view }, s);
    }, stop);

    private async Task<T> DoAsync<T>(string workspace, Func<Installed, CancellationToken, Task<T>> act, CancellationToken stop)
    {
        try
        {
            return await act(await installations.GetAsync(workspace, stop), stop);
        }
        catch (SlackFault fault)
        {
            throw fault.ForCourier();
        }
    }
}

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
            var ts = (sending.Since is { } since ? await FindAsync(where, channel, parent, id, since, stop) : null) ?? await PostAsync(where, channel, parent, pages[i], id, stop);
            first ??= ts;
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
        string? cursor = null;
        do
        {
            var answer = await api.CallAsync(where, thread is null ? "conversations.history" : "conversations.replies", new Dictionary<string, object?>
            {
                ["channel"] = channel,
                ["ts"] = thread,
                ["oldest"] = SlackTime.Write(since - Margin),
                ["latest"] = SlackTime.Write(time.GetUtcNow() + Margin),
                ["inclusive"] = true,
                ["include_all_metadata"] = true,
                ["limit"] = 200,
                ["cursor"] = cursor,
            }, stop);
            if (answer.Items("messages").FirstOrDefault(m => m.Text("metadata", "event_type") == MetadataType && m.Text("metadata", "event_payload", IdField) == id) is { ValueKind: JsonValueKind.Object } found)
            {
                return found.Text("ts");
            }

            cursor = answer.Text("response_metadata", "next_cursor");
        }
        while (!string.IsNullOrEmpty(cursor));
        return null;
    }
}
