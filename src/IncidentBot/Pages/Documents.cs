using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Reports;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Pages;

/// <summary>Documents as pages, for the people of the local web chat.</summary>
public static class Documents
{
    public static void MapDocuments(this IEndpointRouteBuilder app) =>
        app.MapGet("/documents/{id}/{name}", async (
            string id, string name, BotDb db, Permissions permissions, BuildPostMortem build, ReportWriter report, HttpContext http, string? @as, CancellationToken stop) =>
        {
            if (!LocalOnly.IsLocal(http))
            {
                return Results.StatusCode(401);
            }

            var parts = Core.Chat.CommandReader.NormaliseCode(id).Split('-');
            if (parts is not ["INC", var y, var n] || !int.TryParse(y, out var year) || !int.TryParse(n, out var number))
            {
                return Results.NotFound();
            }

            var person = @as is null ? null : await db.People.FirstOrDefaultAsync(p => p.Workspace == "local" && p.UserId == @as, stop);
            var seen = person is null ? db.Incidents.Where(i => !i.Private && i.Workspace == "local") : permissions.Visible(person);
            var incident = await seen.FirstOrDefaultAsync(i => i.Year == year && i.Number == number, stop);
            return (incident is null ? null : await RenderAsync(incident, name, build, report, stop)) ?? Results.NotFound();
        }).ExcludeFromDescription();

    /// <summary>A document by its file name, or null when there is none of that name.</summary>
    public static async Task<IResult?> RenderAsync(Incident incident, string name, BuildPostMortem build, ReportWriter report, CancellationToken stop) => name switch
    {
        $"{ReportWriter.Format}.md" => Results.Text(report.Markdown(await build.ForAsync(incident, stop)), "text/markdown; charset=utf-8"),
        $"{ReportWriter.Format}.html" => Results.Text(report.Html(await build.ForAsync(incident, stop)), "text/html; charset=utf-8"),
        _ => null,
    };
}
