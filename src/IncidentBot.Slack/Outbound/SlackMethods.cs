using System.Collections.Immutable;

namespace IncidentBot.Slack.Outbound;

/// <summary>Every method of Slack's Web API that the bot calls, with its limit and the scopes that it needs.</summary>
public static class SlackMethods
{
    /// <summary>Calls a minute of Slack's tiers.</summary>
    private const int Tier2 = 20;
    private const int Tier3 = 50;
    private const int Tier4 = 100;

    public static ImmutableDictionary<string, SlackMethod> All { get; } = new SlackMethod[]
    {
        // Tier 1 in one source and 3 in another: sockets are opened rarely, and back off.
        new("apps.connections.open", Tier3),
        new("auth.test", Tier4 * 6),
        new("bookmarks.add", Tier2, "bookmarks:write"),
        new("canvases.edit", Tier3, "canvases:write"),
        new("chat.postEphemeral", Tier4, "chat:write"),
        // A message a second in each channel besides, and several hundred a minute in a workspace.
        new("chat.postMessage", 300, "chat:write", "chat:write.public"),
        new("chat.update", Tier3, "chat:write"),
        new("conversations.canvases.create", Tier2, "canvases:write"),
        new("conversations.create", Tier2, "channels:manage", "groups:write"),
        new("conversations.history", Tier3, "channels:history", "groups:history", "im:history"),
        new("conversations.info", Tier3, "channels:read", "groups:read"),
        new("conversations.invite", Tier3, "channels:manage", "groups:write"),
        new("conversations.join", Tier3, "channels:join"),
        new("conversations.list", Tier2, "channels:read", "groups:read"),
        new("conversations.open", Tier3, "im:write"),
        new("conversations.replies", Tier3, "channels:history", "groups:history", "im:history"),
        new("conversations.setTopic", Tier2, "channels:manage", "groups:write"),
        new("files.completeUploadExternal", Tier4, "files:write"),
        new("files.delete", Tier3, "files:write"),
        new("files.getUploadURLExternal", Tier4, "files:write"),
        new("files.info", Tier4, "files:read"),
        new("oauth.v2.access", Tier4),
        new("pins.add", Tier2, "pins:write"),
        new("users.conversations", Tier3, "channels:read", "groups:read"),
        new("users.info", Tier4, "users:read"),
        new("views.open", Tier4),
        new("views.publish", Tier4),
        new("views.update", Tier4),
    }.ToImmutableDictionary(m => m.Name);
}

/// <summary>A method of the Web API.</summary>
/// <param name="AMinute">Calls a minute and workspace that Slack allows.</param>
public sealed record SlackMethod(string Name, int AMinute, params string[] Scopes);
