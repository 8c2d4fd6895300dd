using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentBot.Fakes;
using IncidentBot.Fakes.Slack;
using IncidentBot.Slack.Inbound;

namespace IncidentBot.Tests.Slack;

/// <summary>What Slack sends is authentic, understood or refused, and never breaks the bot.</summary>
public sealed partial class ProtocolTests
{
    [Fact]
    public void The_example_that_Slack_publishes_is_authentic_and_nothing_near_it_is()
    {
        const string Body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
        const string Secret = "8f742231b10e8888abcd99yyyzzz85a5";
        const string Good = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
        var now = DateTimeOffset.FromUnixTimeSeconds(1531420618);
        bool Authentic(string? secret = Secret, string? stamp = "1531420618", string? signature = Good, string body = Body, int later = 0) =>
            SlackSignature.IsAuthentic(secret, stamp, signature, Encoding.UTF8.GetBytes(body), now.AddSeconds(later));
        Assert.True(Authentic());
        Assert.True(Authentic(later: 300) && Authentic(later: -300));
        Assert.False(Authentic(later: 301) || Authentic(later: -301));
        Assert.False(Authentic(secret: null) || Authentic(secret: "") || Authentic(secret: "another"));
        Assert.False(Authentic(stamp: null) || Authentic(stamp: "soon") || Authentic(stamp: "1531420619"));
        Assert.False(Authentic(signature: null) || Authentic(signature: Good.ToUpperInvariant()) || Authentic(signature: Good[3..]) || Authentic(body: Body + "\n"));
    }

    [FixturesFact]
    public void Every_signing_vector_is_judged_as_it_says()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllText(SharedFixtures.Find("slack/signing/vectors.json")!));
        Assert.All(vectors.RootElement.GetProperty("vectors").EnumerateArray(), v => Assert.Equal(
            v.GetProperty("valid").GetBoolean(),
            SlackSignature.IsAuthentic(
                v.GetProperty("secret").GetString(), v.GetProperty("timestamp").GetString(), v.GetProperty("signature").GetString(), Encoding.UTF8.GetBytes(v.GetProperty("body").GetString()!),
                DateTimeOffset.FromUnixTimeSeconds(long.Parse(v.GetProperty("timestamp").GetString()!)))));
    }

    [Fact]
    public async Task Requests_that_are_not_authentic_change_nothing_and_malformed_ones_are_refused()
    {
        await using var chat = await SlackDriver.StartAsync();
        var body = Encoding.UTF8.GetBytes(chat.Workspace.Envelope(new() { ["type"] = "message", ["channel"] = "C1", ["user"] = "U1", ["text"] = "x", ["ts"] = "1.1" }).ToJsonString());
        foreach (var path in new[] { "/slack/events", "/slack/commands", "/slack/interactivity" })
        {
            foreach (var request in new[]
            {
                new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) },
                SlackRequests.WithSignature(path, body, "application/json", "another secret", chat.Time.Now),
                SlackRequests.WithSignature(path, body, "application/json", chat.Workspace.SigningSecret, chat.Time.Now.AddMinutes(-6)),
                SlackRequests.WithSignature(path, body, "application/json", chat.Workspace.SigningSecret, chat.Time.Now.AddMinutes(6)),
            })
            {
                using var response = await chat.Bot.Browser.SendAsync(request);
                Assert.Equal((HttpStatusCode.Unauthorized, ""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
            }

            using var malformed = await chat.Bot.Browser.SendAsync(SlackRequests.WithSignature(path, "{not json"u8.ToArray(), "application/json", chat.Workspace.SigningSecret, chat.Time.Now));
            Assert.Equal(HttpStatusCode.BadRequest, malformed.StatusCode);
        }

        Assert.Equal(0, await chat.Bot.InDatabaseAsync(db => Task.FromResult(db.Inbox.Count())));
    }

    [Fact]
    public async Task The_address_is_verified_and_checks_of_the_certificate_are_answered()
    {
        await using var chat = await SlackDriver.StartAsync();
        using var challenge = await chat.Bot.Browser.SendAsync(SlackRequests.WithSignature("/slack/events", "{\"type\":\"url_verification\",\"challenge\":\"3eZbrw1a\",\"token\":\"x\"}"u8.ToArray(), "application/json", chat.Workspace.SigningSecret, chat.Time.Now));
        Assert.Equal(("text/plain", "3eZbrw1a"), (challenge.Content.Headers.ContentType!.MediaType, await challenge.Content.ReadAsStringAsync()));
        using var check = await chat.Bot.Browser.SendAsync(SlackRequests.Form("/slack/commands", new Dictionary<string, string> { ["ssl_check"] = "1", ["token"] = "x" }, chat.Workspace.SigningSecret, chat.Time.Now));
        Assert.Equal((HttpStatusCode.OK, ""), (check.StatusCode, await check.Content.ReadAsStringAsync()));
    }

    [FixturesFact]
    public async Task Every_recorded_payload_is_taken_or_refused_without_an_unhandled_error()
    {
        await using var chat = await SlackDriver.StartAsync();
        var count = 0;
        foreach (var (path, file) in Recorded())
        {
            var text = await File.ReadAllTextAsync(file);
            using var request = path switch
            {
                "/slack/events" => SlackRequests.WithSignature(path, Encoding.UTF8.GetBytes(Enveloped(text, chat.Workspace)), "application/json", chat.Workspace.SigningSecret, chat.Time.Now),
                "/slack/interactivity" => SlackRequests.Form(path, new Dictionary<string, string> { ["payload"] = text }, chat.Workspace.SigningSecret, chat.Time.Now),
                _ => SlackRequests.WithSignature(path, Encoding.UTF8.GetBytes(text.Trim()), "application/x-www-form-urlencoded", chat.Workspace.SigningSecret, chat.Time.Now),
            };
            using var response = await chat.Bot.Browser.SendAsync(request);
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{file} was answered {(int)response.StatusCode}");
            await chat.Bot.SettleAsync();
            count++;
        }

        // And once more as if they came from the workspace that the app is in, so that they are read to their end.
        foreach (var (path, file) in Recorded())
        {
            var text = Teams().Replace(await File.ReadAllTextAsync(file), $"$1{chat.Workspace.Id}$2");
            using var request = path switch
            {
                "/slack/events" => SlackRequests.WithSignature(path, Encoding.UTF8.GetBytes(Enveloped(text, chat.Workspace)), "application/json", chat.Workspace.SigningSecret, chat.Time.Now),
                "/slack/interactivity" => SlackRequests.Form(path, new Dictionary<string, string> { ["payload"] = text }, chat.Workspace.SigningSecret, chat.Time.Now),
                _ => SlackRequests.WithSignature(path, Encoding.UTF8.GetBytes(SlashTeam().Replace(text.Trim(), $"team_id={chat.Workspace.Id}")), "application/x-www-form-urlencoded", chat.Workspace.SigningSecret, chat.Time.Now),
            };
            using var response = await chat.Bot.Browser.SendAsync(request);
            var answer = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{file} was answered {(int)response.StatusCode}");
            Assert.DoesNotContain("not installed", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("reference", answer, StringComparison.OrdinalIgnoreCase);
            await chat.Bot.SettleAsync();
        }

        Assert.True(count > 100, $"{count} payloads");
        Assert.Equal(0, await chat.Bot.InDatabaseAsync(db => Task.FromResult(db.Inbox.Count(r => r.State != Core.Delivery.RowState.Done))));
    }

    [System.Text.RegularExpressions.GeneratedRegex("(\"(?:team_id|app_installed_team_id)\"\\s*:\\s*\"|\"team\"\\s*:\\s*\\{\\s*\"id\"\\s*:\\s*\")[^\"]*(\")")]
    private static partial System.Text.RegularExpressions.Regex Teams();

    [System.Text.RegularExpressions.GeneratedRegex("team_id=[^&]*")]
    private static partial System.Text.RegularExpressions.Regex SlashTeam();

    private static IEnumerable<(string Path, string File)> Recorded()
    {
        var root = SharedFixtures.Find("slack")!;
        foreach (var (folder, path) in new[] { ("events", "/slack/events"), ("events/inner", "/slack/events"), ("shapes/events", "/slack/events"), ("interactivity", "/slack/interactivity"), ("shapes/app-backend", "/slack/interactivity"), ("slash", "/slack/commands") })
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(root, folder)).Where(f => !Path.GetFileName(f).StartsWith('_')))
            {
                yield return (path, file);
            }
        }
    }

    // An inner event travels in an envelope of the workspace; a recorded envelope stays as it is.
    private static string Enveloped(string text, FakeWorkspace workspace)
    {
        var json = JsonNode.Parse(text)!.AsObject();
        return json["type"]?.GetValue<string>() is "event_callback" or "url_verification" or "app_rate_limited" || json["event"] is not null ? text : workspace.Envelope(json).ToJsonString();
    }
}

/// <summary>A test over recorded fixtures; skipped, saying so, where they are absent.</summary>
public sealed class FixturesFactAttribute : FactAttribute
{
    public FixturesFactAttribute() => Skip = SharedFixtures.Find("slack") is null ? "The recorded fixtures are not on this machine." : null;
}
