using System.Text;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Reports;

/// <summary>Prints the tree of causes: as numbered whys, and as an indented tree that becomes a picture on a page.</summary>
internal static class WhyTree
{
    /// <summary>What marks the block that a page draws as a picture.</summary>
    public const string Block = "why-tree";

    /// <returns>The whys, or null when none are recorded.</returns>
    public static string? Markdown(CauseTree tree)
    {
        var text = new StringBuilder();
        var number = 0;
        foreach (var node in tree.All.Where(n => n.Children.Count > 0))
        {
            text.Append($"{++number}. **Why** did this happen: {MarkdownText.Escape(node.Finding.Text)}\n");
            foreach (var cause in node.Children)
            {
                text.Append($"    - Because {MarkdownText.Escape(cause.Finding.Text)}\n");
            }
        }

        return number == 0 ? null : text.ToString().TrimEnd();
    }

    /// <summary>The tree with its numbers, endings and evidence, a line for each cause; null when there is nothing to draw.</summary>
    /// <param name="fileName">The name of a stored file by its id.</param>
    public static string? Drawing(CauseTree tree, Func<string, string> fileName)
    {
        var nodes = tree.All.ToList();
        if (nodes.Count < 2)
        {
            return null;
        }

        var lines = nodes.Select(n => $"{new string(' ', 2 * n.Depth)}{n.Number} {n.Finding.Text.ReplaceLineEndings(" ")}{Marks(n, fileName)}");
        var fenced = MarkdownText.Fence(string.Join('\n', lines));
        var end = fenced.IndexOf('\n');
        return $"{fenced[..end]}{Block}{fenced[end..]}";
    }

    /// <summary>How a branch ends, as it is printed and drawn.</summary>
    public static string Ending(CauseEnding ending) => ending switch { CauseEnding.Systemic => "can be changed", CauseEnding.Accepted => "accepted", _ => "not known yet" };

    private static string Marks(CauseNode node, Func<string, string> fileName)
    {
        var marks = new List<string>();
        if (node.Finding.Ending is { } ending)
        {
            marks.Add($"{Ending(ending)}{(node.Finding.EndingReason is { } why ? $": {why.ReplaceLineEndings(" ")}" : "")}{(ending == CauseEnding.Accepted && node.Finding.EndedBy is { } by ? $", says {by}" : "")}");
        }

        if (node.Finding.HasEvidence)
        {
            marks.Add($"shown by {string.Join(", ", node.Finding.ShownBy(fileName))}");
        }

        return marks.Count == 0 ? "" : $"  [{string.Join("; ", marks)}]";
    }
}
