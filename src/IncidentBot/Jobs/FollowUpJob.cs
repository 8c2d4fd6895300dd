using IncidentBot.Core.ActionItems.Chasing;
using Quartz;

namespace IncidentBot.Jobs;

/// <summary>Has all open action items looked through; what is due goes to the outbox under unique keys, so that no run repeats another.</summary>
[DisallowConcurrentExecution]
public sealed class FollowUpJob(FollowUpSweep sweep, TimeProvider time) : IJob
{
    public const string Name = "follow-ups";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        // Where another process is at it, that one tells how it went.
        context.Result = await sweep.RunAsync(time.GetUtcNow(), cancellationToken) is null ? JobDiary.NotRun : null;
    }
}
