using System.Text.Json;
using IncidentBot.Core.Replay;
using IncidentBot.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentBot.Tests.Replay;

/// <summary>Incident files go through whole: every entry once, with its time, text and actor.</summary>
public sealed class ReplayTests
{
    [Fact]
    public async Task The_sample_agrees_with_its_facts()
    {
        await using var bot = await BotUnderTest.StartAsync();
        var code = await PlayAsync(bot, Sample.Json);
        Assert.Equal("INC-2024-0001", code);
        var incident = await bot.GetAsync($"/api/v1/incidents/{code}");
        Assert.Equal(8220, incident.GetProperty("durationSeconds").GetInt64());
        Assert.Equal(("SEV1", true, "resolved"), (incident.GetProperty("severity").GetString(), incident.GetProperty("replayed").GetBoolean(), incident.GetProperty("status").GetString()));
        Assert.Equal("2024-11-12T15:30:00Z", incident.GetProperty("mitigatedAt").GetString());
        var report = await bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md");
        Assert.Contains("2 h 17 min (02:17, from detection to resolution: 14:23–16:40 UTC)", report, StringComparison.Ordinal);
        Assert.Equal(14, report.Split('\n').Count(l => l.StartsWith("| 14:", StringComparison.Ordinal) || l.StartsWith("| 15:", StringComparison.Ordinal) || l.StartsWith("| 16:", StringComparison.Ordinal)));
        Assert.Contains("1 h 47 min (merged impact windows: 14:23–16:10 UTC)", report, StringComparison.Ordinal);
        Assert.Contains("This post-mortem follows a blameless culture.", report, StringComparison.Ordinal);
    }

    [Fact]
    public void The_raw_text_of_the_sample_says_the_same_as_its_file()
    {
        var (raw, json) = (IncidentFileReader.Read(Sample.Raw), IncidentFileReader.Read(Sample.Json));
        Assert.Equal(json.Title, raw.Title);
        Assert.Equal(json.Entries.Select(e => (e.At, e.Text)), raw.Entries.Select(e => (e.At, e.Text)));
        Assert.Equal((json.DeclaredAt, json.ResolvedAt), (raw.DeclaredAt, raw.ResolvedAt));
        Assert.Equal(json.People, raw.People);
        Assert.Equal(json.Findings, raw.Findings);
        Assert.Equal(json.Impact["revenue"], raw.Impact["revenue"]);
    }

    [SharedIncidentsFact]
    public async Task Every_real_file_replays_entry_by_entry()
    {
        await using var bot = await BotUnderTest.StartAsync();
        foreach (var path in Directory.GetFiles(Shared.Incidents!, "*.json").Order())
        {
            var text = await File.ReadAllTextAsync(path);
            using var source = JsonDocument.Parse(text);
            var zone = source.RootElement.TryGetProperty("timezone", out var z) ? TimeZoneInfo.FindSystemTimeZoneById(z.GetString()!) : TimeZoneInfo.Utc;
            var expected = source.RootElement.GetProperty("timeline").EnumerateArray().Select(e => (
                At: ExpectedTime(e.GetProperty("time").GetString(), zone),
                Text: e.GetProperty("text").GetString(),
                Actor: e.TryGetProperty("actor", out var actor) ? actor.GetString() : null)).ToList();

            var code = await PlayAsync(bot, text);
            var items = (await bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray().Where(e => e.GetProperty("kind").GetString() != "system").ToList();
            var got = items.OrderBy(e => e.GetProperty("seq").GetInt32()).Select(e => (
                At: e.GetProperty("occurredAt").GetString() is { } at ? DateTimeOffset.Parse(at) : (DateTimeOffset?)null,
                Text: e.GetProperty("text").GetString(),
                Actor: e.GetProperty("actor").GetString())).ToList();
            Assert.Equal(expected, got);

            var dated = items.Where(e => e.GetProperty("occurredAt").ValueKind != JsonValueKind.Null).Select(e => e.GetProperty("occurredAt").GetString()).ToList();
            Assert.Equal(dated.Order(StringComparer.Ordinal), dated);
            var report = await bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md");
            var table = report[report.IndexOf("| Time | Event |", StringComparison.Ordinal)..report.IndexOf("## Root Cause Analysis", StringComparison.Ordinal)];
            Assert.Equal(expected.Count + 2, table.Split('\n').Count(l => l.StartsWith('|')));
        }
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("{\"timeline\":[]}", "no \"title\"")]
    [InlineData("{\"title\":\"x\"}", "no \"timeline\"")]
    [InlineData("{\"title\":\"x\",\"timeline\":[{\"time\":\"2024-01-01T10:00\"}]}", "Entry 1 of the timeline has no \"text\"")]
    [InlineData("{\"title\":\"x\",\"timeline\":[{\"time\":null,\"text\":\"y\"}]}", "no entry with a time")]
    [InlineData("hello", "neither JSON nor the raw layout")]
    public void A_file_that_cannot_be_played_says_why(string text, string says) =>
        Assert.Contains(says, Assert.Throws<IncidentFileFault>(() => IncidentFileReader.Read(text).DeclaredAt).Message, StringComparison.Ordinal);

    [Fact]
    public async Task What_the_format_does_not_know_is_kept_and_texts_are_not_read_as_grammar()
    {
        await using var bot = await BotUnderTest.StartAsync();
        var code = await PlayAsync(bot, """
            {"title":"t","mystery":["a|b","c"],"severity":"moderate-ish","timeline":[
              {"time":"2024-01-01T10:00","text":"decision: 09:00 | 08:00 @ann --in INC-1","mood":"tense","state":"degraded"},
              {"time":"2024-01-01T10:00","text":"second at the same minute"},
              {"time":"not a time","text":"unclear"},
              {"time":"2024-01-01T09:00:30+02:00","text":"before"}],
             "key_events":{"detected":"about noon","acknowledged":"2024-01-01T10:05"}}
            """);
        var items = (await bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray().Where(e => e.GetProperty("kind").GetString() != "system").ToList();
        Assert.Equal(["before", "decision: 09:00 | 08:00 @ann --in INC-1", "second at the same minute", "unclear"], items.Select(e => e.GetProperty("text").GetString()));
        Assert.Equal("2024-01-01T07:00:30Z", items[0].GetProperty("occurredAt").GetString());
        var report = await bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md");
        Assert.Contains("**mystery**: a\\|b", report, StringComparison.Ordinal);
        Assert.Contains("**mood** (entry ", report, StringComparison.Ordinal);
        Assert.Contains("**detected**: about noon", report, StringComparison.Ordinal);
        Assert.Contains("**severity**: moderate-ish", report, StringComparison.Ordinal);
        Assert.Contains("time unknown (said: not a time)", report, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await bot.GetAsync($"/api/v1/incidents/{code}")).GetProperty("severity").ValueKind);
    }

    [Fact]
    public async Task An_import_posts_nothing_and_is_real_history_and_no_replay_is_ever_nudged()
    {
        await using var bot = await BotUnderTest.StartAsync();
        var imported = await bot.Services.GetRequiredService<FilePlayer>().PlayAsync(IncidentFileReader.Read(Sample.Json), import: true, null, default);
        await bot.SettleAsync();
        var chat = new WebChatDriver(bot);
        Assert.DoesNotContain(await chat.RoomsAsync("ann"), r => r.StartsWith("inc-", StringComparison.Ordinal));
        await chat.CommandAsync("ann", $"report --in {imported}");
        await bot.SettleAsync();
        Assert.Equal(0, await bot.InDatabaseAsync(db => Task.FromResult(db.Outbox.Count())));
        Assert.False((await bot.GetAsync($"/api/v1/incidents/{imported}")).GetProperty("replayed").GetBoolean());
        var replayed = await PlayAsync(bot, Sample.Json);
        Assert.NotEqual(imported, replayed);
        Assert.Single(await chat.RoomsAsync("ann"), r => r.StartsWith("inc-", StringComparison.Ordinal));
        Assert.Single((await bot.GetAsync("/api/v1/incidents?replayed=false")).GetProperty("items").EnumerateArray());
        Assert.Equal(0, await bot.InDatabaseAsync(db => Task.FromResult(db.Alarms.Count())));
    }

    private static DateTimeOffset? ExpectedTime(string? text, TimeZoneInfo zone)
    {
        if (text is null)
        {
            return null;
        }

        var at = DateTime.Parse(text, null, System.Globalization.DateTimeStyles.RoundtripKind);
        return at.Kind == DateTimeKind.Unspecified && !System.Text.RegularExpressions.Regex.IsMatch(text, "[+-]\\d\\d:\\d\\d$")
            ? new DateTimeOffset(at, zone.GetUtcOffset(at)).ToUniversalTime() : DateTimeOffset.Parse(text).ToUniversalTime();
    }

    private static async Task<string> PlayAsync(BotUnderTest bot, string text)
    {
        var code = await bot.Services.GetRequiredService<FilePlayer>().PlayAsync(IncidentFileReader.Read(text), import: false, null, default);
        await bot.SettleAsync();
        return code;
    }
}
