namespace IncidentBot.Core.Incidents;

/// <summary>Reads a list of services from one field.</summary>
public static class ServiceNames
{
    /// <summary>One to a comma or line; with <paramref name="asLines"/> names may hold commas.</summary>
    public static IReadOnlyList<string> Read(string? typed, bool asLines) =>
        [.. (typed ?? "").Split(asLines ? ['\n'] : [',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()];
}
