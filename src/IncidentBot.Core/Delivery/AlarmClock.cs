using IncidentBot.Core.Chat;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Core.Delivery;

/// <summary>Rings alarms when they are due; the handler's changes and the end of the alarm are one commit.</summary>
public sealed partial class AlarmClock(IServiceScopeFactory scopes, Router router, Signals signals, Meters meters, TimeProvider time, ILogger<AlarmClock> log) : ILoop
{
    public string Name => "alarms";

    public async Task<int> RunOnceAsync(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var db = services.GetRequiredService<BotDb>();
        await using var transaction = await db.BeginClaimAsync(stop);
        var now = time.GetUtcNow();
        if (await db.ClaimAlarmAsync(now, stop) is not { } alarm)
        {
            return 0;
        }

        var (id, due, key) = (alarm.Id, alarm.DueAt, alarm.Key);
        using var span = Tracing.Source.StartActivity($"alarm {key}");
        try
        {
            var incident = await db.Incidents.FirstAsync(i => i.Id == alarm.IncidentId, stop);
            var place = new Place(incident.Platform, incident.Workspace, incident.DeclaredIn);
            await router.HandleAsync(services, db, new AlarmRang(new PersonRef(incident.Platform, incident.Workspace, ""), place, now, alarm.Key, incident.Id), stop);
            if (db.Entry(alarm).State != EntityState.Deleted && alarm.DueAt == due)
            {
                db.Alarms.Remove(alarm);
            }

            await db.SaveChangesAsync(stop);
            await (transaction?.CommitAsync(stop) ?? Task.CompletedTask);
            meters.Rang(key);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            await (transaction?.RollbackAsync(stop) ?? Task.CompletedTask);
            await PutOffAsync(id, fault, stop);
        }

        signals.Changed();
        return 1;
    }

    public async Task<TimeSpan?> UntilNextAsync(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        var next = await db.Alarms.MinAsync(a => (DateTimeOffset?)a.DueAt, stop);
        return next - time.GetUtcNow();
    }

    private async Task PutOffAsync(long id, Exception fault, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        if (await db.Alarms.FirstOrDefaultAsync(a => a.Id == id, stop) is { } alarm)
        {
            alarm.Attempts++;
            alarm.DueAt = time.GetUtcNow() + Backoff.After(alarm.Attempts);
            await db.SaveChangesAsync(stop);
        }

        Log.Failed(log, fault, id);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Alarm {Id} failed and will ring again")]
        public static partial void Failed(ILogger log, Exception fault, long id);
    }
}
