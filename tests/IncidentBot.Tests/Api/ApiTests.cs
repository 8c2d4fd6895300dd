using System.Net;
using System.Net.Http.Json;
using System.Text;
using IncidentBot.Fakes;

namespace IncidentBot.Tests.Api;

/// <summary>Who may come in, and what they are told.</summary>
public sealed class ApiTests
{
    [Theory]
    [InlineData("/api/v1/incidents")]
    [InlineData("/api/v1/incidents/INC-2026-0001/timeline")]
    [InlineData("/api/v1/action-items")]
    public async Task The_api_wants_its_token(string path)
    {
        await using var bot = await BotUnderTest.StartAsync();
        using var without = await bot.Browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Authorization", "Bearer wrong" } } };
        using var wrong = await bot.Browser.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
    }

    [Fact]
    public async Task Pages_follow_one_another_without_loss_or_repeat()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        for (var i = 0; i < 7; i++)
        {
            await chat.CommandAsync("ann", $"start sev2 number {i}");
        }

        var seen = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await chat.Bot.GetAsync($"/api/v1/incidents?limit=3&cursor={cursor}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
        }

        Assert.Equal(Enumerable.Range(1, 7).Reverse().Select(n => $"INC-2026-{n:0000}"), seen);
    }

    [Theory]
    [InlineData("/api/v1/incidents?status=asleep", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/incidents?severity=9", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/incidents?cursor=x", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/incidents/INC-2031-0001", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/incidents/nonsense", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/nothing/here", HttpStatusCode.NotFound)]
    public async Task What_is_wrong_is_said(string path, HttpStatusCode status)
    {
        await using var bot = await BotUnderTest.StartAsync();
        using var response = await bot.Api.GetAsync(path);
        Assert.Equal(status, response.StatusCode);
        Assert.NotEmpty(await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_description_names_what_exists()
    {
        await using var bot = await BotUnderTest.StartAsync();
        var description = await bot.Browser.GetStringAsync("/openapi/v1.json");
        Assert.Contains("/api/v1/incidents/{id}/timeline", description, StringComparison.Ordinal);
        Assert.DoesNotContain("/chat/", description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("X-Test-From", "192.0.2.7")]
    [InlineData("Host", "incidents.example.com")]
    [InlineData("Origin", "https://evil.example.com")]
    public async Task The_web_chat_is_for_this_machine_only(string header, string value)
    {
        await using var bot = await BotUnderTest.StartAsync();
        foreach (var path in new[] { "/", "/chat/state?as=ann", "/documents/INC-2026-0001/report.html" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation(header, value);
            using var response = await bot.Browser.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public async Task Malformed_oversized_and_foreign_bodies_are_refused()
    {
        await using var bot = await BotUnderTest.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(new StringContent("{", Encoding.UTF8, "application/json")));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(new StringContent("id=1", Encoding.UTF8, "application/x-www-form-urlencoded")));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(JsonContent.Create(new { id = "1", room = "incidents", @as = "mallory", text = "x" })));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(JsonContent.Create(new { id = "1", room = "nowhere", @as = "ann", text = "x" })));

        async Task<HttpStatusCode> SendAsync(HttpContent content)
        {
            using var response = await bot.Browser.PostAsync("/chat/messages", content);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task The_page_hints_at_the_command_before_any_script_runs()
    {
        await using var bot = await BotUnderTest.StartAsync();
        using var response = await bot.Browser.GetAsync("/");
        Assert.Contains("/incident", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_private_incidents_document_is_not_there_for_others()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, _) = await chat.DeclaresAsync("ann", "sev1 breach --private");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(""));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("?as=bob"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("?as=ann"));

        async Task<HttpStatusCode> StatusAsync(string query)
        {
            using var response = await chat.Bot.Browser.GetAsync($"/documents/{code}/report.html{query}");
            return response.StatusCode;
        }
    }
}
