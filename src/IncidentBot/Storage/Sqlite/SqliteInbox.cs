using IncidentBot.Core.Delivery;
using Microsoft.Data.Sqlite;

namespace IncidentBot.Storage.Sqlite;

/// <summary>Inserts deliveries with one prepared statement in one durable commit.</summary>
public sealed class SqliteInbox(DatabaseSettings settings) : IInboxStore, IAsyncDisposable
{
    private SqliteConnection? _connection;
    private SqliteCommand? _insert;

    public Task InsertAsync(IReadOnlyList<InboxRow> rows, CancellationToken stop)
    {
        try
        {
            Insert(rows);
        }
        catch
        {
            // A broken connection is not kept: the next insert opens a new one.
            Close();
            throw;
        }

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private void Insert(IReadOnlyList<InboxRow> rows)
    {
        var insert = _insert ??= Open();
        using var transaction = _connection!.BeginTransaction(deferred: false);
        insert.Transaction = transaction;
        foreach (var row in rows)
        {
            insert.Parameters[0].Value = row.Platform;
            insert.Parameters[1].Value = row.Workspace;
            insert.Parameters[2].Value = row.DeliveryId;
            insert.Parameters[3].Value = row.Body;
            insert.Parameters[4].Value = row.ReceivedAt.UtcTicks;
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private SqliteCommand Open()
    {
        _connection = new SqliteConnection(settings.ConnectionString);
        _connection.Open();
        SqliteDurability.Apply(_connection);
        var insert = _connection.CreateCommand();
        insert.CommandText =
            """
            INSERT INTO inbox ("Platform", "Workspace", "DeliveryId", "Body", "ReceivedAt", "State", "Attempts")
            VALUES ($platform, $workspace, $delivery, $body, $received, 'pending', 0) ON CONFLICT DO NOTHING
            """;
        foreach (var name in new[] { "$platform", "$workspace", "$delivery", "$body", "$received" })
        {
            insert.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        insert.Prepare();
        return insert;
    }

    private void Close()
    {
        _insert?.Dispose();
        _connection?.Dispose();
        (_insert, _connection) = (null, null);
    }
}
