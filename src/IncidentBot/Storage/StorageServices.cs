using IncidentBot.Core.Delivery;
using IncidentBot.Core.Storage;
using IncidentBot.Storage.Postgres;
using IncidentBot.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace IncidentBot.Storage;

/// <summary>Registers the one model on the database that is set.</summary>
public static class StorageServices
{
    public static IServiceCollection AddStorage(this IServiceCollection services, DatabaseSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(new WriteGate(oneWriter: settings.Provider == DatabaseProvider.Sqlite));
        services.AddSingleton<MigrationRunner>();
        if (settings.Provider == DatabaseProvider.Sqlite)
        {
            services.AddDbContext<BotDb, SqliteBotDb>(o => UseSqlite(o, settings.ConnectionString));
            services.AddSingleton<IInboxStore, SqliteInbox>();
        }
        else
        {
            services.AddDbContext<BotDb, PostgresBotDb>(o => UsePostgres(o, settings.ConnectionString));
            services.AddSingleton<IInboxStore, PostgresInbox>();
        }

        return services;
    }

    public static void UseSqlite(DbContextOptionsBuilder options, string connectionString) =>
        options.UseSqlite(connectionString).AddInterceptors(new SqliteDurability()).ConfigureWarnings(Expected);

    public static void UsePostgres(DbContextOptionsBuilder options, string connectionString) =>
        options.UseNpgsql(connectionString).ConfigureWarnings(Expected);

    // Contention is handled by the router, and a missing history table is how an empty database looks.
    private static void Expected(WarningsConfigurationBuilder warnings) =>
        warnings.Ignore(CoreEventId.SaveChangesFailed, CoreEventId.OptimisticConcurrencyException, RelationalEventId.CommandError, CoreEventId.RowLimitingOperationWithoutOrderByWarning);
}
