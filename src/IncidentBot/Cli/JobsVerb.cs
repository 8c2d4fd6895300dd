using System.Net.Http.Json;
using IncidentBot.Core.Storage;
using IncidentBot.Jobs;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Cli;

/// <summary>Tells how scheduled jobs fare and what could not be delivered, and has that tried again.</summary>
public static class JobsVerb
{
    public static Task<int> RunAsync(string? retry, IReadOnlyList<string> settings, CancellationToken stop) => Refusal.GuardAsync(async () =>
    {
        await using var app = BotApp.Build(settings, BotApp.Mode.Tool);
        await BotApp.CheckSchemaAsync(app, stop);
        if (retry is not null)
        {
            var count = await RetryAsync(app, retry, stop);
            Console.WriteLine(count == 1 ? "1 delivery will be tried again." : $"{count} deliveries will be tried again.");
            return;
        }

        await using var scope = app.Services.CreateAsyncScope();
        var runs = await scope.ServiceProvider.GetRequiredService<BotDb>().JobRuns.AsNoTracking().OrderBy(r => r.Name).ToListAsync(stop);
        Console.WriteLine("Scheduled jobs");
        foreach (var run in runs)
        {
            var state = run.LastFault is { } fault ? $"failed ({fault})" : run.LastFinishedAt is null || run.LastFinishedAt < run.LastStartedAt ? "running, or killed while it ran" : "ok";
            Console.WriteLine($"  {run.Name,-12} last {Time(run.LastStartedAt)}, {state}; next {Time(run.NextAt)}");
        }

        Console.WriteLine(runs.Count == 0 ? "  none has run yet: they run while the bot serves" : "");
        var dead = await scope.ServiceProvider.GetRequiredService<DeadDeliveries>().ListAsync(null, stop);
        Console.WriteLine(dead.Count == 0 ? "No dead deliveries." : "Dead deliveries (try again with: incidentbot jobs --retry ID, or --retry all)");
        foreach (var row in dead)
        {
            Console.WriteLine($"  {row.Id,-12} {row.Platform}@{row.Workspace} {row.Way}, {row.Attempts} tries{(row.At is { } at ? $", received {Time(at)}" : "")}: {row.Fault}");
        }
    });

    private static async Task<int> RetryAsync(WebApplication app, string id, CancellationToken stop)
    {
        var options = app.Services.GetRequiredService<Settings>();
        using var hold = DataDirectoryLock.TryTake(options.DataDirectory);
        int count;
        if (hold is not null)
        {
            await using var scope = app.Services.CreateAsyncScope();
            count = await scope.ServiceProvider.GetRequiredService<DeadDeliveries>().RetryAsync(id, null, stop);
        }
        else
        {
            count = await RunningBot.AskAsync(options, async client =>
            {
                using var response = await client.PostAsJsonAsync("/control/retry", new ControlEndpoints.RetryOrder(id), stop);
                response.EnsureSuccessStatusCode();
                return (await response.Content.ReadFromJsonAsync<ControlEndpoints.RetryAnswer>(stop))!.Count;
            });
        }

        return count > 0 || id == DeadDeliveries.All ? count : throw new SettingsFault($"There is no dead delivery '{id}'. `incidentbot jobs` lists them.");
    }

    private static string Time(DateTimeOffset? at) => at is { } known ? $"{known.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "never";
}

/// <summary>The bot that serves this data directory, as the command line reaches it.</summary>
internal static class RunningBot
{
    /// <exception cref="SettingsFault">It cannot be reached.</exception>
    public static async Task<T> AskAsync<T>(Settings options, Func<HttpClient, Task<T>> ask)
    {
        var holder = DataDirectoryLock.Read(options.DataDirectory)
            ?? throw new SettingsFault($"Another process holds {options.DataDirectory} and does not say where it can be reached. Wait until it has started, or stop it, and try again.");
        using var client = BotApp.LoopbackClient(holder.Url, holder.Token);
        try
        {
            return await ask(client);
        }
        catch (HttpRequestException fault)
        {
            throw new SettingsFault($"The running bot (process {holder.ProcessId}) cannot be reached at {holder.Url}: {fault.Message}", fault);
        }
    }
}
