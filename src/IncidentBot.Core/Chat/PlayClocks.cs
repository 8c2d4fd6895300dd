using System.Collections.Concurrent;

namespace IncidentBot.Core.Chat;

/// <summary>The clocks of incidents that are being played live from a file: in their rooms it is the file's time.</summary>
public sealed class PlayClocks
{
    private readonly ConcurrentDictionary<long, PlayClock> _clocks = new();

    public void Start(long incidentId, PlayClock clock) => _clocks[incidentId] = clock;

    public void Stop(long incidentId) => _clocks.TryRemove(incidentId, out _);

    public PlayClock? Of(long? incidentId) => incidentId is { } id ? _clocks.GetValueOrDefault(id) : null;

    /// <summary>True while anything is played at all.</summary>
    public bool Any => !_clocks.IsEmpty;

    /// <summary>The incidents that are being played.</summary>
    public IReadOnlyCollection<long> Playing => [.. _clocks.Keys];
}

/// <summary>A clock that runs faster than real time and can be stopped.</summary>
/// <param name="start">The file's time at the beginning.</param>
/// <param name="speed">How many times real time.</param>
/// <param name="longestWait">A stretch in which nothing happens is played no longer than this; null: as long as it takes.</param>
public sealed class PlayClock(DateTimeOffset start, double speed, TimeSpan? longestWait, TimeProvider time)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _turned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _begun = time.GetTimestamp();
    private DateTimeOffset _base = start;
    private DateTimeOffset _ceiling = start;
    private long _since;
    private double _rate = 1;
    private bool _skipping;

    /// <summary>True while it stands still.</summary>
    public bool Paused { get; private set; }

    /// <summary>How much of the file has been played, from 0 to 1.</summary>
    public double Progress { get; set; }

    /// <summary>The file's time at this moment.</summary>
    public DateTimeOffset Now
    {
        get
        {
            lock (_lock)
            {
                var now = Paused ? _base : _base + (time.GetElapsedTime(_since) * _rate);
                return now < _ceiling ? now : _ceiling;
            }
        }
    }

    /// <summary>The file's time for something that happens now, a trace later each time even while the clock stands, so that the order is kept.</summary>
    public DateTimeOffset Stamp() => Now + (time.GetElapsedTime(_begun) / 10000);

    public void Pause() => Turn(() => Paused = true);

    public void Resume() => Turn(() => Paused = false);

    /// <summary>Plays the rest at once.</summary>
    public void Skip() => Turn(() => (_skipping, Paused) = (true, false));

    /// <summary>Waits until it is <paramref name="next"/> by this clock, counted from <paramref name="from"/>.</summary>
    public async Task WaitAsync(DateTimeOffset from, DateTimeOffset next, CancellationToken stop)
    {
        Turn(() => (_base, _ceiling, _rate) = (from, next, longestWait is { } most ? Math.Max(speed, (next - from) / most) : speed));
        while (true)
        {
            Task turned;
            TimeSpan left;
            lock (_lock)
            {
                if (_skipping || Now >= next)
                {
                    return;
                }

                turned = _turned.Task;
                left = Paused ? Timeout.InfiniteTimeSpan : (next - Now) / _rate;
            }

            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Task.WhenAny(turned, Task.Delay(left < TimeSpan.Zero ? left : left + TimeSpan.FromMilliseconds(1), time, waiting.Token));
            await waiting.CancelAsync();
            stop.ThrowIfCancellationRequested();
        }
    }

    private void Turn(Action change)
    {
        TaskCompletionSource turned;
        lock (_lock)
        {
            _base = Now;
            _since = time.GetTimestamp();
            change();
            turned = _turned;
            _turned = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        turned.TrySetResult();
    }
}
