namespace IncidentBot.WebChat.Inbound;

/// <summary>Gives each message a later time than the one before, to the microsecond, so that messages of a room keep their order.</summary>
public sealed class ReceiptClock(TimeProvider time)
{
    private long _last;

    public DateTimeOffset Next()
    {
        while (true)
        {
            var last = Interlocked.Read(ref _last);
            var now = time.GetUtcNow().UtcTicks;
            now -= now % TimeSpan.TicksPerMicrosecond;
            var next = Math.Max(now, last + TimeSpan.TicksPerMicrosecond);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return new(next, TimeSpan.Zero);
            }
        }
    }
}
