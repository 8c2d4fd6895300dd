using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Reports;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Pages;

/// <summary>Documents and files at permanent addresses, for those who may see their incident.</summary>
public static class Documents
{
    // Pictures that a browser shows without running anything in them.
    private static readonly string[] Pictures = ["image/png", "image/jpeg", "image/gif", "image/webp"];

    public static void MapDocuments(this IEndpointRouteBuilder app)
    {
        app.MapGet("/documents/{id}/{name}", DocumentAsync).ExcludeFromDescription();
        app.MapGet($"/action-items/{TrackerWorkbook.Name}", TrackerAsync).ExcludeFromDescription();
        app.MapGet("/files/{id}/{name}", FileAsync).ExcludeFromDescription();
    }

    /// <summary>A document by its file name, or null when there is none of that name.</summary>
    /// <param name="sample">The sample person that the document's links to files go on naming.</param>
    public static async Task<IResult?> RenderAsync(
        Incident incident, string name, BuildPostMortem build, ReportWriter report, CancellationToken stop, string? sample = null)
    {
        if (name is not (ReportWriter.Format + ".md" or ReportWriter.Format + ".html"))
        {
            return null;
        }

        var document = await build.ForAsync(incident, stop) with { FileAddress = (_, file, name) => EvidenceFile.ServedAt(file, name) + (sample is null ? "" : $"?as={Uri.EscapeDataString(sample)}") };
        return name.EndsWith(".md", StringComparison.Ordinal)
            ? Results.Text(report.Markdown(document), "text/markdown; charset=utf-8")
            : Results.Text(report.Html(document), "text/html; charset=utf-8");
    }

    private static async Task<IResult> TrackerAsync(Viewer viewer, Permissions permissions, Tracker tracker, HttpContext http, string? @as, CancellationToken stop) =>
        await viewer.OfAsync(http, @as, stop) is not { } person ? Sessions.SignInNeeded(http)
            : Results.Bytes(await tracker.BytesAsync(permissions.Visible(person).Where(i => !i.Replayed), stop), TrackerWorkbook.MediaType, TrackerWorkbook.Name);

    private static async Task<IResult> DocumentAsync(
        string id, string name, Viewer viewer, BuildPostMortem build, ReportWriter report, HttpContext http, string? @as, CancellationToken stop)
    {
        if (await viewer.OfAsync(http, @as, stop) is not { } person)
        {
            return Sessions.SignInNeeded(http);
        }

        var (incident, named) = await viewer.FindAsync(id, person, stop);
        if (incident is not null && incident.Id != named!.Id)
        {
            return Results.Redirect($"/documents/{incident.Code}/{name}{(@as is null ? "" : $"?as={Uri.EscapeDataString(@as)}")}");
        }

        if (incident is null || await RenderAsync(incident, name, build, report, stop, @as) is not { } document)
        {
            return Page.Of<Views.NotThere>(http.With(404));
        }

        // A document carries its own style, so that it reads the same once it is exported.
        Page.Guard(http);
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return document;
    }

    private static async Task<IResult> FileAsync(string id, string name, BotDb db, Viewer viewer, HttpContext http, string? @as, CancellationToken stop)
    {
        if (await viewer.OfAsync(http, @as, stop) is not { } person)
        {
            return Sessions.SignInNeeded(http);
        }

        var file = await db.Files.AsNoTracking().FirstOrDefaultAsync(f => f.Id == id && f.Workspace == person.Workspace && f.RemovedAt == null, stop);
        var seen = file is not null && (file.IncidentId is null ? file.SharedBy == person.UserId || !WebChat.WebChatServices.IsDirect(file.Channel) : await viewer.SeesAsync(person, file.IncidentId.Value, stop));
        var content = seen ? await db.FileContents.AsNoTracking().FirstOrDefaultAsync(c => c.FileId == id, stop) : null;
        if (content is null)
        {
            return Page.Of<Views.NotThere>(http.With(404));
        }

        // What people upload is theirs to choose: nothing of it runs here, and only pictures are shown in place.
        Page.Guard(http);
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        var picture = Pictures.Contains(file!.MediaType, StringComparer.OrdinalIgnoreCase);
        return Results.File(content.Bytes, picture ? file.MediaType : "application/octet-stream", picture ? null : file.Name);
    }
}
