using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace IncidentBot.Jobs;

/// <summary>Forgets what has been kept long enough: handled deliveries, gestures, held commands, links, sessions, files, transcripts, and that reminders were sent.</summary>
public sealed class RetentionSweep(BotDb db, WriteGate gate, Settings settings, TimeProvider time) : IJob
{
    private static readonly TimeSpan SentRemembered = TimeSpan.FromDays(400);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var old = now - settings.RetainInbox;
        var oldTranscript = now - settings.RetainTranscript;
        await SweepAsync(db.Inbox.Where(r => r.State == RowState.Done && r.ReceivedAt < old).OrderBy(r => r.Id), cancellationToken);
        await SweepAsync(db.Gestures.Where(g => g.At < old).OrderBy(g => g.At), cancellationToken);
        await SweepAsync(db.HeldCommands.Where(h => h.At < old).OrderBy(h => h.At), cancellationToken);
        await SweepAsync(db.WebLinks.Where(l => l.ExpiresAt < old).OrderBy(l => l.ExpiresAt), cancellationToken);
        await SweepAsync(db.WebSessions.Where(s => s.ExpiresAt < old).OrderBy(s => s.ExpiresAt), cancellationToken);
        var oldEvidence = settings.RetainEvidence is { } kept ? now - kept : DateTimeOffset.MinValue;
        using (await gate.EnterAsync(WriteGate.Turn.Ordinary, cancellationToken))
        {
            await db.Files.Where(f => f.RemovedAt == null && (f.At < oldEvidence || (f.IncidentId == null && f.At < oldTranscript)))
                .ExecuteUpdateAsync(f => f.SetProperty(x => x.RemovedAt, now), cancellationToken);
        }

        await SweepAsync(db.FileContents.Where(c => db.Files.Any(f => f.Id == c.FileId && f.RemovedAt != null)).OrderBy(c => c.FileId), cancellationToken, atOnce: 10);

        // That something was sent is remembered far longer than anything could send it again.
        var longAgo = now - SentRemembered;
        await SweepAsync(db.Digests.Where(d => d.At < longAgo).OrderBy(d => d.Id), cancellationToken);
        await SweepAsync(db.Overviews.Where(o => o.At < longAgo).OrderBy(o => o.At), cancellationToken);
        await SweepAsync(db.Recalls.Where(r => r.At < longAgo && !db.ActionItems.Where(ActionItem.StillOpen).Any(a => a.Id == r.ItemId)).OrderBy(r => r.At), cancellationToken);

        // What is said in an incident that is played from a file is as old as the file, and stays with it.
        await SweepAsync(db.Transcript.Where(m => m.PostedAt < oldTranscript && !db.Incidents.Any(i => i.Id == m.IncidentId && i.Replayed)).OrderBy(m => m.Id), cancellationToken);
    }

    // In small helpings, so that nobody's acknowledgement waits for the gate.
    private async Task SweepAsync<T>(IQueryable<T> old, CancellationToken stop, int atOnce = 500)
        where T : class
    {
        int deleted;
        do
        {
            using var pass = await gate.EnterAsync(WriteGate.Turn.Ordinary, stop);
            deleted = await old.Take(atOnce).ExecuteDeleteAsync(stop);
        }
        while (deleted == atOnce);
    }
}

/// <summary>Schedules the recurring sweeps; each only looks at rows, so that running twice does no harm.</summary>
