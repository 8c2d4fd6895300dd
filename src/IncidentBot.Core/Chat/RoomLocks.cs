namespace IncidentBot.Core.Chat;

/// <summary>Lets the gestures of one room through one at a time within a process, so that busy rooms do not wear themselves out in contention.</summary>
public sealed class RoomLocks
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string, string, string), Entry> _rooms = [];

    public async ValueTask<IDisposable> EnterAsync(Place place, CancellationToken stop)
    {
        var key = (place.Platform, place.Workspace, place.Channel);
        Entry? entry;
        lock (_lock)
        {
            if (!_rooms.TryGetValue(key, out entry))
            {
                _rooms[key] = entry = new();
            }

            entry.Users++;
        }

        try
        {
            await entry.Semaphore.WaitAsync(stop);
        }
        catch
        {
            Leave(key, entry);
            throw;
        }

        return new Pass(() =>
        {
            entry.Semaphore.Release();
            Leave(key, entry);
        });
    }

    private void Leave((string, string, string) key, Entry entry)
    {
        lock (_lock)
        {
            if (--entry.Users == 0)
            {
                _rooms.Remove(key);
                entry.Semaphore.Dispose();
            }
        }
    }

    private sealed class Entry
    {
        public SemaphoreSlim Semaphore { get; } = new(1, 1);

        public int Users { get; set; }
    }

    private sealed class Pass(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
