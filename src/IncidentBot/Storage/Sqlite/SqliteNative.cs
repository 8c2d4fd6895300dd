using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace IncidentBot.Storage.Sqlite;

/// <summary>Binds SQLite to the operating system's own library, in place of a bundled copy.</summary>
/// <remarks>
/// Microsoft.Data.Sqlite asks for SQLitePCLRaw 2.1; 2.0.6 has every member that is called but <c>sqlite3_load_extension</c>, which the bot
/// does not use. A test fails when the pin is no longer needed, or no longer enough.
/// </remarks>
public static class SqliteNative
{
    /// <summary>The oldest library that has all that is used: <c>RETURNING</c>, <c>-&gt;&gt;</c>, strict tables.</summary>
    public static readonly Version Oldest = new(3, 38, 0);

    private static readonly string[] Candidates =
        OperatingSystem.IsWindows() ? ["winsqlite3"] : OperatingSystem.IsMacOS() ? ["libsqlite3.dylib"] : ["libsqlite3.so.0", "libsqlite3.so"];

    private static int _done;

    /// <summary>The version of the library in use; null when none was found.</summary>
    public static Version? Version { get; private set; }

    [ModuleInitializer]
    internal static void Initialize() => EnsureInitialized();

    /// <summary>Sets the provider once; may be called from any module initializer.</summary>
    public static void EnsureInitialized()
    {
        if (Interlocked.Exchange(ref _done, 1) == 1)
        {
            return;
        }

        AssemblyLoadContext.Default.Resolving += static (_, name) => name.Name == "SQLitePCLRaw.core" ? Core() : null;
        if (!Candidates.Any(c => NativeLibrary.TryLoad(c, out _)))
        {
            return;
        }

        NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, static (name, _, _) =>
            name == "e_sqlite3" && Candidates.Select(c => NativeLibrary.TryLoad(c, out var handle) ? handle : 0).FirstOrDefault(h => h != 0) is var found ? found : 0);
        Bind();
    }

    /// <summary>What to do when the library is missing or too old; null when it is fine.</summary>
    public static string? Complaint() => Version switch
    {
        null => "SQLite is not installed. Install it (Debian, Ubuntu: apt-get install libsqlite3-0; Fedora: dnf install sqlite-libs; Alpine: apk add sqlite-libs) and start again.",
        var version when version < Oldest => $"SQLite {version} is too old; {Oldest} or later is needed. Upgrade the operating system's libsqlite3 and start again.",
        _ => null,
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Assembly Core() => typeof(SQLitePCL.raw).Assembly;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Bind()
    {
        SQLitePCL.raw.SetProvider(new SQLitePCL.SQLite3Provider_e_sqlite3());
        Version = new Version(SQLitePCL.raw.sqlite3_libversion().utf8_to_string());
    }
}
