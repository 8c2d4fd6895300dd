using IncidentBot.Benchmarks;
using IncidentBot.Fakes;
using IncidentBot.Storage;

// dotnet run -c Release --project tests/IncidentBot.Benchmarks
// With INCIDENTBOT_TEST_POSTGRES set to a server, PostgreSQL is measured too.
Console.WriteLine($"cores {Environment.ProcessorCount}, single commit (4 KiB write and fsync) median {Disk.SingleCommit().TotalMilliseconds:0.00} ms");
foreach (var provider in TestDatabase.PostgresServer is null ? [DatabaseProvider.Sqlite] : new[] { DatabaseProvider.Sqlite, DatabaseProvider.Postgres })
{
    await Capture.RunAsync(provider);
}

Render.Run(10_000);
