using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Incidents;

/// <summary>Gives out incident numbers without gaps, per workspace and year: the counter is saved with the incident, or neither is.</summary>
public sealed class IncidentNumbers(BotDb db)
{
    public async Task<int> NextAsync(string workspace, int year, CancellationToken stop)
    {
        var counter = await db.Counters.FirstOrDefaultAsync(c => c.Workspace == workspace && c.Year == year, stop)
            ?? db.Counters.Add(new IncidentCounter { Workspace = workspace, Year = year }).Entity;
        return ++counter.Last;
    }
}
