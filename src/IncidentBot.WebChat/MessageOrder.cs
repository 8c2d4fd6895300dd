namespace IncidentBot.WebChat;

/// <summary>Gives messages their order; given out here rather than by the database, so that many are inserted without asking back for each.</summary>
public sealed class MessageOrder(TimeProvider time)
{
    // Microseconds since then fit into the numbers that a browser counts exactly.
    private static readonly DateTimeOffset Beginning = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private long _last;

    public long Next()
    {
        var now = (time.GetUtcNow() - Beginning).Ticks / TimeSpan.TicksPerMicrosecond;
        while (true)
        {
            var last = Interlocked.Read(ref _last);
            var next = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return next;
            }
        }
    }
}
