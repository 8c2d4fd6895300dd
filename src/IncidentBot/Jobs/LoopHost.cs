using IncidentBot.Core.Delivery;

namespace IncidentBot.Jobs;

/// <summary>Runs the delivery loops: each wakes on a signal, sleeps until something is due, and survives faults of the database.</summary>
public sealed partial class LoopHost(IEnumerable<ILoop> loops, Signals signals, LoopHealth health, TimeProvider time, ILogger<LoopHost> log) : BackgroundService
{
    // Another process may have committed work without a signal here.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    // Signals that come close together are one; nobody notices so short a wait, and the database is asked far less often.
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(25);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(loops.Select(loop => Task.Run(() => RunAsync(loop, stoppingToken), stoppingToken)));

    private async Task RunAsync(ILoop loop, CancellationToken stoppingToken)
    {
        health.Good(loop.Name, time.GetUtcNow());
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = loop.Wake(signals);
            try
            {
                while (await loop.RunOnceAsync(stoppingToken) is > 0 and var done)
                {
                    health.Good(loop.Name, time.GetUtcNow());
                    if (done < loop.FullPass)
                    {
                        await Task.Delay(Breath, time, stoppingToken);
                    }

                    next = loop.Wake(signals);
                }

                health.Good(loop.Name, time.GetUtcNow());
                var until = await loop.UntilNextAsync(stoppingToken);
                await WaitAsync(next, until is { } due && due < Longest ? (due > TimeSpan.Zero ? due : TimeSpan.Zero) : Longest, stoppingToken);
                await Task.Delay(Breath, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                health.Bad(loop.Name, fault.GetType().Name);
                Log.Failed(log, fault, loop.Name);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WaitAsync(Task signal, TimeSpan most, CancellationToken stop)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(signal, Task.Delay(most + TimeSpan.FromMilliseconds(1), time, waiting.Token));
        await waiting.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The {Loop} loop failed and goes on in a second")]
        public static partial void Failed(ILogger log, Exception fault, string loop);
    }
}

/// <summary>How each loop fares, for those who ask whether the bot is ready.</summary>
public sealed class LoopHealth(TimeProvider time)
{
    /// <summary>When the process began to work.</summary>
    public DateTimeOffset Since { get; } = time.GetUtcNow();

    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, (DateTimeOffset? LastGood, string? Fault)> _loops = new();

    public void Good(string loop, DateTimeOffset at) => _loops[loop] = (at, null);

    public void Bad(string loop, string fault) => _loops.AddOrUpdate(loop, (null, fault), (_, old) => (old.LastGood, fault));

    public IReadOnlyDictionary<string, (DateTimeOffset? LastGood, string? Fault)> All => _loops;
}
