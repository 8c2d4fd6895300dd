namespace IncidentBot.Core.Catalogue;

/// <summary>A service as those know it who run it.</summary>
public sealed class ServiceEntry
{
    public long Id { get; set; }

    public required string Workspace { get; init; }

    public required string Name { get; set; }

    public string? Purpose { get; set; }

    public string? Architecture { get; set; }

    /// <summary>Requests a day, or users.</summary>
    public string? Traffic { get; set; }

    public string? SlaTargets { get; set; }

    public string? OnCallResponse { get; set; }

    /// <summary>Who owns it: people by name or platform id, or a team.</summary>
    public List<string> Owners { get; set; } = [];

    /// <summary>Every field but the name and the owners, with its key and label.</summary>
    public static IReadOnlyList<ServiceField> Fields { get; } =
    [
        new("purpose", "Purpose", "What it does, for whom.", s => s.Purpose, (s, v) => s.Purpose = v),
        new("architecture", "Architecture", "Such as microservice, monolith, hybrid; what it hangs on.", s => s.Architecture, (s, v) => s.Architecture = v),
        new("traffic", "Traffic volume", "Requests a day, or users.", s => s.Traffic, (s, v) => s.Traffic = v),
        new("slaTargets", "SLA targets", "Such as 99.9 % a month, p99 below 300 ms.", s => s.SlaTargets, (s, v) => s.SlaTargets = v),
        new("onCallResponse", "On-call response time", "Such as 5 minutes.", s => s.OnCallResponse, (s, v) => s.OnCallResponse = v),
    ];
}

/// <summary>One field of a service.</summary>
public sealed record ServiceField(string Key, string Label, string Hint, Func<ServiceEntry, string?> Get, Action<ServiceEntry, string?> Set);
