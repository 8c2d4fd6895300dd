using IncidentBot.Core.Storage;
using IncidentBot.Slack;
using IncidentBot.Storage;
using IncidentBot.Storage.Postgres;
using IncidentBot.Storage.Sqlite;
using IncidentBot.WebChat;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

Console.WriteLine("Serves the migrations tool: dotnet ef migrations add NAME --project src/IncidentBot --startup-project tests/IncidentBot.DesignTime --context SqliteBotDb -o Storage/Sqlite/Migrations (and PostgresBotDb, Storage/Postgres/Migrations).");

/// <summary>Makes the SQLite context for the migrations tool.</summary>
public sealed class SqliteFactory : IDesignTimeDbContextFactory<SqliteBotDb>
{
    public SqliteBotDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<SqliteBotDb>();
        StorageServices.UseSqlite(options, "Data Source=:memory:");
        return new(options.Options, new WriteGate(true), TimeProvider.System, [new WebChatModel(), new SlackModel()]);
    }
}

/// <summary>Makes the PostgreSQL context for the migrations tool.</summary>
public sealed class PostgresFactory : IDesignTimeDbContextFactory<PostgresBotDb>
{
    public PostgresBotDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<PostgresBotDb>();
        StorageServices.UsePostgres(options, "Host=localhost");
        return new(options.Options, new WriteGate(false), TimeProvider.System, [new WebChatModel(), new SlackModel()]);
    }
}
