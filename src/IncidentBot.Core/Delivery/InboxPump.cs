using System.Data.Common;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Answers;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Core.Delivery;

/// <summary>Takes stored observations and commits what they mean together with their done-marks: effectively once.</summary>
public sealed partial class InboxPump(
    IServiceScopeFactory scopes, Router router, Signals signals, Meters meters, TimeProvider time, ILogger<InboxPump> log) : ILoop
{
    private const int MostInOnePass = 256;
    private const int Tries = 8;
    private const int MostAsked = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public string Name => "inbox";

    public int FullPass => MostInOnePass;

    /// <summary>Also when something was stored and nothing else has changed yet.</summary>
    public Task Wake(Signals signals) => Task.WhenAny(signals.Next, signals.NextStored);

    /// <summary>Handles what is due.</summary>
    /// <returns>How many rows were handled; 0 when nothing is due.</returns>
    public async Task<int> RunOnceAsync(CancellationToken stop)
    {
        try
        {
            return await PassAsync(MostInOnePass, stop);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            Log.PassFailed(log, fault.GetType().Name);
        }

        // Something in the pass does not go through: one by one, so that the rest is not held up.
        return await PassAsync(1, stop);
    }

    public async Task<TimeSpan?> UntilNextAsync(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        var next = await db.Inbox.Where(r => r.State == RowState.Pending && r.NotBefore != null).MinAsync(r => r.NotBefore, stop);
        return next - time.GetUtcNow();
    }

    private async Task<int> PassAsync(int most, CancellationToken stop)
    {
        for (var asked = 0; asked < MostAsked; asked++)
        {
            var (done, wants) = await PassAsync(most, mayAsk: true, stop);
            if (wants is null)
            {
                return done;
            }

            // Asked while nothing is claimed; what the platform does not tell in time is done without.
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(Patience);
            try
            {
                await wants(patience.Token);
            }
            catch (Exception fault) when (!stop.IsCancellationRequested)
            {
                Log.NotAsked(log, fault.GetType().Name);
                break;
            }
        }

        return (await PassAsync(most, mayAsk: false, stop)).Done;
    }

    private async Task<(int Done, Func<CancellationToken, Task>? Wants)> PassAsync(int most, bool mayAsk, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var db = services.GetRequiredService<BotDb>();
        await using var transaction = await db.BeginClaimAsync(stop);
        var rows = await db.ClaimInboxAsync(time.GetUtcNow(), most, stop);
        if (rows.Count == 0)
        {
            return (0, null);
        }

        var onlyWords = false;
        using var span = Tracing.Source.StartActivity("inbox pass");
        span?.SetTag("incidentbot.rows", rows.Count);
        try
        {
            var platforms = services.GetServices<IInbound>().ToDictionary(p => p.Platform);
            var read = rows.Select(row => (Row: row, Event: platforms.GetValueOrDefault(row.Platform)?.Translate(row))).ToList();
            foreach (var platform in read.Where(r => r.Event is not null).GroupBy(r => r.Row.Platform))
            {
                if (mayAsk && await platforms[platform.Key].WantsAsync(db, [.. platform.Select(r => r.Event!)], stop) is { } wants)
                {
                    return (0, wants);
                }

                await platforms[platform.Key].AbsorbAsync(db, [.. platform.Select(r => r.Event!)], stop);
            }

            // Plain messages go through as one set; what is about a message comes after it.
            var messages = read.Select(r => r.Event).OfType<MessagePosted>().ToList();
            foreach (var group in messages.GroupBy(m => m.Place.Platform))
            {
                await services.GetRequiredService<CaptureMessages>().HandleAsync([.. group], stop);
                await services.GetRequiredService<TakeReplies>().HandleAsync([.. group], stop);
            }

            var entries = db.ChangeTracker.Entries<TimelineEntry>().Any() || db.ChangeTracker.Entries<OutboxRow>().Any();
            await db.SaveDoneAsync([.. read.Where(r => r.Event is null or (MessagePosted and not Mentioned)).Select(r => r.Row.Id)], stop);
            foreach (var (row, e) in read.Where(r => r.Event is Mentioned or (not null and not MessagePosted)))
            {
                if (e is Mentioned mentioned)
                {
                    await services.GetRequiredService<AnswerMention>().HandleAsync(mentioned, services, stop);
                }
                else
                {
                    await router.HandleAsync(services, db, e!, stop);
                }

                await db.SaveDoneAsync([row.Id], stop);
            }

            await (transaction?.CommitAsync(stop) ?? Task.CompletedTask);
            // Plain messages give the other loops nothing to do, unless one of them has put a file or a pin in.
            onlyWords = read.TrueForAll(r => r.Event is null or MessagePosted { Shared: not { Count: > 0 } } and not Mentioned) && !entries;
            var now = time.GetUtcNow();
            foreach (var row in rows)
            {
                meters.Handled(row.Platform, now - row.ReceivedAt);
            }
        }
        catch (Exception fault) when (most == 1 && fault is not OperationCanceledException)
        {
            await (transaction?.RollbackAsync(stop) ?? Task.CompletedTask);
            await PutOffAsync(rows[0].Id, fault, stop);
        }

        if (onlyWords)
        {
            signals.Captured();
        }
        else
        {
            signals.Changed();
        }

        return (rows.Count, null);
    }

    private async Task PutOffAsync(long id, Exception fault, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        var row = await db.Inbox.FirstAsync(r => r.Id == id, stop);
        var reference = Router.Reference();
        // A database that is away says nothing against the row; one that refuses what the row would write does.
        var refused = fault is DbUpdateException update && (db.IsContention(update) || fault.GetBaseException() is DbException { SqlState: ['2', '2' or '3', ..] });
        if (fault is NotYet notYet)
        {
            row.NotBefore = notYet.Until;
            await db.SaveChangesAsync(stop);
            return;
        }

        row.Attempts += refused || !StoreUnavailable.IsCause(fault) ? 1 : 0;
        row.Fault = $"{fault.GetType().Name}, reference {reference}";
        row.State = row.Attempts >= Tries ? RowState.Dead : RowState.Pending;
        row.NotBefore = time.GetUtcNow() + Backoff.After(Math.Max(1, row.Attempts));
        await db.SaveChangesAsync(stop);
        meters.Failed("in", row.State == RowState.Dead);
        Log.RowFailed(log, fault, id, row.Attempts, row.State, reference);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A platform could not be asked ({Fault}); its deliveries are handled without")]
        public static partial void NotAsked(ILogger log, string fault);

        [LoggerMessage(Level = LogLevel.Warning, Message = "An inbox pass failed ({Fault}); its rows are tried one by one")]
        public static partial void PassFailed(ILogger log, string fault);

        [LoggerMessage(Level = LogLevel.Error, Message = "Inbox row {Id} failed (attempt {Attempt}, now {State}), reference {Reference}")]
        public static partial void RowFailed(ILogger log, Exception fault, long id, int attempt, RowState state, string reference);
    }
}
