using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Storage;
using IncidentBot.WebChat.Rendering;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.WebChat.Inbound;

/// <summary>Where the page sends what people do: observations are stored and acknowledged, gestures are answered.</summary>
internal static class ChatEndpoints
{
    private const int LongestId = 100;
    private const int MostFiles = 10;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/chat/messages", PostAsync);
        app.MapPost("/chat/messages/{change}", ChangeAsync);
        app.MapPost("/chat/join", JoinAsync);
        app.MapPost("/chat/commands", CommandAsync);
        app.MapPost("/chat/buttons", ButtonAsync);
        app.MapPost("/chat/forms", FormAsync);
        RoomStateEndpoints.Map(app);
    }

    private static async Task<IResult> PostAsync(HttpContext http, InboxIntake intake, ReceiptClock clock, RoomAccess access, BotDb db)
    {
        var m = await ReadAsync(http, WireJson.Default.PostMessage);
        if (m is null || !Valid(m.Id, m.Room, m.As) || (string.IsNullOrWhiteSpace(m.Text) && m.Files is not { Count: > 0 }) || m.Files?.Count > MostFiles)
        {
            return Bad("A message wants id, room, as and text or files.");
        }

        return await access.EnterAsync(m.Room, m.As, http.RequestAborted) is { } pass && await OwnFilesAsync(db, m.Files, m.Room, m.As, http.RequestAborted)
            ? await StoreAsync(intake, m.Id, clock, pass, at => new("message", m.Id, m.Room, m.Thread, m.As, at, Clean(m.Text), m.Files), http)
            : Results.NotFound();
    }

    private static async Task<IResult> ChangeAsync(string change, HttpContext http, InboxIntake intake, ReceiptClock clock, RoomAccess access, BotDb db)
    {
        var c = await ReadAsync(http, WireJson.Default.ChangeMessage);
        if (c is null || !Valid(c.Id, c.Room, c.As) || change is not ("edit" or "delete" or "pin" or "unpin") || (change == "edit" && string.IsNullOrWhiteSpace(c.Text)))
        {
            return Bad("A change wants id, messageId, room and as, and is edit (with text), delete, pin or unpin.");
        }

        if (await access.EnterAsync(c.Room, c.As, http.RequestAborted) is not { } pass)
        {
            return Results.NotFound();
        }

        var message = await db.Set<ChatMessage>().AsNoTracking().FirstOrDefaultAsync(m => m.Id == c.MessageId && m.Room == c.Room, http.RequestAborted);
        if (message is null)
        {
            // Acknowledged, and not through the pump yet: a pin may overtake it, a change by its author cannot be checked so soon.
            return change is "pin" or "unpin" && await db.Inbox.AnyAsync(r => r.Platform == WebChatServices.Platform && r.DeliveryId == c.MessageId, http.RequestAborted)
                ? await StoreAsync(intake, c.Id, clock, pass, at => new(change, c.MessageId, c.Room, c.Thread, c.As, at, null), http)
                : Results.NotFound();
        }

        if (change is "edit" or "delete" && !message.Author.Equals(c.As, StringComparison.OrdinalIgnoreCase))
        {
            return Results.Json(new { error = "Only its author can change a message." }, statusCode: 403);
        }

        return await StoreAsync(intake, c.Id, clock, pass, at => new(change, c.MessageId, c.Room, message.Thread, c.As, at, Clean(c.Text)), http);
    }

    private static async Task<IResult> JoinAsync(HttpContext http, InboxIntake intake, ReceiptClock clock, RoomAccess access)
    {
        var j = await ReadAsync(http, WireJson.Default.JoinRoom);
        if (j is null || !Valid("join", j.Room, j.As) || await access.EnterAsync(j.Room, j.As, http.RequestAborted) is not { } pass)
        {
            return Results.NotFound();
        }

        // The same person joins a room once, whenever that was.
        var id = $"join-{j.Room}-{j.As}";
        return await StoreAsync(intake, id, clock, pass, at => new("join", id, j.Room, null, j.As, at, null), http);
    }

    private static async Task<IResult> CommandAsync(HttpContext http, Router router, ReceiptClock clock, RoomAccess access, BotDb db)
    {
        var c = await ReadAsync(http, WireJson.Default.TypeCommand);
        if (c is null || !Valid(c.Id, c.Room, c.As) || c.Text is null)
        {
            return Bad("A command wants id, room, as and text.");
        }

        if (!await OwnFilesAsync(db, c.Files, c.Room, c.As, http.RequestAborted))
        {
            return Results.NotFound();
        }

        var (verb, text, named) = CommandReader.Read(WebChatText.Read(Clean(c.Text)!));
        return await AnswerAsync(http, router, access, clock, c.Room, c.As, at => new CommandInvoked(c.Id, By(c.As), Here(c.Room, c.Thread), at, verb, text, named, c.Files));
    }

    private static async Task<IResult> ButtonAsync(HttpContext http, Router router, ReceiptClock clock, RoomAccess access)
    {
        var b = await ReadAsync(http, WireJson.Default.PressButton);
        return b is null || !Valid(b.Id, b.Room, b.As) || b.Key is null
            ? Bad("A button wants id, room, as and key.")
            : await AnswerAsync(http, router, access, clock, b.Room, b.As, at => new ButtonPressed(b.Id, By(b.As), Here(b.Room, b.Thread), at, b.Key, b.Value));
    }

    private static async Task<IResult> FormAsync(HttpContext http, Router router, ReceiptClock clock, RoomAccess access)
    {
        var f = await ReadAsync(http, WireJson.Default.SendForm);
        return f is null || !Valid(f.Id, f.Room, f.As) || f.Key is null || f.Values is null
            ? Bad("A form wants id, room, as, key and values.")
            : await AnswerAsync(http, router, access, clock, f.Room, f.As, at => new FormSubmitted(
                f.Id, By(f.As), Here(f.Room, f.Thread), at, f.Key, f.Context, f.Values.ToDictionary(v => v.Key, v => Clean(v.Value) ?? "")));
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http, Router router, RoomAccess access, ReceiptClock clock, string room, string handle, Func<DateTimeOffset, Gesture> gesture) =>
        await access.EnterAsync(room, handle, http.RequestAborted) is not null
            ? Results.Json(AnswerView.Of(await router.DispatchAsync(gesture(clock.Next()), CancellationToken.None)), AnswerView.Json)
            : Results.NotFound();

    private static async Task<IResult> StoreAsync(
        InboxIntake intake, string deliveryId, ReceiptClock clock, RoomAccess.Pass pass, Func<long, StoredObservation> observe, HttpContext http)
    {
        var received = clock.Next();
        await intake.StoreAsync(
            new InboxRow
            {
                Platform = WebChatServices.Platform,
                Workspace = WebChatServices.Workspace,
                DeliveryId = deliveryId,
                Body = JsonSerializer.Serialize(observe(clock.Happens(pass.IncidentId, received)), WireJson.Default.StoredObservation),
                ReceivedAt = received,
            },
            http.RequestAborted);
        return Results.Ok();
    }

    // A file goes where its owner brought it, and nowhere else.
    private static async Task<bool> OwnFilesAsync(BotDb db, IReadOnlyList<string>? files, string room, string handle, CancellationToken stop) =>
        files is not { Count: > 0 } || (files.Count <= MostFiles && await db.Files.CountAsync(f => files.Contains(f.Id) && f.Channel == room && f.SharedBy == handle, stop) == files.Distinct().Count());

    internal static async Task<T?> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class =>
        http.Request.HasJsonContentType() ? await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted) : null;

    internal static bool Valid(string? id, string? room, string? person) =>
        id is { Length: > 0 and <= LongestId } && !id.Contains('\0') && room is { Length: > 0 and <= LongestId } && SamplePeople.All.Any(p => p.Handle == person);

    // No database keeps a NUL in a text; everything else stays as it was typed.
    internal static string? Clean(string? text) => text?.Replace('\0', '\uFFFD');

    internal static IResult Bad(string what) => Results.Json(new { error = what }, statusCode: 400);

    private static PersonRef By(string handle) => new(WebChatServices.Platform, WebChatServices.Workspace, SamplePeople.Find(handle)!.Handle);

    private static Place Here(string room, string? thread) => new(WebChatServices.Platform, WebChatServices.Workspace, room, thread);
}
