namespace IncidentBot.Storage;

/// <summary>Which database, and where.</summary>
public sealed record DatabaseSettings(DatabaseProvider Provider, string ConnectionString, string DataDirectory);

/// <summary>The databases that the bot runs on.</summary>
public enum DatabaseProvider
{
    Sqlite,
    Postgres,
}
