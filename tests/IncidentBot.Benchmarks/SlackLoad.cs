using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using IncidentBot.Fakes;
using IncidentBot.Fakes.Slack;
using IncidentBot.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace IncidentBot.Benchmarks;

/// <summary>Signed events and commands of Slack through the real process: what is acknowledged, captured and answered, how fast, and at what cost.</summary>
internal static class SlackLoad
{
    private const int Connections = 32;
    private const int Incidents = 8;
    private const int Rate = 500;

    /// <param name="seconds">How long each part lasts.</param>
    /// <param name="minutes">How long memory is watched at the steady rate; 0 leaves that out.</param>
    /// <param name="stored">Messages that are in the transcript before.</param>
    public static async Task RunAsync(DatabaseProvider provider, int seconds, int minutes, int stored)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var slack = await FakeSlack.StartAsync(0);
        var workspace = slack.Workspace(TimeProvider.System, "T0BENCH");
        var people = Enumerable.Range(0, 20).Select(i => workspace.NewUser($"user{i}", $"User {i}", "UTC").Id).ToArray();
        var main = workspace.NewChannel("incidents", members: [workspace.BotUser, .. people]);
        await using var bot = await BotProcess.ServeAsync(database, null, [.. SlackDriver.Settings(slack, workspace).Select(s => $"--{s.Key}={s.Value}")]);
        var load = new Load(new Uri(bot.Url), workspace, main.Id, people, bot.Id, database);
        await load.DeclareAsync(Incidents);
        if (stored > 0)
        {
            await load.StoreAsync(stored);
        }

        var name = $"{provider}, Slack{(stored > 0 ? $", {stored:N0} messages stored" : "")}";
        await load.FloodAsync(3, 0);
        await load.UntilCapturedAsync();

        var cpu = load.Cpu;
        var (sent, doubled, acknowledged) = await load.FloodAsync(seconds, duplicates: 20);
        var rest = Stopwatch.StartNew();
        await load.UntilCapturedAsync();
        var captured = acknowledged + rest.Elapsed;
        var each = (load.Cpu - cpu).TotalMicroseconds / sent;
        Console.WriteLine(FormattableString.Invariant($"{name}: {(sent + doubled) / acknowledged.TotalSeconds:0} events/s acknowledged over {Connections} connections ({doubled} of them twice), {sent / captured.TotalSeconds:0}/s captured, the backlog gone {(captured - acknowledged).TotalSeconds:0.0} s after {acknowledged.TotalSeconds:0} s; CPU {each:0} µs per event, memory {load.Memory} MiB; lost or doubled: {await load.WrongAsync()}"));

        var steady = await load.SteadyAsync(Rate, TimeSpan.FromSeconds(seconds));
        Console.WriteLine(FormattableString.Invariant($"{name}: at {Rate}/s open loop: acknowledged p50 {At(steady.Acknowledged, .5):0.0} p99 {At(steady.Acknowledged, .99):0.0} ms, captured after p50 {At(steady.Lags, .5):0} p99 {At(steady.Lags, .99):0} ms, commands p50 {At(steady.Commands, .5):0} p99 {At(steady.Commands, .99):0} ms ({steady.Commands.Count}), {steady.Cores:0.00} cores, memory {load.Memory} MiB; the generator was late by p99 {At(steady.Late, .99):0.0} ms{(At(steady.Late, .99) > 1 ? " (upper bounds only)" : "")}; lost or doubled: {await load.WrongAsync()}"));

        if (minutes > 0)
        {
            Console.Write($"{name}: memory each minute at {Rate}/s in MiB:");
            for (var i = 0; i < minutes; i++)
            {
                await load.SteadyAsync(Rate, TimeSpan.FromMinutes(1));
                Console.Write($" {load.Memory}");
            }

            Console.WriteLine($"; lost or doubled: {await load.WrongAsync()}");
        }
    }

    private static double At(List<double> values, double share) => values.Count == 0 ? 0 : values.Order().ElementAt((int)(share * (values.Count - 1)));

    /// <summary>What a steady stretch showed, in milliseconds.</summary>
    private sealed record Steady(List<double> Acknowledged, List<double> Lags, List<double> Commands, List<double> Late, double Cores);

    /// <summary>The generator.</summary>
    private sealed class Load(Uri bot, FakeWorkspace workspace, string main, string[] people, int process, TestDatabase database)
    {
        private readonly List<string> _rooms = [];
        private long _sequence;
        private long _sent;

        public TimeSpan Cpu
        {
            get
            {
                using var p = Process.GetProcessById(process);
                return p.TotalProcessorTime;
            }
        }

        public long Memory
        {
            get
            {
                using var p = Process.GetProcessById(process);
                return p.WorkingSet64 / 1024 / 1024;
            }
        }

        public async Task DeclareAsync(int count)
        {
            using var client = await RawClient.ConnectAsync(bot);
            for (var i = 0; i < count; i++)
            {
                await client.SendAsync(Command($"start sev3 benchmark {i}"));
            }

            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (workspace.Channels.Values.Count(c => c.Name.StartsWith("inc-", StringComparison.Ordinal) && c.Pinned.Count > 0) < count)
            {
                await Task.Delay(50, patience.Token);
            }

            _rooms.AddRange(workspace.Channels.Values.Where(c => c.Name.StartsWith("inc-", StringComparison.Ordinal)).Select(c => c.Id));
        }

        /// <summary>Messages as if they had been captured long ago.</summary>
        public async Task StoreAsync(int count)
        {
            await using var connection = await OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = database.Provider == DatabaseProvider.Sqlite
                ? """
                  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $count)
                  INSERT INTO transcript ("IncidentId", "Platform", "Workspace", "Channel", "MessageId", "PostedAt", "AuthorName", "Text", "Files", "Pinned", "PinLog")
                  SELECT (SELECT "IncidentId" FROM rooms LIMIT 1), 'slack', 'T0BENCH', 'C-old', 'old-' || i, 638000000000000000 + i, 'User 1', '[{"k":0,"t":"an old message"}]', '[]', 0, '' FROM n
                  """
                : """
                  INSERT INTO transcript ("IncidentId", "Platform", "Workspace", "Channel", "MessageId", "PostedAt", "AuthorName", "Text", "Files", "Pinned", "PinLog")
                  SELECT (SELECT "IncidentId" FROM rooms LIMIT 1), 'slack', 'T0BENCH', 'C-old', 'old-' || i, now(), 'User 1', '[{"k":0,"t":"an old message"}]', ARRAY[]::text[], false, '' FROM generate_series(1, $1) AS n(i)
                  """;
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (database.Provider == DatabaseProvider.Sqlite ? "$count" : "", count);
            command.Parameters.Add(parameter);
            command.CommandTimeout = 600;
            await command.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }

        /// <summary>As fast as it goes, over all connections.</summary>
        /// <param name="duplicates">Of how many one is sent twice; 0: none.</param>
        public async Task<(int Sent, int Doubled, TimeSpan Took)> FloodAsync(int seconds, int duplicates)
        {
            var clients = await ClientsAsync();
            // Made beforehand, more than it could take on two cores.
            var prepared = new ConcurrentQueue<byte[]>(Enumerable.Range(0, seconds * 10_000).Select(_ => Event()));
            var (sent, doubled) = (0, 0);
            var watch = Stopwatch.StartNew();
            await Task.WhenAll(clients.Select(client => Task.Run(async () =>
            {
                while (watch.Elapsed.TotalSeconds < seconds && prepared.TryDequeue(out var request))
                {
                    await OkAsync(client, request);
                    if (duplicates > 0 && Interlocked.Increment(ref sent) % duplicates == 0)
                    {
                        Interlocked.Increment(ref doubled);
                        await OkAsync(client, request);
                    }
                    else if (duplicates == 0)
                    {
                        Interlocked.Increment(ref sent);
                    }
                }
            })));
            var took = watch.Elapsed;
            _sent += sent;
            clients.ForEach(c => c.Dispose());
            return (sent, doubled, took);
        }

        /// <summary>At a rate that does not wait for the bot, each latency counted from the planned time.</summary>
        public async Task<Steady> SteadyAsync(int rate, TimeSpan span)
        {
            var clients = new ConcurrentBag<RawClient>(await ClientsAsync());
            var prepared = Enumerable.Range(0, (int)(rate * span.TotalSeconds)).Select(_ => Event()).ToArray();
            var (acknowledged, late, commands, lags) = (new ConcurrentBag<double>(), new List<double>(), new ConcurrentBag<double>(), new List<double>());
            var before = await LastAsync();
            var cpu = Cpu;
            var start = Stopwatch.GetTimestamp();
            using var ended = new CancellationTokenSource();
            var watching = Task.Run(async () =>
            {
                // The message that is captured last was planned that long ago.
                while (!ended.IsCancellationRequested)
                {
                    var count = await LastAsync() - before;
                    var now = Stopwatch.GetElapsedTime(start);
                    if (count < prepared.Length)
                    {
                        lags.Add(Math.Max(0, (now - TimeSpan.FromSeconds((double)count / rate)).TotalMilliseconds));
                    }

                    await Task.Delay(25);
                }
            });
            var typing = Task.Run(async () =>
            {
                using var client = await RawClient.ConnectAsync(bot);
                for (var i = 0; !ended.IsCancellationRequested; i++)
                {
                    var typed = Stopwatch.GetTimestamp();
                    // Each in turn, so that no timeline grows as none does in life.
                    await OkAsync(client, Command($"log benchmark entry {i} --in INC-{TimeProvider.System.GetUtcNow().Year}-{1 + (i % Incidents):0000}"));
                    commands.Add(Stopwatch.GetElapsedTime(typed).TotalMilliseconds);
                    await Task.Delay(200);
                }
            });
            var pending = new List<Task>(prepared.Length);
            for (var i = 0; i < prepared.Length; i++)
            {
                var due = TimeSpan.FromSeconds((double)i / rate);
                while (Stopwatch.GetElapsedTime(start) < due)
                {
                    // Without spinning: the bot has the same two cores.
                    await Task.Delay(1);
                }

                late.Add((Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds);
                pending.Add(OneAsync(prepared[i], due));
            }

            await Task.WhenAll(pending);
            var cores = (Cpu - cpu) / Stopwatch.GetElapsedTime(start);
            await ended.CancelAsync();
            await Task.WhenAll(watching, typing);
            _sent += prepared.Length;
            await UntilCapturedAsync();
            foreach (var client in clients)
            {
                client.Dispose();
            }

            return new([.. acknowledged], lags, [.. commands], late, cores);

            async Task OneAsync(byte[] request, TimeSpan due)
            {
                if (!clients.TryTake(out var client))
                {
                    client = await RawClient.ConnectAsync(bot);
                }

                await OkAsync(client, request);
                acknowledged.Add((Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds);
                clients.Add(client);
            }
        }

        public async Task UntilCapturedAsync()
        {
            while (await ScalarAsync("SELECT COUNT(*) FROM inbox WHERE \"State\" = 'pending'") > 0)
            {
                await Task.Delay(20);
            }
        }

        /// <summary>How many messages are not in the transcript exactly once.</summary>
        public async Task<long> WrongAsync() => Math.Abs(await CountAsync() - _sent) + await ScalarAsync("SELECT COUNT(*) FROM inbox WHERE \"State\" = 'dead'");

        private Task<long> LastAsync() => ScalarAsync("SELECT COALESCE(MAX(\"Id\"), 0) FROM transcript");

        private Task<long> CountAsync() => ScalarAsync("SELECT COUNT(*) FROM transcript WHERE \"Channel\" <> 'C-old'");

        private async Task<List<RawClient>> ClientsAsync()
        {
            var clients = new List<RawClient>();
            for (var i = 0; i < Connections; i++)
            {
                clients.Add(await RawClient.ConnectAsync(bot));
            }

            return clients;
        }

        private static async Task OkAsync(RawClient client, byte[] request)
        {
            if (await client.SendAsync(request) is not 200 and var status)
            {
                throw new InvalidOperationException($"The bot answered {status}.");
            }
        }

        private byte[] Event()
        {
            var n = Interlocked.Increment(ref _sequence);
            var now = TimeProvider.System.GetUtcNow();
            var ts = string.Create(CultureInfo.InvariantCulture, $"{now.ToUnixTimeSeconds()}.{n % 1_000_000:000000}");
            var room = _rooms[(int)(n % _rooms.Count)];
            var message = new JsonObject
            {
                ["type"] = "message",
                ["user"] = people[n % people.Length],
                ["text"] = $"error rate is {n % 100} % &amp; the pool is exhausted, see <https://graphs.example.com/d/{n}>",
                ["ts"] = ts,
                ["client_msg_id"] = Guid.NewGuid().ToString(),
                ["team"] = workspace.Id,
                ["blocks"] = new JsonArray(new JsonObject { ["type"] = "rich_text", ["block_id"] = "b", ["elements"] = new JsonArray(new JsonObject { ["type"] = "rich_text_section", ["elements"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = $"error rate is {n % 100} %" }) }) }),
                ["channel"] = room,
                ["channel_type"] = "channel",
                ["event_ts"] = ts,
            };
            using var request = SlackRequests.Event(workspace.Envelope(message, $"EvBENCH{n}"), workspace.SigningSecret, now);
            return RawClient.Request(request, bot);
        }

        private byte[] Command(string text)
        {
            var now = TimeProvider.System.GetUtcNow();
            using var request = SlackRequests.Form("/slack/commands", new Dictionary<string, string>
            {
                ["team_id"] = workspace.Id,
                ["user_id"] = people[0],
                ["channel_id"] = main,
                ["command"] = "/incident",
                ["text"] = text,
                ["trigger_id"] = Guid.NewGuid().ToString(),
                ["response_url"] = "",
            }, workspace.SigningSecret, now);
            return RawClient.Request(request, bot);
        }

        private async Task<long> ScalarAsync(string sql)
        {
            await using var connection = await OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            return Convert.ToInt64(await command.ExecuteScalarAsync());
        }

        private async Task<DbConnection> OpenAsync()
        {
            DbConnection connection = database.Provider == DatabaseProvider.Sqlite
                ? new SqliteConnection($"Data Source={Path.Combine(database.DataDirectory, "incidentbot.db")}") : new NpgsqlConnection(database.ConnectionString);
            await connection.OpenAsync();
            return connection;
        }
    }
}
