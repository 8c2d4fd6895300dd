using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using IncidentBot.Core.Delivery;
using IncidentBot.Fakes;
using IncidentBot.Storage;

namespace IncidentBot.Tests.Operations;

/// <summary>Whoever runs the bot sees that it is well, and why not.</summary>
public sealed class OperationsTests
{
    [Fact]
    public async Task Readiness_tells_what_lags()
    {
        await using var bot = await BotUnderTest.StartAsync();
        using (var message = await bot.Browser.PostAsJsonAsync("/chat/messages", new { id = "1", room = "incidents", @as = "ann", text = "nobody handles this" }))
        {
            message.EnsureSuccessStatusCode();
        }

        bot.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.Contains("\"inbox\":\"lags, oldest 180 s\"", await bot.Browser.GetStringAsync("/readyz"), StringComparison.Ordinal);
        await bot.SettleAsync();
        Assert.Contains("\"inbox\":\"ok\"", await bot.Browser.GetStringAsync("/readyz"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_lists_runs_and_dead_deliveries_and_has_them_tried_again_by_the_running_bot()
    {
        var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.Bot.InDatabaseAsync(async db =>
        {
            db.Inbox.Add(new InboxRow
            {
                Platform = "webchat",
                Workspace = "local",
                DeliveryId = "late",
                State = RowState.Dead,
                Attempts = 8,
                Fault = "IOException, reference 1234abcd",
                ReceivedAt = chat.Time.Now,
                Body = $$"""{"type":"message","id":"late","room":"{{room}}","by":"bob","at":{{chat.Time.Now.UtcTicks}},"text":"this came late"}""",
            });
            return await db.SaveChangesAsync();
        });
        await using var database = await chat.Bot.StopAsync();
        await using var bot = await BotProcess.ServeAsync(database);
        var (exit, output, _) = await BotProcess.RunAsync(["jobs", .. database.Arguments()]);
        Assert.Equal(0, exit);
        Assert.Contains("reference 1234abcd", output, StringComparison.Ordinal);
        Assert.Contains("retention", output, StringComparison.Ordinal);
        var id = output.Split('\n').Single(l => l.Contains("1234abcd", StringComparison.Ordinal)).Trim().Split(' ')[0];
        (exit, _, var errors) = await BotProcess.RunAsync(["jobs", "--retry", "inbox-999", .. database.Arguments()]);
        Assert.Equal((1, true), (exit, errors.Contains("There is no dead delivery 'inbox-999'", StringComparison.Ordinal)));
        (exit, output, _) = await BotProcess.RunAsync(["jobs", "--retry", id, .. database.Arguments()]);
        Assert.Equal((0, "1 delivery will be tried again."), (exit, output.Trim()));
        using var client = bot.Client(await File.ReadAllTextAsync(Path.Combine(database.DataDirectory, "api-token")));
        await UntilAsync(async () => (await client.GetStringAsync($"/api/v1/incidents/{code}/transcript")).Contains("this came late", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_doctor_finds_a_healthy_bot_well_and_names_what_is_not()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        var (exit, output, errors) = await BotProcess.RunAsync(["doctor", .. database.Arguments()]);
        Assert.Equal(1, exit);
        Assert.Contains("FAIL database   There is no database", output, StringComparison.Ordinal);
        await using (var bot = await BotProcess.ServeAsync(database))
        {
            (exit, output, errors) = await BotProcess.RunAsync(["doctor", .. database.Arguments()]);
            Assert.Equal((0, ""), (exit, errors));
            Assert.All(output.TrimEnd().Split('\n'), l => Assert.StartsWith("ok ", l, StringComparison.Ordinal));
            Assert.Contains($"runs as process {bot.Id}", output, StringComparison.Ordinal);
        }

        (exit, output, errors) = await BotProcess.RunAsync(["doctor", $"--OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:{BotProcess.FreePort()}", .. database.Arguments()]);
        Assert.Equal((1, true), (exit, output.Contains("FAIL collector", StringComparison.Ordinal)));
        Directory.Move(Path.Combine(database.DataDirectory, "keys"), Path.Combine(database.DataDirectory, "keys-away"));
        (exit, output, errors) = await BotProcess.RunAsync(["doctor", .. database.Arguments()]);
        Assert.Equal((1, true), (exit, output.Contains("FAIL keys", StringComparison.Ordinal)));
        (exit, output, errors) = await BotProcess.RunAsync(["doctor", "--Retention:Inbox=never", .. database.Arguments()]);
        Assert.Equal((1, true), (exit, output.Contains("FAIL settings   Retention:Inbox", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Traces_and_metrics_reach_the_collector_without_words_or_tokens()
    {
        using var collector = new HttpListener();
        var address = $"http://127.0.0.1:{BotProcess.FreePort()}";
        collector.Prefixes.Add($"{address}/");
        collector.Start();
        var received = new ConcurrentDictionary<string, string>();
        var listening = ListenAsync();
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using (var bot = await BotProcess.ServeAsync(database, null, $"--OTEL_EXPORTER_OTLP_ENDPOINT={address}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"))
        {
            using var client = bot.Client();
            using (await client.PostAsJsonAsync("/chat/commands", new { id = "1", room = "incidents", @as = "ann", text = "start sev1 the-secret-words" }))
            using (await client.PostAsJsonAsync("/chat/commands", new { id = "3", room = "incidents", @as = "ann", text = "web" }))
            using (await client.PostAsJsonAsync("/chat/messages", new { id = "2", room = "incidents", @as = "ann", text = "the-secret-words" }))
            using (await client.GetAsync("/session/0123456789abcdef0123456789abcdef"))
            {
                await UntilAsync(async () => (await client.GetStringAsync("/chat/state?as=ann")).Contains("inc-2", StringComparison.Ordinal) && (await client.GetStringAsync("/chat/state?as=ann&room=dm-ann")).Contains("Sign in", StringComparison.Ordinal));
                Assert.Equal(0, await bot.StopAsync());
            }
        }

        collector.Stop();
        await listening;
        Assert.Contains("CommandInvoked start", received["/v1/traces"], StringComparison.Ordinal);
        foreach (var name in new[] { "incidentbot.gesture.duration", "incidentbot.inbox.acknowledged", "incidentbot.inbox.lag", "incidentbot.outbox.sent", "dotnet.gc.collections" })
        {
            Assert.Contains(name, received["/v1/metrics"], StringComparison.Ordinal);
        }

        Assert.All(received.Values, body => Assert.DoesNotContain("the-secret-words", body, StringComparison.Ordinal));
        Assert.All(received.Values, body => Assert.DoesNotContain("0123456789abcdef", body, StringComparison.Ordinal));

        async Task ListenAsync()
        {
            while (true)
            {
                try
                {
                    var context = await collector.GetContextAsync();
                    using var body = new MemoryStream();
                    await context.Request.InputStream.CopyToAsync(body);
                    received.AddOrUpdate(context.Request.Url!.AbsolutePath, System.Text.Encoding.Latin1.GetString(body.ToArray()), (_, old) => old + System.Text.Encoding.Latin1.GetString(body.ToArray()));
                    context.Response.Close();
                }
                catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }

    [Theory]
    [Databases]
    public async Task A_graceful_stop_loses_nothing_that_was_acknowledged(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var bot = await BotProcess.ServeAsync(database);
        using var client = bot.Client();
        using (await client.PostAsJsonAsync("/chat/commands", new { id = "declare", room = "incidents", @as = "ann", text = "start sev1 stopping" }))
        {
            await UntilAsync(async () => (await client.GetStringAsync("/chat/state?as=ann")).Contains("inc-2", StringComparison.Ordinal));
        }

        // A page that listens does not hold the stop up.
        using var page = await client.GetAsync("/chat/events", HttpCompletionOption.ResponseHeadersRead);
        var room = System.Text.RegularExpressions.Regex.Match(await client.GetStringAsync("/chat/state?as=ann"), "inc-2[a-z0-9-]+").Value;
        var acknowledged = new ConcurrentBag<string>();
        var writers = Enumerable.Range(0, 4).Select(w => Task.Run(async () =>
        {
            try
            {
                for (var i = 0; ; i++)
                {
                    using var response = await client.PostAsJsonAsync("/chat/messages", new { id = $"{w}-{i}", room, @as = "ann", text = $"words {w}-{i}" });
                    if (response.IsSuccessStatusCode)
                    {
                        acknowledged.Add($"{w}-{i}");
                    }
                }
            }
            catch (HttpRequestException)
            {
                // The bot has stopped.
            }
        })).ToList();
        await UntilAsync(() => Task.FromResult(acknowledged.Count > 100));
        Assert.Equal(0, await bot.StopAsync());
        await Task.WhenAll(writers);
        await bot.DisposeAsync();

        await using var after = await BotUnderTest.StartAsync(database: database);
        await after.SettleAsync();
        var kept = await after.InDatabaseAsync(db => Task.FromResult(db.Transcript.Select(m => m.MessageId).ToList()));
        Assert.Empty(acknowledged.Except(kept));
        Assert.Equal(kept.Count, kept.Distinct().Count());
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
