using System.Collections.Concurrent;

namespace IncidentBot.Slack.Outbound;

/// <summary>Keeps calls within Slack's limits: it never waits, it says how long to wait, so that nobody else is held up.</summary>
public sealed class Pacer(SlackPace pace, TimeProvider time)
{
    private const double ChannelBurst = 4;
    private const double ChannelAMinute = 60;

    private readonly ConcurrentDictionary<(string Workspace, string Method, string Channel), Bucket> _buckets = new();

    /// <summary>Takes a call from what is allowed now.</summary>
    /// <exception cref="SlackFault">Too many; nothing was sent.</exception>
    public void Take(string workspace, SlackMethod method, string? channel)
    {
        var whole = _buckets.GetOrAdd((workspace, method.Name, ""), _ => new Bucket(method.AMinute * pace.Scale, method.AMinute * pace.Scale));
        var one = method.Name == "chat.postMessage" && channel is not null
            ? _buckets.GetOrAdd((workspace, method.Name, channel), _ => new Bucket(ChannelBurst * pace.Scale, ChannelAMinute * pace.Scale)) : null;
        var now = time.GetUtcNow();
        var wait = whole.Wait(now);
        wait = one?.Wait(now) is { } more && more > wait ? more : wait;
        if (wait > TimeSpan.Zero)
        {
            throw new SlackFault(SlackTrouble.RateLimited, "ratelimited", "kept within Slack's limits", wait);
        }

        whole.Take();
        one?.Take();
    }

    /// <summary>Slack asks to wait: this method rests in this workspace, and nothing else does.</summary>
    public void Rest(string workspace, SlackMethod method, TimeSpan wait) =>
        _buckets.GetOrAdd((workspace, method.Name, ""), _ => new Bucket(method.AMinute * pace.Scale, method.AMinute * pace.Scale)).Rest(time.GetUtcNow() + wait);

    /// <summary>Calls that may be made at once, and how fast more become allowed.</summary>
    private sealed class Bucket(double most, double aMinute)
    {
        private readonly Lock _lock = new();
        private double _left = double.MaxValue;
        private DateTimeOffset _at = DateTimeOffset.MinValue;
        private DateTimeOffset _restsUntil = DateTimeOffset.MinValue;

        public TimeSpan Wait(DateTimeOffset now)
        {
            lock (_lock)
            {
                if (_restsUntil > now)
                {
                    return _restsUntil - now;
                }

                if (_at == DateTimeOffset.MinValue || now < _at)
                {
                    _at = now;
                }

                _left = Math.Min(most, _left + ((now - _at).TotalMinutes * aMinute));
                _at = now;
                return _left >= 1 ? TimeSpan.Zero : TimeSpan.FromMinutes((1 - _left) / aMinute) + TimeSpan.FromMilliseconds(1);
            }
        }

        public void Take()
        {
            lock (_lock)
            {
                _left--;
            }
        }

        public void Rest(DateTimeOffset until)
        {
            lock (_lock)
            {
                _restsUntil = until > _restsUntil ? until : _restsUntil;
            }
        }
    }
}
