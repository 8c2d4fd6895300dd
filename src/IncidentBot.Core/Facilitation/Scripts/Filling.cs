using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Facilitation.Scripts;

/// <summary>Where the answer to a field goes.</summary>
public static class Filling
{
    public const string Entry = "entry";
    public const string Markers = "markers";
    public const string Reasoning = "reasoning";
    public const string State = "state";
    public const string TeamAction = "team-action";
    public const string Proof = "proof";
    public const string Why = "why";
    public const string Action = "action";

    /// <summary>What stands before the name of a field of the impact.</summary>
    public const string Impact = "impact.";

    private static readonly string[] Special = [Entry, Markers, Reasoning, State, TeamAction, Proof, Why, Action];

    /// <summary>The kind of finding that a field fills; null for everything else.</summary>
    public static FindingKind? Kind(string fills) => Words.TryRead<FindingKind>(fills, out var kind) ? kind : null;

    /// <summary>The field of the impact that a field fills.</summary>
    public static ImpactField? ImpactField(string fills) =>
        fills.StartsWith(Impact, StringComparison.Ordinal) ? Incidents.Impact.Fields.FirstOrDefault(f => f.Key.Equals(fills[Impact.Length..], StringComparison.OrdinalIgnoreCase)) : null;

    public static bool IsKnown(string fills) => Special.Contains(fills) || ImpactField(fills) is not null || Kind(fills) is not null;
}
