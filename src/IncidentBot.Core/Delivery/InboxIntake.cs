using System.Threading.Channels;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Storage;

namespace IncidentBot.Core.Delivery;

/// <summary>Stores observations before they are acknowledged; those that arrive together share one commit.</summary>
public sealed class InboxIntake(IInboxStore store, WriteGate gate, Signals signals, Meters meters) : IAsyncDisposable
{
    private const int MostInOneCommit = 256;

    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(4096);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _starting = new();
    private Task? _writing;

    /// <summary>Stores one delivery and returns after the commit.</summary>
    /// <exception cref="StoreUnavailable">It was not stored; the sender must send it again.</exception>
    public async Task StoreAsync(InboxRow row, CancellationToken stop)
    {
        lock (_starting)
        {
            _writing ??= Task.Run(WriteAsync, CancellationToken.None);
        }

        var mine = new Waiting(row, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await _waiting.Writer.WriteAsync(mine, stop);
        await mine.Stored.Task;
    }

    private async Task WriteAsync()
    {
        var batch = new List<Waiting>(MostInOneCommit);
        while (await _waiting.Reader.WaitToReadAsync(_stop.Token))
        {
            batch.Clear();
            while (batch.Count < MostInOneCommit && _waiting.Reader.TryRead(out var next))
            {
                batch.Add(next);
            }

            if (await InsertAsync(batch) is not { } fault)
            {
                Tell(batch, null);
                continue;
            }

            // One row that the database refuses must not fail the others; when two in a row are refused, the database is away.
            var refused = 0;
            foreach (var waiting in batch)
            {
                var own = batch.Count == 1 || refused > 1 ? fault : await InsertAsync([waiting]);
                refused = own is null ? 0 : refused + 1;
                Tell([waiting], own);
            }
        }
    }

    private async Task<Exception?> InsertAsync(IReadOnlyList<Waiting> batch)
    {
        try
        {
            using var pass = await gate.EnterAsync(WriteGate.Turn.Inbox, _stop.Token);
            await store.InsertAsync([.. batch.Select(w => w.Row)], _stop.Token);
            meters.Acknowledged(batch.Count);
            return null;
        }
        catch (Exception fault)
        {
            return fault;
        }
    }

    private void Tell(IEnumerable<Waiting> batch, Exception? fault)
    {
        foreach (var waiting in batch)
        {
            _ = fault is null ? waiting.Stored.TrySetResult() : waiting.Stored.TrySetException(new StoreUnavailable(fault));
        }

        if (fault is null)
        {
            signals.Stored();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stop.CancelAsync();
        try
        {
            await (_writing ?? Task.CompletedTask);
        }
        catch (OperationCanceledException)
        {
            // Stopping; senders whose deliveries were not stored send them again.
        }

        _stop.Dispose();
    }

    private sealed record Waiting(InboxRow Row, TaskCompletionSource Stored);
}

/// <summary>Inserts deliveries into the inbox, each platform's delivery id once, in one durable commit.</summary>
public interface IInboxStore
{
    /// <exception cref="System.Data.Common.DbException">Nothing was stored.</exception>
    Task InsertAsync(IReadOnlyList<InboxRow> rows, CancellationToken stop);
}
