using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Storage;
using IncidentBot.Jobs;
using IncidentBot.Slack.Sockets;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot;

/// <summary>Says whether the process lives, and whether it can do its work.</summary>
public static class Health
{
    /// <summary>A row of the inbox or outbox that waits longer than this is a lag worth saying.</summary>
    private static readonly TimeSpan Lag = TimeSpan.FromMinutes(2);

    /// <summary>Every loop looks around every few seconds; one that has not for this long hangs.</summary>
    private static readonly TimeSpan Stuck = TimeSpan.FromMinutes(5);

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => Results.Text("alive\n")).ExcludeFromDescription();
        app.MapGet("/readyz", ReadyAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> ReadyAsync(BotDb db, LoopHealth loops, TimeProvider time, IServiceProvider services, CancellationToken stop)
    {
        var checks = new SortedDictionary<string, string>();
        var ready = true;
        try
        {
            // Only a real write shows whether the database takes one: a full disk still answers reads.
            var probe = db.HeldCommands.Add(new HeldCommand { Verb = "", Text = RichText.Empty, At = time.GetUtcNow() });
            await db.SaveChangesAsync(stop);
            probe.State = EntityState.Deleted;
            await db.SaveChangesAsync(stop);

            var now = time.GetUtcNow();
            checks["database"] = "ok";
            checks["inbox"] = Waiting(now, await db.Inbox.Where(r => r.State == RowState.Pending).MinAsync(r => (DateTimeOffset?)r.ReceivedAt, stop));
            checks["outbox"] = Waiting(now, await db.Outbox.Where(r => r.State == RowState.Pending).MinAsync(r => (DateTimeOffset?)r.CreatedAt, stop));
            checks["alarms"] = Waiting(now, await db.Alarms.MinAsync(a => (DateTimeOffset?)a.DueAt, stop));
            checks["dead"] = (await db.Inbox.CountAsync(r => r.State == RowState.Dead, stop) + await db.Outbox.CountAsync(r => r.State == RowState.Dead, stop)).ToString();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            ready = false;
            checks["database"] = $"does not take writes ({fault.GetType().Name})";
        }

        if (checks["database"] == "ok" && services.GetService<Settings>() is { } settings)
        {
            foreach (var (name, last) in await SweepWatch.LateAsync(db, settings, time.GetUtcNow(), loops.Since, stop))
            {
                checks[$"job {name}"] = last is { } at ? $"last went well at {at:yyyy-MM-dd HH:mm} UTC" : "has not gone well since the start";
                ready = false;
            }
        }

        foreach (var (name, state) in loops.All)
        {
            var stuck = state.LastGood is { } good && time.GetUtcNow() - good > Stuck;
            checks[$"loop {name}"] = state.Fault is not null ? $"failing ({state.Fault})" : stuck ? $"stuck since {state.LastGood:HH:mm:ss} UTC" : "ok";
            ready &= state.Fault is null && !stuck;
        }

        if (services.GetService<Settings>()?.Slack.AppToken is not null && services.GetService<SocketHealth>()?.State is { } sockets)
        {
            checks["slack sockets"] = $"{sockets.Up} of {sockets.All} up{(sockets.Fault is null ? "" : $" ({sockets.Fault})")}";
            ready &= sockets.Up > 0;
        }

        return Results.Json(new { ready, checks }, statusCode: ready ? 200 : 503);
    }

    private static string Waiting(DateTimeOffset now, DateTimeOffset? oldest) =>
        oldest is { } since && now - since > Lag ? $"lags, oldest {(int)(now - since).TotalSeconds} s" : "ok";
}
