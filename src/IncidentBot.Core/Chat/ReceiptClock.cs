namespace IncidentBot.Core.Chat;

/// <summary>Gives each message and gesture a later time than the one before, to the microsecond, so that what happens in a room keeps its order.</summary>
public sealed class ReceiptClock(TimeProvider time, PlayClocks plays)
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

    /// <summary>When something said in a room happens: at its receipt, or in the file's time where an incident is played.</summary>
    public long Happens(long? incidentId, DateTimeOffset received) => (plays.Of(incidentId)?.Stamp() ?? received).UtcTicks;
}
