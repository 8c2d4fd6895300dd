namespace IncidentBot.Core.Delivery;

/// <summary>Wakes the loops when there may be something to do, and tells live pages that something has changed.</summary>
public sealed class Signals
{
    private volatile TaskCompletionSource _changed = New();

    /// <summary>Something was committed.</summary>
    public void Changed() => Interlocked.Exchange(ref _changed, New()).TrySetResult();

    /// <summary>Completes at the next change; take it before looking, wait on it after.</summary>
    public Task Next => _changed.Task;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
