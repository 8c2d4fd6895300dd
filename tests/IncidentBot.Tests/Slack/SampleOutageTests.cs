using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentBot.Fakes;
using IncidentBot.Fakes.Slack;

namespace IncidentBot.Tests.Slack;

/// <summary>The sample outage from the first command to the posted report, and what Slack shows of it.</summary>
public sealed class SampleOutageTests
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_sample_outage_is_lived_through_in_Slack()
    {
        var file = JsonNode.Parse(Core.Replay.Sample.Json)!;
        await using var chat = await SlackDriver.StartAsync(new DateTimeOffset(2024, 11, 12, 14, 24, 0, TimeSpan.Zero), new() { ["PublicUrl"] = "https://incidents.example.com" });
        var (code, room) = await chat.DeclaresAsync("sarah", "sev1 Production database outage --service \"All customer-facing services\"");
        var texts = new List<string>();
        foreach (var entry in file["timeline"]!.AsArray())
        {
            var (at, text, actor) = (DateTimeOffset.Parse(entry!["time"]!.GetValue<string>() + "Z"), entry["text"]!.GetValue<string>(), entry["actor"]!.GetValue<string>());
            chat.Time.Set(at > chat.Time.Now ? at : chat.Time.Now);
            texts.Add(text);
            switch (actor)
            {
                case "PagerDuty":
                    // An alert of another app, pinned by whoever sees it.
                    var alert = chat.Workspace.Say("", chat.Channel(room).Id, "", more: new() { ["user"] = null, ["subtype"] = "bot_message", ["username"] = "PagerDuty", ["bot_id"] = "B0PD", ["attachments"] = new JsonArray(new JsonObject { ["text"] = text }) });
                    await chat.SettleAsync();
                    await chat.PinsAsync("sarah", alert["ts"]!.GetValue<string>(), room);
                    break;
                case "Marcus Johnson" when text.Contains("resolved", StringComparison.Ordinal):
                    texts.Remove(text);
                    await chat.CommandAsync("marcus", "log impact ends: all services restored", room);
                    Assert.Contains("It lasted", (await chat.CommandAsync("marcus", "resolve", room)).Words, StringComparison.Ordinal);
                    break;
                case "Marcus Johnson":
                    await chat.CommandAsync("marcus", text.Contains("joins", StringComparison.Ordinal) ? "commander" : "status investigating", room);
                    await chat.CommandAsync("marcus", text.StartsWith("Decision", StringComparison.Ordinal) ? $"decision {text}" : $"log {text}", room);
                    break;
                case "Sarah Chen":
                    await chat.PinsAsync("marcus", await chat.SaysAsync("sarah", text, room), room);
                    break;
                default:
                    await chat.CommandAsync("sarah", $"log {text}", room);
                    break;
            }
        }

        var asked = await chat.CommandAsync("marcus", "impact", room);
        Assert.True(asked.Form is not null, asked.Words);
        var impact = asked.Form!;
        await chat.SubmitAsync("marcus", impact, new() { ["usersAffected"] = "~12,000 active users", ["revenue"] = "Estimated $45,000 in lost transactions" }, room);
        Assert.Equal("private", (await chat.CommandAsync("marcus", "action Add an alert at 80% pool use @sarah due 2024-11-29 P1 detect", room)).Kind);
        await chat.CommandAsync("marcus", "report", room);
        await chat.SettleAsync();
        var timeline = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray().ToList();
        Assert.All(texts, t => Assert.Single(timeline, e => e.GetProperty("text").GetString() == t));
        Assert.Equal("PagerDuty", timeline.Single(e => e.GetProperty("text").GetString() == texts[1]).GetProperty("actor").GetString());
        var canvas = chat.Workspace.Canvases[chat.Channel(room).Canvas!];
        Assert.All(texts, t => Assert.Contains(t, canvas, StringComparison.Ordinal));
        Assert.Contains("~12,000 active users", canvas, StringComparison.Ordinal);
        Assert.Contains(await chat.SeesAsync("bob", room), m => m.Words.StartsWith("Post-mortem report", StringComparison.Ordinal));
        Assert.Contains(await chat.SeesAsync("bob", room), m => m.Words.StartsWith("What comes next", StringComparison.Ordinal));
        Assert.Contains("resolved", chat.Channel(room).Topic, StringComparison.Ordinal);
        Approved.Matches("slack-sample-outage.json", Shown(chat, room));
    }

    [Fact]
    public async Task The_doctor_compares_what_Slack_has_granted_with_what_is_needed()
    {
        var slack = await FakeSlack.SharedAsync();
        var workspace = slack.Workspace(TimeProvider.System);
        await using var database = await TestDatabase.CreateAsync(IncidentBot.Storage.DatabaseProvider.Sqlite);
        string[] arguments = [.. database.Arguments(), .. SlackDriver.Settings(slack, workspace).Select(s => $"--{s.Key}={s.Value}")];
        await using (await BotProcess.ServeAsync(database, null, [.. SlackDriver.Settings(slack, workspace).Select(s => $"--{s.Key}={s.Value}")]))
        {
        }

        var (_, output, _) = await BotProcess.RunAsync(["doctor", .. arguments]);
        Assert.Contains($"{workspace.Id}: the token works as incidentbot, all", output, StringComparison.Ordinal);
        workspace.Scopes = "chat:write,commands,reactions:write";
        (_, output, _) = await BotProcess.RunAsync(["doctor", .. arguments]);
        Assert.Contains("FAIL slack", output, StringComparison.Ordinal);
        Assert.Contains("bookmarks:write", output, StringComparison.Ordinal);
        slack.Forget(workspace);
        (_, output, _) = await BotProcess.RunAsync(["doctor", .. arguments]);
        Assert.Contains("the bot token is no good (invalid_auth)", output, StringComparison.Ordinal);
    }

    // The cards, the topic, a form and the bot's own page, as they went over the wire.
    private static string Shown(SlackDriver chat, string room)
    {
        var shown = new JsonObject
        {
            ["topic"] = chat.Channel(room).Topic,
            ["announcement"] = new JsonArray([.. chat.Channel("incidents").Messages.Where(m => m["blocks"] is not null).Select(m => m["blocks"]!.DeepClone())]),
            ["room"] = new JsonArray([.. chat.Channel(room).Messages.Where(m => m["blocks"] is not null).Select(m => m["blocks"]!.DeepClone())]),
            ["form"] = JsonNode.Parse(chat.Workspace.Views.Values.Single().View.GetRawText()),
        };
        var text = JsonSerializer.Serialize(shown, Readable);
        // What is different each time: ids of channels, incidents and their marks.
        text = System.Text.RegularExpressions.Regex.Replace(text, @"(?<=""channel_id"": "")C\w+|(?<=""C"":"")C\w+", "C1");
        text = text.Replace(chat.Channel(room).Id, "C1").Replace(chat.Workspace.Id, "T1");
        return System.Text.RegularExpressions.Regex.Replace(text, @"\d{15,19}", "1");
    }
}
