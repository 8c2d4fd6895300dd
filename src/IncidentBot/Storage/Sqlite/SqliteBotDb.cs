using IncidentBot.Core.Delivery;
using IncidentBot.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace IncidentBot.Storage.Sqlite;

/// <summary>The model on SQLite, where one process is at work.</summary>
public sealed class SqliteBotDb(DbContextOptions<SqliteBotDb> options, WriteGate gate, TimeProvider time, IEnumerable<IModelPart> parts) : BotDb(options, gate, time, parts)
{
    public override bool IsContention(DbUpdateException fault) =>
        fault is DbUpdateConcurrencyException || fault.InnerException is SqliteException { SqliteErrorCode: 19 or 5 or 6 };

    // The provider sends one command for each new row; one that is prepared for all of them takes a tenth of the time.
    protected override async Task<int> AppendAsync(CancellationToken stop)
    {
        var count = 0;
        foreach (var rows in ChangeTracker.Entries().Where(e => e is { State: EntityState.Added, Entity: IAppended }).GroupBy(e => e.Metadata).ToList())
        {
            await using var insert = new RowInsert(Database, rows.Key);
            foreach (var row in rows)
            {
                await insert.AddAsync(row.Entity, stop);
                row.State = EntityState.Detached;
                count++;
            }
        }

        return count;
    }

    public override Task<List<InboxRow>> ClaimInboxAsync(DateTimeOffset now, int most, CancellationToken stop) =>
        Inbox.AsNoTracking().Where(r => r.State == RowState.Pending && (r.NotBefore == null || r.NotBefore <= now)).OrderBy(r => r.Id).Take(most).ToListAsync(stop);

    public override Task<Alarm?> ClaimAlarmAsync(DateTimeOffset now, CancellationToken stop) =>
        Alarms.Where(a => a.DueAt <= now).OrderBy(a => a.DueAt).FirstOrDefaultAsync(stop);

    public override Task<IDbContextTransaction?> BeginClaimAsync(CancellationToken stop) => Task.FromResult<IDbContextTransaction?>(null);

    public override Task<IAsyncDisposable?> TryLeadAsync(string work, CancellationToken stop) => Task.FromResult<IAsyncDisposable?>(new Alone());

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();
    }

    /// <summary>Times as UTC ticks, so that they sort.</summary>
    private sealed class UtcTicks() : ValueConverter<DateTimeOffset, long>(t => t.UtcTicks, t => new DateTimeOffset(t, TimeSpan.Zero));

    /// <summary>The lead of the only process.</summary>
    private sealed class Alone : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
