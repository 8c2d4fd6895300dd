using System.Net;
using IncidentBot.Core.Delivery;
using IncidentBot.Fakes;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Tests.Pages;

/// <summary>Sessions of the web pages, and what they let someone see and do.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task A_link_opens_a_session_once_and_looking_at_it_spends_nothing()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var link = await PageClient.LinkAsync(chat, "ann");
        Assert.DoesNotContain(await chat.SeesAsync("bob", chat.DirectRoom("bob")), m => m.Words.Contains("Your link", StringComparison.Ordinal));
        using var preview = new PageClient(chat.Bot);
        Assert.Equal(HttpStatusCode.OK, (await preview.GetAsync(link)).Status);
        using var ann = new PageClient(chat.Bot);
        var (_, page) = await ann.GetAsync(link);
        Assert.Contains("Open the pages as Ann Field?", page, StringComparison.Ordinal);
        using (var opened = await ann.SendAsync(page, "/session/"))
        {
            Assert.Equal((HttpStatusCode.Redirect, "/"), (opened.StatusCode, opened.Headers.Location!.ToString()));
            var cookie = opened.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("incidentbot=", StringComparison.Ordinal));
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("expires", cookie, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains("Ann Field", (await ann.GetAsync("/")).Page, StringComparison.Ordinal);
        using var again = new PageClient(chat.Bot);
        Assert.Equal(HttpStatusCode.NotFound, (await again.GetAsync(link)).Status);
        using var late = await preview.SendAsync(page.Replace("name=\"form-token\"", "name=\"x\"", StringComparison.Ordinal), "/session/");
        Assert.Equal(HttpStatusCode.BadRequest, late.StatusCode);
    }

    [Fact]
    public async Task Two_clicks_at_once_open_one_session()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var link = await PageClient.LinkAsync(chat, "ann");
        var browsers = Enumerable.Range(0, 6).Select(_ => new PageClient(chat.Bot)).ToList();
        var pages = await Task.WhenAll(browsers.Select(b => b.GetAsync(link)));
        var answers = await Task.WhenAll(browsers.Zip(pages, (b, p) => b.SendAsync(p.Page, "/session/")));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Redirect);
        browsers.ForEach(b => b.Dispose());
        Assert.Equal(1, await chat.Bot.InDatabaseAsync(db => db.WebSessions.CountAsync()));
    }

    [Fact]
    public async Task A_link_ends_after_ten_minutes_and_a_session_after_twelve_hours_or_at_sign_out()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var link = await PageClient.LinkAsync(chat, "ann");
        chat.Time.Advance(TimeSpan.FromMinutes(10));
        using var ann = new PageClient(chat.Bot);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.GetAsync(link)).Status);

        await ann.SignInAsync(chat, "ann");
        chat.Time.Advance(TimeSpan.FromHours(11.9));
        var (_, page) = await ann.GetAsync("/");
        Assert.Contains("Sign out", page, StringComparison.Ordinal);
        using var copied = new PageClient(chat.Bot);
        using (var request = new HttpRequestMessage(HttpMethod.Get, "/"))
        {
            request.Headers.Add("Cookie", await CookieAsync(chat, copied, "ann"));
            using var response = await copied.Http.SendAsync(request);
            Assert.Contains("Sign out", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using (await ann.SendAsync(page, "/session/end"))
        {
            Assert.DoesNotContain("Sign out", (await ann.GetAsync("/")).Page, StringComparison.Ordinal);
        }

        await ann.SignInAsync(chat, "ann");
        chat.Time.Advance(TimeSpan.FromHours(12.1));
        Assert.DoesNotContain("Sign out", (await ann.GetAsync("/")).Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cookie_kept_past_the_sign_out_opens_nothing()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        using var ann = new PageClient(chat.Bot);
        var cookie = await CookieAsync(chat, ann, "ann");
        using (await ann.SendAsync((await ann.GetAsync("/")).Page, "/session/end"))
        {
            using var stolen = chat.Bot.CreateClient(new() { BaseAddress = new Uri("http://127.0.0.1:5080"), HandleCookies = false });
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.Add("Cookie", cookie);
            using var response = await stolen.SendAsync(request);
            Assert.DoesNotContain("Ann Field", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Behind_a_proxy_the_pages_want_a_session_and_the_cookie_is_secure()
    {
        await using var bot = await BotUnderTest.StartAsync(settings: new() { ["PublicUrl"] = "https://incidents.example.com" });
        var chat = new WebChatDriver(bot);
        var (code, _) = await chat.DeclaresAsync("ann", "sev1 down");
        // The proxy ends TLS, and speaks plain HTTP to the bot.
        using var outside = new PageClient(bot, "http://incidents.example.com");
        foreach (var path in new[] { "/", $"/incidents/{code}?as=ann", $"/documents/{code}/report.html?as=ann", "/files/x/y?as=ann", "/chat/state?as=ann", "/chat" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await outside.GetAsync(path)).Status);
        }

        string opened;
        using (var asked = await outside.Http.GetAsync(await PageClient.LinkAsync(chat, "ann")))
        {
            var page = await asked.Content.ReadAsStringAsync();
            var guard = asked.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("incidentbot-form=", StringComparison.Ordinal));
            Assert.Contains("secure", guard, StringComparison.OrdinalIgnoreCase);
            outside.Http.DefaultRequestHeaders.Add("Cookie", guard.Split(';')[0]);
            using var answer = await outside.SendAsync(page, "/session/");
            var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-incidentbot=", StringComparison.Ordinal));
            Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
            opened = cookie.Split(';')[0];
        }

        using (var request = new HttpRequestMessage(HttpMethod.Get, $"/incidents/{code}"))
        {
            request.Headers.Add("Cookie", opened);
            using var response = await outside.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await outside.GetAsync("/chat/state?as=bob")).Status);
    }

    [Fact]
    public async Task A_private_incident_does_not_exist_for_others()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (secret, _) = await chat.DeclaresAsync("ann", "sev1 keys leaked --private");
        using var ann = new PageClient(chat.Bot);
        using var bob = new PageClient(chat.Bot);
        await ann.SignInAsync(chat, "ann");
        await bob.SignInAsync(chat, "bob");
        Assert.Contains("keys leaked", (await ann.GetAsync("/")).Page, StringComparison.Ordinal);
        Assert.DoesNotContain("keys leaked", (await bob.GetAsync("/")).Page, StringComparison.Ordinal);
        Assert.Contains("There is nothing here that you can see", (await bob.GetAsync("/no/such/page")).Page, StringComparison.Ordinal);
        foreach (var path in new[] { $"/incidents/{secret}", $"/documents/{secret}/report.html", $"/documents/{secret}/report.md" })
        {
            var hidden = await bob.GetAsync(path);
            var nothing = await bob.GetAsync(path.Replace(secret, "INC-2026-0099", StringComparison.Ordinal));
            Assert.Equal((HttpStatusCode.NotFound, nothing.Page), (hidden.Status, hidden.Page));
            Assert.Equal(HttpStatusCode.OK, (await ann.GetAsync(path)).Status);
        }
    }

    [Fact]
    public async Task The_start_page_shows_what_is_open_what_is_mine_and_what_was_written()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        using var sarah = new PageClient(chat.Bot);
        await sarah.SignInAsync(chat, "sarah");
        var (_, page) = await sarah.GetAsync("/");
        Assert.Contains("Nothing is open", page, StringComparison.Ordinal);
        Assert.Contains("You own no open action items", page, StringComparison.Ordinal);

        var (code, room) = await chat.DeclaresAsync("ann", "sev1 <b>checkout</b> is down");
        await chat.CommandAsync("ann", "action Add an alert at 80% pool use @sarah due 2026-03-12 P1", room);
        await chat.Bot.InDatabaseAsync(async db =>
        {
            (await db.ActionItems.SingleAsync()).SetDue(new(2026, 3, 9), chat.Time.GetUtcNow());
            return await db.SaveChangesAsync();
        });
        await chat.CommandAsync("ann", "action Somebody else's work @bob", room);
        var (_, secretRoom) = await chat.DeclaresAsync("ann", "sev1 keys leaked --private");
        await chat.CommandAsync("ann", "action Rotate the vault's keys @sarah", secretRoom);
        (_, page) = await sarah.GetAsync("/");
        Assert.Contains("1 incident is open", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;checkout&lt;/b&gt; is down", page, StringComparison.Ordinal);
        Assert.Contains("overdue", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Somebody else", page, StringComparison.Ordinal);
        Assert.DoesNotContain("vault", page, StringComparison.Ordinal);

        using (var first = await sarah.SendAsync(page, "/action-items/"))
        using (var second = await sarah.SendAsync(page, "/action-items/"))
        {
            Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Redirect), (first.StatusCode, second.StatusCode));
        }

        Assert.Equal("done", (await chat.Bot.GetAsync("/api/v1/action-items?owner=Sarah%20Chen")).GetProperty("items").EnumerateArray().First().GetProperty("state").GetString());
        await chat.CommandAsync("ann", "resolve", room);
        (_, page) = await sarah.GetAsync("/");
        Assert.Contains("Nothing is open", page, StringComparison.Ordinal);
        Assert.Contains($"/documents/{code}/report.html", page, StringComparison.Ordinal);
        var (_, incident) = await sarah.GetAsync($"/incidents/{code.ToLowerInvariant()}");
        Assert.Contains("Incident declared", incident, StringComparison.Ordinal);
        Assert.Contains("Add an alert at 80% pool use", WebUtility.HtmlDecode(incident), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_an_administrator_sees_dead_deliveries_and_has_them_tried_again()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(settings: new() { ["Admins"] = "ann" }));
        await chat.Bot.InDatabaseAsync(async db =>
        {
            db.Inbox.Add(new InboxRow { Platform = "webchat", Workspace = "local", DeliveryId = "broken", Body = "{", ReceivedAt = chat.Time.Now, State = RowState.Dead, Attempts = 8, Fault = "JsonException, reference 1234abcd" });
            return await db.SaveChangesAsync();
        });
        using var ann = new PageClient(chat.Bot);
        using var bob = new PageClient(chat.Bot);
        await ann.SignInAsync(chat, "ann");
        await bob.SignInAsync(chat, "bob");
        var (_, page) = await ann.GetAsync("/");
        Assert.Contains("reference 1234abcd", page, StringComparison.Ordinal);
        var (_, others) = await bob.GetAsync("/");
        Assert.DoesNotContain("1234abcd", others, StringComparison.Ordinal);
        using (var refused = await bob.SendAsync(others.Replace("/session/end", "/deliveries/retry", StringComparison.Ordinal), "/deliveries/retry"))
        {
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }

        using (await ann.SendAsync(page, "/deliveries/retry"))
        {
            Assert.Equal(RowState.Pending, await chat.Bot.InDatabaseAsync(db => db.Inbox.Where(r => r.DeliveryId == "broken").Select(r => r.State).SingleAsync()));
        }
    }

    private static async Task<string> CookieAsync(RoomDriver chat, PageClient client, string who)
    {
        var (_, page) = await client.GetAsync(await PageClient.LinkAsync(chat, who));
        using var opened = await client.SendAsync(page, "/session/");
        return opened.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("incidentbot=", StringComparison.Ordinal)).Split(';')[0];
    }
}
