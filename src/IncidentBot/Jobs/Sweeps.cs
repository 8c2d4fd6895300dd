using IncidentBot.Core.Delivery;
using IncidentBot.Storage;
using Npgsql;
using Quartz;

namespace IncidentBot.Jobs;

/// <summary>Schedules the recurring sweeps; each only looks at rows, so that running twice does no harm.</summary>
public static class Sweeps
{
    public const string Retention = "retention";

    public static readonly TimeSpan RetentionEvery = TimeSpan.FromHours(1);

    public static IServiceCollection AddSweeps(this IServiceCollection services, Settings settings)
    {
        services.AddQuartz(q =>
        {
            q.ConfigureScheduler(o =>
            {
                o.InstanceName = "incidentbot";
                o.DefaultTimeZone = TimeZoneInfo.Utc;
                o.ShutdownJobInterruption = ShutdownJobInterruption.Always;
                if (settings.Database.Provider == DatabaseProvider.Postgres)
                {
                    o.InstanceId = $"{Environment.MachineName}-{Guid.NewGuid():N}";
                }
            });
            q.UseDefaultThreadPool(2);
            if (settings.Database.Provider == DatabaseProvider.Postgres)
            {
                Cluster(q, settings.Database.ConnectionString);
            }

            q.AddJobListener<JobDiary>();
            Every<RetentionSweep>(q, Retention, RetentionEvery);
            Every<FollowUpJob>(q, FollowUpJob.Name, settings.SweepEvery);
        });
        services.AddQuartzHostedService(o => o.WaitForJobsToComplete = true);
        services.AddSingleton<ILoop, SweepWatch>();
        return services;
    }

    // Several processes share the triggers; what a dying one was doing goes on in another.
    private static void Cluster(IQuartzBuilder q, string connectionString) => q.UsePersistentStore(s =>
    {
        s.ProvisionSchema();
        s.UseSystemTextJsonSerializer();
        s.ConfigureStore(o =>
        {
            o.StoreJobDataAsStrings = true;
            o.MisfireThreshold = TimeSpan.FromSeconds(5);
            o.RecoverFiringsCancelledByShutdown = true;
            o.CommandTimeout = TimeSpan.FromSeconds(30);
        });
        s.UsePostgres(NpgsqlFactory.Instance, connectionString);
        s.UseClustering(c =>
        {
            c.CheckinInterval = TimeSpan.FromSeconds(2);
            c.CheckinMisfireThreshold = TimeSpan.FromSeconds(4);
        });
    });

    private static void Every<T>(IQuartzBuilder q, string name, TimeSpan every)
        where T : IJob
    {
        q.AddJob<T>(j => j.WithIdentity(name).RequestRecovery());
        q.AddTrigger(t => t.ForJob(name).WithIdentity(name).WithSimpleSchedule(s => s.WithInterval(every).RepeatForever()));
    }
}
