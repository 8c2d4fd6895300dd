using System.Net;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Renderers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace IncidentBot.Core.Reports;

/// <summary>Turns a document's Markdown into a page that stands alone: no raw HTML, no scripts, no other address schemes than http, https and mailto.</summary>
public static class HtmlWriter
{
    private static readonly MarkdownPipeline Pipeline = BuildPipeline();

    private static readonly string Style = Resources.Text("Reports.Templates.document.css");

    public static string Page(string title, string markdown) =>
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{WebUtility.HtmlEncode(title)}</title>
        <style>
        {Style}
        </style>
        </head>
        <body>
        <main>
        {Fragment(markdown)}
        </main>
        </body>
        </html>

        """;

    /// <summary>The Markdown as HTML without a page around it.</summary>
    public static string Fragment(string markdown) => LongTables.Render(markdown, RenderPiece);

    private static string RenderPiece(string markdown)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            if (link.IsImage || !IsSafe(link.Url))
            {
                link.ReplaceBy(new LiteralInline(link.Url ?? ""));
            }
        }

        foreach (var block in document.Descendants<FencedCodeBlock>().Where(b => b.Info == WhyTree.Block).ToList())
        {
            var picture = new HtmlBlock(null) { Lines = new StringLineGroup(TreePicture.Svg(block.Lines.Lines.Take(block.Lines.Count).Select(l => l.ToString()))) };
            block.Parent![block.Parent.IndexOf(block)] = picture;
        }

        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.Render(document);
        return writer.ToString();
    }

    private static bool IsSafe(string? url) =>
        url is not null && (url.StartsWith('#') || url.StartsWith(EvidenceFile.Served, StringComparison.Ordinal) || url.StartsWith(EvidenceFile.Beside, StringComparison.Ordinal) || (Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https" or "mailto"));

    private static MarkdownPipeline BuildPipeline()
    {
        var builder = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables(new PipeTableOptions { UseHeaderForColumnCount = true });
        builder.InlineParsers.Insert(0, new LineBreakParser());
        builder.InlineParsers.TryRemove<AutolinkInlineParser>();
        return builder.Build();
    }

    /// <summary>Reads <c>&lt;br&gt;</c>, which only the documents' own escaping writes, as a line break.</summary>
    private sealed class LineBreakParser : InlineParser
    {
        public LineBreakParser() => OpeningCharacters = ['<'];

        public override bool Match(InlineProcessor processor, ref StringSlice slice)
        {
            if (!slice.Match("<br>"))
            {
                return false;
            }

            // Not a line break of Markdown, which would end a table row.
            processor.Inline = new HtmlInline("<br>");
            slice.Start += 4;
            return true;
        }
    }
}
