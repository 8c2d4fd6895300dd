using IncidentBot.Fakes;

namespace IncidentBot.Tests.Behaviour;

/// <summary>What people are told, whom they bring in, and what their slips must not do.</summary>
public abstract partial class BehaviourSuite
{
    [Fact]
    public async Task A_merge_in_a_merged_room_is_refused_rather_than_guessed()
    {
        await using var chat = await StartAsync();
        var (first, _) = await chat.DeclaresAsync("ann", "sev1 one");
        var (second, room) = await chat.DeclaresAsync("ann", "sev1 two");
        var (third, _) = await chat.DeclaresAsync("ann", "sev1 three");
        await chat.CommandAsync("ann", $"merge {first}", room);
        var reply = await chat.CommandAsync("ann", $"merge {third}", room);
        Assert.Equal("refused", reply.Kind);
        Assert.Contains($"{second} is a part of {first} already", reply.Words, StringComparison.Ordinal);
        Assert.Equal("detected", (await chat.Bot.GetAsync($"/api/v1/incidents/{first}")).GetProperty("status").GetString());
        Assert.Contains($"{second} two (merged into this incident)", await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{first}/documents/report.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_room_is_told_in_a_line_what_changes()
    {
        await using var chat = await StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev2 slow");
        await chat.CommandAsync("bob", "sev 1 payments too", room);
        await chat.CommandAsync("bob", "status investigating", room);
        await chat.CommandAsync("ann", "commander @marcus", room);
        await chat.CommandAsync("ann", "update half of it is back", room);
        await chat.CommandAsync("marcus", "resolve", room);
        await chat.SettleAsync();
        var said = (await chat.SeesAsync("sarah", room)).Where(m => m.Author.Length == 0).Select(m => m.Words.Trim()).ToList();
        foreach (var line in new[]
        {
            "Severity changed from SEV2 to SEV1: payments too — Bob Lin", "Status changed from detected to investigating — Bob Lin", "Ann Field gave the role of commander to Marcus Johnson", "Incident resolved — Marcus Johnson",
        })
        {
            Assert.Contains(line, said);
        }

        Assert.Contains(said, s => s.StartsWith("Status update", StringComparison.Ordinal) && s.Contains("half of it is back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Someone_brought_into_a_private_incident_sees_it()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 keys leaked --private");
        Assert.Contains($"There is no incident {code}", (await chat.CommandAsync("bob", $"invite @sarah --in {code}", "general")).Words, StringComparison.Ordinal);
        Assert.Equal("refused", (await chat.CommandAsync("ann", "invite @priya @nobdy", room)).Kind);
        Assert.DoesNotContain(room, await chat.RoomsAsync("priya"));
        Assert.Contains("Priya Nair was told", (await chat.CommandAsync("ann", "invite @priya", room)).Words, StringComparison.Ordinal);
        await chat.SettleAsync();
        Assert.Contains(room, await chat.RoomsAsync("priya"));
        Assert.Contains(await chat.SeesAsync("priya", chat.DirectRoom("priya")), m => m.Words.Contains($"Ann Field brings you into {code}", StringComparison.Ordinal));
        Assert.Contains("belongs to it already", (await chat.CommandAsync("ann", "invite @priya", room)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slip_in_an_option_declares_nothing_in_public()
    {
        await using var chat = await StartAsync();
        foreach (var text in new[] { "start --privat keys leaked", "start -private keys leaked", "start keys leaked --privte", "start --kind", "start --sev 9 slow" })
        {
            var reply = await chat.CommandAsync("ann", text);
            Assert.Equal("refused", reply.Kind);
            Assert.Contains("Nothing was declared yet", reply.Words, StringComparison.Ordinal);
        }

        foreach (var (text, title) in new[] { ("start --sev 1 vpn", "vpn"), ("start kubectl apply --prune went wrong", "kubectl apply --prune went wrong"), ("start `--private` has no effect", "`--private` has no effect"), ("start failing over --in 5 minutes", "failing over --in 5 minutes") })
        {
            Assert.Contains(title, (await chat.CommandAsync("ann", text)).Words, StringComparison.Ordinal);
        }

        Assert.Equal("SEV1", (await chat.Bot.GetAsync("/api/v1/incidents/INC-2026-0001")).GetProperty("severity").GetString());
        Assert.Contains("vpn", (await chat.CommandAsync("ann", "show 1")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_in_another_zone_is_said_in_both()
    {
        await using var chat = await StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev2 slow");
        Assert.Contains("14:05 UTC = 19:35 in Asia/Kolkata", (await chat.CommandAsync("priya", "log 19:35 the queue grows", room)).Words, StringComparison.Ordinal);
        Assert.DoesNotContain(" in UTC", (await chat.CommandAsync("sarah", "log 14:20 the queue grows", room)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_down_afterwards_is_not_doubted_for_its_age()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev2 yesterday's outage --backfill");
        Assert.DoesNotContain("long before", (await chat.CommandAsync("ann", "log 2026-03-09 10:00 UTC impact begins", room)).Words, StringComparison.Ordinal);
        var resolved = await chat.CommandAsync("ann", "resolve 2026-03-09 12:00 UTC", room);
        Assert.DoesNotContain("sure time", resolved.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("-", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}")).GetProperty("durationSeconds").ToString(), StringComparison.Ordinal);
    }
}
