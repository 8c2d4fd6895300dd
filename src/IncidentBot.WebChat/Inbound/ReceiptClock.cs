using System.Collections.Concurrent;
using IncidentBot.Core.Chat;

namespace IncidentBot.WebChat.Inbound;

/// <summary>Gives each message a later time than the one before, to the microsecond, so that messages of a room keep their order.</summary>
public sealed class ReceiptClock(TimeProvider time, PlayClocks plays)
{
    private const long RealTime = 0;

    private readonly ConcurrentDictionary<long, long> _last = new();

    /// <summary>The next moment in a room: real time, or the file's time where an incident is being played.</summary>
    public DateTimeOffset Next(long? incidentId)
    {
        var play = plays.Of(incidentId);
        var now = (play?.Now ?? time.GetUtcNow()).UtcTicks;
        now -= now % TimeSpan.TicksPerMicrosecond;
        var next = _last.AddOrUpdate(play is null ? RealTime : incidentId!.Value, now, (_, last) => Math.Max(now, last + TimeSpan.TicksPerMicrosecond));
        return new(next, TimeSpan.Zero);
    }
}
