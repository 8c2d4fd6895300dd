using System.Net.Http.Headers;
using System.Text.Json;
using IncidentBot.Fakes;
using IncidentBot.Fakes.Slack;

namespace IncidentBot.Tests.Slack;

/// <summary>The played Slack answers as the recorded one did, and complains of what the real one would refuse.</summary>
public sealed class FakeSlackTests
{
    [FixturesFact]
    public async Task Its_answers_have_no_field_that_Slack_does_not_send()
    {
        var slack = await FakeSlack.SharedAsync();
        var workspace = slack.Workspace(TimeProvider.System);
        var user = workspace.NewUser("ann", "Ann Field", "UTC");
        var channel = workspace.NewChannel("incidents", members: [workspace.BotUser, user.Id]);
        var message = workspace.Say(user.Id, channel.Id, "hello")["ts"]!.GetValue<string>();
        workspace.Files["F1"] = new("F1", "x.txt", "text/plain", [1]);
        const string Blocks = """[{"type":"context","elements":[{"type":"plain_text","text":"x"}]}]""";
        const string View = """{"type":"modal","title":{"type":"plain_text","text":"x"},"blocks":[{"type":"section","text":{"type":"plain_text","text":"x"}}]}""";
        var posted = await CallAsync("chat.postMessage", new() { ["channel"] = channel.Id, ["text"] = "x", ["blocks"] = Blocks });
        var opened = await CallAsync("views.open", new() { ["trigger_id"] = workspace.NewTrigger(user.Id), ["view"] = View });
        var upload = await CallAsync("files.getUploadURLExternal", new() { ["filename"] = "x.md", ["length"] = "1" });
        await CallAsync("auth.test", []);
        await CallAsync("users.info", new() { ["user"] = user.Id });
        await CallAsync("conversations.list", []);
        await CallAsync("users.conversations", []);
        await CallAsync("conversations.create", new() { ["name"] = "inc-1" });
        await CallAsync("conversations.info", new() { ["channel"] = channel.Id });
        await CallAsync("conversations.join", new() { ["channel"] = channel.Id });
        await CallAsync("conversations.open", new() { ["users"] = user.Id });
        await CallAsync("conversations.history", new() { ["channel"] = channel.Id });
        await CallAsync("conversations.replies", new() { ["channel"] = channel.Id, ["ts"] = message });
        await CallAsync("conversations.setTopic", new() { ["channel"] = channel.Id, ["topic"] = "x" });
        await CallAsync("chat.update", new() { ["channel"] = channel.Id, ["ts"] = posted.GetProperty("ts").GetString()!, ["text"] = "y", ["blocks"] = Blocks });
        await CallAsync("chat.postEphemeral", new() { ["channel"] = channel.Id, ["user"] = user.Id, ["text"] = "y" });
        await CallAsync("views.update", new() { ["view_id"] = opened.GetProperty("view").GetProperty("id").GetString()!, ["view"] = View });
        await CallAsync("pins.add", new() { ["channel"] = channel.Id, ["timestamp"] = message });
        await CallAsync("bookmarks.add", new() { ["channel_id"] = channel.Id, ["title"] = "x", ["type"] = "link", ["link"] = "https://example.com" });
        await CallAsync("conversations.canvases.create", new() { ["channel_id"] = channel.Id, ["document_content"] = """{"type":"markdown","markdown":"x"}""" });
        await CallAsync("files.info", new() { ["file"] = "F1" });
        Assert.StartsWith(slack.Url, upload.GetProperty("upload_url").GetString(), StringComparison.Ordinal);
        Assert.Empty(workspace.Violations);

        async Task<JsonElement> CallAsync(string method, Dictionary<string, string> arguments)
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            using var request = new HttpRequestMessage(HttpMethod.Post, slack.ApiUrl + method) { Content = new FormUrlEncodedContent(arguments) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", workspace.Token);
            using var response = await http.SendAsync(request);
            var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
            Assert.True(answer.GetProperty("ok").GetBoolean(), $"{method}: {answer}");
            var recorded = Keys(SharedFixtures.Find($"slack/api/{method}.success.json")).Concat(Keys(SharedFixtures.Find($"slack/shapes/api/{method}.json"))).ToHashSet();
            Assert.True(recorded.Count == 0 || answer.EnumerateObject().All(p => recorded.Contains(p.Name)), $"{method} never answered {string.Join(", ", answer.EnumerateObject().Select(p => p.Name).Where(n => !recorded.Contains(n)))}");
            return answer;
        }

        static IEnumerable<string> Keys(string? path) => path is null ? [] : JsonDocument.Parse(File.ReadAllText(path)).RootElement.EnumerateObject().Select(p => p.Name);
    }

    [Fact]
    public async Task It_complains_of_what_Slack_would_refuse()
    {
        await using var chat = await SlackDriver.StartAsync();
        var workspace = (await FakeSlack.SharedAsync()).Workspace(TimeProvider.System);
        foreach (var (blocks, says) in new[]
        {
            ($$$"""[{"type":"header","text":{"type":"plain_text","text":"{{{new string('x', 151)}}}"}}]""", "header"),
            ("""[{"type":"actions","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"x"}},{"type":"button","action_id":"a","text":{"type":"plain_text","text":"y"}}]}]""", "action_id"),
            ($"[{string.Join(',', Enumerable.Repeat("""{"type":"divider"}""", 51))}]", "51 blocks"),
        })
        {
            using var json = JsonDocument.Parse($$"""{"text":"x","blocks":{{blocks}}}""");
            Assert.Contains(BlockChecks.Message(json.RootElement), w => w.Contains(says, StringComparison.Ordinal));
        }

        using var silent = JsonDocument.Parse("""{"blocks":[]}""");
        Assert.NotEmpty(BlockChecks.Message(silent.RootElement));
        Assert.NotNull(FakeMethods.Wrong("chat.delete", new Dictionary<string, string>()));
        Assert.NotNull(FakeMethods.Wrong("chat.update", new Dictionary<string, string> { ["channel"] = "C1", ["ts"] = "1", ["color"] = "red" }));
        Assert.NotNull(FakeMethods.Wrong("chat.update", new Dictionary<string, string> { ["channel"] = "C1" }));
        Assert.Empty(workspace.Violations);
    }

    [Fact]
    public async Task Triggers_die_after_three_seconds_or_one_use_and_response_addresses_after_five()
    {
        await using var chat = await SlackDriver.StartAsync();
        var workspace = chat.Workspace;
        var ann = chat.IdOf("ann");
        var url = workspace.NewResponseUrl(ann, chat.Channel("general").Id);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var statuses = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            using var content = new StringContent("""{"text":"x"}""", System.Text.Encoding.UTF8, "application/json");
            using var response = await http.PostAsync(url, content);
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([200, 200, 200, 200, 200, 404], statuses);
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        chat.Workspace.Trouble("views.open", new("", Done: true, Before: () => { chat.Time.Advance(TimeSpan.FromSeconds(4)); return Task.CompletedTask; }));
        Assert.Contains("did not open the form in time", (await chat.CommandAsync("ann", "impact", room)).Words, StringComparison.Ordinal);
    }
}
