using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace IncidentBot.Core.Reports;

/// <summary>Draws an indented tree of causes as a picture: a box for each cause, below and to the right of what it explains.</summary>
internal static partial class TreePicture
{
    private const int Width = 880;
    private const int Step = 34;
    private const int LineHeight = 19;
    private const int Padding = 9;
    private const int Gap = 10;
    private const int CharacterWidth = 8;

    /// <summary>The picture as SVG, in the colours of the page around it.</summary>
    public static string Svg(IEnumerable<string> lines)
    {
        var boxes = Place([.. lines.Where(l => !string.IsNullOrWhiteSpace(l))]);
        var height = boxes.Count == 0 ? 0 : boxes[^1].Bottom + 2;
        var svg = new StringBuilder();
        svg.Append($"""<svg class="tree" viewBox="0 0 {Width} {height}" width="100%" role="img" aria-label="The tree of causes">""");
        foreach (var box in boxes.Where(b => b.Above is not null))
        {
            var x = box.Above!.X + 15;
            svg.Append($"""<path class="branch" d="M{x} {box.Above.Bottom} V{box.Y + 18} H{box.X}"/>""");
        }

        foreach (var box in boxes)
        {
            svg.Append($"""<rect class="{box.Kind}" x="{box.X}" y="{box.Y}" width="{box.Width}" height="{box.Height}" rx="6"/>""");
            for (var i = 0; i < box.Lines.Count; i++)
            {
                var (text, quiet) = box.Lines[i];
                var y = box.Y + Padding + 14 + (i * LineHeight);
                var number = i == 0 ? $"""<tspan class="number">{box.Number}</tspan> """ : "";
                svg.Append($"""<text{(quiet ? " class=\"quiet\"" : "")} x="{box.X + 12}" y="{y}">{number}{WebUtility.HtmlEncode(text)}</text>""");
            }
        }

        return svg.Append("</svg>").ToString();
    }

    private static List<Box> Place(List<string> lines)
    {
        var boxes = new List<Box>();
        var open = new Dictionary<int, Box>();
        var y = 1;
        foreach (var line in lines)
        {
            var match = Line().Match(line);
            if (!match.Success)
            {
                continue;
            }

            var depth = match.Groups["indent"].Length / 2;
            var x = 1 + (depth * Step);
            var room = Math.Max(12, (Width - x - 26) / CharacterWidth);
            var words = Wrap(match.Groups["text"].Value, room, $"{match.Groups["number"].Value} ".Length).Select(t => (t, false)).ToList();
            var marks = match.Groups["marks"].Value;
            words.AddRange(marks.Length == 0 ? [] : Wrap(marks, room + 4, 0).Select(t => (t, true)));
            var kind = marks.StartsWith(WhyTree.Ending(Incidents.CauseEnding.Systemic), StringComparison.Ordinal) ? "systemic"
                : marks.StartsWith(WhyTree.Ending(Incidents.CauseEnding.Accepted), StringComparison.Ordinal) ? "accepted"
                : marks.StartsWith(WhyTree.Ending(Incidents.CauseEnding.Unknown), StringComparison.Ordinal) ? "unknown" : "cause";
            var box = new Box(x, y, Width - x - 1, (words.Count * LineHeight) + (2 * Padding), match.Groups["number"].Value, kind, words, open.GetValueOrDefault(depth - 1));
            boxes.Add(box);
            open[depth] = box;
            y = box.Bottom + Gap;
        }

        return boxes;
    }

    private static IEnumerable<string> Wrap(string text, int room, int taken)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(w => w.Length <= room ? [w] : w.Chunk(room).Select(c => new string(c))))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > room - taken)
            {
                yield return line.ToString();
                line.Clear();
                taken = 0;
            }

            line.Append(line.Length == 0 ? "" : " ").Append(word);
        }

        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }

    [GeneratedRegex(@"^(?<indent> *)(?<number>[\d.]+) (?<text>.*?)(?:  \[(?<marks>.*)\])?$")]
    private static partial Regex Line();

    /// <summary>A cause as it is drawn.</summary>
    private sealed record Box(int X, int Y, int Width, int Height, string Number, string Kind, List<(string Text, bool Quiet)> Lines, Box? Above)
    {
        public int Bottom => Y + Height;
    }
}
