using System.Text.RegularExpressions;
using IncidentBot.Fakes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace IncidentBot.EndToEnd;

/// <summary>The web chat in a real browser, against the real process.</summary>
public sealed partial class WebChatTests : BrowserTest
{
    [BrowserFact]
    public async Task An_incident_from_declaration_to_report()
    {
        var page = await OpenAsync();
        await Expect(page.GetByText("An incident, captured while it happens")).ToBeVisibleAsync();
        await TypeAsync(page, "/incident start sev1 database is down");
        await Expect(page.GetByText("INC-2026-0001 declared").Or(page.GetByText("declared").First)).ToBeVisibleAsync();
        await Expect(page.Locator("li.bot").GetByRole(AriaRole.Link, new() { NameRegex = RoomLink() })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = GoToRoom() }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Take it: commander" }).ClickAsync();
        await Expect(page.Locator("#panel .roles dd").First).ToHaveTextAsync("Ann Field");

        await TypeAsync(page, "/incident log 5m ago <b>pool</b> is at 100 % 🔥");
        await Expect(Entry(page, "<b>pool</b> is at 100 % 🔥")).ToContainTextAsync(FiveMinutesBefore());
        await TypeAsync(page, "no address: http://10.0.0.256/ nor http://foo.123/");
        await TypeAsync(page, "error rate is 40 %");
        await ToolAsync(page, "error rate is 40 %", "Put on the timeline");
        await Expect(Entry(page, "error rate is 40 %")).ToHaveCountAsync(1);
        await ToolAsync(page, "error rate is 40 %", "Edit");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Message").FillAsync("error rate is 45 %");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(Entry(page, "error rate is 45 %")).ToContainTextAsync("changed");

        await Entry(page, "pool").HoverAsync();
        await Entry(page, "pool").GetByRole(AriaRole.Button, new() { Name = "Change" }).ClickAsync();
        await page.GetByLabel("When?").FillAsync("half past never");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator("#field-time-error")).ToContainTextAsync("I do not understand this time");
        await Expect(page.GetByLabel("When?")).ToBeFocusedAsync();
        await ShootAsync(page, "form-error");
        await page.GetByLabel("When?").FillAsync("8m ago");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(Entry(page, "pool")).ToContainTextAsync(EightMinutesBefore());

        await TypeAsync(page, "/incident log the customer is Hemlock Ltd");
        await Entry(page, "Hemlock").HoverAsync();
        await Entry(page, "Hemlock").GetByRole(AriaRole.Button, new() { Name = "Redact" }).ClickAsync();
        await page.GetByLabel("Why?").FillAsync("a customer's name");
        await ShootAsync(page, "redact");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Redact" }).ClickAsync();
        await Expect(Entry(page, "Hemlock")).ToHaveCountAsync(0);

        await page.Locator("#panel .actions").GetByRole(AriaRole.Button, new() { Name = "Impact" }).ClickAsync();
        await page.GetByLabel("Users affected").FillAsync("about 12,000");
        await ShootAsync(page, "form");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator("dialog")).ToBeHiddenAsync();
        await ShootAsync(page, "room");
        await TypeAsync(page, "/incident resolve");
        await Expect(page.GetByText("The post-mortem still misses:")).ToBeVisibleAsync();
        await Expect(page.Locator("#panel .status")).ToHaveTextAsync("resolved");
        await ShootAsync(page, "resolved");
        await page.Locator("li.bot").First.GetByRole(AriaRole.Button, new() { Name = "Post-mortem report" }).ClickAsync();
        var document = await page.RunAndWaitForPopupAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Read the report" }).First.ClickAsync());
        await Expect(document.GetByRole(AriaRole.Heading, new() { Name = "database is down" })).ToBeVisibleAsync();
        await Expect(document.GetByText("about 12,000").First).ToBeVisibleAsync();
        await AssertAccessibleAsync(document, "report");
        await ShootAsync(document, "report");
    }

    [BrowserFact]
    public async Task Two_people_see_the_same_and_nothing_is_lost_or_doubled_across_a_restart_and_a_reload()
    {
        var ann = await OpenAsync("ann");
        var bob = await OpenAsync("bob");
        await TypeAsync(ann, "first words");
        await Expect(Message(bob, "first words")).ToHaveCountAsync(1);

        await Bot.KillAsync();
        await TypeAsync(ann, "written while it was away");
        await Expect(ann.GetByText("Not connected.").First).ToBeVisibleAsync();
        await Expect(ann.Locator("li.waiting")).ToHaveTextAsync(WaitingWords());
        await ShootAsync(ann, "disconnected");
        Bot = await BotProcess.ServeAsync(Database, Bot.Url);
        await Expect(Message(bob, "written while it was away")).ToHaveCountAsync(1, new() { Timeout = 20000 });
        await Expect(ann.Locator("#connection")).ToBeEmptyAsync();
        await Expect(Message(ann, "first words")).ToHaveCountAsync(1);

        await Bot.KillAsync();
        await TypeAsync(bob, "/incident start sev2 declared while it was away");
        await Expect(bob.Locator("li.waiting")).ToHaveCountAsync(1);
        Bot = await BotProcess.ServeAsync(Database, Bot.Url);
        await bob.ReloadAsync();
        await Expect(Room(bob)).ToHaveCountAsync(1, new() { Timeout = 20000 });
        await Expect(Room(ann)).ToHaveCountAsync(1, new() { Timeout = 20000 });
    }

    [BrowserFact]
    public async Task The_sample_plays_by_itself_can_be_paused_joined_and_ends_with_its_report()
    {
        var page = await OpenAsync();
        await page.Locator("#replay").ClickAsync();
        await Expect(page.Locator("#panel .code")).ToContainTextAsync("replay", new() { Timeout = 15000 });
        await Expect(page.Locator("li.message", new() { HasText = "Sarah" }).First).ToBeVisibleAsync(new() { Timeout = 30000 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Go on" })).ToBeVisibleAsync();
        await ShootAsync(page, "replay-paused");

        // Whoever joins is in the file's time.
        await TypeAsync(page, "/incident log I am here too");
        await Expect(Entry(page, "I am here too").Locator(".when strong")).ToHaveTextAsync(AfternoonOfTheSample());
        await TypeAsync(page, "and so are my words");
        await ToolAsync(page, "and so are my words", "Put on the timeline");
        await Expect(Entry(page, "and so are my words").Locator(".when strong")).ToHaveTextAsync(AfternoonOfTheSample());
        var other = await OpenAsync("bob");
        await other.Locator("#replay").ClickAsync();
        await Expect(Entry(other, "I am here too")).ToHaveCountAsync(1, new() { Timeout = 15000 });

        await page.GetByRole(AriaRole.Button, new() { Name = "To the end" }).ClickAsync();
        await Expect(page.Locator("#panel .status")).ToHaveTextAsync("resolved", new() { Timeout = 15000 });
        await Expect(page.Locator(".running")).ToHaveTextAsync("Lasted 2 h 17 min");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Read the report" })).ToBeVisibleAsync(new() { Timeout = 15000 });
        await ShootAsync(page, "replay-ended");
    }

    [BrowserFact]
    public async Task Everything_can_be_done_with_the_keyboard()
    {
        var page = await OpenAsync();
        await Expect(page.GetByText("An incident, captured while it happens")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("/");
        await Expect(Box(page)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("/inc");
        await Expect(page.Locator("#completion [role=option]").First).ToBeVisibleAsync();
        await ShootAsync(page, "completion");
        await page.Keyboard.PressAsync("Tab");
        await Expect(Box(page)).ToHaveValueAsync("/incident start ");
        await page.Keyboard.TypeAsync("sev1 typed with the keyboard @b");
        await Expect(page.Locator("#completion [role=option]")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Backspace");
        await page.Keyboard.PressAsync("Backspace");
        await page.Keyboard.PressAsync("Enter");
        await Expect(Room(page)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Alt+ArrowUp");
        await Expect(page.Locator("#panel h2")).ToHaveTextAsync("typed with the keyboard");
        await Box(page).FocusAsync();
        await page.Keyboard.TypeAsync("first line");
        await page.Keyboard.PressAsync("Shift+Enter");
        await page.Keyboard.TypeAsync("second line");
        await page.Keyboard.PressAsync("Enter");
        await Expect(Message(page, "second line")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("dialog")).ToBeHiddenAsync();
        await page.Keyboard.TypeAsync("/incident role sc");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#panel .roles", new() { HasText = "Ann Field" })).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Files_reactions_threads_and_unread_marks()
    {
        var ann = await OpenAsync("ann");
        var bob = await OpenAsync("bob");
        await TypeAsync(ann, "/incident start sev2 slow");
        await EnterRoomAsync(ann);
        await EnterRoomAsync(bob);
        await Expect(bob.Locator("li.private", new() { HasText = "stands" })).ToHaveCountAsync(1);
        await bob.GetByRole(AriaRole.Button, new() { NameRegex = GeneralRoom() }).ClickAsync();
        await Expect(bob.Locator("#room-name")).ToHaveTextAsync("#general");
        await ann.Locator("#file").SetInputFilesAsync(new FilePayload { Name = "graph.png", MimeType = "image/png", Buffer = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==") });
        await Expect(ann.Locator("#attached")).ToContainTextAsync("graph.png");
        await TypeAsync(ann, "the graph");
        await Expect(ann.Locator("li.message img")).ToBeVisibleAsync();
        await Expect(Room(bob)).ToContainTextAsync("1 unread");
        await ShootAsync(bob, "unread");
        await EnterRoomAsync(bob);
        await Expect(Room(bob)).Not.ToContainTextAsync("unread");
        await ToolAsync(bob, "the graph", "Reply in thread");
        await Expect(bob.Locator("#replying-to")).ToContainTextAsync("the graph");
        await Box(bob).FillAsync("I see it");
        await Box(bob).PressAsync("Enter");
        await Expect(ann.Locator("li.reply", new() { HasText = "I see it" })).ToHaveCountAsync(1);
        await Expect(bob.Locator("#replying")).ToBeHiddenAsync();
        await Message(bob, "the graph").First.HoverAsync();
        await bob.Locator("li.message", new() { HasText = "the graph" }).First.Locator("summary").ClickAsync();
        await bob.GetByRole(AriaRole.Button, new() { Name = "React 👀" }).First.ClickAsync();
        await Expect(ann.Locator(".reactions", new() { HasText = "👀 1" })).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task It_reads_well_on_a_phone_in_the_dark_and_for_those_who_cannot_see_it()
    {
        var page = await OpenAsync();
        await Expect(page.GetByText("An incident, captured while it happens")).ToBeVisibleAsync();
        await AssertAccessibleAsync(page, "empty");
        await TypeAsync(page, "/incident start sev1 a title that is rather long, with a wordthatdoesnotendanywhereandgoesonandonandonandonandonandon 🔥 مرحبا");
        await EnterRoomAsync(page);
        await TypeAsync(page, "/incident log 14:50-15:05 pool is exhausted");
        await TypeAsync(page, string.Concat(Enumerable.Repeat("long words ", 200)));
        await Expect(page.Locator("li.message").Nth(1)).ToBeVisibleAsync();
        await AssertAccessibleAsync(page, "room");
        await page.Locator("li.bot").First.GetByRole(AriaRole.Button, new() { Name = "Log" }).ClickAsync();
        await AssertAccessibleAsync(page, "dialog");

        var phone = await OpenAsync("bob", "/chat", 390, 800, ColorScheme.Dark);
        await phone.GetByRole(AriaRole.Button, new() { Name = "Rooms" }).ClickAsync();
        await ShootAsync(phone, "phone-rooms");
        await EnterRoomAsync(phone);
        await Expect(phone.Locator("li.message").First).ToBeVisibleAsync();
        Assert.True(await phone.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The phone has to scroll sideways.");
        await AssertAccessibleAsync(phone, "phone, dark");
        await ShootAsync(phone, "phone-room");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Incident", Exact = true }).ClickAsync();
        await Expect(phone.Locator("#panel")).ToBeVisibleAsync();
        await AssertAccessibleAsync(phone, "phone, panel");
        await ShootAsync(phone, "phone-panel");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Incident", Exact = true }).ClickAsync();
        await TypeAsync(phone, "from the phone");
        await Expect(Message(page, "from the phone")).ToHaveCountAsync(1);
    }

    [GeneratedRegex("inc-")]
    private static partial Regex RoomLink();

    [GeneratedRegex("^Go to its room, #inc-")]
    private static partial Regex GoToRoom();

    [GeneratedRegex("T-00:0[45]")]
    private static partial Regex FiveMinutesBefore();

    [GeneratedRegex("T-00:0[78]")]
    private static partial Regex EightMinutesBefore();

    [GeneratedRegex("general")]
    private static partial Regex GeneralRoom();

    [GeneratedRegex("written while it was away")]
    private static partial Regex WaitingWords();

    [GeneratedRegex("^(?:2024-11-12 )?1[456]:")]
    private static partial Regex AfternoonOfTheSample();
}
