namespace IncidentBot.Core.Delivery;

/// <summary>Wakes the loops when there may be something to do, and tells live pages that something has changed.</summary>
public sealed class Signals
{
    private volatile TaskCompletionSource _changed = New();
    private volatile TaskCompletionSource _stored = New();
    private volatile TaskCompletionSource _captured = New();

    /// <summary>A delivery was stored, and waits to be handled; that wakes those who handle it and nobody else.</summary>
    public void Stored() => Interlocked.Exchange(ref _stored, New()).TrySetResult();

    /// <summary>Messages were captured and nothing else has changed; that concerns those who watch, and no loop.</summary>
    public void Captured() => Interlocked.Exchange(ref _captured, New()).TrySetResult();

    /// <summary>Completes when there is anything new to see.</summary>
    public Task NextToSee => Task.WhenAny(_changed.Task, _captured.Task);

    /// <summary>Completes when the next delivery is stored.</summary>
    public Task NextStored => _stored.Task;

    /// <summary>Something was committed.</summary>
    public void Changed() => Interlocked.Exchange(ref _changed, New()).TrySetResult();

    /// <summary>Completes at the next change; take it before looking, wait on it after.</summary>
    public Task Next => _changed.Task;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
