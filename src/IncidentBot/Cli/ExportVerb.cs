using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Reports;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Cli;

/// <summary>What to export, and where to.</summary>
public sealed record ExportWish(string Id, string Out, string[] Formats, bool Private, string? Workspace);

/// <summary>Writes the post-mortem folder tree; reads beside a running bot.</summary>
public static class ExportVerb
{
    public static Task<int> RunAsync(ExportWish wish, IReadOnlyList<string> settings, CancellationToken stop)
    {
        if (Formats.Complaint(wish.Formats) is { } complaint)
        {
            return Task.FromResult(Refusal.Usage(complaint));
        }

        return Refusal.GuardAsync(async () =>
        {
            await using var app = BotApp.Build(settings, BotApp.Mode.Tool);
            await BotApp.CheckSchemaAsync(app, stop);
            await using var scope = app.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<BotDb>();
            var package = scope.ServiceProvider.GetRequiredService<Package>();
            var incidents = wish.Id.Equals("all", StringComparison.OrdinalIgnoreCase)
                ? await db.Incidents.Where(i => !i.Replayed && i.MergedIntoId == null && (wish.Private || !i.Private) && (wish.Workspace == null || i.Workspace == wish.Workspace))
                    .OrderBy(i => i.Year).ThenBy(i => i.Number).ToListAsync(stop)
                : [await FindAsync(scope.ServiceProvider, wish.Id, wish.Workspace, stop)];
            var several = incidents.Select(i => i.Workspace).Distinct().Count() > 1;
            foreach (var incident in incidents)
            {
                Console.WriteLine(await package.WriteAsync(incident, several ? Path.Combine(wish.Out, incident.Workspace) : wish.Out, stop));
            }

            foreach (var workspace in incidents.Select(i => i.Workspace).Distinct())
            {
                var named = incidents.ConvertAll(i => i.Id);
                await scope.ServiceProvider.GetRequiredService<Tracker>().WriteAsync(
                    db.Incidents.Where(i => i.Workspace == workspace && (named.Contains(i.Id) || (!i.Replayed && (wish.Private || !i.Private)))), several ? Path.Combine(wish.Out, workspace) : wish.Out, stop);
            }

            if (incidents.Count == 0)
            {
                Console.WriteLine("There is nothing to export yet.");
            }
        });
    }

    /// <exception cref="SettingsFault">No incident of that id, or several.</exception>
    public static async Task<Incident> FindAsync(IServiceProvider services, string id, string? workspace, CancellationToken stop)
    {
        if (CommandReader.ReadCode(id) is not { Year: var year, Number: var number })
        {
            throw new SettingsFault($"'{id}' is no incident's id. It looks like INC-2026-0001; 'all' exports everything.");
        }

        var found = await services.GetRequiredService<BotDb>().Incidents
            .Where(i => i.Year == year && i.Number == number && (workspace == null || i.Workspace == workspace)).ToListAsync(stop);
        return found switch
        {
            [var only] => only,
            [] => throw new SettingsFault($"There is no incident {CommandReader.NormaliseCode(id)} in this database."),
            _ => throw new SettingsFault($"Several workspaces have an incident {id}: {string.Join(", ", found.Select(i => i.Workspace))}. Add --workspace NAME."),
        };
    }
}

/// <summary>The formats that exist.</summary>
internal static class Formats
{
    public static string? Complaint(string[] formats) =>
        formats.FirstOrDefault(f => f != ReportWriter.Format) is { } unknown ? $"There is no format '{unknown}'; there is {ReportWriter.Format}." : null;
}
