using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Jobs;

/// <summary>Deliveries and posts that were given up: they can be seen, and tried again once their cause is mended.</summary>
public sealed class DeadDeliveries(BotDb db, Signals signals, TimeProvider time)
{
    public const string All = "all";

    /// <param name="workspace">Null: those of every workspace.</param>
    public async Task<IReadOnlyList<DeadDelivery>> ListAsync(string? workspace, CancellationToken stop)
    {
        var inbox = await db.Inbox.AsNoTracking().Where(r => r.State == RowState.Dead && (workspace == null || r.Workspace == workspace)).OrderBy(r => r.Id)
            .Select(r => new DeadDelivery($"inbox-{r.Id}", "in", r.Platform, r.Workspace, r.ReceivedAt, r.Attempts, r.Fault)).ToListAsync(stop);
        var outbox = await db.Outbox.AsNoTracking().Where(r => r.State == RowState.Dead && (workspace == null || r.Workspace == workspace)).OrderBy(r => r.Id)
            .Select(r => new DeadDelivery($"outbox-{r.Id}", $"out, {r.Lane}", r.Platform, r.Workspace, null, r.Attempts, r.Fault)).ToListAsync(stop);
        return [.. inbox, .. outbox];
    }

    /// <summary>Puts one back into its queue, or all of them; with all of them, private incidents that got no room are tried again too.</summary>
    /// <param name="workspace">Null: in every workspace.</param>
    /// <returns>How many will be tried again.</returns>
    public async Task<int> RetryAsync(string id, string? workspace, CancellationToken stop)
    {
        var inbox = await db.Inbox.Where(r => r.State == RowState.Dead && (workspace == null || r.Workspace == workspace)).ToListAsync(stop);
        // The words of a redaction that was given up are gone, and nothing is left to do.
        var outbox = await db.Outbox.Where(r => r.State == RowState.Dead && (workspace == null || r.Workspace == workspace) && r.Kind != OutboxKind.Retraction).ToListAsync(stop);
        var count = 0;
        foreach (var row in inbox.Where(r => id is All || id == $"inbox-{r.Id}"))
        {
            (row.State, row.Attempts, row.NotBefore) = (RowState.Pending, 0, null);
            count++;
        }

        foreach (var row in outbox.Where(r => id is All || id == $"outbox-{r.Id}"))
        {
            // What one person alone sees cannot be looked for; whoever asks wants it sent.
            (row.State, row.Attempts, row.NotBefore, row.BegunAt) = (RowState.Pending, 0, null, row.OnlyFor is null ? row.BegunAt : null);
            count++;
        }

        if (id is All)
        {
            var open = db.Incidents.Where(Incident.StillOpen);
            foreach (var room in await db.Rooms.Where(r => r.State == RoomState.Failed && (workspace == null || r.Workspace == workspace) && open.Any(i => i.Id == r.IncidentId && i.Private)).ToListAsync(stop))
            {
                (room.State, room.Attempts, room.NotBefore) = (RoomState.Pending, 0, time.GetUtcNow());
                count++;
            }
        }

        await db.SaveChangesAsync(stop);
        signals.Changed();
        return count;
    }
}

/// <summary>A delivery that was given up.</summary>
/// <param name="Id">What to name it by when it is to be tried again.</param>
/// <param name="Way">in, or out with the lane.</param>
/// <param name="Fault">The kind of fault and the reference id that stands in the log.</param>
public sealed record DeadDelivery(string Id, string Way, string Platform, string Workspace, DateTimeOffset? At, int Attempts, string? Fault);
