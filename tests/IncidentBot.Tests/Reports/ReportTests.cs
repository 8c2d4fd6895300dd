using IncidentBot.Core.Replay;
using IncidentBot.Core.Reports;
using IncidentBot.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentBot.Tests.Reports;

/// <summary>The report has every heading and table of its format.</summary>
public sealed class ReportTests
{
    private static readonly string[] Headings =
    [
        "# Post-Mortem / Root Cause Analysis Report", "## Incident Metadata", "## Executive Summary", "## Timeline", "## Root Cause Analysis", "### What happened",
        "### 5 Whys Analysis", "### Root Cause", "## Contributing Factors", "## Impact Assessment", "## What Went Well", "## What Could Be Improved", "## Action Items",
        "## Lessons Learned", "## Appendix", "### Relevant Logs", "### Relevant Metrics / Graphs", "### Related Incidents",
    ];

    [Fact]
    public async Task An_incident_of_which_nothing_is_known_has_them_all_with_honest_open_points()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, _) = await chat.DeclaresAsync("ann", "");
        var report = await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md");
        AssertInOrder(report);
        Assert.DoesNotContain("[", report, StringComparison.Ordinal);
        Assert.Contains("*Open point: the root cause is not recorded yet.*", report, StringComparison.Ordinal);
        Assert.Contains("*Open point: the incident is not resolved yet.*", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sample_prints_as_approved()
    {
        await using var bot = await BotUnderTest.StartAsync();
        var code = await bot.Services.GetRequiredService<FilePlayer>().PlayAsync(IncidentFileReader.Read(Sample.Json), import: false, null, default);
        var report = await bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md");
        AssertInOrder(report);
        Approved.Matches("report-sample.md", report);
    }

    [Fact]
    public async Task A_tree_of_whys_prints_a_branch_for_every_cause()
    {
        await using var bot = await BotUnderTest.StartAsync();
        var code = await bot.Services.GetRequiredService<FilePlayer>().PlayAsync(IncidentFileReader.Read(
            """{"title":"t","timeline":[{"time":"2024-01-01T10:00","text":"x"}],"five_whys_tree":{"why":"down","because":[{"why":"bug","because":[{"why":"no test"}]},{"why":"no alert"}]}}"""), import: false, null, default);
        var html = await bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.html");
        Assert.Contains("did this happen: down", html, StringComparison.Ordinal);
        Assert.Contains("<li>Because no alert</li>", html, StringComparison.Ordinal);
        Assert.Contains("<li>Because no test</li>", html, StringComparison.Ordinal);
    }

    private static void AssertInOrder(string report)
    {
        var at = 0;
        foreach (var heading in Headings)
        {
            var found = report.IndexOf($"{heading}\n", at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{heading}' is missing or out of order.");
            at = found;
        }
    }
}
