using System.Text;

namespace IncidentBot.Slack.Rendering;

/// <summary>Makes a document's Markdown into what a canvas takes: three levels of headings, tables of 300 cells, no lists inside quotes.</summary>
public static class CanvasMarkdown
{
    private const int MostCells = 300;

    public static string Of(string markdown)
    {
        var result = new StringBuilder(markdown.Length);
        var lines = markdown.ReplaceLineEndings("\n").Split('\n');
        var fenced = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                fenced = !fenced;
            }

            if (fenced)
            {
                result.Append(line).Append('\n');
            }
            else if (IsRow(line) && i + 1 < lines.Length && IsRule(lines[i + 1]))
            {
                var end = i + 2;
                while (end < lines.Length && IsRow(lines[end]))
                {
                    end++;
                }

                Table(result, line, lines[i + 1], lines[(i + 2)..end]);
                i = end - 1;
            }
            else
            {
                result.Append(Line(line)).Append('\n');
            }
        }

        return result.ToString();
    }

    private static string Line(string line)
    {
        if (line.StartsWith("####", StringComparison.Ordinal))
        {
            return $"**{line.TrimStart('#').Trim()}**";
        }

        var quoted = line.TrimStart();
        return quoted.StartsWith('>') && quoted.TrimStart('>', ' ') is ['-' or '*' or '+', ' ', ..] or [>= '0' and <= '9', '.', ' ', ..]
            ? "> • " + quoted.TrimStart('>', ' ').TrimStart('-', '*', '+', ' ') : line;
    }

    // A table that is too large goes on in another with the same head, so that nothing is left out.
    private static void Table(StringBuilder result, string head, string rule, string[] rows)
    {
        var columns = Math.Max(1, Cells(head));
        foreach (var some in rows.Length == 0 ? [[]] : rows.Chunk(Math.Max(1, (MostCells / columns) - 1)))
        {
            result.Append(head).Append('\n').Append(rule).Append('\n');
            foreach (var row in some)
            {
                result.Append(row).Append('\n');
            }

            result.Append('\n');
        }
    }

    private static int Cells(string row) => row.Replace("\\|", "").Count(c => c == '|') - 1;

    private static bool IsRow(string line) => line.TrimStart().StartsWith('|');

    private static bool IsRule(string line) => IsRow(line) && line.All(c => c is '|' or '-' or ':' or ' ') && line.Contains('-');
}
