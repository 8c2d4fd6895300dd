using System.Text.Json;
using IncidentBot.Storage;

namespace IncidentBot;

/// <summary>The lock that a serving process holds on its data directory, and where that process can be reached.</summary>
public sealed class DataDirectoryLock : IDisposable
{
    private const string FileName = "lock";

    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or answers null when another process holds it.</summary>
    public static DataDirectoryLock? TryTake(string directory)
    {
        PrivateFiles.Directory(directory);
        try
        {
            return new(PrivateFiles.Open(Path.Combine(directory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Where the process that holds the lock can be reached; null when none does, or it has not said yet.</summary>
    public static Holder? Read(string directory)
    {
        try
        {
            // The lock is advisory and this reader asks for none, so it reads beside the holder.
            using var stream = new FileStream(Path.Combine(directory, FileName), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return stream.Length == 0 ? null : JsonSerializer.Deserialize<Holder>(stream);
        }
        catch (Exception fault) when (fault is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Says where this process can be reached.</summary>
    public void Announce(Holder holder)
    {
        _file.SetLength(0);
        JsonSerializer.Serialize(_file, holder);
        _file.Flush(flushToDisk: true);
    }

    public void Dispose()
    {
        _file.SetLength(0);
        _file.Dispose();
    }

    /// <summary>A serving process.</summary>
    /// <param name="Url">Its loopback address.</param>
    /// <param name="Token">What a caller from the command line must show.</param>
    public sealed record Holder(int ProcessId, string Url, string Token);
}
