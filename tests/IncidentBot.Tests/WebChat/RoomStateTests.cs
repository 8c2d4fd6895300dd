using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using IncidentBot.Core.Chat;
using IncidentBot.Fakes;

namespace IncidentBot.Tests.WebChat;

/// <summary>What is the web chat's own: unread marks, reactions, files before they are sent, the panel, the words for completion.</summary>
public sealed class RoomStateTests
{
    [Fact]
    public async Task Unread_counts_what_others_wrote_since_one_was_there()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        await chat.SaysAsync("bob", "before ann came");
        Assert.Equal(0, await UnreadAsync(chat, "ann", "incidents"));
        await ReadAsync(chat, "ann", "incidents");
        await chat.SaysAsync("bob", "one");
        await chat.SaysAsync("ann", "her own");
        var gone = await chat.SaysAsync("bob", "taken back");
        await chat.DeletesAsync("bob", gone);
        Assert.Equal(1, await UnreadAsync(chat, "ann", "incidents"));
        await ReadAsync(chat, "ann", "incidents");
        Assert.Equal(0, await UnreadAsync(chat, "ann", "incidents"));
        await chat.CommandAsync("ann", "web");
        await chat.SettleAsync();
        Assert.Equal(1, await UnreadAsync(chat, "ann", "dm-ann"));
    }

    [Fact]
    public async Task A_reaction_counts_once_for_each_person_and_can_be_taken_back()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var message = await chat.SaysAsync("ann", "rolled back");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReactAsync(chat, "bob", message, "👀", true)));
        await ReactAsync(chat, "sarah", message, "👀", true);
        var reaction = Assert.Single(await ReactionsAsync(chat, "bob", message));
        Assert.Equal(["Bob Lin", "Sarah Chen"], reaction.GetProperty("by").EnumerateArray().Select(b => b.GetString()).Order(StringComparer.Ordinal));
        Assert.True(reaction.GetProperty("mine").GetBoolean());
        await ReactAsync(chat, "bob", message, "👀", false);
        Assert.Equal(["Sarah Chen"], Assert.Single(await ReactionsAsync(chat, "bob", message)).GetProperty("by").EnumerateArray().Select(b => b.GetString()));
        Assert.Equal(HttpStatusCode.BadRequest, await ReactAsync(chat, "bob", message, "<b>", true));
        Assert.Equal(HttpStatusCode.NotFound, await ReactAsync(chat, "bob", "nothing", "👀", true));
    }

    [Fact]
    public async Task The_panel_follows_the_incident_and_offers_what_the_reader_may_do()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await chat.DeclaresAsync("ann", "sev2 checkout is slow --service checkout");
        await chat.CommandAsync("bob", "log 5m ago impact begins", room);
        await chat.CommandAsync("ann", "commander @marcus", room);
        await chat.CommandAsync("ann", "status investigating", room);
        var panel = (await StateAsync(chat, "bob", room)).GetProperty("panel");
        Assert.Equal((code, "investigating", true), (panel.GetProperty("code").GetString(), panel.GetProperty("status").GetString(), panel.GetProperty("open").GetBoolean()));
        Assert.Equal("Marcus Johnson", panel.GetProperty("roles").EnumerateArray().First(r => r.GetProperty("role").GetString() == "commander").GetProperty("person").GetString());
        Assert.Equal("2026-03-10T14:25:00.000Z", panel.GetProperty("marks").EnumerateArray().First(m => m.GetProperty("label").GetString() == "Impact began").GetProperty("at").GetString());
        var mine = panel.GetProperty("entries").EnumerateArray().Single(e => e.GetProperty("kind").GetString() == "impact-begins");
        Assert.Equal(("14:25", "T+00:00"), (mine.GetProperty("time").GetString(), mine.GetProperty("offset").GetString()));
        Assert.Equal(["timeline.open-amend", "timeline.open-redact"], mine.GetProperty("buttons").EnumerateArray().Select(b => b.GetProperty("key").GetString()));
        Assert.All((await StateAsync(chat, "sarah", room)).GetProperty("panel").GetProperty("entries").EnumerateArray(), e => Assert.Empty(e.GetProperty("buttons").EnumerateArray()));
        Assert.All((await StateAsync(chat, "marcus", room)).GetProperty("panel").GetProperty("entries").EnumerateArray(), e => Assert.NotEmpty(e.GetProperty("buttons").EnumerateArray()));
        await chat.CommandAsync("ann", "resolve", room);
        var closed = (await StateAsync(chat, "bob", room)).GetProperty("panel");
        Assert.Equal((false, JsonValueKind.String), (closed.GetProperty("open").GetBoolean(), closed.GetProperty("duration").ValueKind));
        Assert.Equal(JsonValueKind.Undefined, (await StateAsync(chat, "bob", "incidents")).TryGetProperty("panel", out var none) ? none.ValueKind : default);
    }

    [Fact]
    public async Task A_private_room_is_not_in_the_list_of_others_nor_is_its_panel()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 keys leaked --private");
        Assert.DoesNotContain(room, await chat.RoomsAsync("bob"));
        var state = await StateAsync(chat, "bob", room);
        Assert.Equal("incidents", state.GetProperty("room").GetString());
        Assert.DoesNotContain("keys leaked", state.ToString(), StringComparison.Ordinal);
        foreach (var (path, body) in new (string, object)[]
        {
            ("read", new { room, @as = "bob", seq = 9 }), ("play/pause", new { room, @as = "bob" }), ("reactions", new { messageId = "x", room, @as = "bob", emoji = "👀", on = true }),
            ("join", new { room, @as = "bob" }),
        })
        {
            using var response = await chat.Bot.Browser.PostAsJsonAsync($"/chat/{path}", body);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task Files_that_are_empty_too_large_or_badly_named_are_refused_in_words()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        Assert.Contains("empty", await UploadAsync("x.txt", []), StringComparison.Ordinal);
        Assert.Contains("more than 1 MB", await UploadAsync("x.txt", new byte[(1024 * 1024) + 1]), StringComparison.Ordinal);
        Assert.Contains("name", await UploadAsync("/", [1]), StringComparison.Ordinal);
        Assert.Contains("\"passwd\"", await UploadAsync("../../etc/passwd", [1]), StringComparison.Ordinal);

        async Task<string> UploadAsync(string name, byte[] content)
        {
            using var body = new ByteArrayContent(content);
            using var response = await chat.Bot.Browser.PostAsync($"/chat/files?room=incidents&as=ann&name={Uri.EscapeDataString(name)}", body);
            return await response.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task The_words_for_completion_are_those_of_the_help()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(settings: new() { ["Incidents:Roles"] = "customer liaison" }));
        var words = await chat.Bot.Browser.GetFromJsonAsync<JsonElement>("/chat/words");
        Assert.Equal(CommandHelp.Lines.Select(l => l.Verb), words.GetProperty("verbs").EnumerateArray().Select(v => v.GetProperty("verb").GetString()));
        Assert.Contains("customer liaison", words.GetProperty("after").GetProperty("role").EnumerateArray().Select(v => v.GetString()));
    }

    private static Task<JsonElement> StateAsync(WebChatDriver chat, string who, string room) =>
        chat.Bot.Browser.GetFromJsonAsync<JsonElement>($"/chat/state?as={who}&room={Uri.EscapeDataString(room)}")!;

    private static async Task<int> UnreadAsync(WebChatDriver chat, string who, string room) =>
        (await StateAsync(chat, who, "general")).GetProperty("rooms").EnumerateArray().Single(r => r.GetProperty("id").GetString() == room).GetProperty("unread").GetInt32();

    private static async Task ReadAsync(WebChatDriver chat, string who, string room)
    {
        var last = (await StateAsync(chat, who, room)).GetProperty("messages").EnumerateArray().Last().GetProperty("seq").GetInt64();
        using var response = await chat.Bot.Browser.PostAsJsonAsync("/chat/read", new { room, @as = who, seq = last });
        response.EnsureSuccessStatusCode();
    }

    private static async Task<HttpStatusCode> ReactAsync(WebChatDriver chat, string who, string messageId, string emoji, bool on)
    {
        using var response = await chat.Bot.Browser.PostAsJsonAsync("/chat/reactions", new { messageId, room = "incidents", @as = who, emoji, on });
        return response.StatusCode;
    }

    private static async Task<List<JsonElement>> ReactionsAsync(WebChatDriver chat, string who, string messageId) =>
        [.. (await StateAsync(chat, who, "incidents")).GetProperty("messages").EnumerateArray().Single(m => m.GetProperty("id").GetString() == messageId).GetProperty("reactions").EnumerateArray()];
}
