namespace IncidentBot.Fakes;

/// <summary>A clock that moves only when a test moves it.</summary>
public sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private long _now = start.UtcTicks;

    public DateTimeOffset Now => new(Interlocked.Read(ref _now), TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _now, by.Ticks);

    public void Set(DateTimeOffset to) => Interlocked.Exchange(ref _now, to.UtcTicks);
}
