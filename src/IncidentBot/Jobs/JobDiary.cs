using IncidentBot.Core.Delivery;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace IncidentBot.Jobs;

/// <summary>Writes down how scheduled jobs fare, so that `jobs` can tell beside the running bot.</summary>
public sealed partial class JobDiary(IServiceScopeFactory scopes, TimeProvider time, ILogger<JobDiary> log) : IJobListener
{
    /// <summary>The result of a run that has done nothing, and so does not count as one that went well.</summary>
    public static readonly object NotRun = new();

    public string Name => "diary";

    public ValueTask JobToBeExecuted(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        WriteAsync(context, run => run.LastStartedAt = time.GetUtcNow(), cancellationToken);

    public ValueTask JobExecutionVetoed(IJobExecutionContext context, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public ValueTask JobWasExecuted(IJobExecutionContext context, JobExecutionException? jobException, CancellationToken cancellationToken = default) =>
        WriteAsync(context, run =>
        {
            run.LastFinishedAt = time.GetUtcNow();
            run.LastGoodAt = jobException is null && !ReferenceEquals(context.Result, NotRun) ? run.LastFinishedAt : run.LastGoodAt;
            run.LastFault = jobException?.GetBaseException().GetType().Name;
        }, cancellationToken);

    private async ValueTask WriteAsync(IJobExecutionContext context, Action<JobRun> change, CancellationToken stop)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<BotDb>();
            var name = context.JobDetail.Key.Name;
            var run = await db.JobRuns.FirstOrDefaultAsync(r => r.Name == name, stop) ?? db.JobRuns.Add(new JobRun { Name = name }).Entity;
            change(run);
            run.NextAt = context.NextFireTimeUtc;
            await db.SaveChangesAsync(stop);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // The job itself is not stopped by what could not be noted about it.
            Log.NotNoted(log, fault, context.JobDetail.Key.Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A run of {Job} could not be noted")]
        public static partial void NotNoted(ILogger log, Exception fault, string job);
    }
}
