using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Reports;

/// <summary>Writes an incident's documents into the folder tree of an export.</summary>
public sealed class Package(BotDb db, BuildPostMortem build, ReportWriter report)
{
    /// <summary>Writes below <c>post-mortems/YEAR/DATE-TITLE</c>; each file appears whole or not at all.</summary>
    /// <returns>The folder that was written.</returns>
    public async Task<string> WriteAsync(Incident incident, string directory, CancellationToken stop)
    {
        var p = await build.ForAsync(incident, stop);
        p = p with { FileAddress = EvidenceFile.PathBeside };
        var name = $"{p.Day:yyyy-MM-dd}-{p.Slug}";
        var earlier = await db.Incidents.Where(i => i.Workspace == incident.Workspace
            && (i.Year < incident.Year || (i.Year == incident.Year && i.Number < incident.Number))).Select(i => new { i.Title, i.Year, i.Number }).ToListAsync(stop);
        var twins = earlier.Exists(i => PostMortem.SlugOf(i.Title, "") == PostMortem.SlugOf(incident.Title, ""));
        var folder = Path.Combine(directory, "post-mortems", $"{p.Day.Year:0000}", twins ? $"{name}-{incident.Code.ToLowerInvariant()}" : name);
        Directory.CreateDirectory(folder);
        var markdown = report.Markdown(p);
        await WriteFileAsync(Path.Combine(folder, "post-mortem.md"), markdown, stop);
        await WriteFileAsync(Path.Combine(folder, "post-mortem.html"), HtmlWriter.Page($"{incident.Code} {incident.Title}", markdown), stop);
        await WriteEvidenceAsync(p, folder, stop);
        return folder;
    }

    private async Task WriteEvidenceAsync(PostMortem p, string folder, CancellationToken stop)
    {
        var directory = Path.Combine(folder, EvidenceFile.Beside.TrimEnd('/'));
        if (Directory.Exists(directory))
        {
            // An earlier export may hold what has been redacted since.
            Directory.Delete(directory, recursive: true);
        }

        foreach (var (shows, id, name) in p.Files)
        {
            if (await db.FileContents.AsNoTracking().FirstOrDefaultAsync(c => c.FileId == id, stop) is not { } content)
            {
                continue;
            }

            var path = Path.Combine(folder, EvidenceFile.PathBeside(shows, id, name).Replace('/', Path.DirectorySeparatorChar));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path + ".part", content.Bytes, stop);
            File.Move(path + ".part", path, overwrite: true);
        }
    }

    private static async Task WriteFileAsync(string path, string text, CancellationToken stop)
    {
        var part = path + ".part";
        await File.WriteAllTextAsync(part, text, stop);
        File.Move(part, path, overwrite: true);
    }
}
