namespace IncidentBot.Core.Delivery;

/// <summary>How a scheduled job fared, kept so that it can be read beside a running bot.</summary>
public sealed class JobRun
{
    public required string Name { get; init; }

    public DateTimeOffset? LastStartedAt { get; set; }

    public DateTimeOffset? LastFinishedAt { get; set; }

    /// <summary>When it last went well.</summary>
    public DateTimeOffset? LastGoodAt { get; set; }

    public DateTimeOffset? NextAt { get; set; }

    /// <summary>The kind of fault of the last run; null when it went well.</summary>
    public string? LastFault { get; set; }
}
