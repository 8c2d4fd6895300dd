using System.Text.Json;
using IncidentBot.Fakes;
using IncidentBot.Storage;
using Microsoft.Playwright;

namespace IncidentBot.EndToEnd;

/// <summary>A real browser against the real process, with what every such test does.</summary>
public abstract class BrowserTest : IAsyncLifetime
{
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    protected TestDatabase Database { get; private set; } = null!;

    protected BotProcess Bot { get; set; } = null!;

    public async Task InitializeAsync()
    {
        if (BrowserFactAttribute.Path is null)
        {
            return;
        }

        // A busy machine is slow, not wrong.
        Assertions.SetDefaultExpectTimeout(20_000);
        Database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        Bot = await BotProcess.ServeAsync(Database);
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
            await Bot.DisposeAsync();
            await Database.DisposeAsync();
        }
    }

    protected async Task<IPage> OpenAsync(string person = "ann", string path = "/", int width = 1360, int height = 850, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        var page = await context.NewPageAsync();
        page.PageError += (_, fault) => Assert.Fail($"The page threw: {fault}");
        await page.AddInitScriptAsync($"localStorage.getItem('me') ?? localStorage.setItem('me', '{person}')");
        await page.GotoAsync(Bot.Url + path);
        return page;
    }

    protected static ILocator Box(IPage page) => page.GetByLabel("Message", new() { Exact = true });

    protected static async Task TypeAsync(IPage page, string text)
    {
        await Box(page).FillAsync(text);
        await Box(page).PressAsync("Escape");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
    }

    protected static ILocator Message(IPage page, string text) => page.Locator("li.message:not(.bot)", new() { HasText = text });

    protected static ILocator Entry(IPage page, string text) => page.Locator("#entries li", new() { HasText = text });

    protected static ILocator Room(IPage page) => page.Locator("#rooms-nav button[data-focus^=inc-]");

    protected static Task EnterRoomAsync(IPage page) => Room(page).First.ClickAsync();

    protected static async Task ToolAsync(IPage page, string message, string tool)
    {
        await Message(page, message).HoverAsync();
        await Message(page, message).GetByRole(AriaRole.Button, new() { Name = tool, Exact = true }).ClickAsync();
    }

    /// <summary>Keeps a picture where the caller asks for one, to be looked at.</summary>
    protected static async Task ShootAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("INCIDENTBOT_TEST_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
        }
    }

    /// <summary>Lets axe-core look at the page as it stands.</summary>
    protected static async Task AssertAccessibleAsync(IPage page, string state)
    {
        var axe = Environment.GetEnvironmentVariable("INCIDENTBOT_TEST_AXE");
        if (axe is null)
        {
            Assert.NotEqual("true", Environment.GetEnvironmentVariable("CI"));
            return;
        }

        // Through the debugger, since the page's own policy lets no foreign script in.
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Runtime.evaluate", new() { ["expression"] = await File.ReadAllTextAsync(axe) });
        var found = await page.EvaluateAsync<JsonElement>("axe.run().then(r => r.violations.map(v => `${v.id} (${v.impact}): ${v.nodes.map(n => n.html.slice(0, 200)).join(' | ')}`))");
        Assert.True(found.GetArrayLength() == 0, $"{state}: {found}");
    }
}
