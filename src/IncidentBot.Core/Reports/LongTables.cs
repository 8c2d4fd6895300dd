using System.Text;

namespace IncidentBot.Core.Reports;

/// <summary>Renders long tables in pieces and joins them, since the Markdown parser refuses a table of many thousand cells.</summary>
internal static class LongTables
{
    private const int MostRows = 250;

    /// <param name="render">Renders Markdown without long tables.</param>
    public static string Render(string markdown, Func<string, string> render)
    {
        var lines = markdown.ReplaceLineEndings("\n").Split('\n');
        var html = new StringBuilder();
        var pending = new StringBuilder();
        string? fence = null;
        for (var i = 0; i < lines.Length; i++)
        {
            var end = i;
            while (fence is null && end < lines.Length && lines[end].StartsWith('|'))
            {
                end++;
            }

            if (end - i <= MostRows)
            {
                fence = Fence(fence, lines[i]);
                pending.Append(lines[i]).Append('\n');
                continue;
            }

            html.Append(render(pending.ToString()));
            pending.Clear();
            AppendTable(html, lines[i..end], render);
            i = end - 1;
        }

        return html.Append(render(pending.ToString())).ToString();
    }

    private static void AppendTable(StringBuilder html, string[] table, Func<string, string> render)
    {
        const string Begin = "<tbody>";
        const string End = "</tbody>";
        foreach (var (rows, first) in table.Skip(2).Chunk(MostRows).Select((rows, n) => (rows, n == 0)))
        {
            var piece = render(string.Join('\n', table.Take(2).Concat(rows)) + "\n");
            var from = first ? 0 : piece.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
            html.Append(piece, from, piece.LastIndexOf(End, StringComparison.Ordinal) - from);
        }

        html.Append(End).Append("\n</table>\n");
    }

    // A line that begins with a bar inside a fenced block is no table.
    private static string? Fence(string? open, string line)
    {
        var ticks = line.Length - line.TrimStart('`').Length;
        return open is null ? (ticks >= 3 ? line[..ticks] : null) : line.TrimEnd() == open ? null : open;
    }
}
