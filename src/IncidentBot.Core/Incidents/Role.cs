using System.Collections.Immutable;

namespace IncidentBot.Core.Incidents;

/// <summary>The names of roles.</summary>
public static class Role
{
    public const string Commander = "commander";

    public static readonly ImmutableArray<string> Usual = [Commander, "communications", "operations", "scribe"];

    private static readonly ImmutableDictionary<string, string> Short = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["ic"] = Commander,
        ["lead"] = Commander,
        ["comms"] = "communications",
        ["comm"] = "communications",
        ["ops"] = "operations",
    }.ToImmutableDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a role by its name, a usual short form, or the start of its name.</summary>
    public static string? Read(string word, ImmutableArray<string> roles)
    {
        var wanted = Short.TryGetValue(word, out var full) ? full : word;
        return roles.FirstOrDefault(r => r.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            ?? (wanted.Length >= 3 ? roles.FirstOrDefault(r => r.StartsWith(wanted, StringComparison.OrdinalIgnoreCase)) : null);
    }
}

/// <summary>Someone held a role of an incident from one moment to another.</summary>
public sealed class RoleAssignment
{
    public long Id { get; set; }

    public long IncidentId { get; set; }

    public required string Role { get; init; }

    /// <summary>The person, or null when an incident file names someone without an account.</summary>
    public long? PersonId { get; init; }

    public required string PersonName { get; set; }

    public DateTimeOffset From { get; init; }

    public DateTimeOffset? To { get; set; }
}

/// <summary>Someone who belongs to an incident: declared it, holds a role, or was added; only they see a private one.</summary>
public sealed class Participant
{
    public long IncidentId { get; set; }

    public long PersonId { get; set; }

    /// <summary>When they were brought into the room; null while that is still to be done.</summary>
    public DateTimeOffset? InvitedAt { get; set; }
}
