namespace IncidentBot.Tests;

/// <summary>Real incident files that stand beside the project on some machines.</summary>
internal static class Shared
{
    /// <summary>The folder of incident files, or null where it is absent.</summary>
    public static string? Incidents { get; } = Find();

    private static string? Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var found = Path.Combine(directory.FullName, "shared", "incidents");
            if (Directory.Exists(found))
            {
                return found;
            }
        }

        return null;
    }
}

/// <summary>A test over the real incident files; skipped, saying so, where they are absent.</summary>
public sealed class SharedIncidentsFactAttribute : FactAttribute
{
    public SharedIncidentsFactAttribute() => Skip = Shared.Incidents is null ? "The shared incident files are not on this machine." : null;
}
