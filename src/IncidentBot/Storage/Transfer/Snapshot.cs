using System.Data;
using System.Text.Json;
using IncidentBot.Core.Storage;
using IncidentBot.Keys;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace IncidentBot.Storage.Transfer;

/// <summary>Writes everything as JSON lines from one moment of the database, and reads it back into an empty one, all or nothing.</summary>
/// <remarks>
/// The first line says what it is and holds the key ring, without which the sealed secrets could not be opened elsewhere; each further line is
/// a row; the last one counts them, so that a file that was cut off is recognised.
/// </remarks>
public sealed class Snapshot(BotDb db, Settings settings, ISeal seal)
{
    private const int Format = 1;
    private const int MostRows = 500;
    private const int MostCharacters = 4 * 1024 * 1024;

    private static readonly System.Reflection.MethodInfo ReadRows =
        typeof(Snapshot).GetMethod(nameof(RowsAsync), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!;

    /// <summary>Writes the dump.</summary>
    /// <returns>The number of rows.</returns>
    public async Task<long> WriteAsync(Stream to, CancellationToken stop)
    {
        await using var moment = await BeginReadingAsync(stop);
        await LineAsync(to, json =>
        {
            json.WriteString("incidentbot", "dump");
            json.WriteNumber("format", Format);
            json.WriteString("schema", Schema());
            json.WriteStartArray("keys");
            foreach (var key in KeyRing.Export(settings, db))
            {
                json.WriteStringValue(key);
            }

            json.WriteEndArray();
        }, stop);
        var rows = 0L;
        foreach (var table in RowFormat.Tables(db))
        {
            var name = table.GetTableName()!;
            await foreach (var row in (IAsyncEnumerable<object>)ReadRows.MakeGenericMethod(table.ClrType).Invoke(this, [table])!)
            {
                await LineAsync(to, json =>
                {
                    json.WriteString("table", name);
                    json.WritePropertyName("row");
                    RowFormat.Write(json, table, row);
                }, stop);
                rows++;
            }
        }

        await LineAsync(to, json => json.WriteNumber("rows", rows), stop);
        await to.FlushAsync(stop);
        return rows;
    }

    /// <summary>Reads a dump into the database, which must be empty, in one transaction.</summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="SettingsFault">It is no dump, is cut off, is of another schema, or its secrets cannot be opened; nothing was changed.</exception>
    public async Task<long> ReadAsync(Stream from, CancellationToken stop)
    {
        using var reader = new StreamReader(from);
        using var head = Parse(await reader.ReadLineAsync(stop), 1);
        if (!head.RootElement.TryGetProperty("incidentbot", out var kind) || kind.GetString() != "dump")
        {
            throw new SettingsFault("This is no dump of IncidentBot. Give a file that `incidentbot dump` has written.");
        }

        if (head.RootElement.GetProperty("format").GetInt32() != Format || head.RootElement.GetProperty("schema").GetString() != Schema())
        {
            throw new SettingsFault("The dump was written by another version of IncidentBot. Load it with that version, start this one on it, and dump again.");
        }

        using var ring = KeyRing.Import(settings, [.. head.RootElement.GetProperty("keys").EnumerateArray().Select(k => k.GetString()!)]);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        var tables = RowFormat.Tables(db).ToDictionary(t => t.GetTableName()!);
        await ForgetFirstStartAsync(stop);
        var (rows, number, counted, waiting, size) = (0L, 1, (long?)null, 0, 0);
        while (await reader.ReadLineAsync(stop) is { } text)
        {
            using var line = Parse(text, ++number);
            if (line.RootElement.TryGetProperty("rows", out var count))
            {
                counted = count.GetInt64();
                break;
            }

            Add(tables, line.RootElement, number);
            (rows, waiting, size) = (rows + 1, waiting + 1, size + text.Length);
            if (waiting >= MostRows || size >= MostCharacters)
            {
                await SaveAsync(ring, stop);
                (waiting, size) = (0, 0);
            }
        }

        await SaveAsync(ring, stop);
        if (counted != rows)
        {
            throw new SettingsFault($"The dump is cut off: {rows} rows, and no line at the end that counts them. Nothing was loaded; dump again.");
        }

        await CountOnAsync(tables.Values, stop);
        await transaction.CommitAsync(stop);
        return rows;
    }

    /// <summary>True while nothing has ever happened in the database.</summary>
    public async Task<bool> IsEmptyAsync(CancellationToken stop) =>
        !await db.Incidents.AnyAsync(stop) && !await db.People.AnyAsync(stop) && !await db.Inbox.AnyAsync(stop);

    /// <summary>What the schema is called: the names of its migrations, the same on every database.</summary>
    public string Schema() => string.Join(' ', db.Database.GetMigrations().Select(m => m[(m.IndexOf('_', StringComparison.Ordinal) + 1)..]));

    // What a start has made of its own: the token of the API, how the jobs fared.
    private async Task ForgetFirstStartAsync(CancellationToken stop)
    {
        await db.Secrets.ExecuteDeleteAsync(stop);
        await db.JobRuns.ExecuteDeleteAsync(stop);
    }

    // One moment for all tables: a snapshot transaction that takes no lock away from a running bot.
    private async Task<IDbContextTransaction> BeginReadingAsync(CancellationToken stop)
    {
        if (settings.Database.Provider == DatabaseProvider.Postgres)
        {
            return await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
        }

        await db.Database.OpenConnectionAsync(stop);
        var deferred = ((SqliteConnection)db.Database.GetDbConnection()).BeginTransaction(deferred: true);
        return (await db.Database.UseTransactionAsync(deferred, stop))!;
    }

    private async IAsyncEnumerable<object> RowsAsync<T>(IEntityType type)
        where T : class
    {
        var keys = type.FindPrimaryKey()!.Properties;
        var query = db.Set<T>().AsNoTracking().OrderBy(r => EF.Property<object>(r, keys[0].Name));
        foreach (var key in keys.Skip(1))
        {
            query = query.ThenBy(r => EF.Property<object>(r, key.Name));
        }

        if (RowFormat.OwnParent(type) is not { } parent)
        {
            await foreach (var row in query.AsAsyncEnumerable())
            {
                yield return row;
            }

            yield break;
        }

        // Rows that others of the table refer to come first.
        var (all, written) = (await query.ToListAsync(), new HashSet<object>());
        while (all.Count > 0)
        {
            var free = all.Where(r => parent.Properties[0].GetGetter().GetClrValue(r) is not { } id || written.Contains(id)).ToList();
            foreach (var row in free)
            {
                written.Add(keys[0].GetGetter().GetClrValue(row)!);
                yield return row;
            }

            all.RemoveAll(free.Contains);
        }
    }

    private void Add(Dictionary<string, IEntityType> tables, JsonElement line, int number)
    {
        try
        {
            RowFormat.Add(db, tables[line.GetProperty("table").GetString()!], line.GetProperty("row"));
        }
        catch (Exception fault) when (fault is KeyNotFoundException or FormatException or InvalidOperationException or JsonException)
        {
            throw new SettingsFault($"Line {number} of the dump cannot be read ({fault.Message}). Nothing was loaded.", fault);
        }
    }

    private async Task SaveAsync(KeyRing.Imported ring, CancellationToken stop)
    {
        foreach (var secret in db.ChangeTracker.Entries<StoredSecret>().Select(e => e.Entity))
        {
            secret.Sealed = seal.Seal(ring.Unseal(secret.Sealed));
        }

        await db.SaveChangesAsync(stop);
        db.ChangeTracker.Clear();
    }

    // Numbers that the database gives out go on after the highest that was loaded.
    private async Task CountOnAsync(IEnumerable<IEntityType> tables, CancellationToken stop)
    {
        if (settings.Database.Provider != DatabaseProvider.Postgres)
        {
            return;
        }

        foreach (var table in tables)
        {
            if (table.FindPrimaryKey()!.Properties is [{ ValueGenerated: ValueGenerated.OnAdd, Name: var column, ClrType: var type }] && type == typeof(long))
            {
                var name = table.GetTableName();
#pragma warning disable EF1002 // Names of tables and columns come from the model.
                await db.Database.ExecuteSqlRawAsync($"""SELECT setval(pg_get_serial_sequence('"{name}"', '{column}'), COALESCE((SELECT MAX("{column}") FROM "{name}"), 0) + 1, false)""", stop);
#pragma warning restore EF1002
            }
        }
    }

    private static JsonDocument Parse(string? line, int number)
    {
        try
        {
            return JsonDocument.Parse(line ?? "");
        }
        catch (JsonException fault)
        {
            throw new SettingsFault(number == 1 ? "This is no dump of IncidentBot. Give a file that `incidentbot dump` has written." : $"Line {number} of the dump is cut off or damaged. Nothing was loaded.", fault);
        }
    }

    private static async Task LineAsync(Stream to, Action<Utf8JsonWriter> write, CancellationToken stop)
    {
        await using (var json = new Utf8JsonWriter(to))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        await to.WriteAsync("\n"u8.ToArray(), stop);
    }
}
