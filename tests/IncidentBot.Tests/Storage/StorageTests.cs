using IncidentBot.Core.Storage;
using IncidentBot.Fakes;
using IncidentBot.Storage;
using IncidentBot.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentBot.Tests.Storage;

/// <summary>What the bot needs of either database.</summary>
public sealed class StorageTests
{
    [Theory]
    [Databases]
    public async Task An_incident_goes_from_declaration_to_report(DatabaseProvider provider)
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(provider));
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 database is down 🔥");
        await chat.CommandAsync("bob", "commander", room);
        var message = await chat.SaysAsync("bob", "error rate is 40%", room);
        await chat.PinsAsync("ann", message, room);
        await chat.CommandAsync("ann", "log 14:00 impact begins", room);
        await chat.CommandAsync("ann", "action Alert at 80% @sarah due tomorrow P1 detect", room);
        await chat.Bot.PassAsync(TimeSpan.FromMinutes(31));
        Assert.Contains(await chat.SeesAsync("ann", room), m => m.Words.Contains("status update", StringComparison.Ordinal));
        await chat.CommandAsync("ann", "resolve", room);
        var report = await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md");
        Assert.Contains("database is down 🔥", report, StringComparison.Ordinal);
        Assert.Contains("error rate is 40%", report, StringComparison.Ordinal);
        Assert.Single((await chat.Bot.GetAsync("/api/v1/incidents?status=resolved&severity=SEV1")).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [Databases]
    public async Task Numbers_have_no_gaps_when_many_declare_at_once(DatabaseProvider provider)
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(provider));
        var replies = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => chat.CommandAsync("ann", $"start sev2 number {i}", i % 2 == 0 ? "incidents" : "general")));
        Assert.All(replies, r => Assert.Equal("private", r.Kind));
        Assert.Equal(Enumerable.Range(1, 24).Select(n => $"INC-2026-{n:0000}"), replies.Select(r => r.Card!.Title.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [Databases]
    public async Task Many_entries_at_once_all_stand_on_the_timeline_with_a_number_each(DatabaseProvider provider)
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(provider));
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => chat.CommandAsync("bob", $"log thing {i} --in {code}", i % 3 == 0 ? room : i % 3 == 1 ? "incidents" : "general")));
        var entries = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"thing {i}").Order(StringComparer.Ordinal),
            entries.Where(e => e.GetProperty("kind").GetString() == "event").Select(e => e.GetProperty("text").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(1, 31), entries.Select(e => e.GetProperty("seq").GetInt32()).Order());
    }

    [Theory]
    [Databases]
    public async Task Everything_is_there_after_a_restart(DatabaseProvider provider)
    {
        var first = new WebChatDriver(await BotUnderTest.StartAsync(provider));
        var (code, room) = await first.DeclaresAsync("ann", "sev1 down");
        await first.CommandAsync("ann", "log before the restart", room);
        var token = await File.ReadAllTextAsync(Path.Combine(first.Bot.Database.DataDirectory, "api-token"));
        var database = await first.Bot.StopAsync();
        await using var second = new WebChatDriver(await BotUnderTest.StartAsync(database: database, now: first.Time.Now.AddMinutes(31)));
        Assert.Equal(token, await File.ReadAllTextAsync(Path.Combine(database.DataDirectory, "api-token")));
        await second.SettleAsync();
        Assert.Contains(await second.SeesAsync("ann", room), m => m.Words.Contains("No status update yet", StringComparison.Ordinal));
        Assert.Contains("before the restart", (await second.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [Databases]
    public async Task Migrations_make_the_schema_of_the_model(DatabaseProvider provider)
    {
        await using var bot = await BotUnderTest.StartAsync(provider);
        Assert.False(await bot.InDatabaseAsync(db => Task.FromResult(db.Database.HasPendingModelChanges())));
        foreach (var entity in await bot.InDatabaseAsync(db => Task.FromResult(db.Model.GetEntityTypes().Where(e => !e.IsOwned()).Select(e => e.ClrType).ToList())))
        {
            var count = typeof(StorageTests).GetMethod(nameof(CountAsync))!.MakeGenericMethod(entity);
            await bot.InDatabaseAsync(db => (Task<int>)count.Invoke(null, [db])!);
        }
    }

    [Fact]
    public async Task Every_connection_commits_durably_after_pooling_too()
    {
        await using var bot = await BotUnderTest.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal((2L, "wal", 1L), await bot.InDatabaseAsync(async db =>
            {
                await db.Database.OpenConnectionAsync();
                return (await PragmaAsync(db, "synchronous"), await PragmaAsync(db, "journal_mode"), await PragmaAsync(db, "foreign_keys"));
            }));
        }
    }

    [Fact]
    public async Task The_operating_systems_library_is_used_and_new_enough()
    {
        Assert.Null(SqliteNative.Complaint());
        Assert.True(SqliteNative.Version >= SqliteNative.Oldest);
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        Assert.Equal(SqliteNative.Version!.ToString(), connection.ServerVersion);
    }

    [Fact]
    public void The_pinned_provider_lacks_only_what_is_not_used()
    {
        // When this fails the pin is no longer needed (a newer provider restored) or the data provider calls something new.
        var asked = typeof(SqliteConnection).Assembly.GetReferencedAssemblies().Single(a => a.Name == "SQLitePCLRaw.core").Version;
        var got = typeof(SQLitePCL.raw).Assembly.GetName().Version;
        Assert.True(got < asked, $"SQLitePCLRaw {got} satisfies what is asked for ({asked}); remove the pin.");
        Assert.Null(typeof(SQLitePCL.raw).GetMethod("sqlite3_load_extension"));
    }

    [Fact]
    public async Task A_killed_migration_does_not_block_the_next_start()
    {
        var first = await BotUnderTest.StartAsync();
        await first.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync(
            """CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL); INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01')"""));
        var database = await first.StopAsync();
        await using var second = await BotUnderTest.StartAsync(database: database);
        Assert.Equal(0, await second.InDatabaseAsync(db => db.Incidents.CountAsync()));
    }

    [Fact]
    public async Task Handled_bodies_are_emptied_and_secrets_are_sealed()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.SaysAsync("ann", "something private", room);
        Assert.True(await chat.Bot.InDatabaseAsync(db => db.Inbox.AllAsync(r => r.Body == "")));
        Assert.True(await chat.Bot.InDatabaseAsync(db => db.Outbox.AllAsync(r => r.Body == "")));
        var token = (await File.ReadAllTextAsync(Path.Combine(chat.Bot.Database.DataDirectory, "api-token"))).Trim();
        Assert.Equal(0, await DatabaseDump.CountAsync(chat.Bot, token));
        var modes = new[] { "api-token", "lock" }.Select(f => File.GetUnixFileMode(Path.Combine(chat.Bot.Database.DataDirectory, f)));
        Assert.All(modes, m => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, m));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(chat.Bot.Database.DataDirectory, "keys")));
    }

    [Theory]
    [Databases]
    public async Task Keys_in_a_shared_database_are_wrapped_and_open_for_every_process_that_has_the_secret(DatabaseProvider provider)
    {
        if (provider == DatabaseProvider.Sqlite)
        {
            return;
        }

        var first = await BotUnderTest.StartAsync(provider);
        var token = await File.ReadAllTextAsync(Path.Combine(first.Database.DataDirectory, "api-token"));
        Assert.DoesNotContain("masterKey", await first.InDatabaseAsync(db => db.Keys.Select(k => k.Xml).FirstAsync()), StringComparison.Ordinal);
        var database = await first.StopAsync();
        File.Delete(Path.Combine(database.DataDirectory, "api-token"));
        await using var second = await BotUnderTest.StartAsync(database: database);
        Assert.Equal(token, await File.ReadAllTextAsync(Path.Combine(database.DataDirectory, "api-token")));
    }

    [Theory]
    [Databases]
    public async Task What_has_been_kept_long_enough_is_forgotten_and_the_rest_is_not(DatabaseProvider provider)
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(provider));
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.SaysAsync("ann", "old words", room);
        await chat.CommandAsync("ann", "log on the timeline for good", room);
        await SweepAsync();
        Assert.Equal((1, 2), await CountsAsync());
        chat.Time.Advance(TimeSpan.FromDays(3));
        await chat.SaysAsync("ann", "new words", room);
        await SweepAsync();
        Assert.Equal((1, 0), await CountsAsync());
        chat.Time.Advance(TimeSpan.FromDays(363));
        await SweepAsync();
        Assert.Equal("new words", Assert.Single((await chat.Bot.GetAsync($"/api/v1/incidents/{code}/transcript")).GetProperty("items").EnumerateArray()).GetProperty("text").GetString());
        Assert.Contains("for good", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).ToString(), StringComparison.Ordinal);

        async Task SweepAsync()
        {
            await using var scope = chat.Bot.Services.CreateAsyncScope();
            await ActivatorUtilities.CreateInstance<Jobs.RetentionSweep>(scope.ServiceProvider).Execute(Moq.Mock.Of<Quartz.IJobExecutionContext>());
        }

        Task<(int Inbox, int Gestures)> CountsAsync() => chat.Bot.InDatabaseAsync(async db => (await db.Inbox.CountAsync(), await db.Gestures.CountAsync()));
    }

    public static Task<int> CountAsync<T>(BotDb db)
        where T : class => db.Set<T>().CountAsync();

    private static async Task<dynamic> PragmaAsync(BotDb db, string name)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"PRAGMA {name}";
        return (await command.ExecuteScalarAsync())!;
    }
}
