using IncidentBot.Benchmarks;
using IncidentBot.Fakes;
using IncidentBot.Storage;

// dotnet run -c Release --project tests/IncidentBot.Benchmarks [slack|chat|follow-ups|report] [--seconds N] [--minutes N] [--stored N]
// With INCIDENTBOT_TEST_POSTGRES set to a server, PostgreSQL is measured too.
BotProcess.Measured = true;
int Number(string name, int otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? int.Parse(args[at + 1]) : otherwise;
bool Wanted(string part) => args.Contains(part) || !args.Any(a => a is "slack" or "chat" or "follow-ups" or "report");
Console.WriteLine($"cores {Environment.ProcessorCount}, single commit (4 KiB write and fsync) median {Disk.SingleCommit().TotalMilliseconds:0.00} ms, load average {Disk.LoadAverage()}");
foreach (var provider in TestDatabase.PostgresServer is null ? [DatabaseProvider.Sqlite] : new[] { DatabaseProvider.Sqlite, DatabaseProvider.Postgres })
{
    if (Wanted("slack"))
    {
        await SlackLoad.RunAsync(provider, Number("--seconds", 15), Number("--minutes", 0), Number("--stored", 0));
    }

    if (Wanted("chat"))
    {
        await Capture.RunAsync(provider);
    }

    if (Wanted("follow-ups"))
    {
        await FollowUpRun.RunAsync(provider);
    }
}

if (Wanted("report"))
{
    Render.Run(10_000);
}
