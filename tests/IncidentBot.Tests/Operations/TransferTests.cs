using System.Text.Json;
using IncidentBot.Core.Timeline;
using IncidentBot.Fakes;
using IncidentBot.Storage;

namespace IncidentBot.Tests.Operations;

/// <summary>Backup, restore, dump and load: everything comes over, from one moment, all or nothing, whenever they are killed.</summary>
public sealed class TransferTests
{
    [Theory]
    [Databases]
    public async Task A_dump_loaded_elsewhere_is_the_same_dump(DatabaseProvider provider)
    {
        await using var source = await FilledAsync(provider);
        var token = await File.ReadAllTextAsync(Path.Combine(source.DataDirectory, "api-token"));
        foreach (var to in new[] { DatabaseProvider.Sqlite, DatabaseProvider.Postgres }.Where(p => p == DatabaseProvider.Sqlite || TestDatabase.PostgresServer is not null))
        {
            await using var target = await TestDatabase.CreateAsync(to);
            var file = Path.Combine(source.DataDirectory, "all.jsonl");
            await RunAsync("dump", file, source);

            // The wrapped keys of a PostgreSQL open with its secret alone.
            string[] secret = provider == DatabaseProvider.Postgres ? ["--Keys:Secret=a secret that is long enough for tests"] : [];
            await RunAsync("load", file, target, secret);
            var again = Path.Combine(target.DataDirectory, "again.jsonl");
            await RunAsync("dump", again, target, secret);
            Assert.Equal(Comparable(file), Comparable(again));
            await using var bot = await BotProcess.ServeAsync(target, null, secret);
            Assert.Equal(token, await File.ReadAllTextAsync(Path.Combine(target.DataDirectory, "api-token")));
            using var client = bot.Client(token);
            Assert.Contains("Production database outage", await client.GetStringAsync("/api/v1/incidents"), StringComparison.Ordinal);
            await bot.KillAsync();
            var (exit, _, errors) = await BotProcess.RunAsync(["load", file, .. target.Arguments(), .. secret]);
            Assert.Equal((1, true), (exit, errors.Contains("not empty", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [Databases]
    public async Task A_backup_put_back_is_what_it_was(DatabaseProvider provider)
    {
        await using var source = await FilledAsync(provider);
        var backup = Path.Combine(source.DataDirectory, "backup.zip");
        var before = Path.Combine(source.DataDirectory, "before.jsonl");
        await using (var bot = await BotProcess.ServeAsync(source))
        {
            await RunAsync("backup", backup, source);
            var (running, _, held) = await BotProcess.RunAsync(["restore", backup, .. source.Arguments()]);
            Assert.Equal((1, true), (running, held.Contains("wants it stopped", StringComparison.Ordinal)));
            await bot.KillAsync();
        }

        await RunAsync("dump", before, source);
        await using var target = await TestDatabase.CreateAsync(provider);
        await RunAsync("restore", backup, target);
        var after = Path.Combine(target.DataDirectory, "after.jsonl");
        await RunAsync("dump", after, target);
        Assert.Equal(Comparable(before), Comparable(after));
        await using (var bot = await BotProcess.ServeAsync(target))
        {
            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(source.DataDirectory, "api-token")), await File.ReadAllTextAsync(Path.Combine(target.DataDirectory, "api-token")));
        }

        var (exit, _, errors) = await BotProcess.RunAsync(["restore", backup, .. target.Arguments()]);
        Assert.Equal((1, true), (exit, errors.Contains("not empty", StringComparison.Ordinal)));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(backup));
        }
    }

    [Fact]
    public async Task What_is_no_dump_or_backup_or_is_cut_off_is_refused_and_changes_nothing()
    {
        await using var source = await FilledAsync(DatabaseProvider.Sqlite);
        var dump = Path.Combine(source.DataDirectory, "all.jsonl");
        var backup = Path.Combine(source.DataDirectory, "backup.zip");
        await RunAsync("dump", dump, source);
        await RunAsync("backup", backup, source);
        var lines = await File.ReadAllLinesAsync(dump);
        var bytes = await File.ReadAllBytesAsync(backup);
        await using var target = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        var bad = Path.Combine(target.DataDirectory, "bad");
        foreach (var (verb, content, says) in new (string, byte[], string)[]
        {
            ("load", "hello"u8.ToArray(), "no dump"), ("load", "{}"u8.ToArray(), "no dump"), ("load", Lines(lines[..^1]), "cut off"), ("load", Lines(lines[..10]), "cut off"),
            ("load", [.. Lines(lines[..9]), .. "{\"table\":\"inc"u8], "cut off or damaged"), ("load", Lines([lines[0].Replace("\"schema\":\"", "\"schema\":\"Later", StringComparison.Ordinal), .. lines[1..]]), "another version"),
            ("load", Lines([.. lines[..^1], "{\"table\":\"no_such_table\",\"row\":{}}", lines[^1]]), "cannot be read"),
            ("restore", "hello"u8.ToArray(), "no backup"), ("restore", bytes[..(bytes.Length / 2)], "no backup"),
        })
        {
            await File.WriteAllBytesAsync(bad, content);
            var (exit, _, errors) = await BotProcess.RunAsync([verb, bad, .. target.Arguments()]);
            Assert.Equal((1, true, errors), (exit, errors.Contains(says, StringComparison.Ordinal), errors));
        }

        // A start has made its own token and run its jobs; a load that fails leaves them, one that succeeds takes their place.
        await (await BotProcess.ServeAsync(target)).StopAsync();
        var token = await File.ReadAllTextAsync(Path.Combine(target.DataDirectory, "api-token"));
        await File.WriteAllBytesAsync(bad, Lines(lines[..^1]));
        await BotProcess.RunAsync(["load", bad, .. target.Arguments()]);
        await (await BotProcess.ServeAsync(target)).StopAsync();
        Assert.Equal(token, await File.ReadAllTextAsync(Path.Combine(target.DataDirectory, "api-token")));
        await RunAsync("load", dump, target);
        await using (await BotProcess.ServeAsync(target))
        {
            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(source.DataDirectory, "api-token")), await File.ReadAllTextAsync(Path.Combine(target.DataDirectory, "api-token")));
        }

        static byte[] Lines(IEnumerable<string> lines) => System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
    }

    [Fact]
    public async Task Killed_at_any_moment_they_leave_nothing_half_done()
    {
        await using var source = await FilledAsync(DatabaseProvider.Sqlite, messages: 6000);
        var random = new Random(7);
        var whole = Path.Combine(source.DataDirectory, "whole.jsonl");
        var backup = Path.Combine(source.DataDirectory, "backup.zip");
        await using (var bot = await BotProcess.ServeAsync(source))
        {
            for (var round = 0; round < 5; round++)
            {
                foreach (var (verb, file) in new[] { ("dump", whole), ("backup", backup) })
                {
                    await BotProcess.RunAndKillAsync(TimeSpan.FromMilliseconds(random.Next(500, 2000)), [verb, file, .. source.Arguments()]);
                    if (File.Exists(file))
                    {
                        // Killed after its last act, or not at all: then it is whole.
                        Assert.True(verb == "dump" ? File.ReadLines(file).Last().Contains("\"rows\"", StringComparison.Ordinal) : IsWholeBackup(file), $"A killed {verb} left a file that only looks whole.");
                        File.Delete(file);
                    }
                }
            }

            await RunAsync("dump", whole, source);
            await RunAsync("backup", backup, source);
            await bot.KillAsync();
        }

        foreach (var (verb, file) in new[] { ("load", whole), ("restore", backup) })
        {
            await using var target = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
            var ended = false;
            for (var round = 0; round < 6 && !ended; round++)
            {
                ended = await BotProcess.RunAndKillAsync(TimeSpan.FromMilliseconds(random.Next(600, 1800)), [verb, file, .. target.Arguments()]);
            }

            // Killed after its commit and before its end, it has done everything, and is refused a second time.
            var (exit, _, errors) = ended ? (0, "", "") : await BotProcess.RunAsync([verb, file, .. target.Arguments()]);
            Assert.True(exit == 0 || errors.Contains("not empty", StringComparison.Ordinal), errors);

            var again = Path.Combine(target.DataDirectory, "again.jsonl");
            await RunAsync("dump", again, target);
            Assert.Equal(Comparable(whole), Comparable(again));
        }
    }

    private static bool IsWholeBackup(string file)
    {
        using var zip = System.IO.Compression.ZipFile.OpenRead(file);
        return zip.GetEntry("incidentbot.db") is { Length: > 0 } && zip.Entries.Any(e => e.FullName.StartsWith("keys/", StringComparison.Ordinal));
    }

    private static async Task<TestDatabase> FilledAsync(DatabaseProvider provider, int messages = 20)
    {
        // On the real clock, so that a process that is started on it finds nothing due and nothing old, and changes nothing meanwhile;
        // in whole seconds, since PostgreSQL keeps microseconds and SQLite a tenth of that.
        var bot = await BotUnderTest.StartAsync(provider, now: DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));
        var chat = new WebChatDriver(bot);
        var (kept, room) = await chat.DeclaresAsync("ann", "sev1 <b>checkout</b> is down 🔥 | `x`");
        var (_, other) = await chat.DeclaresAsync("bob", "sev2 cards are refused");
        await chat.DeclaresAsync("ann", "sev3 keys leaked --private --kind security");
        var file = await chat.BringsAsync("ann", "graph.png", "image/png", [1, 2, 3, 0, 255], room);
        await chat.CommandAsync("ann", "log 14:50-15:05 pool is exhausted, see https://example.com/d/1", room, files: [file]);
        await chat.CommandAsync("bob", "log yesterday 23:50 the first signs", other);
        await chat.CommandAsync("ann", "action Raise the pool @sarah due 2026-04-01 P1 prevent", other);
        await chat.CommandAsync("bob", "commander", other);
        await chat.CommandAsync("bob", $"merge {kept}", other);
        await chat.CommandAsync("ann", "web");
        await chat.CommandAsync("marcus", "log which one do I mean?", "general");
        await ((Core.Replay.FilePlayer)bot.Services.GetService(typeof(Core.Replay.FilePlayer))!).PlayAsync(Core.Replay.IncidentFileReader.Read(Core.Replay.Sample.Json), import: false, null, CancellationToken.None);
        await bot.InDatabaseAsync(async db =>
        {
            var id = db.Incidents.First(i => i.Title.Contains("checkout")).Id;
            for (var i = 0; i < messages; i++)
            {
                db.Transcript.Add(new TranscriptMessage { IncidentId = id, Platform = "webchat", Workspace = "local", Channel = room, MessageId = $"m{i}", PostedAt = bot.Time.Now.AddSeconds(i), AuthorName = "Bob", Text = $"message {i} of a long night" });
            }

            return await db.SaveChangesAsync();
        });
        await chat.SettleAsync();
        return await bot.StopAsync();
    }

    private static async Task RunAsync(string verb, string file, TestDatabase database, params string[] more)
    {
        var (exit, output, errors) = await BotProcess.RunAsync([verb, file, .. database.Arguments(), .. more]);
        Assert.Equal((0, "", output), (exit, errors, output));
    }

    // Without the first line, which holds the keys, and the secrets, which are sealed anew.
    private static List<string> Comparable(string file) =>
        [.. File.ReadLines(file).Skip(1).Where(l => !l.Contains("\"table\":\"secrets\"", StringComparison.Ordinal)).Select(Normal)];

    // A time reads the same whatever precision and offset a database gives it back with.
    private static string Normal(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.ToString();
    }
}
