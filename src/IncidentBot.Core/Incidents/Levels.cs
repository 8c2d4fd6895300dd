using System.Text.RegularExpressions;

namespace IncidentBot.Core.Incidents;

/// <summary>How far an incident has come.</summary>
public enum Status
{
    Detected,
    Triage,
    Investigating,
    Identified,
    Mitigated,
    Monitoring,
    Resolved,
    Cancelled,
    Merged,
}

/// <summary>The part of the response to which an entry belongs.</summary>
public enum Phase
{
    Detection,
    Triage,
    Escalation,
    Investigation,
    Mitigation,
    Resolution,
    Monitoring,
}

/// <summary>What sort of incident it is.</summary>
public enum IncidentKind
{
    Outage,
    Security,
    NearMiss,
    Quality,
    Process,
    Safety,
    Financial,
    Data,
}

/// <summary>Severity 1 (worst) to 4, its names and definitions.</summary>
public static partial class Severity
{
    /// <summary>What a declaration without a severity gets; the card says that it was assumed.</summary>
    public const int Assumed = 3;

    public static string Name(int severity) => $"SEV{severity}";

    /// <summary>The name with its equals, or an honest gap.</summary>
    public static string Full(int? severity) => severity is { } s ? $"{Name(s)} · P{s} · {Level(s)}" : "not set";

    public static string Level(int severity) => severity switch { 1 => "Critical", 2 => "High", 3 => "Medium", _ => "Low" };

    public static string Definition(int severity) => severity switch
    {
        1 => "Critical: a core service is down or data is at risk for many users; everything else waits.",
        2 => "High: a core service is badly degraded, or down for some users; work starts at once, at any hour.",
        3 => "Medium: a service is degraded with a way around it; work starts in working hours.",
        _ => "Low: little or no effect on users; planned with the other work.",
    };

    /// <summary>Reads <c>sev1</c>, <c>SEV-1</c>, <c>severity2</c>, <c>p3</c>, <c>1</c>, <c>critical</c>, <c>high</c>, <c>medium</c>, <c>low</c>.</summary>
    public static int? Read(string? word)
    {
        var match = Pattern().Match(word ?? "");
        return !match.Success ? null
            : match.Groups["n"].Success ? match.Groups["n"].Value[0] - '0'
            : match.Value.Trim().ToLowerInvariant() switch { "critical" => 1, "high" => 2, "medium" or "moderate" => 3, _ => 4 };
    }

    /// <summary>Reads only the forms that cannot be the first word of a title.</summary>
    public static int? ReadTag(string word) => Tag().IsMatch(word) ? Read(word) : null;

    [GeneratedRegex(@"^\s*(?:(?:sev(?:erity)?|p)?[\s-]?(?<n>[1-4])|critical|high|medium|moderate|low)\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"^(?:sev(?:erity)?-?|p)[1-4]$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
