using System.Runtime.CompilerServices;

namespace IncidentBot.Fakes;

/// <summary>Binds SQLite before any test touches it.</summary>
internal static class NativeSqlite
{
    [ModuleInitializer]
    internal static void Initialize() => Storage.Sqlite.SqliteNative.EnsureInitialized();
}
