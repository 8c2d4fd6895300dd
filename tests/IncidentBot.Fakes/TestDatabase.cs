using IncidentBot.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace IncidentBot.Fakes;

/// <summary>An empty database of its own for one test: a SQLite file, or a PostgreSQL database on the test server.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    public const string PostgresVariable = "INCIDENTBOT_TEST_POSTGRES";

    private static readonly Lazy<Task<byte[]>> Tables = new(MakeTablesAsync);

    private readonly string? _name;

    private TestDatabase(DatabaseProvider provider, string directory, string? name, string? connectionString) =>
        (Provider, DataDirectory, _name, ConnectionString) = (provider, directory, name, connectionString);

    public DatabaseProvider Provider { get; }

    public string DataDirectory { get; }

    public string? ConnectionString { get; }

    /// <summary>The server that the test command starts; null when none was started.</summary>
    public static string? PostgresServer => Environment.GetEnvironmentVariable(PostgresVariable) is { Length: > 0 } server ? server : null;

    public static async Task<TestDatabase> CreateAsync(DatabaseProvider provider)
    {
        var directory = Directory.CreateTempSubdirectory("incidentbot-test-").FullName;
        if (provider == DatabaseProvider.Sqlite)
        {
            return new(provider, directory, null, null);
        }

        var name = $"t{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name}");
        return new(provider, directory, name, new NpgsqlConnectionStringBuilder(PostgresServer) { Database = name }.ConnectionString);
    }

    /// <summary>The same with its tables in it, where they are copied faster than each of several hundred bots makes them.</summary>
    public static async Task<TestDatabase> CreateWithTablesAsync(DatabaseProvider provider)
    {
        var database = await CreateAsync(provider);
        if (provider == DatabaseProvider.Sqlite)
        {
            await using var file = PrivateFiles.Open(database.SqliteFile, FileMode.CreateNew, FileAccess.Write);
            await file.WriteAsync(await Tables.Value);
        }

        return database;
    }

    /// <summary>The same database with a data directory of its own, as a second machine has it.</summary>
    public TestDatabase OnAnotherMachine() => new(Provider, Directory.CreateTempSubdirectory("incidentbot-test-").FullName, null, ConnectionString);

    /// <summary>The settings that make the bot use it.</summary>
    public Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string> { ["DataDirectory"] = DataDirectory };
        if (Provider == DatabaseProvider.Postgres)
        {
            settings["Database:Provider"] = "Postgres";
            settings["Database:ConnectionString"] = ConnectionString!;
            settings["Keys:Secret"] = "a secret that is long enough for tests";
        }

        return settings;
    }

    /// <summary>The same as words of a command line.</summary>
    public string[] Arguments() => [.. Settings().Select(s => $"--{s.Key}={s.Value}")];

    public async ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        if (_name is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await ExecuteAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
        }

        try
        {
            Directory.Delete(DataDirectory, recursive: true);
        }
        catch (IOException)
        {
            // A killed process may still hold a file for a moment; the temporary folder is cleaned by the system.
        }
    }

    private string SqliteFile => Path.Combine(DataDirectory, "incidentbot.db");

    private static async Task<byte[]> MakeTablesAsync()
    {
        await using var database = await CreateAsync(DatabaseProvider.Sqlite);
        await using (var app = BotApp.Build(database.Arguments(), BotApp.Mode.Tool))
        {
            await BotApp.MigrateAsync(app, CancellationToken.None);
        }

        // One whole file, whatever still stands in the log of writes.
        var whole = Path.Combine(database.DataDirectory, "whole.db");
        await using (var connection = new SqliteConnection($"Data Source={database.SqliteFile};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var copy = connection.CreateCommand();
            copy.CommandText = "VACUUM INTO $whole";
            copy.Parameters.AddWithValue("$whole", whole);
            await copy.ExecuteNonQueryAsync();
        }

        return await File.ReadAllBytesAsync(whole);
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresServer);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
