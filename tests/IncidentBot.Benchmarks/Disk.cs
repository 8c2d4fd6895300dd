using System.Diagnostics;

namespace IncidentBot.Benchmarks;

/// <summary>How long one durable write takes on this disk.</summary>
internal static class Disk
{
    public static TimeSpan SingleCommit()
    {
        var path = Path.Combine(Path.GetTempPath(), $"fsync-{Guid.NewGuid():N}");
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        var page = new byte[4096];
        var times = new List<TimeSpan>();
        for (var i = 0; i < 300; i++)
        {
            var start = Stopwatch.GetTimestamp();
            file.Write(page);
            file.Flush(flushToDisk: true);
            times.Add(Stopwatch.GetElapsedTime(start));
        }

        return times.Order().ElementAt(times.Count / 2);
    }

    /// <summary>What else the machine has to do.</summary>
    public static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
