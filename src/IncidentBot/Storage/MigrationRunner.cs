using IncidentBot.Core.Storage;
using IncidentBot.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace IncidentBot.Storage;

/// <summary>Brings the schema up to date at start, one process at a time.</summary>
public sealed partial class MigrationRunner(DatabaseSettings settings, IServiceScopeFactory scopes, ILogger<MigrationRunner> log)
{
    /// <exception cref="SettingsFault">The database cannot be used; the message says what to do.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        if (settings.Provider == DatabaseProvider.Sqlite)
        {
            if (SqliteNative.Complaint() is { } complaint)
            {
                throw new SettingsFault(complaint);
            }

            Log.Sqlite(log, SqliteNative.Version!);
            MakePrivate();
            await ForgetKilledMigrationAsync(db, stop);
            await db.Database.MigrateAsync(stop);
            return;
        }

        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(stop);
        }
        catch (NpgsqlException fault)
        {
            throw new SettingsFault($"PostgreSQL cannot be reached ({fault.Message}). Check Database:ConnectionString, and that the server runs.", fault);
        }

        Log.Postgres(log, connection.ServerVersion);
        await ExecuteAsync(connection, "SELECT pg_advisory_lock(hashtext('incidentbot migrations'))", stop);
        try
        {
            await db.Database.MigrateAsync(stop);
        }
        finally
        {
            await ExecuteAsync(connection, "SELECT pg_advisory_unlock(hashtext('incidentbot migrations'))", CancellationToken.None);
        }
    }

    // Before SQLite makes it with whatever mode is usual: what stands in it is for the bot alone, and so are its keys.
    private void MakePrivate()
    {
        PrivateFiles.Directory(settings.DataDirectory);
        PrivateFiles.Directory(Path.Combine(settings.DataDirectory, "keys"));
        var file = new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(settings.ConnectionString).DataSource;
        if (file is { Length: > 0 } and not ":memory:" && !File.Exists(file))
        {
            PrivateFiles.Open(file, FileMode.CreateNew, FileAccess.Write).Dispose();
        }
    }

    // A process killed while migrating leaves its lock row behind, for which EF would wait for ever. The lock on the data
    // directory is held here, so no other process can be migrating.
    private static async Task ForgetKilledMigrationAsync(BotDb db, CancellationToken stop)
    {
        await db.Database.OpenConnectionAsync(stop);
        await using var look = db.Database.GetDbConnection().CreateCommand();
        look.CommandText = "SELECT COUNT(*) FROM sqlite_master WHERE name = '__EFMigrationsLock'";
        if (await look.ExecuteScalarAsync(stop) is > 0L)
        {
            look.CommandText = "DELETE FROM \"__EFMigrationsLock\"";
            await look.ExecuteNonQueryAsync(stop);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync(stop);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Database: SQLite {Version} of the operating system")]
        public static partial void Sqlite(ILogger log, Version version);

        [LoggerMessage(Level = LogLevel.Information, Message = "Database: PostgreSQL {Version}")]
        public static partial void Postgres(ILogger log, string version);
    }
}
