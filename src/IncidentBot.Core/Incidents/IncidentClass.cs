using System.Collections.Immutable;

namespace IncidentBot.Core.Incidents;

/// <summary>The classes by which recurring incidents are recognised.</summary>
public static class IncidentClass
{
    public static readonly ImmutableArray<string> Usual =
    [
        "Authentication failures",
        "Database performance degradation",
        "Memory leaks",
        "Configuration errors",
        "Dependency failures",
        "Deployment failures",
    ];
}
