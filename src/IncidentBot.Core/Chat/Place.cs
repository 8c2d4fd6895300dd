namespace IncidentBot.Core.Chat;

/// <summary>Where something was said: a channel of a workspace on a platform, and the thread in it, if any.</summary>
public sealed record Place(string Platform, string Workspace, string Channel, string? Thread = null);

/// <summary>A person as a platform knows them.</summary>
/// <param name="UserId">The platform's own id; stable, never shown.</param>
public sealed record PersonRef(string Platform, string Workspace, string UserId);
