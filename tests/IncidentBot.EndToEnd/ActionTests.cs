using IncidentBot.Fakes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace IncidentBot.EndToEnd;

/// <summary>Action items in a real browser: the weekly message, its buttons and forms, the policy, and the page of jobs.</summary>
public sealed class ActionTests : BrowserTest
{
    [BrowserFact]
    public async Task An_owner_answers_the_weekly_message_in_place()
    {
        await Bot.DisposeAsync();
        var clock = new FileClock(Path.Combine(Database.DataDirectory, "clock"));
        // A Thursday.
        clock.Set(new(2026, 3, 12, 12, 0, 0, TimeSpan.Zero));
        Bot = await BotProcess.ServeByAsync(clock, Database, "--FollowUps:SweepEvery=00:00:01", "--Admins=ann");
        var ann = await OpenAsync();
        await TypeAsync(ann, "/incident start sev1 Production database is down");
        await EnterRoomAsync(ann);
        await TypeAsync(ann, "/incident resolve");
        foreach (var item in new[] { "Add an alert at 80% pool use @sarah due tomorrow P1 detect", "Reject batch jobs without a load test in the pipeline @sarah due 2026-03-18 P1 prevent", "Write the failover runbook with its 5 steps @sarah P3 mitigate", "Move the pool settings of all 14 services into one file that is reviewed @sarah P2 prevent" })
        {
            await TypeAsync(ann, $"/incident action {item}");
            await Expect(ann.GetByText("kept").Last).ToBeVisibleAsync();
        }

        await TypeAsync(ann, "/incident policy complete 20d for SEV1 P2");
        await Expect(ann.GetByText("Nothing is changed yet").Last).ToBeVisibleAsync();
        await ShootAsync(ann, "actions-policy");
        clock.Set(new(2026, 3, 16, 9, 0, 1, TimeSpan.Zero));
        var sarah = await OpenAsync("sarah");
        await sarah.GetByRole(AriaRole.Button, new() { Name = "IncidentBot" }).ClickAsync();
        var digest = sarah.Locator("li.message.bot", new() { HasText = "Your actions" }).First;
        await Expect(digest).ToContainTextAsync("1 overdue");
        await digest.ScrollIntoViewIfNeededAsync();
        await ShootAsync(sarah, "actions-digest");
        await AssertAccessibleAsync(sarah, "the weekly message");
        await digest.GetByRole(AriaRole.Button, new() { Name = "Done" }).First.ClickAsync();
        await sarah.GetByLabel("Where does one see it?").FillAsync("https://grafana.example.com/alerts/7");
        await ShootAsync(sarah, "actions-done");
        await sarah.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Expect(digest).ToContainTextAsync("✓ done");
        await digest.GetByRole(AriaRole.Button, new() { Name = "In progress" }).First.ClickAsync();
        await Expect(digest).ToContainTextAsync("✓ in progress");
        await ShootAsync(sarah, "actions-answered");
        await sarah.SetViewportSizeAsync(390, 800);
        Assert.True(await sarah.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The phone has to scroll sideways.");
        await ShootAsync(sarah, "actions-phone");

        await TypeAsync(ann, "/incident web");
        await ann.GetByRole(AriaRole.Button, new() { Name = "IncidentBot" }).ClickAsync();
        var page = await ann.RunAndWaitForPopupAsync(() => ann.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Open as Ann Field" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Scheduled jobs" }).ClickAsync();
        // The clock has jumped over four days, in which the other job should have run.
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "1 job does not run" })).ToBeVisibleAsync();
        await AssertAccessibleAsync(page, "jobs");
        await ShootAsync(page, "actions-jobs");
    }
}
