using IncidentBot.Core.Delivery;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Npgsql;

namespace IncidentBot.Storage.Postgres;

/// <summary>The model on PostgreSQL, where several processes may be at work.</summary>
public sealed class PostgresBotDb(DbContextOptions<PostgresBotDb> options, WriteGate gate, TimeProvider time, IEnumerable<IModelPart> parts) : BotDb(options, gate, time, parts)
{
    // As it was set, password included: what an open connection tells of itself leaves the password out.
    private readonly string _connectionString = RelationalOptionsExtension.Extract(options).ConnectionString!;

    public override bool IsContention(DbUpdateException fault) =>
        fault is DbUpdateConcurrencyException
        || fault.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    public override Task<List<InboxRow>> ClaimInboxAsync(DateTimeOffset now, int most, CancellationToken stop) =>
        Inbox.FromSqlInterpolated(
            $"""
            SELECT * FROM inbox WHERE "State" = 'pending' AND ("NotBefore" IS NULL OR "NotBefore" <= {now})
            ORDER BY "Id" LIMIT {most} FOR UPDATE SKIP LOCKED
            """).AsNoTracking().ToListAsync(stop);

    public override async Task<Alarm?> ClaimAlarmAsync(DateTimeOffset now, CancellationToken stop) =>
        (await Alarms.FromSqlInterpolated(
            $"""SELECT * FROM alarms WHERE "DueAt" <= {now} ORDER BY "DueAt" LIMIT 1 FOR UPDATE SKIP LOCKED""").ToListAsync(stop)).FirstOrDefault();

    public override async Task<IDbContextTransaction?> BeginClaimAsync(CancellationToken stop) => await Database.BeginTransactionAsync(stop);

    public override async Task<IAsyncDisposable?> TryLeadAsync(string work, CancellationToken stop)
    {
        var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock(hashtext('incidentbot'), hashtext($1))", connection) { Parameters = { new() { Value = work } } };
        if (await command.ExecuteScalarAsync(stop) is true)
        {
            return new Lead(connection, work);
        }

        await connection.DisposeAsync();
        return null;
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<Utc>();
    }

    /// <summary>PostgreSQL takes only UTC.</summary>
    private sealed class Utc() : ValueConverter<DateTimeOffset, DateTimeOffset>(t => t.ToUniversalTime(), t => t.ToUniversalTime());

    /// <summary>An advisory lock, given back when disposed or when the process dies.</summary>
    private sealed class Lead(NpgsqlConnection connection, string work) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await using (connection)
            {
                await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock(hashtext('incidentbot'), hashtext($1))", connection) { Parameters = { new() { Value = work } } };
                await command.ExecuteNonQueryAsync();
            }
        }
    }
}
