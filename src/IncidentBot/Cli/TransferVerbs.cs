using IncidentBot.Storage;
using IncidentBot.Storage.Transfer;

namespace IncidentBot.Cli;

/// <summary>Copies everything out of the database and back: backup and dump read beside a running bot, restore and load want it stopped.</summary>
public static class TransferVerbs
{
    public static Task<int> BackupAsync(string file, IReadOnlyList<string> settings, CancellationToken stop) => Refusal.GuardAsync(async () =>
    {
        await using var app = BotApp.Build(settings, BotApp.Mode.Tool);
        await BotApp.CheckSchemaAsync(app, stop);
        await using var scope = app.Services.CreateAsyncScope();
        RefuseMissingFolder(file);
        await Backup.WriteAsync(scope.ServiceProvider, Path.GetFullPath(file), stop);
        Console.WriteLine($"{file}: {new FileInfo(file).Length / 1024.0 / 1024.0:0.0} MB. It holds the keys of the installation: keep it where only you can read it.");
    });

    public static Task<int> RestoreAsync(string file, IReadOnlyList<string> settings, CancellationToken stop) => Refusal.GuardAsync(async () =>
    {
        await using var app = BotApp.Build(settings, BotApp.Mode.Tool);
        using var hold = Hold(app, "restore");
        await Backup.RestoreAsync(app, Path.GetFullPath(file), stop);
        Console.WriteLine($"Restored into {app.Services.GetRequiredService<Settings>().DataDirectory}. Start the bot with `incidentbot serve`.");
    });

    public static Task<int> DumpAsync(string file, IReadOnlyList<string> settings, CancellationToken stop) => Refusal.GuardAsync(async () =>
    {
        await using var app = BotApp.Build(settings, BotApp.Mode.Tool);
        await BotApp.CheckSchemaAsync(app, stop);
        await using var scope = app.Services.CreateAsyncScope();
        RefuseMissingFolder(file);
        var part = Path.GetFullPath(file) + ".part";
        long rows;
        await using (var stream = PrivateFiles.Open(part, FileMode.Create, FileAccess.Write))
        {
            rows = await scope.ServiceProvider.GetRequiredService<Snapshot>().WriteAsync(stream, stop);
            stream.Flush(flushToDisk: true);
        }

        File.Move(part, Path.GetFullPath(file), overwrite: true);
        Console.WriteLine($"{file}: {rows} rows. It holds the keys of the installation: keep it where only you can read it.");
    });

    public static Task<int> LoadAsync(string file, IReadOnlyList<string> settings, CancellationToken stop) => Refusal.GuardAsync(async () =>
    {
        if (!File.Exists(file))
        {
            throw new SettingsFault($"There is no file {file}.");
        }

        await using var app = BotApp.Build(settings, BotApp.Mode.Tool);
        using var hold = Hold(app, "load");
        await using var stream = File.OpenRead(file);
        var rows = await Backup.LoadAsync(app, stream, stop);
        Console.WriteLine($"{rows} rows loaded. Start the bot with `incidentbot serve`.");
    });

    private static void RefuseMissingFolder(string file)
    {
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))))
        {
            throw new SettingsFault($"There is no folder {Path.GetDirectoryName(Path.GetFullPath(file))}. Make it first, or name another file.");
        }
    }

    private static DataDirectoryLock Hold(WebApplication app, string verb)
    {
        var directory = app.Services.GetRequiredService<Settings>().DataDirectory;
        return DataDirectoryLock.TryTake(directory) ?? throw new SettingsFault($"A bot serves {directory}, and `{verb}` wants it stopped. Stop it first, or set another DataDirectory.");
    }
}
