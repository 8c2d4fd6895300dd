using System.Text;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Reports;

/// <summary>Prints the tree of causes as numbered whys, a branch for every cause.</summary>
internal static class WhyTree
{
    /// <returns>The whys, or null when none are recorded.</returns>
    public static string? Markdown(IReadOnlyList<Finding> findings)
    {
        var whys = findings.Where(f => f.Kind == FindingKind.Why).ToList();
        var children = whys.ToLookup(f => f.ParentId ?? 0);
        var text = new StringBuilder();
        var number = 0;
        foreach (var root in children[0])
        {
            Write(root);
        }

        return number == 0 ? null : text.ToString().TrimEnd();

        void Write(Finding node)
        {
            var causes = children[node.Id].ToList();
            if (causes.Count == 0)
            {
                return;
            }

            text.Append($"{++number}. **Why** did this happen: {MarkdownText.Escape(node.Text)}\n");
            foreach (var cause in causes)
            {
                text.Append($"    - Because {MarkdownText.Escape(cause.Text)}\n");
            }

            foreach (var cause in causes)
            {
                Write(cause);
            }
        }
    }
}
