using System.Text.Json;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using IncidentBot.WebChat.Outbound;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.WebChat.Inbound;

/// <summary>Turns stored deliveries of the web chat into events, and keeps the messages that its page shows.</summary>
public sealed class WebChatInbound(StoredFiles files, MessageOrder order) : IInbound
{
    public string Platform => WebChatServices.Platform;

    public Observation? Translate(InboxRow row)
    {
        var o = JsonSerializer.Deserialize(row.Body, WireJson.Default.StoredObservation) ?? throw new FormatException("An empty body.");
        var by = new PersonRef(Platform, row.Workspace, o.By);
        var place = new Place(Platform, row.Workspace, o.Room, o.Thread);
        var at = new DateTimeOffset(o.At, TimeSpan.Zero);
        return o.Type switch
        {
            "message" => new MessagePosted(by, place, at, o.Id, WebChatText.Read(o.Text ?? ""), Files: o.Files),
            "edit" => new MessageEdited(by, place, at, o.Id, WebChatText.Read(o.Text ?? "")),
            "delete" => new MessageDeleted(by, place, at, o.Id),
            "pin" => new PinChanged(by, place, at, o.Id, Pinned: true),
            "unpin" => new PinChanged(by, place, at, o.Id, Pinned: false),
            "join" => new MemberJoined(by, place, at, o.Id),
            _ => throw new FormatException($"'{o.Type}' is no kind of observation."),
        };
    }

    public ValueTask<Func<CancellationToken, Task>?> WantsAsync(BotDb db, IReadOnlyList<Observation> events, CancellationToken stop) => default;

    public async Task AbsorbAsync(BotDb db, IReadOnlyList<Observation> events, CancellationToken stop)
    {
        var ids = events.Select(e => e.MessageId).Distinct().ToList();
        var known = await db.Set<ChatMessage>().Where(m => ids.Contains(m.Id)).ToDictionaryAsync(m => m.Id, stop);
        foreach (var e in events)
        {
            if (e is MessagePosted posted && !known.ContainsKey(e.MessageId))
            {
                known[e.MessageId] = db.Add(new ChatMessage
                {
                    Seq = order.Next(),
                    Id = e.MessageId,
                    Room = e.Place.Channel,
                    Thread = e.Place.Thread,
                    Author = e.By.UserId,
                    At = e.At,
                    Body = posted.Text.ToJson(),
                    Files = [.. posted.Files ?? []],
                }).Entity;
            }
            else if (known.TryGetValue(e.MessageId, out var message))
            {
                Change(message, e);
            }
        }
    }

    public async Task RedactAsync(BotDb db, Incident incident, string? messageId, RedactedWords words, CancellationToken stop)
    {
        var room = await db.Rooms.FirstOrDefaultAsync(r => r.IncidentId == incident.Id && r.Platform == WebChatServices.Platform, stop);
        if (room is null)
        {
            return;
        }

        // What the bot told people alone, and its overviews, may repeat the words.
        var direct = WebChatSender.DirectRoom("");
        var threads = new[] { room.AnnouncementId, room.HomeThread };
        var messages = await db.Set<ChatMessage>()
            .Where(m => m.Room == room.Channel || (m.Room == room.HomeChannel && (threads.Contains(m.Thread) || threads.Contains(m.Id)))
                || (m.Author == "" && (m.Room.StartsWith(direct) || db.Outbox.Any(r => r.MessageId == m.Id && r.IncidentId == null && r.Channel != null)))).ToListAsync(stop);
        foreach (var message in messages)
        {
            if (message.Author.Length == 0)
            {
                message.Body = words.OverwriteCard(message.Body);
            }
            else if (message.Id == messageId || words.Holds(RichText.FromJson(message.Body).Plain))
            {
                (message.Body, message.Files) = (TimelineWording.RedactedText.ToJson(), []);
            }
        }

        foreach (var row in await db.Inbox.Where(r => r.Platform == WebChatServices.Platform && r.State != RowState.Done).ToListAsync(stop))
        {
            if (row.Body.Length > 0 && JsonSerializer.Deserialize(row.Body, WireJson.Default.StoredObservation) is { Text: { } text } o
                && (o.Room == room.Channel || threads.Contains(o.Thread)) && (o.Id == messageId || words.Holds(text)))
            {
                await files.RemoveAsync([.. o.Files ?? []], row.ReceivedAt, stop);
                row.Body = JsonSerializer.Serialize(o with { Text = TimelineWording.RedactedText.Plain, Files = null }, WireJson.Default.StoredObservation);
            }
        }
    }

    private static void Change(ChatMessage message, Observation e)
    {
        switch (e)
        {
            case MessageEdited edited when message.EditedAt is null || message.EditedAt < e.At:
                (message.Body, message.EditedAt) = (edited.Text.ToJson(), e.At);
                break;
            case MessageDeleted:
                (message.Body, message.DeletedAt) = (RichText.Empty.ToJson(), e.At);
                break;
            case PinChanged pin:
                message.Pinned = pin.Pinned;
                break;
        }
    }
}
