using System.Text.Json;
using IncidentBot.Core.Chat;
using IncidentBot.Slack.Install;
using IncidentBot.Slack.Rendering;

namespace IncidentBot.Slack.Outbound;

/// <summary>Does in Slack what the courier asks.</summary>
public sealed class SlackSender(SlackApi api, Installations installations, SlackRooms rooms, SlackDocuments documents, SlackPosts posts, SlackRetractions retractions) : IChat
{
    public string Platform => SlackServices.Platform;

    public bool IsForMany(string channel) => channel is ['C' or 'G', ..];

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

        var shown = 0;
        try
        {
            foreach (var page in BlockKit.Pages(card))
            {
                await api.CallAsync(where, "chat.postEphemeral", new Dictionary<string, object?>
                {
                    ["channel"] = to.Channel,
                    ["user"] = person.UserId,
                    ["thread_ts"] = to.Thread,
                    ["text"] = page.Text,
                    ["blocks"] = page.Blocks,
                }, s);
                shown++;
            }

            return "";
        }
        catch (SlackFault fault) when (shown > 0)
        {
            throw new SlackFault(fault.Trouble, fault.Error, null, fault.RetryAfter, fault) { Partly = true };
        }
        catch (SlackFault fault) when (fault.Trouble == SlackTrouble.Refused && fault.Error is "user_not_in_channel" or "channel_not_found" or "not_in_channel" or "is_archived")
        {
            return await posts.PostAsync(where, await posts.DirectAsync(where, person.UserId, s), null, card, sending, s);
        }
    }, stop);

    public Task<string> PostDirectAsync(PersonRef to, Card card, Sending sending, CancellationToken stop) =>
        DoAsync(to.Workspace, async (where, s) => await posts.PostAsync(where, await posts.DirectAsync(where, to.UserId, s), null, card, sending, s), stop);

    public Task UpdateDirectAsync(PersonRef to, string messageId, Card card, CancellationToken stop) =>
        DoAsync(to.Workspace, async (where, s) => await ReplaceAsync(where, await posts.DirectAsync(where, to.UserId, s), messageId, card, s), stop);

    public Task UpdateAsync(Place at, string messageId, Card card, CancellationToken stop) => DoAsync(at.Workspace, (where, s) => ReplaceAsync(where, at.Channel, messageId, card, s), stop);

    public Task<string?> PutDocumentAsync(Place room, string? documentId, ChatDocument document, Sending sending, CancellationToken stop) =>
        DoAsync(room.Workspace, (where, s) => documents.PutAsync(where, room, documentId, document, sending, s), stop);

    public Task RetractAsync(Retraction what, CancellationToken stop) =>
        DoAsync(what.Workspace, (where, s) => retractions.RetractAsync(where, what, s), stop);

    public Task ShowHomeAsync(PersonRef person, Card card, CancellationToken stop) => DoAsync(person.Workspace, async (where, s) =>
    {
        var view = new Dictionary<string, object?> { ["type"] = "home", ["callback_id"] = "home", ["blocks"] = BlockKit.Home(card) };
        return await api.CallAsync(where, "views.publish", new Dictionary<string, object?> { ["user_id"] = person.UserId, ["view"] = view }, s);
    }, stop);

    private Task<JsonElement> ReplaceAsync(Installed where, string channel, string messageId, Card card, CancellationToken stop)
    {
        var message = BlockKit.One(card);
        return api.CallAsync(where, "chat.update", new Dictionary<string, object?> { ["channel"] = channel, ["ts"] = messageId, ["text"] = message.Text, ["blocks"] = message.Blocks }, stop);
    }

    private async Task<T> DoAsync<T>(string workspace, Func<Installed, CancellationToken, Task<T>> act, CancellationToken stop)
    {
        Installed where;
        try
        {
            where = await installations.GetAsync(workspace, stop);
        }
        catch (SlackFault fault)
        {
            throw fault.ForCourier(begun: false);
        }

        try
        {
            return await act(where, stop);
        }
        catch (SlackFault fault)
        {
            throw fault.ForCourier();
        }
    }
}
