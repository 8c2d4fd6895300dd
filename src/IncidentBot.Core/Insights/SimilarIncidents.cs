using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Insights;

/// <summary>An earlier incident that is like another, with what makes it so.</summary>
/// <param name="Because">What they share, in words.</param>
/// <param name="OpenItems">How many of its action items are not done.</param>
public sealed record Similar(Incident Incident, double Weight, string Because, int OpenItems);

/// <summary>Finds incidents that are like another: by class, by services and by words.</summary>
public sealed class SimilarIncidents(BotDb db)
{
    private const int Most = 5;
    private const int MostLookedAt = 2000;
    private const double OfClass = 3;
    private const double OfService = 2;
    private const double OfWords = 8;
    private const double Least = 1.6;

    /// <summary>The most similar first; of public history, never of drills, replays or what was called off.</summary>
    public async Task<IReadOnlyList<Similar>> OfAsync(Incident incident, CancellationToken stop)
    {
        var others = await db.Incidents.AsNoTracking().Where(i => i.Workspace == incident.Workspace && i.Id != incident.Id && !i.Private && !i.Drill && !i.Replayed
                && i.Status != Status.Cancelled && i.Status != Status.Merged && i.DeclaredAt <= incident.DeclaredAt)
            .OrderByDescending(i => i.DeclaredAt).Take(MostLookedAt).ToListAsync(stop);
        if (others.Count == 0)
        {
            return [];
        }

        var causes = (await db.Findings.AsNoTracking().Where(f => (f.Kind == FindingKind.RootCause || f.Kind == FindingKind.ProximateCause) && f.RemovedAt == null
                && (f.IncidentId == incident.Id || db.Incidents.Any(i => i.Id == f.IncidentId && i.Workspace == incident.Workspace && !i.Private && !i.Drill && !i.Replayed)))
            .Select(f => new { f.IncidentId, f.Text }).ToListAsync(stop)).ToLookup(f => f.IncidentId, f => f.Text);
        var mine = TextWords.StemsOf(string.Join(' ', causes[incident.Id].Append(incident.Title)));
        var found = others.Select(o => Weigh(incident, mine, o, TextWords.StemsOf(string.Join(' ', causes[o.Id].Append(o.Title))))).Where(s => s.Weight >= Least)
            .OrderByDescending(s => s.Weight).ThenByDescending(s => s.Incident.DeclaredAt).Take(Most).ToList();
        var ids = found.ConvertAll(f => f.Incident.Id);
        var open = await db.ActionItems.Where(ActionItems.ActionItem.StillOpen).Where(a => ids.Contains(a.IncidentId)).GroupBy(a => a.IncidentId)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, stop);
        return [.. found.Select(f => f with { OpenItems = open.GetValueOrDefault(f.Incident.Id) })];
    }

    private static Similar Weigh(Incident incident, IReadOnlySet<string> mine, Incident other, IReadOnlySet<string> theirs)
    {
        var because = new List<string>();
        var weight = 0.0;
        if (incident.Class is not null && incident.Class == other.Class)
        {
            weight += OfClass;
            because.Add($"the same class ({other.Class})");
        }

        var services = incident.Services.Intersect(other.Services, StringComparer.OrdinalIgnoreCase).ToList();
        if (services.Count > 0)
        {
            weight += OfService * services.Count;
            because.Add($"the same {(services.Count == 1 ? "service" : "services")} ({string.Join(", ", services)})");
        }

        var shared = mine.Intersect(theirs).Order(StringComparer.Ordinal).ToList();
        var alike = TextWords.Overlap(mine, theirs);
        weight += OfWords * alike;
        if (alike >= 0.15)
        {
            because.Add($"the same words ({string.Join(", ", shared.Take(4))})");
        }

        return new(other, because.Count == 0 ? 0 : weight, string.Join(", ", because), 0);
    }
}
