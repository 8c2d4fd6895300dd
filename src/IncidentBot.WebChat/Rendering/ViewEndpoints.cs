using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Storage;
using IncidentBot.WebChat.Outbound;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace IncidentBot.WebChat.Rendering;

/// <summary>What the page shows: rooms, messages, and a stream that says when to look again.</summary>
internal static class ViewEndpoints
{
    private const int MostMessages = 300;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/chat/state", StateAsync);
        app.MapGet("/chat/events", EventsAsync);
    }

    private static async Task<IResult> StateAsync(BotDb db, RoomAccess access, string @as, string? room, CancellationToken stop)
    {
        if (SamplePeople.Find(@as) is not { } me)
        {
            return Results.NotFound();
        }

        var rooms = new List<object> { new { id = WebChatServices.MainRoom, name = WebChatServices.MainRoom }, new { id = WebChatServices.OtherRoom, name = WebChatServices.OtherRoom } };
        foreach (var r in await RoomAccess.Open(db).OrderByDescending(r => r.IncidentId != null).ThenByDescending(r => r.Name).Take(100).ToListAsync(stop))
        {
            if (!r.Private || await RoomAccess.BelongsAsync(db, r, me.Handle, stop))
            {
                rooms.Add(new { id = r.Id, name = r.Name, @private = r.Private });
            }
        }

        var direct = WebChatSender.DirectRoom(me.Handle);
        rooms.Add(new { id = direct, name = "IncidentBot", direct = true });
        room = room is not null && await access.MaySeeAsync(room, me.Handle, stop) ? room : WebChatServices.MainRoom;
        var messages = await db.Set<ChatMessage>().AsNoTracking().Where(m => m.Room == room)
            .OrderByDescending(m => m.At).ThenByDescending(m => m.Id).Take(MostMessages).ToListAsync(stop);
        messages.Reverse();
        return Results.Json(
            new
            {
                me = me.Handle,
                room,
                rooms,
                people = SamplePeople.All.Select(p => new { handle = p.Handle, name = p.Name, timeZone = p.TimeZone }),
                messages = messages.Where(m => m.DeletedAt is null).Select(m => new
                {
                    id = m.Id,
                    thread = m.Thread,
                    author = m.Author,
                    at = m.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"),
                    pinned = m.Pinned,
                    edited = m.EditedAt is not null,
                    text = m.Author.Length == 0 ? null : RichText.FromJson(m.Body),
                    card = m.Author.Length == 0 ? Card.FromJson(m.Body) : null,
                }),
            },
            AnswerView.Json);
    }

    private static async Task EventsAsync(HttpContext http, Signals signals, IHostApplicationLifetime lifetime)
    {
        http.Response.Headers.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var next = signals.Next;
                await http.Response.WriteAsync("data: changed\n\n", stop.Token);
                await http.Response.Body.FlushAsync(stop.Token);
                await Task.WhenAny(next, Task.Delay(TimeSpan.FromSeconds(15), stop.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // The page went away, or the bot stops; the page connects again by itself.
        }
    }
}
