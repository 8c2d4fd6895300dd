namespace IncidentBot.Core.Storage;

/// <summary>One writer at a time where the database allows no more, the inbox before all others; held only around saving.</summary>
public sealed class WriteGate(bool oneWriter)
{
    private static readonly Pass Free = new(null);

    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _inbox = new();
    private readonly Queue<TaskCompletionSource> _others = new();
    private bool _taken;

    /// <summary>Whose turn it is.</summary>
    public enum Turn
    {
        Inbox,
        Ordinary,
    }

    /// <summary>Waits for the gate; disposing what it returns opens it again.</summary>
    public async ValueTask<Pass> EnterAsync(Turn turn, CancellationToken stop)
    {
        if (!oneWriter)
        {
            return Free;
        }

        TaskCompletionSource mine;
        lock (_lock)
        {
            if (!_taken)
            {
                _taken = true;
                return new Pass(this);
            }

            mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
            (turn == Turn.Inbox ? _inbox : _others).Enqueue(mine);
        }

        await using (stop.Register(() => mine.TrySetCanceled(stop)))
        {
            await mine.Task;
        }

        return new Pass(this);
    }

    private void Leave()
    {
        lock (_lock)
        {
            while (_inbox.TryDequeue(out var next) || _others.TryDequeue(out next))
            {
                if (next.TrySetResult())
                {
                    return;
                }
            }

            _taken = false;
        }
    }

    /// <summary>The right to write, until disposed.</summary>
    public sealed class Pass(WriteGate? gate) : IDisposable
    {
        private WriteGate? _gate = gate;

        public void Dispose() => Interlocked.Exchange(ref _gate, null)?.Leave();
    }
}
