using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Incidents;

/// <summary>Knows which incidents have become parts of which others.</summary>
public sealed class Merges(BotDb db)
{
    /// <summary>The incident that goes on in place of this one: itself, unless it was merged.</summary>
    public async Task<Incident> SurvivorAsync(Incident incident, CancellationToken stop)
    {
        while (incident.MergedIntoId is { } next)
        {
            incident = await db.Incidents.FirstAsync(i => i.Id == next, stop);
        }

        return incident;
    }

    /// <summary>The same by ids, for those that are merged; others are left out.</summary>
    public async Task<Dictionary<long, long>> SurvivorsAsync(IReadOnlyCollection<long> ids, CancellationToken stop)
    {
        var merged = await db.Incidents.AsNoTracking().Where(i => ids.Contains(i.Id) && i.MergedIntoId != null).ToListAsync(stop);
        var survivors = new Dictionary<long, long>();
        foreach (var incident in merged)
        {
            survivors[incident.Id] = (await SurvivorAsync(incident, stop)).Id;
        }

        return survivors;
    }

    /// <summary>The ids of an incident and of all that were merged into it, at first or second hand.</summary>
    public async Task<List<long>> WithMergedAsync(long id, CancellationToken stop)
    {
        List<long> all = [id];
        for (var more = all.ToList(); more.Count > 0; all.AddRange(more))
        {
            more = await db.Incidents.Where(i => i.MergedIntoId != null && more.Contains(i.MergedIntoId.Value)).Select(i => i.Id).ToListAsync(stop);
        }

        return all;
    }

    /// <summary>Everything that has become one with an incident, whichever way it was merged.</summary>
    public async Task<List<Incident>> FamilyAsync(Incident incident, CancellationToken stop)
    {
        var ids = await WithMergedAsync((await SurvivorAsync(incident, stop)).Id, stop);
        return await db.Incidents.Where(i => ids.Contains(i.Id)).ToListAsync(stop);
    }
}
