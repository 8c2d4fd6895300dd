using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentBot.Core.Chat;

namespace IncidentBot.Fakes;

/// <summary>Drives the web chat over HTTP, as its page does.</summary>
public sealed class WebChatDriver(BotUnderTest bot) : RoomDriver(bot)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new RichTextJson(), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public override Task<Reply> CommandAsync(string who, string text, string room = Main, string? thread = null, string? gestureId = null, string[]? files = null) =>
        GestureAsync("commands", new { id = gestureId ?? NewId(), room, thread, @as = who, text, files });

    public override async Task<string> SaysAsync(string who, string text, string room = Main, string? thread = null, string[]? files = null)
    {
        var id = NewId();
        await StoreAsync("messages", new { id, room, thread, @as = who, text, files });
        return id;
    }

    public override async Task<string> BringsAsync(string who, string name, string mediaType, byte[] content, string room = Main)
    {
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new(mediaType);
        using var response = await Bot.Browser.PostAsync($"/chat/files?room={room}&as={who}&name={Uri.EscapeDataString(name)}", body);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    public override async Task RestartAsync()
    {
        var database = await Bot.StopAsync();
        // A restart takes its time.
        Time.Advance(TimeSpan.FromSeconds(1));
        Bot = await BotUnderTest.StartAsync(database: database, time: Time);
    }

    // The sample people stay; what a platform would tell of one who left stands in the database.
    public override Task LeavesAsync(string who) => Bot.InDatabaseAsync(async db =>
    {
        db.People.Single(p => p.UserId == who).IsGone = true;
        return await db.SaveChangesAsync();
    });

    public override string DirectRoom(string who) => $"dm-{who}";

    public override Task EditsAsync(string who, string messageId, string text, string room = Main) =>
        StoreAsync("messages/edit", new { id = NewId(), messageId, room, @as = who, text });

    public override Task DeletesAsync(string who, string messageId, string room = Main) =>
        StoreAsync("messages/delete", new { id = NewId(), messageId, room, @as = who });

    public override Task PinsAsync(string who, string messageId, string room = Main, bool pinned = true) =>
        StoreAsync(pinned ? "messages/pin" : "messages/unpin", new { id = NewId(), messageId, room, @as = who });

    public override Task JoinsAsync(string who, string room) => StoreAsync("join", new { room, @as = who });

    public override Task<Reply> PressAsync(string who, CardButton button, string room = Main) =>
        GestureAsync("buttons", new { id = NewId(), room, @as = who, key = button.Key, value = button.Value });

    public override Task<Reply> SubmitAsync(string who, Form form, Dictionary<string, string> values, string room = Main) =>
        GestureAsync("forms", new { id = NewId(), room, @as = who, key = form.Key, context = form.Context, values });

    public override async Task<IReadOnlyList<Seen>> SeesAsync(string who, string room = Main) =>
        (await StateAsync(who, room)).Messages.Select(m => new Seen(m.Id, m.Author, m.Thread, m.Text?.Plain, m.Card, m.OnlyYou)).ToList();

    public override async Task<IReadOnlyList<string>> RoomsAsync(string who) => (await StateAsync(who, Main)).Rooms.Select(r => r.Id).ToList();

    private async Task<State> StateAsync(string who, string room) =>
        (await Bot.Browser.GetFromJsonAsync<State>($"/chat/state?as={who}&room={Uri.EscapeDataString(room)}", Json))!;

    private async Task StoreAsync(string path, object body)
    {
        using var response = await Bot.Browser.PostAsJsonAsync($"/chat/{path}", body);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException($"{path} answered {(int)response.StatusCode}.", null, response.StatusCode);
        }

        await SettleAsync();
    }

    private async Task<Reply> GestureAsync(string path, object body)
    {
        using var response = await Bot.Browser.PostAsJsonAsync($"/chat/{path}", body);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{path} answered {(int)response.StatusCode}.", null, response.StatusCode);
        }

        return (await response.Content.ReadFromJsonAsync<Reply>(Json))!;
    }

    private static string NewId() => Guid.NewGuid().ToString("N");

    private sealed record State(ImmutableArray<StateRoom> Rooms, ImmutableArray<StateMessage> Messages);

    private sealed record StateRoom(string Id, string Name);

    private sealed record StateMessage(string Id, string Author, string? Thread, RichText? Text, Card? Card, bool OnlyYou);
}
