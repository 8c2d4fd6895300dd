using System.IO.Compression;
using System.Text.Json;
using IncidentBot.Core.Storage;
using IncidentBot.Keys;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Storage.Transfer;

/// <summary>A consistent copy of everything in one file, keys included, and the way back into an empty database.</summary>
public static class Backup
{
    private const string Label = "incidentbot-backup.json";
    private const string Database = "incidentbot.db";
    private const string Rows = "rows.jsonl";
    private const string KeyFolder = "keys/";

    /// <summary>Writes the copy; the file appears whole or not at all.</summary>
    public static async Task WriteAsync(IServiceProvider services, string file, CancellationToken stop)
    {
        var settings = services.GetRequiredService<Settings>();
        var part = file + ".part";
        await using (var target = PrivateFiles.Open(part, FileMode.Create, FileAccess.ReadWrite))
        {
            await using (var zip = await ZipArchive.CreateAsync(target, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken: stop))
            {
                await AddAsync(zip, Label, to => JsonSerializer.SerializeAsync(to, new Description(1, settings.Database.Provider.ToString(), services.GetRequiredService<Snapshot>().Schema()), cancellationToken: stop), stop);
                if (settings.Database.Provider == DatabaseProvider.Postgres)
                {
                    await AddAsync(zip, Rows, to => services.GetRequiredService<Snapshot>().WriteAsync(to, stop), stop);
                }
                else
                {
                    await AddDatabaseAsync(zip, services.GetRequiredService<BotDb>(), file, stop);
                    await AddKeysAsync(zip, settings, stop);
                }
            }

            target.Flush(flushToDisk: true);
        }

        File.Move(part, file, overwrite: true);
    }

    /// <summary>Puts a copy back; the caller holds the lock on the data directory.</summary>
    /// <exception cref="SettingsFault">It is no backup, is of the other database, or the database is not empty; nothing was changed.</exception>
    public static async Task RestoreAsync(WebApplication app, string file, CancellationToken stop)
    {
        var settings = app.Services.GetRequiredService<Settings>();
        await using var zip = await OpenAsync(file, stop);
        var description = await DescribeAsync(zip, stop);
        if (description.Provider != settings.Database.Provider.ToString())
        {
            throw new SettingsFault($"The backup is of {description.Provider}, and Database:Provider is {settings.Database.Provider}. To move from one to the other, use `incidentbot dump` and `incidentbot load`.");
        }

        await using (var scope = app.Services.CreateAsyncScope())
        {
            if (!scope.ServiceProvider.GetRequiredService<Snapshot>().Schema().StartsWith(description.Schema, StringComparison.Ordinal))
            {
                throw new SettingsFault("The backup was written by a later version of IncidentBot. Restore it with that version.");
            }
        }

        if (settings.Database.Provider == DatabaseProvider.Postgres)
        {
            await using var rows = await Entry(zip, Rows).OpenAsync(stop);
            await LoadAsync(app, rows, stop);
            return;
        }

        var database = new SqliteConnectionStringBuilder(settings.Database.ConnectionString).DataSource;
        await RefuseUnlessEmptyAsync(app, database, stop);
        var part = database + ".part";
        await UnpackAsync(Entry(zip, Database), part, stop);
        Check(part);
        foreach (var key in zip.Entries.Where(e => e.FullName.StartsWith(KeyFolder, StringComparison.Ordinal) && e.Name.Length > 0))
        {
            var folder = PrivateFiles.Directory(KeyRing.Folder(settings)).FullName;
            await UnpackAsync(key, Path.Combine(folder, key.Name + ".part"), stop);
            File.Move(Path.Combine(folder, key.Name + ".part"), Path.Combine(folder, key.Name), overwrite: true);
        }

        // Last, so that whoever finds the database finds its keys too.
        SqliteConnection.ClearAllPools();
        File.Delete(database + "-wal");
        File.Delete(database + "-shm");
        File.Move(part, database, overwrite: true);
    }

    /// <summary>Reads a dump into the database, which is made first and must be empty.</summary>
    public static async Task<long> LoadAsync(WebApplication app, Stream rows, CancellationToken stop)
    {
        await BotApp.MigrateAsync(app, stop);
        await using var scope = app.Services.CreateAsyncScope();
        var snapshot = scope.ServiceProvider.GetRequiredService<Snapshot>();
        if (!await snapshot.IsEmptyAsync(stop))
        {
            throw new SettingsFault("The database is not empty, and nothing in it was changed. Set DataDirectory or Database:ConnectionString to an empty one.");
        }

        return await snapshot.ReadAsync(rows, stop);
    }

    private static async Task RefuseUnlessEmptyAsync(WebApplication app, string database, CancellationToken stop)
    {
        if (!File.Exists(database))
        {
            return;
        }

        var empty = new FileInfo(database).Length == 0;
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        var ours = (await db.Database.GetAppliedMigrationsAsync(stop)).Any();
        if (!ours ? !empty : !await scope.ServiceProvider.GetRequiredService<Snapshot>().IsEmptyAsync(stop))
        {
            throw new SettingsFault($"{database} is not empty, and nothing in it was changed. Move it away, or set another DataDirectory.");
        }
    }

    private static ZipArchiveEntry Entry(ZipArchive zip, string name) => zip.GetEntry(name) ?? throw new SettingsFault($"The backup is damaged: it holds no {name}. Nothing was changed.");

    // A damaged file is found before it takes the place of anything; and it is made ready for readers beside a writer.
    private static void Check(string part)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = part, Pooling = false }.ConnectionString);
        connection.Open();
        using var look = connection.CreateCommand();
        look.CommandText = "PRAGMA quick_check";
        if (look.ExecuteScalar() as string != "ok")
        {
            throw new SettingsFault("The database in the backup is damaged. Nothing was changed; use another backup.");
        }

        look.CommandText = "PRAGMA journal_mode=WAL";
        look.ExecuteNonQuery();
    }

    private static async Task AddDatabaseAsync(ZipArchive zip, BotDb db, string file, CancellationToken stop)
    {
        // VACUUM INTO copies one moment of the database, while others go on writing.
        var copy = file + ".db.part";
        File.Delete(copy);
        try
        {
            await using (PrivateFiles.Open(copy, FileMode.CreateNew, FileAccess.Write))
            {
            }

            await db.Database.ExecuteSqlInterpolatedAsync($"VACUUM INTO {copy}", stop);
            await AddAsync(zip, Database, async to =>
            {
                await using var from = File.OpenRead(copy);
                await from.CopyToAsync(to, stop);
            }, stop);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static async Task AddKeysAsync(ZipArchive zip, Settings settings, CancellationToken stop)
    {
        foreach (var key in Directory.Exists(KeyRing.Folder(settings)) ? Directory.EnumerateFiles(KeyRing.Folder(settings), "*.xml") : [])
        {
            await AddAsync(zip, KeyFolder + Path.GetFileName(key), async to =>
            {
                await using var from = File.OpenRead(key);
                await from.CopyToAsync(to, stop);
            }, stop);
        }
    }

    private static async Task AddAsync(ZipArchive zip, string name, Func<Stream, Task> write, CancellationToken stop)
    {
        await using var entry = await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(stop);
        await write(entry);
    }

    private static async Task<ZipArchive> OpenAsync(string file, CancellationToken stop)
    {
        try
        {
            return await ZipFile.OpenReadAsync(file, stop);
        }
        catch (Exception fault) when (fault is InvalidDataException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SettingsFault(fault is InvalidDataException ? $"{file} is no backup of IncidentBot, or is cut off." : $"There is no file {file}.", fault);
        }
    }

    private static async Task<Description> DescribeAsync(ZipArchive zip, CancellationToken stop)
    {
        if (zip.GetEntry(Label) is not { } label)
        {
            throw new SettingsFault("This is no backup of IncidentBot. Give a file that `incidentbot backup` has written.");
        }

        await using var from = await label.OpenAsync(stop);
        var description = await JsonSerializer.DeserializeAsync<Description>(from, cancellationToken: stop);
        return description is { Format: 1, Schema: not null } ? description : throw new SettingsFault("The backup was written by another version of IncidentBot. Restore it with that version.");
    }

    private static async Task UnpackAsync(ZipArchiveEntry entry, string path, CancellationToken stop)
    {
        await using var from = await entry.OpenAsync(stop);
        await using var to = PrivateFiles.Open(path, FileMode.Create, FileAccess.Write);
        await from.CopyToAsync(to, stop);
        to.Flush(flushToDisk: true);
    }

    /// <summary>What a backup says of itself.</summary>
    private sealed record Description(int Format, string Provider, string Schema);
}
