using System.Collections.Immutable;
using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;

namespace IncidentBot.WebChat.Inbound;

/// <summary>Reads typed text into spans: mentions, links and fenced blocks; the words stay exactly as typed.</summary>
public static partial class WebChatText
{
    public static RichText Read(string text)
    {
        var spans = ImmutableArray.CreateBuilder<Span>();
        var at = 0;
        foreach (Match match in Pieces().Matches(text))
        {
            var span = ReadPiece(match);
            if (span is null)
            {
                continue;
            }

            Plain(text[at..match.Index]);
            if (span.Kind == SpanKind.CodeBlock)
            {
                Plain("```");
                spans.Add(span);
                Plain("```");
            }
            else
            {
                spans.Add(span);
            }

            at = match.Index + match.Length;
        }

        Plain(text[at..]);
        return new(spans.ToImmutable());

        void Plain(string piece)
        {
            if (piece.Length > 0)
            {
                spans.Add(new(SpanKind.Plain, piece));
            }
        }
    }

    private static Span? ReadPiece(Match match)
    {
        if (match.Groups["code"].Success)
        {
            return new(SpanKind.CodeBlock, match.Groups["code"].Value);
        }

        if (match.Groups["handle"].Success)
        {
            return SamplePeople.Find(match.Groups["handle"].Value) is { } person ? new(SpanKind.User, match.Value, person.Handle) : null;
        }

        return Uri.TryCreate(match.Value, UriKind.Absolute, out _) ? new(SpanKind.Link, match.Value, match.Value) : null;
    }

    [GeneratedRegex("```(?<code>[^`]+)```|" + RichText.AddressPattern + @"|(?<![\w.])@(?<handle>[a-z]+)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Pieces();
}
