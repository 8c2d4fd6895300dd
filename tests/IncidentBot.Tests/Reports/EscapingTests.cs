using IncidentBot.Core.Reports;
using IncidentBot.Fakes;

namespace IncidentBot.Tests.Reports;

/// <summary>Documents print words as they were written, and nothing in them is mark-up.</summary>
public sealed class EscapingTests
{
    [Theory]
    [InlineData("<defunct>")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("a | b || c")]
    [InlineData("`rm -rf *` and ``x``")]
    [InlineData("**bold** _it_ __x__ snake_case_name ~~gone~~ ~12,000")]
    [InlineData("[click](javascript:alert(1)) ![i](http://x/y.png)")]
    [InlineData("<https://example.com> and <a href='x'>")]
    [InlineData("@channel @here &lt; &amp; &#60; R&D")]
    [InlineData("# no heading")]
    [InlineData("- no list")]
    [InlineData("> no quote")]
    [InlineData("1. no list, 2) either")]
    [InlineData("--- no rule")]
    [InlineData("\\ back\\slash \\* \\| end\\")]
    [InlineData("👩‍🚒 🔥 שלום עולם مرحبا ﷽ ñ é")]
    [InlineData("$x^2$ {curly} {{handlebars}} {{{raw}}}")]
    public void A_text_reads_in_html_as_it_was_written(string text)
    {
        var cell = HtmlWriter.Fragment($"| a | b |\n|---|---|\n| x | {MarkdownText.Escape(text)} |\n");
        Assert.Equal($"<td>{text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal)}</td>", Cell(cell));
        var paragraph = HtmlWriter.Fragment(MarkdownText.Escape(text));
        Assert.DoesNotContain("<a", paragraph, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", paragraph, StringComparison.Ordinal);
        Assert.StartsWith("<p>", paragraph, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_lines_stay_in_their_cell()
    {
        var html = HtmlWriter.Fragment($"| a | b |\n|---|---|\n| x | {MarkdownText.Escape("one\ntwo\r\n- three")} |\n");
        Assert.Equal("<td>one<br>two<br>- three</td>", Cell(html));
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("vbscript:x")]
    [InlineData("file:///etc/passwd")]
    public void Only_web_addresses_become_links(string url)
    {
        Assert.DoesNotContain("href", HtmlWriter.Fragment(MarkdownText.Link("x", url)), StringComparison.Ordinal);
        Assert.DoesNotContain("href", HtmlWriter.Fragment($"[x]({url})"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_ten_thousand_rows_is_one_table()
    {
        var rows = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"| {i} | {MarkdownText.Escape($"<row> {i} | x")} |\n"));
        var html = HtmlWriter.Fragment($"# before\n\n| a | b |\n|---|---|\n{rows}\nafter\n\n```\n| not | a table |\n```\n");
        Assert.Equal((1, 1, 10_001), (Count("<table>"), Count("</table>"), Count("<tr>")));
        Assert.Contains("<td>&lt;row&gt; 9999 | x</td>", html, StringComparison.Ordinal);
        Assert.Contains("<p>after</p>", html, StringComparison.Ordinal);
        Assert.Contains("| not | a table |", html, StringComparison.Ordinal);

        int Count(string tag) => html.Split(tag).Length - 1;
    }

    [Fact]
    public void A_fence_is_longer_than_any_inside() => Assert.StartsWith("````\n", MarkdownText.Fence("a ``` b"), StringComparison.Ordinal);

    [Fact]
    public async Task A_hostile_incident_makes_a_harmless_document()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 <img src=x onerror=alert(1)> | `x` {{title}}");
        await chat.CommandAsync("ann", "log <script>alert(1)</script> ```</code><b>``` [a](javascript:x)", room);
        await chat.CommandAsync("ann", "action <b>| do `it` due never @ann", room);
        var html = await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.html");
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href=\"javascript", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
        Assert.Contains("{{title}}", html, StringComparison.Ordinal);
    }

    private static string Cell(string html)
    {
        var start = html.LastIndexOf("<td>", StringComparison.Ordinal);
        return html[start..(html.IndexOf("</td>", start, StringComparison.Ordinal) + 5)];
    }
}
