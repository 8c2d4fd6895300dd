using System.Text.Json;
using IncidentBot.Core.Chat;
using IncidentBot.Fakes;

namespace IncidentBot.Tests.Behaviour;

/// <summary>What a live room needs: merging, a commander, catching up, mending in place, files as evidence.</summary>
public abstract partial class BehaviourSuite
{
    [Fact]
    public async Task An_incident_without_a_commander_is_asked_about_once_after_five_minutes()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.Bot.PassAsync(TimeSpan.FromMinutes(4.9));
        Assert.DoesNotContain(await chat.SeesAsync("bob", room), m => m.Words.Contains("Nobody is in command", StringComparison.Ordinal));
        await chat.Bot.PassAsync(TimeSpan.FromMinutes(0.2));
        var asked = Assert.Single(await chat.SeesAsync("bob", room), m => m.Words.Contains($"Nobody is in command of {code}", StringComparison.Ordinal));
        Assert.Single(await chat.SeesAsync("bob"), m => m.Thread is not null && m.Words.Contains("Nobody is in command", StringComparison.Ordinal));
        await chat.PressAsync("bob", asked.Card!.Buttons.Single(), room);
        await chat.Bot.PassAsync(TimeSpan.FromMinutes(20));
        Assert.Single(await chat.SeesAsync("bob", room), m => m.Words.Contains("Nobody is in command", StringComparison.Ordinal));
        Assert.Contains("Commander: Bob Lin", CardWords.Of(await chat.LiveCardAsync("ann", room)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incident_that_has_a_commander_or_is_over_is_not_asked_about()
    {
        await using var chat = await StartAsync();
        var (_, led) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("ann", "commander", led);
        var (over, _) = await chat.DeclaresAsync("bob", "sev1 a false alarm");
        await chat.CommandAsync("bob", $"cancel --in {over}");
        await chat.Bot.PassAsync(TimeSpan.FromMinutes(6));
        Assert.DoesNotContain(await chat.SeesAsync("bob", led), m => m.Words.Contains("Nobody is in command", StringComparison.Ordinal));
        Assert.DoesNotContain(await chat.SeesAsync("bob"), m => m.Words.Contains("Nobody is in command", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_comes_into_the_room_is_told_once_and_alone_where_it_stands()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("ann", "log pool is exhausted", room);
        await chat.JoinsAsync("ann", room);
        await chat.JoinsAsync("bob", room);
        await chat.JoinsAsync("bob", room);
        await chat.SettleAsync();
        var told = Assert.Single(await chat.SeesAsync("bob", room), m => m.OnlyYou);
        Assert.Contains($"Where {code} stands", told.Words, StringComparison.Ordinal);
        Assert.Contains("pool is exhausted", told.Words, StringComparison.Ordinal);
        Assert.DoesNotContain(await chat.SeesAsync("ann", room), m => m.OnlyYou);
        Assert.DoesNotContain(await chat.SeesAsync("sarah", room), m => m.Words.Contains("stands ·", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_merged_incident_goes_on_in_the_other_with_its_words_actions_and_links()
    {
        await using var chat = await StartAsync();
        var (kept, keptRoom) = await chat.DeclaresAsync("ann", "sev1 checkout is down --service checkout");
        var (gone, goneRoom) = await chat.DeclaresAsync("bob", "sev2 cards are refused --service cards");
        await chat.CommandAsync("bob", "log 10m ago impact begins", goneRoom);
        await chat.CommandAsync("bob", "decision: switch the provider", goneRoom);
        await chat.CommandAsync("bob", "action Test the fallback provider @bob", goneRoom);
        await chat.CommandAsync("ann", "action Raise the pool @ann", keptRoom);
        var pinned = await chat.SaysAsync("sarah", "provider says all is well", goneRoom);
        var reply = await chat.CommandAsync("bob", $"merge {kept}", goneRoom);
        Assert.Contains($"{gone} is merged into {kept}", reply.Words, StringComparison.Ordinal);
        Assert.Contains($"{gone}/AI-1 is AI-2 now", reply.Words, StringComparison.Ordinal);
        await chat.SettleAsync();

        var timeline = await TimelineAsync(chat, kept);
        Assert.Single(timeline, e => e.Text == "impact begins");
        Assert.Single(timeline, e => e.Text == "switch the provider");
        Assert.Equal("merged", (await chat.Bot.GetAsync($"/api/v1/incidents/{gone}")).GetProperty("status").GetString());
        Assert.Contains(await chat.SeesAsync("sarah", goneRoom), m => m.Words.Contains($"{gone} is a part of {kept} now", StringComparison.Ordinal));
        Assert.Contains(await chat.SeesAsync("sarah", keptRoom), m => m.Words.Contains($"{gone} was merged into this incident", StringComparison.Ordinal));
        Assert.Contains($"merged into {kept}", CardWords.Of(await chat.LiveCardAsync("ann", goneRoom)), StringComparison.Ordinal);

        // The old room, the old number and the old messages lead to the one that goes on.
        await chat.CommandAsync("sarah", "log still typed in the old room", goneRoom);
        await chat.CommandAsync("sarah", $"log said of the old number --in {gone}", "general");
        await chat.SaysAsync("sarah", "still talking here", goneRoom);
        await chat.PinsAsync("ann", pinned, goneRoom);
        var texts = (await TimelineAsync(chat, kept)).Select(e => e.Text).ToList();
        Assert.Contains("still typed in the old room", texts);
        Assert.Contains("said of the old number", texts);
        Assert.Contains("provider says all is well", texts);
        Assert.Contains("still talking here", (await chat.Bot.GetAsync($"/api/v1/incidents/{kept}/transcript")).ToString(), StringComparison.Ordinal);
        Assert.Equal(["checkout", "cards"], (await chat.Bot.GetAsync($"/api/v1/incidents/{kept}")).GetProperty("services").EnumerateArray().Select(s => s.GetString()));
        Assert.Contains("AI-2", (await chat.CommandAsync("bob", $"actions all --in {kept}", "general")).Words, StringComparison.Ordinal);
        using var pages = new PageClient(chat.Bot);
        await pages.SignInAsync(chat, "sarah");
        Assert.Contains($"{gone} was merged into {kept}", (await pages.GetAsync($"/incidents/{gone}")).Page, StringComparison.Ordinal);
        Assert.Empty(await chat.Bot.InDatabaseAsync(db => Task.FromResult(db.Alarms.ToList().Where(a => a.Key.Contains("nudge", StringComparison.Ordinal)).GroupBy(a => a.IncidentId).Where(g => g.Count() > 1))));
    }

    [Fact]
    public async Task What_is_redacted_after_a_merge_is_gone_in_both()
    {
        await using var chat = await StartAsync();
        var (kept, keptRoom) = await chat.DeclaresAsync("ann", "sev1 checkout is down");
        var (gone, goneRoom) = await chat.DeclaresAsync("ann", "sev2 cards are refused");
        await chat.CommandAsync("ann", "log card 4111-1111 was refused", goneRoom);
        await chat.CommandAsync("ann", $"merge into {kept}", goneRoom);
        var entry = (await TimelineAsync(chat, kept)).Single(e => e.Text.Contains("4111", StringComparison.Ordinal));
        await chat.CommandAsync("ann", $"redact {entry.Seq} card number", keptRoom);
        await chat.SettleAsync();
        foreach (var code in new[] { kept, gone })
        {
            Assert.DoesNotContain("4111", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).ToString(), StringComparison.Ordinal);
        }

        foreach (var room in new[] { keptRoom, goneRoom })
        {
            Assert.DoesNotContain(await chat.SeesAsync("ann", room), m => m.Words.Contains("4111", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_merge_that_cannot_be_is_refused_with_the_reason()
    {
        await using var chat = await StartAsync();
        var (first, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var (secret, _) = await chat.DeclaresAsync("ann", "sev1 keys leaked --private");
        var (drill, _) = await chat.DeclaresAsync("ann", "sev1 a drill --drill");
        foreach (var (text, says) in new[]
        {
            ("merge", "Which incident goes on?"), ($"merge {first}", "they are the same incident"), ($"merge {secret}", "cannot see that one"),
            ($"merge {drill}", "stay apart"), ("merge INC-2026-0099", "There is no incident INC-2026-0099"),
        })
        {
            var reply = await chat.CommandAsync("ann", text, room);
            Assert.Equal("refused", reply.Kind);
            Assert.Contains(says, reply.Words, StringComparison.Ordinal);
        }

        Assert.Contains("may merge it", (await chat.CommandAsync("bob", $"merge {drill} --in {first}", "general")).Words, StringComparison.Ordinal);
        Assert.Contains($"There is no incident {secret}", (await chat.CommandAsync("bob", $"merge {secret}", room)).Words, StringComparison.Ordinal);
        Assert.Equal("detected", (await chat.Bot.GetAsync($"/api/v1/incidents/{first}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_entry_is_changed_and_redacted_through_its_buttons()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("bob", "log pool is exausted", room);
        var entry = await EntryAsync(chat, code, "pool is exausted");
        var id = await chat.Bot.InDatabaseAsync(db => Task.FromResult(db.Incidents.Single().Id));
        var change = new CardButton("timeline.open-amend", "Change", $"{id}:{entry.Seq}");
        Assert.Equal("refused", (await chat.PressAsync("sarah", change, room)).Kind);

        var form = (await chat.PressAsync("bob", change, room)).Form!;
        Assert.Equal("2026-03-10 14:30 UTC", form.Fields.Single(f => f.Id == "time").Value);
        var values = form.Fields.ToDictionary(f => f.Id, f => f.Value ?? "");
        var wrong = await chat.SubmitAsync("bob", form, new(values) { ["time"] = "half past never" }, room);
        Assert.Contains("time", wrong.Errors!.Keys);
        wrong = await chat.SubmitAsync("bob", form, new(values) { ["text"] = " " }, room);
        Assert.Contains("text", wrong.Errors!.Keys);

        // Bob's clock is in New York: 10:25 there is 14:25 UTC.
        await chat.SubmitAsync("bob", form, new(values) { ["time"] = "10:25", ["text"] = "pool is exhausted", ["kind"] = "detected", ["phase"] = "triage" }, room);
        var changed = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray().Single(e => e.GetProperty("seq").GetInt32() == entry.Seq);
        Assert.Equal(("2026-03-10T14:25:00Z", "pool is exhausted", "detected", "triage", 1),
            (changed.GetProperty("occurredAt").GetString(), changed.GetProperty("text").GetString(), changed.GetProperty("kind").GetString(), changed.GetProperty("phase").GetString(), changed.GetProperty("revisions").GetInt32()));

        // What the form did not change stays as somebody else has set it meanwhile.
        var stale = (await chat.PressAsync("bob", change, room)).Form!;
        await chat.CommandAsync("bob", $"edit {entry.Seq} 14:20 the pool is exhausted", room);
        await chat.SubmitAsync("bob", stale, stale.Fields.ToDictionary(f => f.Id, f => f.Id == "phase" ? "mitigation" : f.Value ?? ""), room);
        Assert.Equal("the pool is exhausted", (await EntryAsync(chat, code, "the pool is exhausted")).Text);

        var redact = (await chat.PressAsync("bob", new CardButton("timeline.open-redact", "Redact", $"{id}:{entry.Seq}"), room)).Form!;
        await chat.SubmitAsync("bob", redact, new() { ["why"] = "a name" }, room);
        Assert.DoesNotContain("exhausted", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_of_a_merged_incident_never_hit_entries_of_the_other()
    {
        await using var chat = await StartAsync();
        var (kept, keptRoom) = await chat.DeclaresAsync("ann", "sev1 checkout is down");
        await chat.CommandAsync("ann", "log kept words", keptRoom);
        await chat.CommandAsync("ann", "action Raise the pool", keptRoom);
        var (gone, goneRoom) = await chat.DeclaresAsync("ann", "sev2 cards are refused");
        await chat.CommandAsync("bob", "log words of the other", goneRoom);
        await chat.CommandAsync("sarah", "log ok", keptRoom);
        await chat.CommandAsync("bob", "log ok", goneRoom);
        var id = await chat.Bot.InDatabaseAsync(db => Task.FromResult(db.Incidents.Single(i => i.Number == 2).Id));
        await chat.CommandAsync("ann", $"merge {kept}", goneRoom);
        foreach (var reply in new[]
        {
            await chat.PressAsync("bob", new CardButton("timeline.open-amend", "Change", $"{id}:2"), goneRoom),
            await chat.CommandAsync("bob", $"edit 2 other words --in {gone}", "general"),
            await chat.CommandAsync("bob", $"undo 2 --in {gone}", "general"),
            await chat.CommandAsync("ann", "redact 2", goneRoom),
            await chat.CommandAsync("ann", "edit 2 hit the wrong one", goneRoom),
            await chat.CommandAsync("ann", "action AI-1 @bob due 2026-04-01", goneRoom),
        })
        {
            Assert.Equal("refused", reply.Kind);
            Assert.Contains($"{gone} is a part of {kept} now", reply.Words, StringComparison.Ordinal);
        }

        Assert.Equal("refused", (await chat.CommandAsync("ann", "done AI-1", goneRoom)).Kind);
        Assert.Equal("proposed", (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items").EnumerateArray().Single().GetProperty("state").GetString());
        Assert.Contains("is done", (await chat.CommandAsync("ann", "done AI-1 --in 1", "general")).Words, StringComparison.Ordinal);

        var form = (await chat.PressAsync("bob", new CardButton("timeline.open-redact", "Redact", $"{id}:3"), goneRoom)).Form!;
        await chat.SubmitAsync("bob", form, new() { ["why"] = "a test" }, goneRoom);
        var texts = (await TimelineAsync(chat, kept)).Select(e => (e.Text, e.Actor)).ToList();
        Assert.Contains(("kept words", "Ann Field"), texts);
        Assert.Contains(("words of the other", "Bob Lin"), texts);
        Assert.Contains(("ok", "Sarah Chen"), texts);
        Assert.Contains(("[redacted]", "Bob Lin"), texts);
    }

    [Fact]
    public async Task The_beginning_of_a_redacted_text_is_gone_from_what_newcomers_were_told()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("ann", $"log tenant Hemlock {string.Concat(Enumerable.Repeat("and so on ", 60))}", room);
        await chat.JoinsAsync("bob", room);
        Assert.Contains(await chat.SeesAsync("bob", room), m => m.OnlyYou && m.Words.Contains("Hemlock", StringComparison.Ordinal));
        await chat.CommandAsync("ann", $"redact {(await TimelineAsync(chat, code)).Single(e => e.Text.Contains("Hemlock", StringComparison.Ordinal)).Seq}", room);
        await chat.SettleAsync();
        Assert.DoesNotContain(await chat.SeesAsync("bob", room), m => m.Words.Contains("Hemlock", StringComparison.Ordinal) && (chat.ReachesOldMessages || !m.OnlyYou));
    }

    [Fact]
    public async Task Words_changed_in_the_form_keep_the_addresses_in_them_as_evidence()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("ann", "log graf https://example.com/d/1 shows it", room);
        var entry = await EntryAsync(chat, code, "graf https://example.com/d/1 shows it");
        var id = await chat.Bot.InDatabaseAsync(db => Task.FromResult(db.Incidents.Single().Id));
        var form = (await chat.PressAsync("ann", new CardButton("timeline.open-amend", "Change", $"{id}:{entry.Seq}"), room)).Form!;
        var unchanged = await chat.SubmitAsync("ann", form, form.Fields.ToDictionary(f => f.Id, f => f.Value ?? ""), room);
        Assert.Contains("stays as it is", unchanged.Words, StringComparison.Ordinal);
        await chat.SubmitAsync("ann", form, form.Fields.ToDictionary(f => f.Id, f => f.Id == "text" ? "the graph https://example.com/d/1 shows it" : f.Value ?? ""), room);
        var changed = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray().Single(e => e.GetProperty("seq").GetInt32() == entry.Seq);
        Assert.Equal("https://example.com/d/1", Assert.Single(changed.GetProperty("evidence").EnumerateArray()).GetProperty("url").GetString());
        Assert.Equal(1, changed.GetProperty("revisions").GetInt32());
    }
}
