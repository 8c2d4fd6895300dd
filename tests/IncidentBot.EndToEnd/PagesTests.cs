using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace IncidentBot.EndToEnd;

/// <summary>The pages of signed-in people in a real browser.</summary>
public sealed class PagesTests : BrowserTest
{
    [BrowserFact]
    public async Task A_link_by_direct_message_opens_the_pages_and_signing_out_closes_them()
    {
        var chat = await OpenAsync("sarah");
        await TypeAsync(chat, "/incident start sev2 checkout is slow");
        await EnterRoomAsync(chat);
        await TypeAsync(chat, "/incident action Add an alert at 80% pool use @sarah due tomorrow P1");
        await TypeAsync(chat, "/incident web");
        await chat.GetByRole(AriaRole.Button, new() { Name = "IncidentBot" }).ClickAsync();
        var page = await chat.RunAndWaitForPopupAsync(() => chat.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync());
        await AssertAccessibleAsync(page, "link");
        await page.GetByRole(AriaRole.Button, new() { Name = "Open as Sarah Chen" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "1 incident is open" })).ToBeVisibleAsync();
        await AssertAccessibleAsync(page, "start page");
        await ShootAsync(page, "start");
        await page.GetByRole(AriaRole.Button, new() { Name = "Done: Add an alert" }).ClickAsync();
        await Expect(page.GetByText("You own no open action items.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "checkout is slow" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "checkout is slow" })).ToBeVisibleAsync();
        await AssertAccessibleAsync(page, "incident");
        await ShootAsync(page, "incident");
        await page.SetViewportSizeAsync(390, 800);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The phone has to scroll sideways.");
        await AssertAccessibleAsync(page, "incident, phone, dark");
        await ShootAsync(page, "incident-phone");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToHaveCountAsync(0);
    }
}
