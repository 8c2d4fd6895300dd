namespace IncidentBot.Storage;

/// <summary>Files and folders that nobody but the bot's own user may read.</summary>
public static class PrivateFiles
{
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share = FileShare.None)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new(path, options);
    }

    public static DirectoryInfo Directory(string path)
    {
        // A folder that is there already keeps its mode: it may be somebody else's, or a mounted volume.
        return OperatingSystem.IsWindows() || System.IO.Directory.Exists(path)
            ? System.IO.Directory.CreateDirectory(path)
            : System.IO.Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
