using System.Collections.Concurrent;
using IncidentBot.Core.Storage;
using IncidentBot.WebChat.Outbound;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentBot.WebChat.Rendering;

/// <summary>Decides which rooms someone may see and write in.</summary>
public sealed class RoomAccess(IServiceScopeFactory scopes)
{
    // A room that is public stays so; remembering it spares a look-up for every message.
    private readonly ConcurrentDictionary<string, bool> _public = new() { [WebChatServices.MainRoom] = true, [WebChatServices.OtherRoom] = true };

    /// <summary>True for public rooms, one's own direct messages, and the rooms of private incidents that one belongs to.</summary>
    public async ValueTask<bool> MaySeeAsync(string room, string handle, CancellationToken stop)
    {
        if (_public.ContainsKey(room) || room == WebChatSender.DirectRoom(handle))
        {
            return true;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        var found = await Open(db).FirstOrDefaultAsync(r => r.Id == room, stop);
        if (found is { Private: false })
        {
            _public[room] = true;
        }

        return found is not null && (!found.Private || await BelongsAsync(db, found, handle, stop));
    }

    /// <summary>Rooms that the bot knows to be an incident's: before that, what is written in one would belong nowhere.</summary>
    public static IQueryable<ChatRoom> Open(BotDb db) =>
        db.Set<ChatRoom>().AsNoTracking().Where(r => r.IncidentId == null || db.Rooms.Any(x => x.IncidentId == r.IncidentId && x.Channel == r.Id));

    /// <summary>True for the people of a room's incident.</summary>
    public static Task<bool> BelongsAsync(BotDb db, ChatRoom room, string handle, CancellationToken stop) =>
        db.Participants.AnyAsync(p => p.IncidentId == room.IncidentId && db.People.Any(x => x.Id == p.PersonId && x.Platform == WebChatServices.Platform && x.UserId == handle), stop);
}
