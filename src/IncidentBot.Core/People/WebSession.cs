namespace IncidentBot.Core.People;

/// <summary>A link that opens a session once, within ten minutes.</summary>
public sealed class WebLink
{
    /// <summary>SHA-256 of the token in hex; the token itself is only in the link.</summary>
    public required string TokenHash { get; init; }

    public long PersonId { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>Someone is signed in to the web pages.</summary>
public sealed class WebSession : Storage.IVersioned
{
    /// <summary>How long a session lasts.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromHours(12);

    public string Id { get; init; } = Guid.NewGuid().ToString("N");

    public long PersonId { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the person signed out.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public int Version { get; set; }
}
