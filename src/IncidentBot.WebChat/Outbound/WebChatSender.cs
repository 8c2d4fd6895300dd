using IncidentBot.Core.Chat;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentBot.WebChat.Outbound;

/// <summary>Does in the web chat what the courier asks.</summary>
public sealed class WebChatSender(IServiceScopeFactory scopes, PlayClocks plays, MessageOrder order, TimeProvider time) : IChat
{
    public string Platform => WebChatServices.Platform;

    public async Task<RoomMade> MakeRoomAsync(RoomWanted wanted, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        var room = await db.Set<ChatRoom>().FirstOrDefaultAsync(r => r.IncidentId == wanted.IncidentId, stop);
        if (room is null)
        {
            room = new ChatRoom { Id = wanted.Name, Name = wanted.Name, Private = wanted.Private, IncidentId = wanted.IncidentId };
            db.Add(room);
            await db.SaveChangesAsync(stop);
        }

        return new(room.Id, room.Name, null);
    }

    public Task<string?> FindChannelAsync(string workspace, string name, CancellationToken stop) =>
        Task.FromResult(name is WebChatServices.MainRoom or WebChatServices.OtherRoom ? name : null);

    // Whoever belongs to an incident is in its room.
    public Task<IReadOnlyList<NotInvited>> InviteAsync(Place room, IReadOnlyList<PersonRef> people, CancellationToken stop) => Task.FromResult<IReadOnlyList<NotInvited>>([]);

    // The page shows the state and the documents beside the room.
    public bool IsForMany(string channel) => !channel.StartsWith(DirectRoom(""), StringComparison.Ordinal);

    public Task FurnishAsync(Place room, RoomLook look, CancellationToken stop) => Task.CompletedTask;

    public Task<string?> PutDocumentAsync(Place room, string? documentId, ChatDocument document, Sending sending, CancellationToken stop) => Task.FromResult<string?>(null);

    // Its own rows are overwritten in the redaction's own commit.
    public Task RetractAsync(Retraction what, CancellationToken stop) => Task.CompletedTask;

    public Task ShowHomeAsync(PersonRef person, Card card, CancellationToken stop) => Task.CompletedTask;

    public Task<string> PostAsync(Place to, Card card, Sending sending, CancellationToken stop) => PutAsync(to.Channel, to.Thread, null, card, sending.OutboxId, stop);

    public Task<string> PostPrivatelyAsync(Place to, PersonRef person, Card card, Sending sending, CancellationToken stop) =>
        PutAsync(to.Channel, to.Thread, person.UserId, card, sending.OutboxId, stop);

    public async Task<string> PostDirectAsync(PersonRef to, Card card, Sending sending, CancellationToken stop) =>
        await PutAsync(DirectRoom(to.UserId), null, null, card, sending.OutboxId, stop);

    public Task UpdateDirectAsync(PersonRef to, string messageId, Card card, CancellationToken stop) => UpdateAsync(new(Platform, to.Workspace, DirectRoom(to.UserId)), messageId, card, stop);

    public async Task UpdateAsync(Place at, string messageId, Card card, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        var message = await db.Set<ChatMessage>().FirstOrDefaultAsync(m => m.Id == messageId, stop)
            ?? throw new ChatFault("message_not_found", permanent: true);
        message.Body = card.ToJson();
        await db.SaveChangesAsync(stop);
    }

    // What is posted in the room of an incident that was played stays in its time.
    private static async Task<DateTimeOffset?> AfterPlayAsync(BotDb db, string room, long? incident, CancellationToken stop) =>
        incident is { } id && await db.Incidents.AnyAsync(i => i.Id == id && i.Replayed, stop)
            ? await db.Set<ChatMessage>().Where(m => m.Room == room).MaxAsync(m => (DateTimeOffset?)m.At, stop) ?? await db.Incidents.Where(i => i.Id == id).Select(i => i.DeclaredAt).FirstAsync(stop)
            : null;

    /// <summary>The room of a person's direct messages from the bot.</summary>
    public static string DirectRoom(string userId) => $"dm-{userId}";

    private async Task<string> PutAsync(string room, string? thread, string? onlyFor, Card card, string outboxId, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        var known = await db.Set<ChatMessage>().AsNoTracking().FirstOrDefaultAsync(m => m.OutboxId == outboxId, stop);
        if (known is not null)
        {
            return known.Id;
        }

        var incident = await db.Set<ChatRoom>().Where(r => r.Id == room).Select(r => r.IncidentId).FirstOrDefaultAsync(stop);
        var message = new ChatMessage
        {
            Seq = order.Next(),
            Id = Guid.NewGuid().ToString("N"),
            Room = room,
            Thread = thread,
            Author = "",
            At = plays.Of(incident)?.Now ?? await AfterPlayAsync(db, room, incident, stop) ?? time.GetUtcNow(),
            Body = card.ToJson(),
            OnlyFor = onlyFor,
            OutboxId = outboxId,
        };
        db.Add(message);
        await db.SaveChangesAsync(stop);
        return message.Id;
    }
}
