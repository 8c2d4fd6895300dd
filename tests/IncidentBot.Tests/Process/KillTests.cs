using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using IncidentBot.Fakes;
using IncidentBot.Storage;

namespace IncidentBot.Tests.Process;

/// <summary>The real process is killed at random moments while many people write; nothing acknowledged is lost, nothing happens twice.</summary>
public sealed class KillTests
{
    private const int Writers = 6;

    private readonly ConcurrentDictionary<string, string> _messages = new();
    private readonly ConcurrentDictionary<string, string> _logs = new();
    private readonly ConcurrentDictionary<string, string> _updates = new();
    private readonly ConcurrentDictionary<string, string> _pinned = new();
    private volatile string _url = "";
    private volatile bool _done;

    [Theory]
    [Databases]
    public async Task Nothing_acknowledged_is_lost_or_doubled(DatabaseProvider provider)
    {
        var rounds = (provider == DatabaseProvider.Sqlite ? 30 : 5) * (Environment.GetEnvironmentVariable("INCIDENTBOT_TEST_LONG") is null ? 1 : 5);
        var database = await TestDatabase.CreateAsync(provider);
        var port = BotProcess.FreePort();
        _url = $"http://127.0.0.1:{port}";
        var random = new Random(20260310);
        string room;
        Task[] writers;
        await using (var first = await BotProcess.ServeAsync(database, _url))
        {
            using var client = Client();
            await SendAsync(client, "commands", new { id = "declare", room = "incidents", @as = "ann", text = "start sev1 killed again and again" }, retryMissing: false);
            room = await RoomAsync(client);
            writers = [.. Enumerable.Range(0, Writers).Select(w => Task.Run(() => WriteAsync(w, room)))];
            await Task.Delay(random.Next(700, 1500));
            await first.KillAsync();
        }

        for (var round = 1; round < rounds; round++)
        {
            var before = _messages.Count;
            await using var bot = await BotProcess.ServeAsync(database, _url);
            await Task.Delay(random.Next(100, 1200));

            // A machine that is busy with other tests gets nothing done in so short a time: no round goes by without words.
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while (_messages.Count < before + Writers)
            {
                await Task.Delay(5, patience.Token);
            }

            await bot.KillAsync();
        }

        await using (var last = await BotProcess.ServeAsync(database, _url))
        {
            _done = true;
            await Task.WhenAll(writers).WaitAsync(TimeSpan.FromSeconds(60));
            await last.KillAsync();
        }

        await using var after = await BotUnderTest.StartAsync(database: database, now: DateTimeOffset.Parse("2026-12-31T00:00:00Z"));
        await after.SettleAsync();
        await AssertAllAsync(after, room, rounds);
    }

    private async Task AssertAllAsync(BotUnderTest bot, string room, int rounds)
    {
        var code = (await bot.GetAsync("/api/v1/incidents")).GetProperty("items").EnumerateArray().Single().GetProperty("id").GetString()!;
        var transcript = new List<(string Id, string Text)>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await bot.GetAsync($"/api/v1/incidents/{code}/transcript?limit=1000&cursor={cursor}");
            transcript.AddRange(page.GetProperty("items").EnumerateArray().Select(m => (m.GetProperty("id").GetString()!, m.GetProperty("text").GetString()!)));
            cursor = page.GetProperty("nextCursor").GetString();
        }

        Assert.True(_messages.Count >= rounds * Writers / 2, $"Only {_messages.Count} messages were acknowledged; the test proved little.");
        Assert.Equal(_messages.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => (m.Key, m.Value)), transcript.OrderBy(m => m.Id, StringComparer.Ordinal));
        for (var writer = 0; writer < Writers; writer++)
        {
            var mine = transcript.Where(m => m.Text.StartsWith($"writer {writer} ", StringComparison.Ordinal)).Select(m => m.Text).ToList();
            Assert.Equal(mine.Order(StringComparer.Ordinal), mine);
        }

        var timeline = (await bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(_logs.Values.Order(StringComparer.Ordinal), Texts("command"));
        Assert.Equal(_pinned.Values.Order(StringComparer.Ordinal), Texts("pin"));
        foreach (var place in new[] { RoomDriver.Main, room })
        {
            var posts = await bot.InDatabaseAsync(db => Task.FromResult(db.Set<IncidentBot.WebChat.ChatMessage>().Where(m => m.Room == place && m.Author == "").Select(m => m.Body).ToList()));
            var updates = posts.Select(b => CardWords.Of(Core.Chat.Card.FromJson(b))).Where(w => w.StartsWith("Status update", StringComparison.Ordinal)).Select(w => w.Split('\n')[1]);
            Assert.Equal(_updates.Values.Order(StringComparer.Ordinal), updates.Order(StringComparer.Ordinal));
        }

        Assert.Single((await new WebChatDriver(bot).RoomsAsync("ann")), r => r == room);

        List<string> Texts(string source) => [.. timeline.Where(e => e.GetProperty("source").GetString() == source).Select(e => e.GetProperty("text").GetString()!).Order(StringComparer.Ordinal)];
    }

    private async Task WriteAsync(int writer, string room)
    {
        using var client = Client();
        for (var n = 0; !_done; n++)
        {
            var id = $"w{writer}-{n:000000}";
            var text = $"writer {writer} said {n:000000} 🔥";
            switch (n % 10)
            {
                case 3:
                    await SendAsync(client, "commands", new { id, room, @as = "ann", text = $"log {text}" }, retryMissing: false);
                    _logs[id] = text;
                    break;
                case 6:
                    await SendAsync(client, "messages/pin", new { id, messageId = $"w{writer}-{n - 1:000000}", room, @as = "bob" }, retryMissing: true);
                    _pinned[id] = $"writer {writer} said {n - 1:000000} 🔥";
                    break;
                case 9:
                    await SendAsync(client, "commands", new { id, room, @as = "ann", text = $"update {text}" }, retryMissing: false);
                    _updates[id] = text;
                    break;
                default:
                    await SendAsync(client, "messages", new { id, room, @as = "bob", text }, retryMissing: false);
                    _messages[id] = text;
                    break;
            }
        }
    }

    // Sends the same thing with the same id until it is acknowledged, as a platform does.
    private async Task SendAsync(HttpClient client, string path, object body, bool retryMissing)
    {
        while (true)
        {
            try
            {
                using var response = await client.PostAsJsonAsync($"{_url}/chat/{path}", body);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }

                Assert.True(response.StatusCode == HttpStatusCode.ServiceUnavailable || (retryMissing && response.StatusCode == HttpStatusCode.NotFound), $"{path} answered {response.StatusCode}.");
            }
            catch (HttpRequestException)
            {
                // Killed; it will be back.
                await Task.Delay(60);
            }

            await Task.Delay(5);
        }
    }

    private async Task<string> RoomAsync(HttpClient client)
    {
        while (true)
        {
            var state = await client.GetFromJsonAsync<JsonElement>($"{_url}/chat/state?as=ann");
            var room = state.GetProperty("rooms").EnumerateArray().Select(r => r.GetProperty("id").GetString()!).FirstOrDefault(r => r.StartsWith("inc-", StringComparison.Ordinal));
            if (room is not null)
            {
                return room;
            }

            await Task.Delay(5);
        }
    }

    private static HttpClient Client()
    {
#pragma warning disable RS0030 // A client of the real process over a real socket; there is no factory in a test.
        return new HttpClient(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromSeconds(20) };
#pragma warning restore RS0030
    }
}
