namespace IncidentBot.EndToEnd;

/// <summary>A test in a real browser; skipped where none is installed, which CI does not allow.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() =>
        Skip = Path is not null || Environment.GetEnvironmentVariable("CI") is "true" ? null : "No Chromium on this machine; tests/run installs it.";

    /// <summary>The system's Chromium.</summary>
    public static string? Path { get; } = new[] { Environment.GetEnvironmentVariable("INCIDENTBOT_TEST_BROWSER"), "/usr/bin/chromium" }.FirstOrDefault(File.Exists);
}
