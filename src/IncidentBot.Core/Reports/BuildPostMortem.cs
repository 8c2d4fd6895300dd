using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Insights;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Reports;

/// <summary>Gathers what is known of an incident into a post-mortem.</summary>
public sealed class BuildPostMortem(BotDb db, ScriptShelf shelf, SimilarIncidents similar)
{
    public async Task<PostMortem> ForAsync(Incident incident, CancellationToken stop)
    {
        var p = await GatherAsync(incident, stop);
        var ids = p.Files.Select(f => f.Id).ToList();
        return p with { Kept = ids.Count == 0 ? new HashSet<string>() : (await db.FileContents.Where(c => ids.Contains(c.FileId)).Select(c => c.FileId).ToListAsync(stop)).ToHashSet() };
    }

    private async Task<PostMortem> GatherAsync(Incident incident, CancellationToken stop) => new(
        incident,
        await Chronology.LoadAsync(db, incident, stop),
        await db.RoleAssignments.AsNoTracking().Where(r => r.IncidentId == incident.Id).OrderBy(r => r.From).ThenBy(r => r.Id).ToListAsync(stop),
        await db.Findings.AsNoTracking().Where(f => f.IncidentId == incident.Id && f.RemovedAt == null).OrderBy(f => f.Number).ThenBy(f => f.Id).ToListAsync(stop),
        await db.Notes.AsNoTracking().Where(n => n.IncidentId == incident.Id).OrderBy(n => n.Id).ToListAsync(stop),
        await db.ActionItems.AsNoTracking().Where(a => a.IncidentId == incident.Id).OrderBy(a => a.Number).ToListAsync(stop))
    {
        Review = await ReviewFacts.LoadAsync(db, shelf, incident, stop),
        // What is played from a file, or private, is compared with nothing.
        Similar = incident.Replayed || incident.Private || incident.IsOpen ? [] : await similar.OfAsync(incident, stop),
        Merged = await db.Incidents.AsNoTracking().Where(i => i.MergedIntoId == incident.Id).OrderBy(i => i.Number).ToListAsync(stop),
    };
}
