using IncidentBot.Core.ActionItems;
using IncidentBot.Core.ActionItems.Chasing;
using IncidentBot.Core.ActionItems.Policy;
using IncidentBot.Core.Catalogue;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage;

namespace IncidentBot.Core.Storage;

/// <summary>Everything the bot knows; each provider derives its own context and migrations from this one model.</summary>
public abstract class BotDb(DbContextOptions options, WriteGate gate, TimeProvider time, IEnumerable<IModelPart> parts) : DbContext(options)
{
    /// <summary>From so many on, new rows are worth a way of their own.</summary>
    private const int Many = 8;

    public DbSet<Incident> Incidents => Set<Incident>();

    public DbSet<IncidentCounter> Counters => Set<IncidentCounter>();

    public DbSet<RoleAssignment> RoleAssignments => Set<RoleAssignment>();

    public DbSet<Participant> Participants => Set<Participant>();

    public DbSet<Person> People => Set<Person>();

    public DbSet<Room> Rooms => Set<Room>();

    public DbSet<TimelineEntry> Entries => Set<TimelineEntry>();

    public DbSet<TranscriptMessage> Transcript => Set<TranscriptMessage>();

    public DbSet<Visitor> Visitors => Set<Visitor>();

    public DbSet<StoredFile> Files => Set<StoredFile>();

    public DbSet<FileContent> FileContents => Set<FileContent>();

    public DbSet<Finding> Findings => Set<Finding>();

    public DbSet<Note> Notes => Set<Note>();

    public DbSet<ActionItem> ActionItems => Set<ActionItem>();

    public DbSet<ActionChange> ActionChanges => Set<ActionChange>();

    public DbSet<Digest> Digests => Set<Digest>();

    public DbSet<Recall> Recalls => Set<Recall>();

    public DbSet<Overview> Overviews => Set<Overview>();

    public DbSet<FollowUpRule> FollowUpRules => Set<FollowUpRule>();

    public DbSet<Review> Reviews => Set<Review>();

    public DbSet<ReviewPhase> ReviewPhases => Set<ReviewPhase>();

    public DbSet<Prompt> Prompts => Set<Prompt>();

    public DbSet<ReviewAnswer> ReviewAnswers => Set<ReviewAnswer>();

    public DbSet<Asked> Asked => Set<Asked>();

    public DbSet<ParkedIdea> ParkedIdeas => Set<ParkedIdea>();

    public DbSet<PollVote> PollVotes => Set<PollVote>();

    public DbSet<SilencedRule> SilencedRules => Set<SilencedRule>();

    public DbSet<ServiceEntry> Services => Set<ServiceEntry>();

    public DbSet<InboxRow> Inbox => Set<InboxRow>();

    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    public DbSet<Alarm> Alarms => Set<Alarm>();

    public DbSet<HandledGesture> Gestures => Set<HandledGesture>();

    public DbSet<HeldCommand> HeldCommands => Set<HeldCommand>();

    public DbSet<WebLink> WebLinks => Set<WebLink>();

    public DbSet<WebSession> WebSessions => Set<WebSession>();

    public DbSet<JobRun> JobRuns => Set<JobRun>();

    public DbSet<StoredSecret> Secrets => Set<StoredSecret>();

    public DbSet<StoredKey> Keys => Set<StoredKey>();

    /// <summary>Saves under the write gate, and counts up the version of every aggregate that changed.</summary>
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default) =>
        SaveAsync(acceptAllChangesOnSuccess, null, cancellationToken);

    /// <summary>Saves, and in the same commit marks deliveries as done and empties their bodies.</summary>
    public Task SaveDoneAsync(IReadOnlyCollection<long> deliveries, CancellationToken stop) => SaveAsync(
        true,
        s => deliveries.Count == 0 ? Task.CompletedTask : Inbox.Where(r => deliveries.Contains(r.Id))
            .ExecuteUpdateAsync(r => r.SetProperty(x => x.State, RowState.Done).SetProperty(x => x.Body, "").SetProperty(x => x.NotBefore, (DateTimeOffset?)null), s),
        stop);

    private async Task<int> SaveAsync(bool accept, Func<CancellationToken, Task>? also, CancellationToken stop)
    {
        // Once is enough: every further look at the entries, and saving itself, would compare all rows again.
        ChangeTracker.DetectChanges();
        var detects = ChangeTracker.AutoDetectChangesEnabled;
        ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            var many = 0;
            foreach (var entry in ChangeTracker.Entries())
            {
                Stamp(entry);
                many += entry is { State: EntityState.Added, Entity: IAppended } ? 1 : 0;
            }

            using (await gate.EnterAsync(WriteGate.Turn.Ordinary, stop))
            {
                await using var own = (also is not null || many >= Many) && Database.CurrentTransaction is null ? await Database.BeginTransactionAsync(stop) : null;
                var append = many >= Many ? PrepareAppend() : null;
                var saved = await base.SaveChangesAsync(accept, stop);
                // After what they refer to.
                saved += append is null ? 0 : await append(stop);
                await (also?.Invoke(stop) ?? Task.CompletedTask);
                await (own?.CommitAsync(stop) ?? Task.CompletedTask);
                return saved;
            }
        }
        finally
        {
            ChangeTracker.AutoDetectChangesEnabled = detects;
        }
    }

    /// <summary>Lets go of new rows that come in great numbers, to write them in the provider's quickest way.</summary>
    /// <returns>What writes them and answers how many; null where saving is quick enough by itself.</returns>
    protected virtual Func<CancellationToken, Task<int>>? PrepareAppend() => null;

    private void Stamp(EntityEntry entry)
    {
        if (entry is { State: EntityState.Modified, Entity: IVersioned versioned })
        {
            entry.Property(nameof(IVersioned.Version)).CurrentValue = versioned.Version + 1;
        }

        // A load brings its own times.
        if (entry.Entity is Incident incident && (entry.State == EntityState.Modified || (entry.State == EntityState.Added && incident.ChangedAt == default)))
        {
            entry.Property(nameof(Incident.ChangedAt)).CurrentValue = time.GetUtcNow();
        }
        else if (entry is { State: EntityState.Added, Entity: OutboxRow { CreatedAt: var at } } && at == default)
        {
            entry.Property(nameof(OutboxRow.CreatedAt)).CurrentValue = time.GetUtcNow();
        }
    }

    /// <summary>True when the fault means that someone else changed the same thing at once, so that the handler may run again.</summary>
    public abstract bool IsContention(DbUpdateException fault);

    /// <summary>Takes up to <paramref name="most"/> inbox rows that are due, oldest first; no other process takes the same rows while a transaction is open.</summary>
    public abstract Task<List<InboxRow>> ClaimInboxAsync(DateTimeOffset now, int most, CancellationToken stop);

    /// <summary>Takes the earliest alarm that is due; no other process takes the same one while a transaction is open.</summary>
    public abstract Task<Alarm?> ClaimAlarmAsync(DateTimeOffset now, CancellationToken stop);

    /// <summary>Begins a transaction that holds claimed rows against other processes; null where only one process can be at work.</summary>
    public abstract Task<IDbContextTransaction?> BeginClaimAsync(CancellationToken stop);

    /// <summary>Takes the lead in work that one process does for all, until disposed; null while another process has it.</summary>
    public abstract Task<IAsyncDisposable?> TryLeadAsync(string work, CancellationToken stop);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<RichText>().HaveConversion<Conventions.RichTextConverter, Conventions.RichTextComparer>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        BotModel.Build(modelBuilder);
        foreach (var part in parts)
        {
            part.Build(modelBuilder);
        }

        Conventions.Apply(modelBuilder);
    }
}

/// <summary>An aggregate whose version guards it against two people changing it at once.</summary>
public interface IVersioned
{
    int Version { get; set; }
}

/// <summary>A row that comes in great numbers, and that nothing else in the same save refers to.</summary>
public interface IAppended;

/// <summary>Tables that an adapter adds to the model.</summary>
public interface IModelPart
{
    void Build(ModelBuilder model);
}

/// <summary>The last incident number given out in a workspace and year.</summary>
public sealed class IncidentCounter : IVersioned
{
    public required string Workspace { get; init; }

    public int Year { get; init; }

    public int Last { get; set; }

    public int Version { get; set; }
}

/// <summary>A secret, sealed.</summary>
public sealed class StoredSecret
{
    public required string Name { get; init; }

    /// <summary>The value under <see cref="ISeal"/>.</summary>
    public required string Sealed { get; set; }
}

/// <summary>A key of the key ring, encrypted, for processes that share a database.</summary>
public sealed class StoredKey
{
    public required string Name { get; init; }

    public required string Xml { get; init; }
}

/// <summary>Seals secrets so that a copy of the database alone does not give them away.</summary>
public interface ISeal
{
    string Seal(string secret);

    /// <exception cref="System.Security.Cryptography.CryptographicException">The key that sealed it is not in the key ring.</exception>
    string Unseal(string sealedSecret);
}
