using System.Collections.Concurrent;
using IncidentBot.Core.Storage;
using IncidentBot.WebChat.Outbound;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentBot.WebChat.Rendering;

/// <summary>Decides which rooms someone may see and write in.</summary>
public sealed class RoomAccess(IServiceScopeFactory scopes)
{
    // A room that is public stays so; remembering it, with its incident, spares a look-up for every message.
    private readonly ConcurrentDictionary<string, Pass> _public = new() { [WebChatServices.MainRoom] = new(null), [WebChatServices.OtherRoom] = new(null) };

    /// <summary>A way into public rooms, one's own direct messages, and the rooms of private incidents that one belongs to; null elsewhere.</summary>
    public async ValueTask<Pass?> EnterAsync(string room, string handle, CancellationToken stop)
    {
        if (_public.TryGetValue(room, out var pass))
        {
            return pass;
        }

        if (room == WebChatSender.DirectRoom(handle))
        {
            return new(null);
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        var found = await Open(db).FirstOrDefaultAsync(r => r.Id == room, stop);
        return found is null ? null
            : !found.Private ? _public[room] = new(found.IncidentId)
            : await BelongsAsync(db, found, handle, stop) ? new(found.IncidentId) : null;
    }

    /// <summary>Rooms that the bot knows to be an incident's: before that, what is written in one would belong nowhere.</summary>
    public static IQueryable<ChatRoom> Open(BotDb db) =>
        db.Set<ChatRoom>().AsNoTracking().Where(r => r.IncidentId == null || db.Rooms.Any(x => x.IncidentId == r.IncidentId && x.Channel == r.Id));

    /// <summary>True for the people of a room's incident.</summary>
    public static Task<bool> BelongsAsync(BotDb db, ChatRoom room, string handle, CancellationToken stop) =>
        db.Participants.AnyAsync(p => p.IncidentId == room.IncidentId && db.People.Any(x => x.Id == p.PersonId && x.Platform == WebChatServices.Platform && x.UserId == handle), stop);

    /// <summary>Someone may be in a room.</summary>
    /// <param name="IncidentId">The incident whose room it is, if any.</param>
    public sealed record Pass(long? IncidentId);
}
