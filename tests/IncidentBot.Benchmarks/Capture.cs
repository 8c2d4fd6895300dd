using System.Data.Common;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using IncidentBot.Fakes;
using IncidentBot.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace IncidentBot.Benchmarks;

/// <summary>Messages through the web chat's endpoint of the real process: how many are acknowledged and captured, and how long an acknowledgement takes.</summary>
internal static class Capture
{
    private const int Connections = 32;
    private static readonly TimeSpan Flood = TimeSpan.FromSeconds(10);
    private const int Rate = 200;
    private const int Planned = Rate * 20;

    public static async Task RunAsync(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var watch = Stopwatch.StartNew();
        await using var bot = await BotProcess.ServeAsync(database);
        var started = watch.Elapsed;
#pragma warning disable RS0030 // A load generator makes its own client.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = Connections }) { BaseAddress = new Uri(bot.Url) };
#pragma warning restore RS0030
        using (await client.GetAsync("/readyz"))
        {
        }

        Console.WriteLine($"{provider}: start {started.TotalMilliseconds:0} ms, first answer {watch.Elapsed.TotalMilliseconds:0} ms, memory {Memory(bot)} MiB");
        var room = await DeclareAsync(client);
        await FloodAsync(client, room, TimeSpan.FromSeconds(3), "warm");
        await DrainAsync(database);

        var clock = Stopwatch.StartNew();
        var acknowledged = await FloodAsync(client, room, Flood, "flood");
        var seconds = clock.Elapsed.TotalSeconds;
        await DrainAsync(database);
        Console.WriteLine($"{provider}: {acknowledged / seconds:0} events/s acknowledged over {Connections} connections, {acknowledged / clock.Elapsed.TotalSeconds:0} events/s captured (all {acknowledged} in the transcript after {clock.Elapsed.TotalSeconds:0.0} s), memory {Memory(bot)} MiB");

        var (latencies, late) = await OpenLoopAsync(client, room);
        Console.WriteLine($"{provider}: at {Rate} events/s, open loop, {latencies.Count} events: p50 {At(latencies, .5):0.0} ms, p99 {At(latencies, .99):0.0} ms, max {latencies[^1]:0.0} ms; the generator itself was late by p99 {At(late, .99):0.0} ms");
    }

    private static async Task<string> DeclareAsync(HttpClient client)
    {
        using (await client.PostAsJsonAsync("/chat/commands", new { id = "declare", room = "incidents", @as = "ann", text = "start sev1 benchmark" }))
        {
        }

        while (true)
        {
            var state = await client.GetFromJsonAsync<JsonElement>("/chat/state?as=ann");
            if (state.GetProperty("rooms").EnumerateArray().Select(r => r.GetProperty("id").GetString()!).FirstOrDefault(r => r.StartsWith("inc-", StringComparison.Ordinal)) is { } room)
            {
                return room;
            }
        }
    }

    private static async Task<int> FloodAsync(HttpClient client, string room, TimeSpan span, string name)
    {
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Connections).Select(async c =>
        {
            var n = 0;
            while (watch.Elapsed < span)
            {
                await SendAsync(client, room, $"{name}-{c}-{n++}");
            }

            return n;
        }));
        return counts.Sum();
    }

    private static async Task<(List<double> Latencies, List<double> Late)> OpenLoopAsync(HttpClient client, string room)
    {
        var start = Stopwatch.GetTimestamp();
        var late = new List<double>();
        var sent = new List<Task<double>>();
        for (var i = 0; i < Planned; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / Rate);
            var wait = due - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait);
            }

            late.Add((Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds);
            sent.Add(OneAsync(due, $"open-{i}"));
        }

        return ([.. (await Task.WhenAll(sent)).Order()], [.. late.Order()]);

        async Task<double> OneAsync(TimeSpan due, string id)
        {
            await SendAsync(client, room, id);
            return (Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds;
        }
    }

    private static async Task SendAsync(HttpClient client, string room, string id)
    {
        using var response = await client.PostAsJsonAsync("/chat/messages", new { id, room, @as = "bob", text = "error rate is 40 % and the pool is exhausted" });
        response.EnsureSuccessStatusCode();
    }

    private static async Task DrainAsync(TestDatabase database)
    {
        await using DbConnection connection = database.Provider == DatabaseProvider.Sqlite
            ? new SqliteConnection($"Data Source={Path.Combine(database.DataDirectory, "incidentbot.db")}") : new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var pending = connection.CreateCommand();
        pending.CommandText = "SELECT COUNT(*) FROM inbox WHERE \"State\" = 'pending'";
        while (Convert.ToInt64(await pending.ExecuteScalarAsync()) > 0)
        {
            await Task.Delay(20);
        }
    }

    private static long Memory(BotProcess bot)
    {
        using var process = Process.GetProcessById(bot.Id);
        return process.WorkingSet64 / 1024 / 1024;
    }

    private static double At(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];
}
