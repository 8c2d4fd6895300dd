using System.Collections.Concurrent;

namespace IncidentBot.Slack.Listening;

/// <summary>What may have been missed.</summary>
/// <param name="Workspace">Null: in every workspace.</param>
/// <param name="Guessed">True when late deliveries suggest it.</param>
public sealed record Missed(string? Workspace, DateTimeOffset Since, bool Guessed);

/// <summary>Remembers when deliveries came in time, and tells from late ones that others may never have come.</summary>
public sealed class Heard(TimeProvider time)
{
    private const int MostKept = 2000;

    /// <summary>A delivery that is older was tried in vain before.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(2);

    // Slack that is slow for a while is not asked after every late delivery.
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    private readonly DateTimeOffset _began = time.GetUtcNow();
    private readonly ConcurrentQueue<Missed> _missed = new();
    private readonly Dictionary<string, DateTimeOffset> _read = [];
    private readonly List<DateTimeOffset> _inTime = [];
    private readonly Lock _lock = new();

    public bool HasMissed => !_missed.IsEmpty;

    /// <summary>Something that Slack sent since then may have been missed.</summary>
    /// <param name="workspace">Null: in every workspace.</param>
    public void Missed(string? workspace, DateTimeOffset since, bool guessed = false) => _missed.Enqueue(new(workspace, since, guessed));

    /// <summary>A delivery has come that Slack sent first at that moment.</summary>
    public void Delivered(string workspace, DateTimeOffset sentAt)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (now - sentAt <= Late)
            {
                if (_inTime.Count == 0 || now - _inTime[^1] >= Apart)
                {
                    _inTime.Add(now);
                    _inTime.RemoveRange(0, Math.Max(0, _inTime.Count - MostKept));
                }

                return;
            }

            // What was sent before the last reading has been read.
            if (sentAt < _began || (_read.TryGetValue(workspace, out var read) && (sentAt < read || now - read < Rest)))
            {
                return;
            }

            var last = _inTime.FindLastIndex(t => t < sentAt);
            var since = last < 0 ? _began : _inTime[last];
            _read[workspace] = now;
            Missed(workspace, since < now - Farthest ? now - Farthest : since, guessed: true);
        }
    }

    /// <summary>Everything that was sent until then has been read.</summary>
    public void Read(string workspace, DateTimeOffset until)
    {
        lock (_lock)
        {
            _read[workspace] = _read.TryGetValue(workspace, out var read) && read > until ? read : until;
        }
    }

    public List<Missed> TakeMissed()
    {
        var all = new List<Missed>();
        while (_missed.TryDequeue(out var one))
        {
            all.Add(one);
        }

        return all;
    }
}
