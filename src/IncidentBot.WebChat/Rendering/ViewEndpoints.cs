using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using IncidentBot.WebChat.Outbound;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace IncidentBot.WebChat.Rendering;

/// <summary>What the page shows: rooms, messages, the incident beside them, and a stream that says when to look again.</summary>
internal static class ViewEndpoints
{
    private const int UsualMessages = 300;
    private const int MostMessages = 5000;
    private const int MostRooms = 100;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/chat/state", StateAsync);
        app.MapGet("/chat/words", Words);
        app.MapGet("/chat/events", EventsAsync);
    }

    private static async Task<IResult> StateAsync(BotDb db, RoomAccess access, PanelView panel, string @as, string? room, int? most, CancellationToken stop)
    {
        if (SamplePeople.Find(@as) is not { } me)
        {
            return Results.NotFound();
        }

        var pass = room is null ? null : await access.EnterAsync(room, me.Handle, stop);
        room = pass is null ? WebChatServices.MainRoom : room!;
        var (messages, more) = await MessagesAsync(db, room, me.Handle, Math.Clamp(most ?? UsualMessages, 1, MostMessages), stop);
        return Results.Json(
            new
            {
                me = me.Handle,
                room,
                more,
                rooms = await RoomsAsync(db, me, stop),
                people = SamplePeople.All.Select(p => new { handle = p.Handle, name = p.Name, timeZone = p.TimeZone, guest = p.IsGuest }),
                messages,
                panel = pass?.IncidentId is { } incident ? await panel.OfAsync(incident, me, stop) : null,
            },
            AnswerView.Json);
    }

    private static async Task<IReadOnlyList<RoomView>> RoomsAsync(BotDb db, SamplePerson me, CancellationToken stop)
    {
        var rooms = new List<RoomView>
        {
            new(WebChatServices.MainRoom, WebChatServices.MainRoom),
            new(WebChatServices.OtherRoom, WebChatServices.OtherRoom),
            new(WebChatSender.DirectRoom(me.Handle), "IncidentBot", Direct: true),
        };
        var made = await (from r in RoomAccess.Open(db)
                          join i in db.Incidents on r.IncidentId equals i.Id
                          where !r.Private || db.Participants.Any(p => p.IncidentId == i.Id && db.People.Any(x => x.Id == p.PersonId && x.Platform == WebChatServices.Platform && x.UserId == me.Handle))
                          orderby i.Status == Status.Resolved || i.Status == Status.Cancelled || i.Status == Status.Merged, r.Name descending
                          select new { Room = r, i.Title, i.Status, i.Severity }).Take(MostRooms).ToListAsync(stop);
        rooms.AddRange(made.Select(m => new RoomView(
            m.Room.Id, m.Room.Name, m.Room.Private, false, 0, m.Title, m.Status is not (Status.Resolved or Status.Cancelled or Status.Merged), m.Severity)));

        var unread = await UnreadAsync(db, [.. rooms.Select(r => r.Id)], me.Handle, stop);
        return [.. rooms.Select(r => r with { Unread = unread.GetValueOrDefault(r.Id) })];
    }

    // A room that somebody has never opened has nothing unread for them, but for their own direct messages.
    private static async Task<Dictionary<string, int>> UnreadAsync(BotDb db, IReadOnlyList<string> rooms, string me, CancellationToken stop)
    {
        var direct = WebChatSender.DirectRoom(me);
        var mine = db.Set<ChatMessage>().Where(m => m.Author != me && m.DeletedAt == null && (m.OnlyFor == null || m.OnlyFor == me));
        var unread = await (from r in db.Set<ChatRead>()
                            join m in mine on r.Room equals m.Room
                            where r.UserId == me && rooms.Contains(r.Room) && m.Seq > r.Seq
                            group m by m.Room into g
                            select new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, stop);
        if (!unread.ContainsKey(direct) && !await db.Set<ChatRead>().AnyAsync(r => r.UserId == me && r.Room == direct, stop))
        {
            unread[direct] = await mine.CountAsync(m => m.Room == direct, stop);
        }

        return unread;
    }

    /// <returns>The last messages, and whether there are earlier ones.</returns>
    private static async Task<(IReadOnlyList<MessageView> Messages, bool More)> MessagesAsync(BotDb db, string room, string me, int most, CancellationToken stop)
    {
        var messages = await db.Set<ChatMessage>().AsNoTracking().Where(m => m.Room == room && m.DeletedAt == null && (m.OnlyFor == null || m.OnlyFor == me))
            .OrderByDescending(m => m.Seq).Take(most + 1).ToListAsync(stop);
        var more = messages.Count > most;
        messages = [.. messages.Take(most).Reverse()];
        var ids = messages.ConvertAll(m => m.Id);
        var reactions = (await db.Set<ChatReaction>().AsNoTracking().Where(r => ids.Contains(r.MessageId)).ToListAsync(stop)).ToLookup(r => r.MessageId);
        var fileIds = messages.SelectMany(m => m.Files).ToList();
        var files = await db.Files.AsNoTracking().Where(f => fileIds.Contains(f.Id)).ToDictionaryAsync(f => f.Id, stop);
        return ([.. messages.Select(m => new MessageView(
            m.Id, m.Seq, m.Thread, m.Author, Clock(m.At), m.Pinned, m.EditedAt is not null, m.OnlyFor is not null,
            m.Author.Length == 0 ? null : RichText.FromJson(m.Body),
            m.Author.Length == 0 ? Card.FromJson(m.Body) : null,
            [.. m.Files.Where(files.ContainsKey).Select(f => FileView.Of(files[f]))],
            [.. reactions[m.Id].GroupBy(r => r.Emoji).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new ReactionView(
                g.Key, [.. g.Select(r => SamplePeople.Find(r.UserId)?.Name ?? r.UserId)], g.Any(r => r.UserId == me)))]))], more);
    }

    /// <summary>What completes a command while it is typed.</summary>
    private static IResult Words(Installation installation) => Results.Json(
        new
        {
            verbs = CommandHelp.Lines.Select(l => new { verb = l.Verb, aliases = l.Aliases, example = l.Example, does = l.Does }),
            after = new Dictionary<string, IEnumerable<string>>
            {
                ["start"] = ["sev1", "sev2", "sev3", "sev4"],
                ["sev"] = ["1", "2", "3", "4"],
                ["status"] = Core.Incidents.Words.Of<Status>().Where(w => w is not ("cancelled" or "merged")),
                ["role"] = installation.Roles,
                ["actions"] = ["mine", "open", "overdue", "all"],
                ["help"] = CommandHelp.Lines.Select(l => l.Verb),
            },
        },
        AnswerView.Json);

    private static async Task EventsAsync(HttpContext http, Signals signals, IHostApplicationLifetime lifetime)
    {
        http.Response.Headers.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var next = signals.NextToSee;
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

    internal static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
}

/// <summary>A room in the list.</summary>
internal sealed record RoomView(
    string Id, string Name, bool Private = false, bool Direct = false, int Unread = 0, string? Title = null, bool Open = false, int? Severity = null);

/// <summary>A message as the page draws it.</summary>
internal sealed record MessageView(
    string Id,
    long Seq,
    string? Thread,
    string Author,
    string At,
    bool Pinned,
    bool Edited,
    bool OnlyYou,
    RichText? Text,
    Card? Card,
    IReadOnlyList<FileView> Files,
    IReadOnlyList<ReactionView> Reactions);

/// <summary>A file that a message carries.</summary>
internal sealed record FileView(string Id, string Name, string MediaType, int Size, bool Removed)
{
    public static FileView Of(Core.Timeline.StoredFile file) => new(file.Id, file.Name, file.MediaType, file.Size, file.RemovedAt is not null);
}

/// <summary>A reaction with those who gave it.</summary>
internal sealed record ReactionView(string Emoji, IReadOnlyList<string> By, bool Mine);
