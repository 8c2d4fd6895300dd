using System.Collections.Immutable;

namespace IncidentBot.Slack;

/// <summary>What the administrator has set for Slack.</summary>
public sealed record SlackSettings
{
    /// <summary>What Slack signs its requests with; null when nothing comes over HTTP.</summary>
    public string? SigningSecret { get; init; }

    /// <summary>The bot's token in the one workspace that is set by tokens.</summary>
    public string? BotToken { get; init; }

    /// <summary>The app's token for Socket Mode; null when events come over HTTP.</summary>
    public string? AppToken { get; init; }

    /// <summary>With <see cref="ClientSecret"/>: many workspaces install the app themselves.</summary>
    public string? ClientId { get; init; }

    public string? ClientSecret { get; init; }

    /// <summary>Every call of the Web API goes below it; ends with a slash.</summary>
    public Uri ApiBaseUrl { get; init; } = new("https://slack.com/api/");

    /// <summary>Hosts to which a response_url may point.</summary>
    public ImmutableHashSet<string> TrustedResponseHosts { get; init; } = ["hooks.slack.com"];

    /// <summary>Names of the reactions that put a message on the timeline, without colons.</summary>
    public ImmutableHashSet<string> PinEmoji { get; init; } = ["pushpin"];

    public bool IsOn => SigningSecret is not null || AppToken is not null;

    public bool HasOAuth => ClientId is not null && ClientSecret is not null;
}

/// <summary>How fast the bot calls Slack.</summary>
/// <param name="Scale">1 keeps Slack's documented limits; more is faster, for a Slack that is played.</param>
public sealed record SlackPace(double Scale = 1);
