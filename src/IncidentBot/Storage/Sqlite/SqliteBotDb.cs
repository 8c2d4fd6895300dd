using IncidentBot.Core.Delivery;
using IncidentBot.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace IncidentBot.Storage.Sqlite;

/// <summary>The model on SQLite, where one process is at work.</summary>
public sealed class SqliteBotDb(DbContextOptions<SqliteBotDb> options, WriteGate gate, TimeProvider time, IEnumerable<IModelPart> parts) : BotDb(options, gate, time, parts)
{
    public override bool IsContention(DbUpdateException fault) =>
        fault is DbUpdateConcurrencyException || fault.InnerException is SqliteException { SqliteErrorCode: 19 or 5 or 6 };

    // The provider sends one command for each new row; one that is prepared for all of them takes a tenth of the time.
    protected override Func<CancellationToken, Task<int>>? PrepareAppend()
    {
        // A row that brings its number along, such as from a dump, keeps it.
        var rows = ChangeTracker.Entries().Where(e => e is { State: EntityState.Added, Entity: IAppended }
            && e.Metadata.FindPrimaryKey()!.Properties.All(p => p.ValueGenerated == ValueGenerated.Never || e.Property(p).IsTemporary)).ToList();
        var types = rows.GroupBy(e => e.Metadata, e => e.Entity).ToDictionary(g => g.Key, g => g.ToList());
        rows.ForEach(e => e.State = EntityState.Detached);
        return async stop =>
        {
            foreach (var (type, some) in types)
            {
                await using var insert = new RowInsert(Database, type);
                foreach (var row in some)
                {
                    await insert.AddAsync(row, stop);
                }
            }

            return rows.Count;
        };
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
