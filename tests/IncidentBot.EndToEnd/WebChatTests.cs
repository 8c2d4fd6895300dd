using System.Text.RegularExpressions;
using IncidentBot.Fakes;
using IncidentBot.Storage;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace IncidentBot.EndToEnd;

/// <summary>The web chat in a real browser, against the real process.</summary>
public sealed partial class WebChatTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private BotProcess _bot = null!;
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async Task InitializeAsync()
    {
        if (BrowserFactAttribute.Path is null)
        {
            return;
        }

        _database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        _bot = await BotProcess.ServeAsync(_database);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = BrowserFactAttribute.Path,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
            _playwright.Dispose();
            await _bot.DisposeAsync();
            await _database.DisposeAsync();
        }
    }

    [BrowserFact]
    public async Task An_incident_from_declaration_to_report()
    {
        var page = await OpenAsync("ann");
        await TypeAsync(page, "/incident start sev1 database is down");
        await Expect(page.GetByText("INC-", new() { Exact = false }).First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = RoomButton() }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Take command" }).ClickAsync();
        await Expect(page.Locator("li.bot dd", new() { HasText = "Ann Field" }).First).ToBeVisibleAsync();

        await TypeAsync(page, "/incident log 5m ago <b>pool</b> is at 100 % 🔥");
        await Expect(page.Locator("li.bot .rows dd", new() { HasText = "<b>pool</b> is at 100 % 🔥" })).ToBeVisibleAsync();
        await TypeAsync(page, "no address: http://10.0.0.256/ nor http://foo.123/");
        await TypeAsync(page, "error rate is 40 %");
        var message = page.Locator("#messages li", new() { Has = page.Locator(".text", new() { HasText = "error rate is 40 %" }) });
        await message.GetByRole(AriaRole.Button, new() { Name = "📌" }).ClickAsync();
        await Expect(page.Locator("li.bot .rows dd", new() { HasText = "error rate is 40 %" })).ToBeVisibleAsync();

        await page.Locator("li.bot").First.GetByRole(AriaRole.Button, new() { Name = "Impact" }).ClickAsync();
        await page.GetByLabel("Users affected").FillAsync("about 12,000");
        await ShootAsync(page, "form");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator("dialog")).ToBeHiddenAsync();
        await TypeAsync(page, "/incident resolve");
        await Expect(page.GetByText("The post-mortem still misses:")).ToBeVisibleAsync();
        await ShootAsync(page, "room");
        await page.Locator("li.bot").First.GetByRole(AriaRole.Button, new() { Name = "Post-mortem report" }).ClickAsync();
        var document = await page.RunAndWaitForPopupAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Read the report" }).First.ClickAsync());
        await Expect(document.GetByRole(AriaRole.Heading, new() { Name = "database is down" })).ToBeVisibleAsync();
        await Expect(document.GetByText("about 12,000").First).ToBeVisibleAsync();
        await ShootAsync(document, "report");
    }

    [BrowserFact]
    public async Task Two_people_see_the_same_and_the_page_comes_back_after_a_restart()
    {
        var ann = await OpenAsync("ann");
        var bob = await OpenAsync("bob");
        await TypeAsync(ann, "first words");
        await Expect(bob.Locator(".text", new() { HasText = "first words" })).ToHaveCountAsync(1);

        await _bot.KillAsync();
        await TypeAsync(ann, "written while it was away");
        _bot = await BotProcess.ServeAsync(_database, _bot.Url);
        await Expect(bob.Locator(".text", new() { HasText = "written while it was away" })).ToHaveCountAsync(1, new() { Timeout = 20000 });
        await Expect(ann.Locator(".text", new() { HasText = "first words" })).ToHaveCountAsync(1);
    }

    private async Task<IPage> OpenAsync(string person)
    {
        var context = await _browser.NewContextAsync();
        var page = await context.NewPageAsync();
        page.PageError += (_, fault) => Assert.Fail($"The page threw: {fault}");
        await page.GotoAsync(_bot.Url);
        await page.GetByLabel("You are").SelectOptionAsync(person);
        return page;
    }

    private static async Task TypeAsync(IPage page, string text)
    {
        await page.GetByLabel("Message", new() { Exact = true }).FillAsync(text);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
    }

    /// <summary>Keeps a picture where the caller asks for one, to be looked at.</summary>
    private static async Task ShootAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("INCIDENTBOT_TEST_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        }
    }

    [GeneratedRegex("^#inc-")]
    private static partial Regex RoomButton();
}
