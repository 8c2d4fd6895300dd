namespace IncidentBot.Core.Incidents;

/// <summary>The tree of causes: every why with the causes below it, numbered by its branches.</summary>
public sealed class CauseTree
{
    /// <summary>How deep the questions go by themselves; people may go on.</summary>
    public const int UsualDepth = 5;

    /// <summary>Fewer steps than these are no chain; a branch that ends before the usual depth says for which reason.</summary>
    public const int LeastDepth = 3;

    private CauseTree(IReadOnlyList<CauseNode> roots) => Roots = roots;

    /// <summary>What is to be explained; usually one.</summary>
    public IReadOnlyList<CauseNode> Roots { get; }

    /// <summary>Every node, each before those below it.</summary>
    public IEnumerable<CauseNode> All => Roots.SelectMany(r => r.WithBelow);

    /// <summary>Nodes with nothing below them, but for what is to be explained itself.</summary>
    public IEnumerable<CauseNode> Leaves => All.Where(n => n.Children.Count == 0 && n.Depth > 0);

    public int Depth => All.Select(n => n.Depth).DefaultIfEmpty(0).Max();

    /// <summary>True when some node has several causes.</summary>
    public bool Branches => All.Any(n => n.Children.Count > 1);

    /// <summary>Branches that may go on.</summary>
    public IEnumerable<CauseNode> Open => All.Where(n => n.Children.Count == 0 && n.Finding.Ending is null && n.Depth < UsualDepth);

    public CauseNode? Find(long findingId) => All.FirstOrDefault(n => n.Finding.Id == findingId);

    /// <summary>A node by its number, such as 1.2.1.</summary>
    public CauseNode? Find(string number) => All.FirstOrDefault(n => n.Number == number.Trim());

    public static CauseTree Of(IEnumerable<Finding> findings)
    {
        var whys = findings.Where(f => f.Kind == FindingKind.Why && f.RemovedAt is null).OrderBy(f => f.Number).ThenBy(f => f.Id).ToList();
        var ids = whys.ConvertAll(w => w.Id).ToHashSet();
        var below = whys.ToLookup(w => Above(w) is { } above && ids.Contains(above) ? above : 0);
        return new([.. below[0].Select((w, i) => Node(w, 0, $"{i + 1}", null))]);

        CauseNode Node(Finding finding, int depth, string number, CauseNode? parent)
        {
            var node = new CauseNode(finding, depth, number, parent);
            node.Children.AddRange(below[finding.Id].Select((w, i) => Node(w, depth + 1, $"{number}.{i + 1}", node)));
            return node;
        }
    }

    private static long? Above(Finding finding) => finding.ParentId ?? finding.Parent?.Id;
}

/// <summary>A cause in its tree.</summary>
/// <param name="Depth">0 for what is to be explained.</param>
/// <param name="Number">Its way from the root, such as 1.2.1.</param>
public sealed record CauseNode(Finding Finding, int Depth, string Number, CauseNode? Parent)
{
    public List<CauseNode> Children { get; } = [];

    public IEnumerable<CauseNode> WithBelow => new[] { this }.Concat(Children.SelectMany(c => c.WithBelow));
}
