using IncidentBot.Core.Chat;
using IncidentBot.Fakes;

namespace IncidentBot.Tests.Behaviour;

/// <summary>The behaviour suite on the web chat, with what only it has: files that come with a command, and replays.</summary>
public sealed class WebChatBehaviour : BehaviourSuite
{
    protected override async Task<RoomDriver> StartAsync(DateTimeOffset? now = null, Dictionary<string, string>? settings = null) =>
        new WebChatDriver(await BotUnderTest.StartAsync(now: now, settings: settings));

    [Fact]
    public async Task A_file_is_evidence_when_it_is_logged_or_pinned_and_gone_when_redacted()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        byte[] picture = [0x89, 0x50, 0x4E, 0x47, 1, 2, 3];
        var graph = await chat.BringsAsync("ann", "grafana 14:30.png", "image/png", picture, room);
        await chat.CommandAsync("ann", "log 5m ago the pool at its worst", room, files: [graph]);
        var notes = await chat.BringsAsync("bob", "notes.txt", "text/plain", "what the vendor said"u8.ToArray(), room);
        var message = await chat.SaysAsync("bob", "", room, files: [notes]);
        await chat.PinsAsync("bob", message, room);
        var logged = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray()
            .SelectMany(e => e.GetProperty("evidence").EnumerateArray().Select(v => (Seq: e.GetProperty("seq").GetInt32(), File: v.GetProperty("file").GetString()))).ToList();
        Assert.Equal(["grafana 14:30.png", "notes.txt"], logged.Select(l => l.File).Order(StringComparer.Ordinal));

        using (var served = await chat.Bot.Browser.GetAsync($"/files/{graph}/x.png?as=sarah"))
        {
            Assert.Equal(picture, await served.Content.ReadAsByteArrayAsync());
            Assert.Equal(("image/png", "default-src 'none'; sandbox", "nosniff"),
                (served.Content.Headers.ContentType!.MediaType, served.Headers.GetValues("Content-Security-Policy").Single(), served.Headers.GetValues("X-Content-Type-Options").Single()));
        }

        using (var served = await chat.Bot.Browser.GetAsync($"/files/{notes}/notes.txt?as=sarah"))
        {
            Assert.Equal(("application/octet-stream", "attachment"), (served.Content.Headers.ContentType!.MediaType, served.Content.Headers.ContentDisposition!.DispositionType));
        }

        var output = Path.Combine(chat.Bot.Database.DataDirectory, "out");
        var folder = await chat.Bot.ExportAsync(code, output);
        Assert.Equal(picture, await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(Path.Combine(folder, "evidence"), $"{logged.Single(l => l.File!.StartsWith("graf", StringComparison.Ordinal)).Seq}-*-grafana-14-30.png"))));
        Assert.Contains("](<evidence/", await File.ReadAllTextAsync(Path.Combine(folder, "post-mortem.md")), StringComparison.Ordinal);

        foreach (var (seq, _) in logged)
        {
            await chat.CommandAsync("bob", $"commander", room);
            await chat.CommandAsync("bob", $"redact {seq}", room);
        }

        foreach (var file in new[] { graph, notes })
        {
            using var gone = await chat.Bot.Browser.GetAsync($"/files/{file}/x?as=ann");
            Assert.Equal(System.Net.HttpStatusCode.NotFound, gone.StatusCode);
        }

        Assert.Equal(0, await chat.Bot.InDatabaseAsync(db => Task.FromResult(db.FileContents.Count())));
        Assert.DoesNotContain("grafana", await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_a_private_incident_is_for_its_people_only()
    {
        await using var chat = await StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 keys leaked --private");
        var file = await chat.BringsAsync("ann", "keys.txt", "text/plain", "secret"u8.ToArray(), room);
        await chat.CommandAsync("ann", "log the keys", room, files: [file]);
        foreach (var (who, seen) in new[] { ("ann", true), ("bob", false) })
        {
            using var answer = await chat.Bot.Browser.GetAsync($"/files/{file}/keys.txt?as={who}");
            Assert.Equal(seen, answer.IsSuccessStatusCode);
        }

        using var stranger = await chat.Bot.Browser.GetAsync($"/files/{file}/keys.txt");
        Assert.False(stranger.IsSuccessStatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => chat.BringsAsync("bob", "x.txt", "text/plain", [1], room));
    }

    [Fact]
    public async Task A_command_with_a_file_keeps_it_while_the_person_picks_the_incident()
    {
        await using var chat = await StartAsync();
        var (first, _) = await chat.DeclaresAsync("ann", "sev1 one");
        await chat.DeclaresAsync("ann", "sev1 two");
        var file = await chat.BringsAsync("bob", "graph.png", "image/png", [1], "general");
        var pick = await chat.CommandAsync("bob", "log the graph", "general", files: [file]);
        await chat.PressAsync("bob", pick.Button(first), "general");
        Assert.Contains("graph.png", (await chat.Bot.GetAsync($"/api/v1/incidents/{first}/timeline")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_takes_no_files_says_so_and_does_nothing()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var file = await chat.BringsAsync("ann", "graph.png", "image/png", [1], room);
        var reply = await chat.CommandAsync("ann", "update half of it is back", room, files: [file]);
        Assert.Equal("refused", reply.Kind);
        Assert.Contains("takes no files", reply.Words, StringComparison.Ordinal);
        Assert.DoesNotContain(await TimelineAsync(chat, code), e => e.Text.Contains("half of it", StringComparison.Ordinal));

        // A file goes where its owner brought it, and nowhere else.
        await Assert.ThrowsAsync<HttpRequestException>(() => chat.CommandAsync("bob", $"log mine --in {code}", room, files: [file]));
        await Assert.ThrowsAsync<HttpRequestException>(() => chat.SaysAsync("ann", "here", "general", files: [file]));
    }

    [Fact]
    public async Task A_redacted_file_loses_its_name_wherever_it_is_evidence()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var file = await chat.BringsAsync("ann", "customer-hemlock.png", "image/png", [1], room);
        await chat.CommandAsync("ann", "log the first sign", room, files: [file]);
        await chat.CommandAsync("ann", "log seen again", room, files: [file]);
        await chat.CommandAsync("ann", $"redact {(await EntryAsync(chat, code, "the first sign")).Seq}", room);
        Assert.DoesNotContain("hemlock", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hemlock", await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md"), StringComparison.Ordinal);
        Assert.Contains("seen again", (await TimelineAsync(chat, code)).Select(e => e.Text));
    }

    [Fact]
    public async Task Merging_into_real_history_from_a_file_posts_nothing_there()
    {
        await using var chat = await StartAsync();
        var player = (Core.Replay.FilePlayer)chat.Bot.Services.GetService(typeof(Core.Replay.FilePlayer))!;
        var history = await player.PlayAsync(Core.Replay.IncidentFileReader.Read(Core.Replay.Sample.Json), import: true, null, CancellationToken.None);
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 the same again");
        await chat.CommandAsync("ann", $"merge {history}", room);
        await chat.SettleAsync();
        Assert.Contains(await chat.SeesAsync("ann", room), m => m.Words.Contains($"{code} is a part of {history} now", StringComparison.Ordinal));
        Assert.DoesNotContain(await TimelineAsync(chat, history), e => e.Text.Contains("could not be delivered", StringComparison.Ordinal));
    }
}
