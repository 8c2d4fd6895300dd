using System.Text.Json;
using IncidentBot.Storage;

namespace IncidentBot;

/// <summary>The lock that a serving process holds on its data directory, and where that process can be reached.</summary>
public sealed class DataDirectoryLock : IDisposable
{
    private const string FileName = "lock";

    // Beside the lock, since a locked file cannot be read on every system.
    private const string HolderFileName = "lock.json";

    private readonly FileStream _file;
    private readonly string _holder;

    private DataDirectoryLock(FileStream file, string holder) => (_file, _holder) = (file, holder);

    /// <summary>Takes the lock, or answers null when another process holds it.</summary>
    public static DataDirectoryLock? TryTake(string directory)
    {
        PrivateFiles.Directory(directory);
        try
        {
            var file = PrivateFiles.Open(Path.Combine(directory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite);
            File.Delete(Path.Combine(directory, HolderFileName));
            return new(file, Path.Combine(directory, HolderFileName));
        }
        catch (IOException fault) when (IsHeld(fault))
        {
            return null;
        }
    }

    // EWOULDBLOCK on Linux and macOS, a sharing violation on Windows.
    private static bool IsHeld(IOException fault) => fault.HResult is 11 or 35 or unchecked((int)0x80070020);

    /// <summary>Where the process that holds the lock can be reached; null when none does, or it has not said yet.</summary>
    public static Holder? Read(string directory)
    {
        try
        {
            return JsonSerializer.Deserialize<Holder>(File.ReadAllText(Path.Combine(directory, HolderFileName)));
        }
        catch (Exception fault) when (fault is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Says where this process can be reached.</summary>
    public void Announce(Holder holder)
    {
        // Written beside and moved, so that a reader sees all of it or nothing.
        var part = _holder + ".part";
        using (var file = PrivateFiles.Open(part, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, holder);
        }

        File.Move(part, _holder, overwrite: true);
    }

    public void Dispose()
    {
        File.Delete(_holder);
        _file.Dispose();
    }

    /// <summary>A serving process.</summary>
    /// <param name="Url">Its loopback address.</param>
    /// <param name="Token">What a caller from the command line must show.</param>
    public sealed record Holder(int ProcessId, string Url, string Token);
}
