using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace IncidentBot.EndToEnd;

/// <summary>The review in a real browser: the questions, the tree and the overview, as people see them.</summary>
public sealed class ReviewTests : BrowserTest
{
    [BrowserFact]
    public async Task A_review_is_led_in_the_room()
    {
        var page = await OpenAsync();
        await TypeAsync(page, "/incident start sev1 Production database is down");
        await EnterRoomAsync(page);
        await TypeAsync(page, "/incident log decision: restart the database cluster");
        await TypeAsync(page, "/incident resolve");
        var next = Card(page, "What comes next");
        await Expect(next).ToContainTextAsync("it was SEV1");
        await ShootAsync(page, "review-offer");
        await next.GetByRole(AriaRole.Button, new() { Name = "Start the review" }).ClickAsync();
        var story = Card(page, "1. What people saw");
        await story.GetByRole(AriaRole.Button, new() { Name = "Answer" }).ClickAsync();
        await page.GetByLabel("What you saw and did").FillAsync("I saw the pool at 500 of 500 and assumed it was the cluster.");
        await ShootAsync(page, "review-answer");
        await AssertAccessibleAsync(page, "the form of an answer");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Answer" }).ClickAsync();
        await Expect(story).ToContainTextAsync("Answered: Ann Field");
        await story.GetByRole(AriaRole.Button, new() { Name = "Next question" }).ClickAsync();
        await Expect(Card(page, "2. Timeline")).ToBeVisibleAsync();
        await ShootAsync(page, "review-question");
        foreach (var text in new[]
        {
            "review why The new batch job never closed its connections", "review why 1 the pool of batch and web is shared", "review why 1.1 load tests are optional for batch jobs, so the leak was never seen under load", "review why 1.1 unknown nobody knows yet", "review tree",
        })
        {
            await TypeAsync(page, $"/incident {text}");
        }

        await Expect(page.GetByText("How it came about").Last).ToBeVisibleAsync();
        await ShootAsync(page, "review-tree");
        await AssertAccessibleAsync(page, "a room with a review");
        await TypeAsync(page, "/incident review score");
        await Expect(page.GetByText("Quality of the review").Last).ToBeVisibleAsync();
        await ShootAsync(page, "review-score");
        await Card(page, "Review of INC").ScrollIntoViewIfNeededAsync();
        await ShootAsync(page, "review-overview");
        await ShootEveryQuestionAsync(page);
    }

    // Only where somebody wants to look at them: there are some thirty.
    private static async Task ShootEveryQuestionAsync(IPage page)
    {
        if (Environment.GetEnvironmentVariable("INCIDENTBOT_TEST_PICTURES") is not { Length: > 0 } folder)
        {
            return;
        }

        for (var n = 2; await page.GetByRole(AriaRole.Button, new() { Name = "Next question" }).CountAsync() > 0; n++)
        {
            var asked = page.Locator("li.message.bot", new() { Has = page.GetByRole(AriaRole.Button, new() { Name = "Next question" }) }).Last;
            await asked.ScrollIntoViewIfNeededAsync();
            await asked.ScreenshotAsync(new() { Path = Path.Combine(folder, $"question-{n:00}.png") });
            var message = page.Locator($"li.message.bot[data-key='{await asked.GetAttributeAsync("data-key")}']");
            await message.GetByRole(AriaRole.Button, new() { Name = "Next question" }).ClickAsync();
            await Expect(message.GetByRole(AriaRole.Button, new() { Name = "Next question" })).ToHaveCountAsync(0);
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Next question" }).Or(page.GetByText("Everything has been asked")).Last).ToBeVisibleAsync();
        }
    }

    private static ILocator Card(IPage page, string title) => page.Locator("li.message.bot", new() { HasText = title }).First;
}
