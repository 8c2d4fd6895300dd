using System.Net.Http.Json;
using IncidentBot.Core.Replay;
using IncidentBot.Core.Reports;

namespace IncidentBot.Cli;

/// <summary>What to replay, and how.</summary>
public sealed record ReplayWish(string File, string? Out, string[] Formats, double? Speed, bool Import, bool Review);

/// <summary>Plays an incident file: inside the running bot, or by itself when none runs.</summary>
public static class ReplayVerb
{
    public static async Task<int> RunAsync(ReplayWish wish, IReadOnlyList<string> settings, CancellationToken stop)
    {
        if (Formats.Complaint(wish.Formats) is { } complaint)
        {
            return Refusal.Usage(complaint);
        }

        if (wish.Speed is <= 0)
        {
            return Refusal.Usage("--speed wants a number above 0.");
        }

        if (wish.Speed is not null && wish.Import)
        {
            return Refusal.Usage("--speed plays into the web chat and --import posts nothing; use one of them.");
        }

        string text;
        IncidentFile file;
        try
        {
            text = await ReadAsync(wish.File, stop);
            file = IncidentFileReader.Read(text);
            _ = file.DeclaredAt;
        }
        catch (IncidentFileFault fault)
        {
            return Refusal.Failed($"{wish.File}: {fault.Message}");
        }

        if (file.Review is not null && !wish.Review)
        {
            file.Warnings.Add("The file's review is kept as a note; --review plays it.");
        }

        foreach (var warning in file.Warnings)
        {
            await Console.Error.WriteLineAsync($"warning: {warning}");
        }

        return await Refusal.GuardAsync(async () =>
        {
            await using var app = BotApp.Build(settings, BotApp.Mode.Tool);
            var options = app.Services.GetRequiredService<Settings>();
            using var hold = DataDirectoryLock.TryTake(options.DataDirectory);
            var id = hold is null
                ? await AskTheRunningBotAsync(options, text, wish, stop)
                : wish.Speed is not null
                    ? throw new SettingsFault("--speed plays into the web chat of a running bot, and none runs on this data directory. Start it with `incidentbot serve`, or leave --speed out.")
                    : await PlayHereAsync(app, file, wish, stop);
            if (wish.Out is not null)
            {
                await using var scope = app.Services.CreateAsyncScope();
                var incident = await ExportVerb.FindAsync(scope.ServiceProvider, id, Core.Incidents.Installation.Local, stop);
                Console.WriteLine(await scope.ServiceProvider.GetRequiredService<Package>().WriteAsync(incident, wish.Out, stop));
            }

            Console.WriteLine(id);
        });
    }

    private static async Task<string> ReadAsync(string path, CancellationToken stop)
    {
        if (path == "sample" && !File.Exists(path))
        {
            return Sample.Json;
        }

        try
        {
            return await File.ReadAllTextAsync(path, stop);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IncidentFileFault($"cannot be read ({fault.Message}). Give the path of an incident file.", fault);
        }
    }

    private static async Task<string> PlayHereAsync(WebApplication app, IncidentFile file, ReplayWish wish, CancellationToken stop)
    {
        await BotApp.MigrateAsync(app, stop);
        var id = await app.Services.GetRequiredService<FilePlayer>().PlayAsync(file, wish.Import, null, stop, review: wish.Review);
        await BotApp.SettleAsync(app.Services, stop);
        return id;
    }

    private static Task<string> AskTheRunningBotAsync(Settings options, string text, ReplayWish wish, CancellationToken stop) => RunningBot.AskAsync(options, async client =>
    {
        using var response = await client.PostAsJsonAsync("/control/replay", new ControlEndpoints.ReplayOrder(text, wish.Import, wish.Speed, wish.Review), stop);
        var answer = response.Content.Headers.ContentType?.MediaType == "application/json" ? await response.Content.ReadFromJsonAsync<ControlEndpoints.ReplayAnswer>(stop) : null;
        return answer?.Id ?? throw new SettingsFault(answer?.Error ?? $"The running bot answered {(int)response.StatusCode}.");
    });
}
