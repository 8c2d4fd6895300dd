using System.Security.Cryptography;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using IncidentBot.WebChat.Rendering;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.WebChat.Inbound;

/// <summary>What is the chat's own business and no event of an incident: files before they are sent, reactions, what has been read, and the controls of a play.</summary>
internal static class RoomStateEndpoints
{
    private const int LongestName = 120;
    /// <summary>The largest body that is taken, in bytes.</summary>
    private const int LargestBody = 1024 * 1024;

    private const int LongestEmoji = 16;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/chat/files", UploadAsync);
        app.MapPost("/chat/reactions", ReactAsync);
        app.MapPost("/chat/read", MarkReadAsync);
        app.MapPost("/chat/play/{control}", PlayAsync);
    }

    private static async Task<IResult> UploadAsync(HttpContext http, BotDb db, RoomAccess access, Merges merges, TimeProvider time, string room, string @as, string name)
    {
        name = ChatEndpoints.Clean(Path.GetFileName(name.Replace('\\', '/')))!.Trim();
        if (!ChatEndpoints.Valid("file", room, @as) || name.Length is 0 or > LongestName)
        {
            return ChatEndpoints.Bad("A file wants room, as and a name.");
        }

        if (await access.EnterAsync(room, @as, http.RequestAborted) is not { } pass)
        {
            return Results.NotFound();
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (body.Length is 0 or > LargestBody)
        {
            return ChatEndpoints.Bad(body.Length == 0 ? "The file is empty." : "A file of more than 1 MB is not kept: put it where it can be linked, and paste the link.");
        }

        var bytes = body.ToArray();
        var file = new StoredFile
        {
            Workspace = WebChatServices.Workspace,
            IncidentId = pass.IncidentId is { } id ? (await merges.SurvivorsAsync([id], http.RequestAborted)).GetValueOrDefault(id, id) : null,
            Name = name,
            MediaType = http.Request.ContentType is { Length: > 0 and < 100 } type ? type : "application/octet-stream",
            Size = bytes.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            SharedBy = SamplePeople.Find(@as)!.Handle,
            Channel = room,
            At = time.GetUtcNow(),
        };
        db.AddRange(file, new FileContent { FileId = file.Id, Bytes = bytes });
        await db.SaveChangesAsync(http.RequestAborted);
        return Results.Json(new { id = file.Id, name = file.Name, size = file.Size, mediaType = file.MediaType });
    }

    private static async Task<IResult> ReactAsync(HttpContext http, BotDb db, RoomAccess access, Signals signals)
    {
        var r = await ChatEndpoints.ReadAsync(http, WireJson.Default.React);
        if (r is null || !ChatEndpoints.Valid("react", r.Room, r.As) || r.Emoji is not { Length: > 0 and <= LongestEmoji } || r.Emoji.Any(char.IsAscii))
        {
            return ChatEndpoints.Bad("A reaction wants messageId, room, as, emoji and on.");
        }

        if (await access.EnterAsync(r.Room, r.As, http.RequestAborted) is null
            || !await db.Set<ChatMessage>().AnyAsync(m => m.Id == r.MessageId && m.Room == r.Room && m.DeletedAt == null && (m.OnlyFor == null || m.OnlyFor == r.As), http.RequestAborted))
        {
            return Results.NotFound();
        }

        var known = await db.Set<ChatReaction>().FirstOrDefaultAsync(x => x.MessageId == r.MessageId && x.UserId == r.As && x.Emoji == r.Emoji, http.RequestAborted);
        if (known is null == r.On)
        {
            _ = r.On ? db.Add(new ChatReaction { MessageId = r.MessageId, UserId = r.As, Emoji = r.Emoji }) : db.Remove(known!);
            await SaveOnceAsync(db, http.RequestAborted);
            signals.Changed();
        }

        return Results.Ok();
    }

    private static async Task<IResult> MarkReadAsync(HttpContext http, BotDb db, RoomAccess access, Signals signals)
    {
        var r = await ChatEndpoints.ReadAsync(http, WireJson.Default.ReadRoom);
        if (r is null || !ChatEndpoints.Valid("read", r.Room, r.As) || await access.EnterAsync(r.Room, r.As, http.RequestAborted) is null)
        {
            return Results.NotFound();
        }

        var mine = db.Set<ChatRead>().Where(x => x.UserId == r.As && x.Room == r.Room);
        var moved = await mine.Where(x => x.Seq < r.Seq).ExecuteUpdateAsync(x => x.SetProperty(y => y.Seq, r.Seq), http.RequestAborted) > 0;
        if (!moved && !await mine.AnyAsync(http.RequestAborted))
        {
            db.Add(new ChatRead { UserId = r.As, Room = r.Room, Seq = r.Seq });
            await SaveOnceAsync(db, http.RequestAborted);
            moved = true;
        }

        if (moved)
        {
            signals.Changed();
        }

        return Results.Ok();
    }

    private static async Task<IResult> PlayAsync(string control, HttpContext http, RoomAccess access, PlayClocks plays, Signals signals)
    {
        var j = await ChatEndpoints.ReadAsync(http, WireJson.Default.JoinRoom);
        if (j is null || !ChatEndpoints.Valid("play", j.Room, j.As) || await access.EnterAsync(j.Room, j.As, http.RequestAborted) is not { } pass || plays.Of(pass.IncidentId) is not { } play)
        {
            return Results.NotFound();
        }

        Action? act = control switch { "pause" => play.Pause, "resume" => play.Resume, "skip" => play.Skip, _ => null };
        act?.Invoke();
        signals.Changed();
        return act is null ? Results.NotFound() : Results.Ok();
    }

    // The same click in two windows at once makes one row; the second finds it done.
    private static async Task SaveOnceAsync(BotDb db, CancellationToken stop)
    {
        try
        {
            await db.SaveChangesAsync(stop);
        }
        catch (DbUpdateException fault) when (db.IsContention(fault))
        {
            db.ChangeTracker.Clear();
        }
    }
}
