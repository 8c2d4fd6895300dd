namespace IncidentBot.Core.Delivery;

/// <summary>A loop that delivers what was committed, and goes on where it was after a restart.</summary>
public interface ILoop
{
    string Name { get; }

    /// <summary>Completes when there may be something to do; taken before looking.</summary>
    Task Wake(Signals signals) => signals.Next;

    /// <summary>How many things make the next pass worth beginning at once; after fewer, more are let gather for a breath.</summary>
    int FullPass => 1;

    /// <summary>Does what is due and returns how much it was; 0 when nothing is due.</summary>
    Task<int> RunOnceAsync(CancellationToken stop);

    /// <summary>How long until something will be due by itself; null when nothing will.</summary>
    Task<TimeSpan?> UntilNextAsync(CancellationToken stop);
}

/// <summary>How long to wait before another try.</summary>
public static class Backoff
{
    /// <summary>How often the outside is tried: for about six hours, since platforms have long outages.</summary>
    public const int Tries = 80;

    /// <summary>1, 2, 4, 8 … seconds, five minutes at most.</summary>
    public static TimeSpan After(int attempts) => TimeSpan.FromSeconds(Math.Min(300, Math.Pow(2, Math.Max(0, attempts - 1))));
}
