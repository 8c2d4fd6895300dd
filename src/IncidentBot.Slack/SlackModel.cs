using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Slack;

/// <summary>Slack's own tables.</summary>
public sealed class SlackModel : IModelPart
{
    public void Build(ModelBuilder model)
    {
        model.Entity<SlackInstallation>(e =>
        {
            e.ToTable("slack_installations");
            e.HasKey(i => i.Id);
        });
        model.Entity<SlackWatch>(e =>
        {
            e.ToTable("slack_watch");
            e.HasKey(w => w.Id);
        });
        model.Entity<SlackWorkspace>(e =>
        {
            e.ToTable("slack_workspaces");
            e.HasKey(w => w.Id);
        });
        model.Entity<OAuthState>(e =>
        {
            e.ToTable("slack_oauth_states");
            e.HasKey(s => s.Hash);
        });
    }
}

/// <summary>The app in a workspace, or in all workspaces of an organisation; its tokens lie sealed among the secrets.</summary>
public sealed class SlackInstallation
{
    /// <summary>The id of the workspace, or of the organisation.</summary>
    public required string Id { get; init; }

    public string? EnterpriseId { get; set; }

    public string Name { get; set; } = "";

    public bool IsOrganisation { get; set; }

    public string BotUserId { get; set; } = "";

    public string? BotId { get; set; }

    /// <summary>The workspace's own address, with a slash at its end; null while it is not known.</summary>
    public string? Url { get; set; }

    public string AppId { get; set; } = "";

    /// <summary>Comma-separated, as Slack granted them.</summary>
    public string Scopes { get; set; } = "";

    public DateTimeOffset InstalledAt { get; set; }

    /// <summary>When the token stops working unless it is refreshed; null when it does not.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When the app was removed or its token revoked.</summary>
    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>Until when the bot has listened; and, by workspace, gaps that are still to be read again.</summary>
public sealed class SlackWatch
{
    /// <summary>The id of the row that says until when the bot has listened; the others are of workspaces.</summary>
    public const string Beat = "events";

    public required string Id { get; init; }

    public DateTimeOffset HeardUntil { get; set; }

    /// <summary>When the bot listened again.</summary>
    public DateTimeOffset? ResumedAt { get; set; }

    /// <summary>True for a gap that late deliveries suggest: it is worth a word only if something was missing.</summary>
    public bool IsGuess { get; set; }
}

/// <summary>An installation that someone has begun, recognised when Slack sends them back.</summary>
public sealed class OAuthState
{
    /// <summary>SHA-256 of the state in hex.</summary>
    public required string Hash { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A workspace that is served by its organisation's installation.</summary>
public sealed class SlackWorkspace
{
    public required string Id { get; init; }

    public required string EnterpriseId { get; init; }
}
