using System.Diagnostics;
using System.Globalization;

namespace IncidentBot.Fakes;

/// <summary>A clock that several processes share: it stands where a file says, and goes on from there at its usual pace.</summary>
public sealed class FileClock(string path) : TimeProvider
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private DateTime _written;
    private long _looked;
    private long _since = Stopwatch.GetTimestamp();
    private DateTimeOffset _stood = DateTimeOffset.UnixEpoch;

    public string Path => path;

    /// <summary>Sets it for everyone.</summary>
    public void Set(DateTimeOffset now)
    {
        File.WriteAllText(path + ".part", now.ToString("O", CultureInfo.InvariantCulture));
        File.Move(path + ".part", path, overwrite: true);
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            if (_looked == 0 || Stopwatch.GetElapsedTime(_looked) > Often)
            {
                _looked = Stopwatch.GetTimestamp();
                if (File.GetLastWriteTimeUtc(path) is var written && written != _written)
                {
                    (_written, _since, _stood) = (written, _looked, DateTimeOffset.ParseExact(File.ReadAllText(path), "O", CultureInfo.InvariantCulture));
                }
            }

            return _stood + Stopwatch.GetElapsedTime(_since);
        }
    }
}
