using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Facilitation;

/// <summary>What the chain from evidence over causes to actions still lacks.</summary>
public sealed record Coverage
{
    /// <summary>Causes at the end of a branch with nothing that shows them.</summary>
    public required IReadOnlyList<Finding> WithoutEvidence { get; init; }

    /// <summary>Ends of branches, and factors, that no action serves and nobody has accepted.</summary>
    public required IReadOnlyList<Finding> Bare { get; init; }

    /// <summary>Action items behind which there is no cause or factor.</summary>
    public required IReadOnlyList<ActionItem> WithoutCause { get; init; }

    public bool IsWhole => WithoutEvidence.Count + Bare.Count + WithoutCause.Count == 0;

    public static Coverage Of(ReviewFacts facts) => Of(facts.Findings, facts.Items);

    public static Coverage Of(IReadOnlyList<Finding> findings, IReadOnlyList<ActionItem> items)
    {
        var tree = CauseTree.Of(findings);
        var served = items.SelectMany(i => i.Serves).ToHashSet();
        var factors = findings.Where(f => f.Kind == FindingKind.Factor && f.RemovedAt is null);
        // An action that serves a cause serves what it leads to.
        var leaves = tree.Leaves.Where(n => !Up(n).Any(a => served.Contains(a.Finding.Number))).Select(n => n.Finding);
        return new()
        {
            WithoutEvidence = [.. tree.Leaves.Select(n => n.Finding).Where(f => !f.HasEvidence)],
            Bare = [.. leaves.Concat(factors.Where(f => !served.Contains(f.Number))).Where(f => f.Ending is not CauseEnding.Accepted)],
            WithoutCause = [.. items.Where(i => i.Serves.Count == 0)],
        };
    }

    private static IEnumerable<CauseNode> Up(CauseNode node)
    {
        for (var at = node; at is { Depth: > 0 }; at = at.Parent)
        {
            yield return at;
        }
    }
}
