using IncidentBot.Core.Chat;

namespace IncidentBot.WebChat.Inbound;

/// <summary>Gives each message a later time than the one before, to the microsecond, so that messages of a room keep their order.</summary>
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
