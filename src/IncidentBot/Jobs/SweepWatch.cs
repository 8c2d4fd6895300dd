using IncidentBot.Core.ActionItems.Chasing;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Jobs;

/// <summary>Notices when a sweep has not run for twice its period, and tells the administrators, once a day: what does not run cannot say so itself.</summary>
public sealed class SweepWatch(IServiceScopeFactory scopes, Settings settings, TimeProvider time) : ILoop
{
    private static readonly TimeSpan Often = TimeSpan.FromMinutes(1);

    private readonly DateTimeOffset _since = time.GetUtcNow();

    private DateTimeOffset _next = time.GetUtcNow();

    public string Name => "watch";

    /// <summary>Every sweep with its period.</summary>
    public static IEnumerable<(string Name, TimeSpan Every)> All(Settings settings) => [(Sweeps.Retention, Sweeps.RetentionEvery), (FollowUpJob.Name, settings.SweepEvery)];

    /// <summary>The sweeps that are late, each with when it went well last; null: never.</summary>
    /// <param name="since">Since when this process could have run them.</param>
    public static async Task<IReadOnlyList<(string Name, DateTimeOffset? Last)>> LateAsync(BotDb db, Settings settings, DateTimeOffset now, DateTimeOffset since, CancellationToken stop)
    {
        var runs = await db.JobRuns.AsNoTracking().ToDictionaryAsync(r => r.Name, stop);
        return [.. All(settings).Select(s => (s.Name, s.Every, Run: runs.GetValueOrDefault(s.Name)))
            .Select(s => (s.Name, s.Every, Last: s.Run?.LastGoodAt))
            .Where(s => now - (s.Last > since ? s.Last.Value : since) > 2 * s.Every).Select(s => (s.Name, s.Last))];
    }

    public async Task<int> RunOnceAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (now < _next)
        {
            return 0;
        }

        _next = now + Often;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        var told = 0;
        foreach (var (name, last) in await LateAsync(db, settings, now, _since, stop))
        {
            told += await TellAsync(db, name, last, now, stop);
        }

        return told;
    }

    public Task<TimeSpan?> UntilNextAsync(CancellationToken stop) => Task.FromResult<TimeSpan?>(_next - time.GetUtcNow());

    private async Task<int> TellAsync(BotDb db, string name, DateTimeOffset? last, DateTimeOffset now, CancellationToken stop)
    {
        var admins = settings.Installation.Administrators;
        var (kind, period, told) = ($"late:{name}", $"{now:yyyy-MM-dd}", 0);
        foreach (var group in (await db.People.AsNoTracking().Where(p => admins.Contains(p.UserId) && !p.IsGone).ToListAsync(stop)).GroupBy(p => (p.Platform, p.Workspace)))
        {
            if (await db.Overviews.AnyAsync(o => o.Platform == group.Key.Platform && o.Workspace == group.Key.Workspace && o.Kind == kind && o.Period == period, stop))
            {
                continue;
            }

            db.Overviews.Add(new Overview { Platform = group.Key.Platform, Workspace = group.Key.Workspace, Kind = kind, Period = period, At = now });
            db.Outbox.AddRange(group.Select(p => OutboxRow.ToPerson(p.Ref, JobWording.Late(name, last), null)));
            told++;
        }

        try
        {
            await db.SaveChangesAsync(stop);
            return told;
        }
        catch (DbUpdateException fault) when (db.IsContention(fault))
        {
            // Another process has told them.
            return 0;
        }
    }
}

/// <summary>Words about scheduled jobs.</summary>
internal static class JobWording
{
    public static Card Late(string name, DateTimeOffset? last) => Card.Words(
        $"The job “{name}” does not run",
        last is { } at ? $"It last went well on {at:yyyy-MM-dd HH:mm} UTC, and should have run twice since. {Meanwhile(name)}" : $"It has not gone well once since the bot started. {Meanwhile(name)}",
        "The command incidentbot jobs and the page /jobs show its faults; the log has them in full.");

    private static string Meanwhile(string name) => name == FollowUpJob.Name ? "Until it does, nobody is reminded of an action." : "Until it does, what is old stays in the database.";
}
