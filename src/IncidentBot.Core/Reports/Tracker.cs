using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Reports;

/// <summary>The action items of many incidents as one workbook.</summary>
public sealed class Tracker(BotDb db, TimeProvider time)
{
    /// <summary>Writes <c>action-items/tracker.xlsx</c> below a folder; it appears whole or not at all.</summary>
    public async Task WriteAsync(IQueryable<Incident> incidents, string directory, CancellationToken stop)
    {
        var folder = Path.Combine(directory, "action-items");
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, TrackerWorkbook.Name);
        await File.WriteAllBytesAsync(path + ".part", await BytesAsync(incidents, stop), stop);
        File.Move(path + ".part", path, overwrite: true);
    }

    /// <summary>The workbook: what is open first, by date.</summary>
    public async Task<byte[]> BytesAsync(IQueryable<Incident> incidents, CancellationToken stop)
    {
        var items = await db.ActionItems.AsNoTracking().Include(a => a.Incident).Where(a => incidents.Any(i => i.Id == a.IncidentId)).ToListAsync(stop);
        return TrackerWorkbook.Write([.. items.OrderBy(i => !i.IsOpen).ThenBy(i => i.Due ?? DateOnly.MaxValue).ThenBy(i => i.Incident!.Year).ThenBy(i => i.Incident!.Number).ThenBy(i => i.Number)], DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
    }
}
