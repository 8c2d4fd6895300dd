using System.Reflection;
using IncidentBot.Fakes;
using IncidentBot.Storage;
using Xunit.Sdk;

namespace IncidentBot.Tests;

/// <summary>Runs a theory once for each database; where no PostgreSQL was started it runs on SQLite alone, which CI does not allow.</summary>
public sealed class DatabasesAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        yield return [DatabaseProvider.Sqlite];
        if (TestDatabase.PostgresServer is not null)
        {
            yield return [DatabaseProvider.Postgres];
        }
        else if (Environment.GetEnvironmentVariable("CI") is "true")
        {
            throw new InvalidOperationException($"CI must test PostgreSQL too: {TestDatabase.PostgresVariable} is not set. Run tests/run, which starts a server.");
        }
    }
}

/// <summary>A test of several processes on one database; skipped, saying so, where no PostgreSQL was started (CI does not go on without one).</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = TestDatabase.PostgresServer is null ? "No PostgreSQL was started." : null;
}
