using System.Text.Json;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Insights;
using IncidentBot.Core.People;
using IncidentBot.Fakes;
using IncidentBot.Jobs;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Tests.ActionItems;

/// <summary>What is counted of incidents, reviews and actions, the workbook of all actions, and whether the jobs behind them run.</summary>
public sealed class FiguresTests : FollowUpScene
{
    [Fact]
    public async Task Every_figure_has_its_definition_and_leaves_out_what_did_not_happen()
    {
        await using var bot = await BotUnderTest.StartAsync(now: Start);
        var empty = await bot.GetAsync("/api/v1/insights");
        Assert.All(empty.GetProperty("metrics").EnumerateArray(), m => Assert.Equal((0, JsonValueKind.Null), (m.GetProperty("n").GetInt32(), m.GetProperty("median").ValueKind)));
        await bot.InDatabaseAsync(async db =>
        {
            var (bob, eve) = (Owner(db, "bob", "UTC"), Owner(db, "eve", "UTC"));
            var first = Over(db, 1, Start.AddDays(-40), "Memory leaks");
            var second = Over(db, 2, Start.AddDays(-20), "Memory leaks");
            var third = Over(db, 3, Start.AddDays(-10));
            Finish(Item(db, first, bob, new(2026, 2, 1), Start.AddDays(-39)), bob, Start.AddDays(-35), ActionState.Verified);
            Finish(Item(db, second, bob, new(2026, 2, 14), Start.AddDays(-19)), bob, Start.AddDays(-9), ActionState.Done);
            var dropped = Item(db, third, eve, new(2026, 2, 25), Start.AddDays(-9));
            dropped.DroppedAt = Start.AddDays(-5);
            dropped.Move(ActionState.NotDoing, "not done", "gone", eve, Start.AddDays(-5));
            Item(db, third, eve, new(2026, 2, 24), Start.AddDays(-9)).Team = "payments";
            var played = new Core.Incidents.Incident { Workspace = Workspace, Year = 2026, Number = 9, Title = "played", DeclaredByName = "x", Platform = "webchat", DeclaredIn = "incidents", DeclaredAt = Start, Replayed = true, Class = "Memory leaks" };
            db.Incidents.Add(played);
            Item(db, played, eve, new(2026, 2, 1), Start);
            return await db.SaveChangesAsync();
        });
        var insights = await bot.GetAsync("/api/v1/insights");
        Assert.Equal(3, insights.GetProperty("incidents").GetInt32());
        var metrics = insights.GetProperty("metrics").EnumerateArray().ToDictionary(m => m.GetProperty("key").GetString()!);
        Assert.All(metrics.Values, m => Assert.False(string.IsNullOrWhiteSpace(m.GetProperty("definition").GetString())));
        Assert.Equal((3, 2.0, 2.0), (metrics["duration"].GetProperty("n").GetInt32(), metrics["duration"].GetProperty("median").GetDouble(), metrics["duration"].GetProperty("p90").GetDouble()));
        // Four and ten days.
        Assert.Equal((2, 7.0, 9.4, 7.0), (metrics["time-to-complete"].GetProperty("n").GetInt32(), metrics["time-to-complete"].GetProperty("median").GetDouble(), metrics["time-to-complete"].GetProperty("p90").GetDouble(), metrics["time-to-complete"].GetProperty("mean").GetDouble()));
        Assert.Equal(1, metrics["open-item-age"].GetProperty("n").GetInt32());
        var rates = insights.GetProperty("rates").EnumerateArray().ToDictionary(r => r.GetProperty("key").GetString()!, r => (r.GetProperty("part").GetInt32(), r.GetProperty("n").GetInt32()));
        Assert.Equal(((2, 4), (2, 3), (1, 3), (1, 2), (1, 2)), (rates["completion"], rates["completion-of-wanted"], rates["on-time"], rates["repeats"], rates["verified"]));
        Assert.Equal(("eve", 1, 7), insights.GetProperty("overdue").GetProperty("byOwner").EnumerateArray().Select(o => (o.GetProperty("name").GetString(), o.GetProperty("items").GetInt32(), o.GetProperty("oldestDays").GetInt32())).Single());
        Assert.Equal("payments", insights.GetProperty("overdue").GetProperty("byTeam")[0].GetProperty("name").GetString());
        Assert.Equal(1, (await bot.GetAsync("/api/v1/insights?since=2026-02-20")).GetProperty("incidents").GetInt32());
    }

    private static void Finish(ActionItem item, Person by, DateTimeOffset at, ActionState to)
    {
        item.CompletedAt = at;
        item.Move(to, "done", null, by, at);
    }

    [Fact]
    public void Those_who_wait_still_count_in_how_long_it_takes()
    {
        // By hand: of five one is done on day 3, one left on day 5, one done on day 10, two are watched for 20 days and open.
        var points = Survival.Of([(3, true), (5, false), (10, true), (20, false), (20, false)]).ToDictionary(p => p.Days);
        Assert.Equal((0.8, 3), (points[7].StillOpen, points[7].AtRisk));
        Assert.Equal(0.533, points[14].StillOpen);
        Assert.Equal((0.533, 0), (points[30].StillOpen, points[30].AtRisk));
        Assert.All(Survival.Of([]), p => Assert.Null(p.StillOpen));
    }

    [Fact]
    public async Task The_workbook_is_valid_has_dates_as_dates_and_no_formulas()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(now: Start));
        await chat.Bot.InDatabaseAsync(async db =>
        {
            var incident = Over(db, 1, Start.AddDays(-40));
            var item = Item(db, incident, Owner(db, "bob", "UTC"), new(2026, 2, 1), Start.AddDays(-39));
            (item.Text, item.Ticket, item.Team) = ("=HYPERLINK(\"http://evil\",\"click\") 🔥 \u0001 & <b>", "+1-800", "@SUM(A1)");
            item.SuccessCriteria = new string('x', 40_000);
            return await db.SaveChangesAsync();
        });
        var folder = await chat.Bot.ExportAsync("INC-2026-0001", chat.Bot.Database.DataDirectory);
        Assert.True(Directory.Exists(folder));
        var sample = Environment.GetEnvironmentVariable("INCIDENTBOT_TEST_PICTURES");
        var bytes = await chat.Bot.Browser.GetByteArrayAsync("/action-items/tracker.xlsx?as=ann");
        if (sample is not null)
        {
            await File.WriteAllBytesAsync(Path.Combine(sample, "tracker.xlsx"), bytes);
        }

        using var stream = new MemoryStream(bytes);
        using var document = SpreadsheetDocument.Open(stream, false);
        Assert.Empty(new OpenXmlValidator().Validate(document).Select(e => $"{e.Path?.XPath}: {e.Description}"));
        var sheet = document.WorkbookPart!.WorksheetParts.Single().Worksheet;
        Assert.Empty(sheet.Descendants<CellFormula>());
        Assert.Equal("A1:V2", sheet.GetFirstChild<AutoFilter>()!.Reference!.Value);
        var cells = sheet.Descendants<Cell>().ToDictionary(c => c.CellReference!.Value!);
        Assert.StartsWith("=HYPERLINK", cells["B2"].InnerText, StringComparison.Ordinal);
        Assert.Equal(CellValues.InlineString, cells["B2"].DataType!.Value);
        Assert.Equal(new DateTime(2026, 2, 1), DateTime.FromOADate(double.Parse(cells["H2"].InnerText, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Null(cells["H2"].DataType);
        Assert.Equal("open, overdue", cells["I2"].InnerText);
    }

    [Fact]
    public async Task A_job_that_does_not_run_is_said_on_its_page_by_readiness_and_to_the_administrators_once_a_day()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(settings: new() { ["Admins"] = "ann" }));
        await chat.CommandAsync("ann", "list");
        await RunAsync(chat.Bot);
        Assert.Contains("\"ready\":true", await chat.Bot.Browser.GetStringAsync("/readyz"), StringComparison.Ordinal);
        using var ann = new PageClient(chat.Bot);
        await ann.SignInAsync(chat, "ann");
        Assert.Contains("Everything runs", (await ann.GetAsync("/jobs")).Page, StringComparison.Ordinal);
        using var bob = new PageClient(chat.Bot);
        await bob.SignInAsync(chat, "bob");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await bob.GetAsync("/jobs")).Status);

        chat.Time.Advance(TimeSpan.FromMinutes(11));
        using (var ready = await chat.Bot.Browser.GetAsync("/readyz"))
        {
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains("job follow-ups", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Contains("1 job does not run", (await ann.GetAsync("/jobs")).Page, StringComparison.Ordinal);
        for (var i = 0; i < 5; i++)
        {
            await chat.Bot.PassAsync(TimeSpan.FromMinutes(2));
        }

        Assert.Single(await chat.SeesAsync("ann", chat.DirectRoom("ann")), m => m.Words.Contains("“follow-ups” does not run", StringComparison.Ordinal));
        await RunAsync(chat.Bot);
        Assert.Contains("\"ready\":true", await chat.Bot.Browser.GetStringAsync("/readyz"), StringComparison.Ordinal);
    }

    private static Task RunAsync(BotUnderTest bot) => bot.InDatabaseAsync(async db =>
    {
        var now = bot.Time.GetUtcNow();
        var run = await db.JobRuns.FirstOrDefaultAsync(r => r.Name == FollowUpJob.Name) ?? db.JobRuns.Add(new Core.Delivery.JobRun { Name = FollowUpJob.Name }).Entity;
        (run.LastStartedAt, run.LastFinishedAt, run.LastGoodAt) = (now, now, now);
        return await db.SaveChangesAsync();
    });
}
