using IncidentBot.Core.Delivery;
using Npgsql;

namespace IncidentBot.Storage.Postgres;

/// <summary>Inserts deliveries as one statement over arrays.</summary>
public sealed class PostgresInbox(DatabaseSettings settings) : IInboxStore, IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(settings.ConnectionString);

    public async Task InsertAsync(IReadOnlyList<InboxRow> rows, CancellationToken stop)
    {
        await using var command = _source.CreateCommand(
            """
            INSERT INTO inbox ("Platform", "Workspace", "DeliveryId", "Body", "ReceivedAt", "State", "Attempts")
            SELECT p, w, d, b, r, 'pending', 0 FROM unnest($1, $2, $3, $4, $5) AS rows(p, w, d, b, r) ON CONFLICT DO NOTHING
            """);
        command.Parameters.Add(new() { Value = rows.Select(r => r.Platform).ToArray() });
        command.Parameters.Add(new() { Value = rows.Select(r => r.Workspace).ToArray() });
        command.Parameters.Add(new() { Value = rows.Select(r => r.DeliveryId).ToArray() });
        command.Parameters.Add(new() { Value = rows.Select(r => r.Body).ToArray() });
        command.Parameters.Add(new() { Value = rows.Select(r => r.ReceivedAt.UtcDateTime).ToArray() });
        await command.ExecuteNonQueryAsync(stop);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
