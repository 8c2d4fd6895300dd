using System.Text;
using HandlebarsDotNet;

namespace IncidentBot.Core.Reports;

/// <summary>Escapes words for Markdown, so that they read as they were written: no mark-up, no table borders, no raw HTML.</summary>
public sealed class MarkdownText : ITextEncoder
{
    public IFormatProvider FormatProvider => System.Globalization.CultureInfo.InvariantCulture;

    /// <summary>One paragraph or table cell; line ends become <c>&lt;br&gt;</c>, the one tag that documents know.</summary>
    public static string Escape(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        var lineStart = true;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            switch (c)
            {
                case '\r':
                    continue;
                case '\n':
                    result.Append("<br>");
                    lineStart = true;
                    continue;
                case '\\' or '`' or '*' or '[' or '<' or '|':
                    result.Append('\\').Append(c);
                    break;
                case '_' when !(i > 0 && i + 1 < text.Length && char.IsLetterOrDigit(text[i - 1]) && char.IsLetterOrDigit(text[i + 1])):
                    result.Append("\\_");
                    break;
                case '~' when i + 1 < text.Length && text[i + 1] == '~':
                    result.Append("\\~");
                    break;
                case '&' when i + 1 < text.Length && (char.IsAsciiLetter(text[i + 1]) || text[i + 1] == '#'):
                    result.Append("\\&");
                    break;
                case '#' or '>' or '+' or '-' or '=' when lineStart:
                    result.Append('\\').Append(c);
                    break;
                case '.' or ')' when LeadsNumber(text, i):
                    result.Append('\\').Append(c);
                    break;
                case < ' ' when c != '\t':
                    result.Append('\uFFFD');
                    break;
                default:
                    result.Append(c);
                    break;
            }

            lineStart = lineStart && char.IsWhiteSpace(c);
        }

        return result.ToString().Trim();
    }

    /// <summary>A fenced block whose fence is longer than any in the text.</summary>
    public static string Fence(string text)
    {
        var longest = 2;
        var run = 0;
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', longest + 1);
        return $"{fence}\n{text.TrimEnd()}\n{fence}";
    }

    /// <summary>A link; an address that is not http or https is printed as words.</summary>
    public static string Link(string? text, string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"
            ? $"[{Escape(text ?? url).Replace("]", "\\]")}](<{url.Replace("<", "%3C").Replace(">", "%3E").Replace("\n", "").Replace("|", "%7C")}>)"
            : Escape(text is null ? url : $"{text} ({url})");

    public void Encode(StringBuilder? text, TextWriter target) => target.Write(Escape(text?.ToString() ?? ""));

    public void Encode(string? text, TextWriter target) => target.Write(Escape(text ?? ""));

    public void Encode<T>(T? text, TextWriter target)
        where T : IEnumerator<char>
    {
        var all = new StringBuilder();
        while (text is not null && text.MoveNext())
        {
            all.Append(text.Current);
        }

        target.Write(Escape(all.ToString()));
    }

    private static bool LeadsNumber(string text, int at)
    {
        var start = at;
        while (start > 0 && char.IsAsciiDigit(text[start - 1]))
        {
            start--;
        }

        return start < at && at - start <= 9 && (start == 0 || text[start - 1] == '\n') && at + 1 < text.Length && char.IsWhiteSpace(text[at + 1]);
    }
}
