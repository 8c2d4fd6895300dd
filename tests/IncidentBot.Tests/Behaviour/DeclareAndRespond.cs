using IncidentBot.Core.Chat;
using IncidentBot.Fakes;

namespace IncidentBot.Tests.Behaviour;

/// <summary>Declaring an incident, and working on it.</summary>
public abstract partial class BehaviourSuite
{
    [Fact]
    public async Task An_incident_is_declared_at_once_and_gets_a_room_a_card_and_an_announcement()
    {
        await using var chat = await StartAsync();
        var reply = await chat.CommandAsync("ann", "start sev1 database is down");
        Assert.Contains("INC-2026-0001 declared", reply.Words, StringComparison.Ordinal);
        await chat.SettleAsync();

        var room = Assert.Single(await chat.RoomsAsync("bob"), r => r.StartsWith("inc-", StringComparison.Ordinal));
        Assert.Equal("inc-2026-0001-database-is-down", room);
        var card = await chat.LiveCardAsync("bob", room);
        Assert.Equal("INC-2026-0001 · SEV1 · database is down", card.Title);
        Assert.Contains("Commander: nobody yet", CardWords.Of(card), StringComparison.Ordinal);
        Assert.Contains("database is down", Assert.Single(await chat.SeesAsync("bob")).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("new p2 checkout is slow", "SEV2", "checkout is slow")]
    [InlineData("DECLARE Sev-1: everything is gone", "SEV1", "everything is gone")]
    [InlineData("open 500s on the api", "SEV3", "500s on the api")]
    [InlineData("start", "SEV3", "Untitled incident")]
    [InlineData("create sev4 cert expires 🔒 <soon> @channel", "SEV4", "cert expires 🔒 <soon> @channel")]
    public async Task The_words_of_a_declaration_are_understood(string typed, string severity, string title)
    {
        await using var chat = await StartAsync();
        await chat.CommandAsync("ann", typed);
        var incident = await chat.Bot.GetAsync("/api/v1/incidents/INC-2026-0001");
        Assert.Equal(severity, incident.GetProperty("severity").GetString());
        Assert.Equal(title, incident.GetProperty("title").GetString());
    }

    [Fact]
    public async Task Options_may_stand_anywhere_and_with_typographic_dashes()
    {
        await using var chat = await StartAsync();
        await chat.CommandAsync("ann", "start sev2 —drill keys leaked --kind security --service \"web shop\" --service api");
        var incident = await chat.Bot.GetAsync("/api/v1/incidents/INC-2026-0001");
        Assert.True(incident.GetProperty("drill").GetBoolean());
        Assert.Equal("security", incident.GetProperty("kind").GetString());
        Assert.Equal(["web shop", "api"], incident.GetProperty("services").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal("keys leaked", incident.GetProperty("title").GetString());
    }

    [Fact]
    public async Task An_assumed_severity_is_said_to_be_assumed()
    {
        await using var chat = await StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "it is slow");
        Assert.Contains("assumed", CardWords.Of(await chat.LiveCardAsync("ann", room)), StringComparison.Ordinal);
        await chat.CommandAsync("ann", "sev 3 only internal users", room);
        await chat.SettleAsync();
        Assert.DoesNotContain("assumed", CardWords.Of(await chat.LiveCardAsync("ann", room)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_command_delivered_twice_declares_once()
    {
        await using var chat = await StartAsync();
        await chat.CommandAsync("ann", "start sev1 down", gestureId: "g-1");
        var again = await chat.CommandAsync("ann", "start sev1 down", gestureId: "g-1");
        Assert.Contains("already recorded", again.Words, StringComparison.Ordinal);
        Assert.Single((await chat.Bot.GetAsync("/api/v1/incidents")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Two_people_pressing_take_command_at_once_make_one_commander_and_one_who_is_told()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var button = (await chat.LiveCardAsync("ann", room)).Buttons.Single(b => b.Label == "Take command");
        var replies = await Task.WhenAll(chat.PressAsync("bob", button, room), chat.PressAsync("marcus", button, room));
        Assert.Single(replies, r => r.Kind == "private");
        Assert.Contains("has been commander since", Assert.Single(replies, r => r.Kind == "refused").Words, StringComparison.Ordinal);
        Assert.Single((await chat.Bot.GetAsync($"/api/v1/incidents/{code}")).GetProperty("roles").EnumerateArray());
    }

    [Fact]
    public async Task Roles_are_taken_given_handed_over_and_listed_with_their_history()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        Assert.Contains("You are commander", (await chat.CommandAsync("bob", "commander", room)).Words, StringComparison.Ordinal);
        chat.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Contains("Bob Lin held the role", (await chat.CommandAsync("bob", "handoff @marcus", room)).Words, StringComparison.Ordinal);
        await chat.CommandAsync("ann", "role comms @priya", room);
        var list = await chat.CommandAsync("ann", "role", room);
        Assert.Contains("commander: Marcus Johnson since 14:35 UTC", list.Words, StringComparison.Ordinal);
        Assert.Contains("communications: Priya Nair", list.Words, StringComparison.Ordinal);
        Assert.Contains("scribe: nobody", list.Words, StringComparison.Ordinal);

        var roles = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}")).GetProperty("roles").EnumerateArray().ToList();
        Assert.Equal("2026-03-10T14:35:00Z", roles[0].GetProperty("to").GetString());
        await EntryAsync(chat, code, "Bob Lin handed the role of commander from Bob Lin to Marcus Johnson");
    }

    [Theory]
    [InlineData("role wizard", "The roles are commander, communications, operations, scribe")]
    [InlineData("role comms @nobody", "I do not know @nobody")]
    [InlineData("status sleeping", "I know no status")]
    [InlineData("sev 9", "Which severity?")]
    [InlineData("resolv", "Did you mean `/incident resolve`?")]
    [InlineData("reopen", "is still open")]
    [InlineData("status detected", "is already detected")]
    [InlineData("edit 99 new words", "has no entry 99")]
    [InlineData("done AI-7", "no open action INC-2026-0001/AI-7")]
    [InlineData("log something --in INC-2031-0009", "There is no incident INC-2031-0009")]
    [InlineData("report sre", "I know no format")]
    public async Task A_refusal_says_what_is_the_matter_and_what_to_do(string typed, string says)
    {
        await using var chat = await StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var reply = await chat.CommandAsync("ann", typed, room);
        Assert.Equal("refused", reply.Kind);
        Assert.Contains(says, reply.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_severity_update_and_resolution_are_entries_with_old_and_new_value_and_set_the_phase()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev2 down");
        await chat.CommandAsync("bob", "status investigating", room);
        await chat.CommandAsync("bob", "log looking at the pool", room);
        await chat.CommandAsync("bob", "sev 1 payments too", room);
        await chat.CommandAsync("bob", "update half of the shops are back", room);
        chat.Time.Advance(TimeSpan.FromMinutes(30));
        await chat.CommandAsync("bob", "mitigated 10m ago pool raised", room);
        chat.Time.Advance(TimeSpan.FromMinutes(30));
        var resolved = await chat.CommandAsync("bob", "resolve", room);
        Assert.Contains("It lasted 1 h", resolved.Words, StringComparison.Ordinal);
        Assert.Contains("when the impact began", resolved.Words, StringComparison.Ordinal);

        Assert.Equal("investigation", (await EntryAsync(chat, code, "looking at the pool")).Phase);
        await EntryAsync(chat, code, "Severity changed from SEV2 to SEV1: payments too");
        await EntryAsync(chat, code, "Status update: half of the shops are back");
        var incident = await chat.Bot.GetAsync($"/api/v1/incidents/{code}");
        Assert.Equal("2026-03-10T14:50:00Z", incident.GetProperty("mitigatedAt").GetString());
        Assert.Equal("2026-03-10T15:30:00Z", incident.GetProperty("resolvedAt").GetString());
        Assert.Equal("2026-03-10T14:30:00Z", incident.GetProperty("acknowledgedAt").GetString());
        Assert.Equal(3600, incident.GetProperty("durationSeconds").GetInt64());
        await chat.SettleAsync();
        Assert.Contains(await chat.SeesAsync("ann"), m => m.Thread is not null && m.Words.Contains("half of the shops are back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reopened_incident_has_no_resolution_until_it_is_resolved_again()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev2 down");
        await chat.CommandAsync("ann", "resolve", room);
        Assert.Equal("refused", (await chat.CommandAsync("gus", "reopen", room)).Kind);
        Assert.Contains("Only the commander", (await chat.CommandAsync("bob", "reopen", room)).Words, StringComparison.Ordinal);
        await chat.CommandAsync("ann", "reopen it came back", room);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await chat.Bot.GetAsync($"/api/v1/incidents/{code}")).GetProperty("resolvedAt").ValueKind);
        chat.Time.Advance(TimeSpan.FromHours(1));
        await chat.CommandAsync("ann", "resolve", room);
        Assert.Equal("2026-03-10T15:30:00Z", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}")).GetProperty("resolvedAt").GetString());
    }

    [Fact]
    public async Task The_room_is_nudged_for_an_update_but_not_while_people_talk_nor_after_the_end()
    {
        await using var chat = await StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        chat.Time.Advance(TimeSpan.FromMinutes(28));
        await chat.SaysAsync("bob", "still looking", room);
        await chat.Bot.PassAsync(TimeSpan.FromMinutes(2));
        Assert.DoesNotContain(await chat.SeesAsync("ann", room), m => m.Words.Contains("status update yet", StringComparison.Ordinal));

        await chat.Bot.PassAsync(TimeSpan.FromMinutes(4));
        Assert.Contains("No status update yet, 34 min after the declaration", (await chat.SeesAsync("ann", room))[^1].Words, StringComparison.Ordinal);
        await chat.Bot.PassAsync(TimeSpan.FromMinutes(30));
        Assert.Equal(2, (await chat.SeesAsync("ann", room)).Count(m => m.Words.Contains("status update yet", StringComparison.Ordinal)));

        await chat.CommandAsync("ann", "resolve", room);
        await chat.Bot.PassAsync(TimeSpan.FromHours(9));
        Assert.Equal(2, (await chat.SeesAsync("ann", room)).Count(m => m.Words.Contains("status update yet", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_private_incident_does_not_exist_for_others()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 breach --private");
        Assert.DoesNotContain(room, await chat.RoomsAsync("bob"));
        Assert.DoesNotContain(await chat.SeesAsync("bob"), m => m.Words.Contains("breach", StringComparison.Ordinal));
        Assert.Contains("There is no incident", (await chat.CommandAsync("bob", $"show {code}")).Words, StringComparison.Ordinal);
        Assert.Contains("No incidents yet", (await chat.CommandAsync("bob", "list")).Words, StringComparison.Ordinal);
        Assert.Equal("refused", (await chat.CommandAsync("bob", "log I see you")).Kind);
        Assert.Contains("breach", (await chat.CommandAsync("ann", "list")).Words, StringComparison.Ordinal);

        await chat.CommandAsync("ann", "role comms @bob", room);
        await chat.SettleAsync();
        Assert.Contains(room, await chat.RoomsAsync("bob"));
        Assert.Contains("breach", (await chat.CommandAsync("bob", $"show {code}")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_several_open_incidents_the_person_picks_and_the_words_are_kept()
    {
        await using var chat = await StartAsync();
        await chat.DeclaresAsync("ann", "sev1 first");
        var (second, _) = await chat.DeclaresAsync("ann", "sev1 second");
        var question = await chat.CommandAsync("sarah", "log 14:20 disk is full");
        Assert.Contains("Which incident?", question.Words, StringComparison.Ordinal);
        Assert.Contains("14:20 disk is full", question.Words, StringComparison.Ordinal);
        Assert.Equal("refused", (await chat.PressAsync("bob", question.Button("first"))).Kind);
        var reply = await chat.PressAsync("sarah", question.Button("second"));
        Assert.Contains("14:20", reply.Words, StringComparison.Ordinal);
        Assert.Equal("Sarah Chen", (await EntryAsync(chat, second, "disk is full")).Actor);
        Assert.Equal("refused", (await chat.PressAsync("sarah", question.Button("first"))).Kind);
    }

    [Fact]
    public async Task Guests_log_and_nothing_else()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        Assert.Equal("private", (await chat.CommandAsync("gus", "log we see timeouts", room)).Kind);
        Assert.Contains("Guests", (await chat.CommandAsync("gus", "resolve", room)).Words, StringComparison.Ordinal);
        await EntryAsync(chat, code, "we see timeouts");
    }

    [Fact]
    public async Task The_impact_form_is_kept_and_the_details_form_says_what_is_wrong_beside_the_field()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "down");
        var form = (await chat.CommandAsync("ann", "impact", room)).Form!;
        await chat.SubmitAsync("ann", form, new() { ["usersAffected"] = "about 12,000", ["services"] = "web shop, api" }, room);
        var incident = await chat.Bot.GetAsync($"/api/v1/incidents/{code}");
        Assert.Equal("about 12,000", incident.GetProperty("impact").GetProperty("usersAffected").GetString());
        Assert.Equal(2, incident.GetProperty("services").GetArrayLength());

        await chat.SettleAsync();
        var details = (await chat.PressAsync("ann", (await chat.LiveCardAsync("ann", room)).Buttons.Single(b => b.Label == "Details"), room)).Form!;
        var wrong = await chat.SubmitAsync("ann", details, new() { ["title"] = " " }, room);
        Assert.Contains("title", wrong.Errors!.Keys);
        await chat.SubmitAsync("ann", details, new() { ["title"] = "Shops cannot take orders", ["severity"] = "SEV1", ["severity-reason"] = "no orders at all", ["class"] = "Memory leaks", ["services"] = "web shop" }, room);
        incident = await chat.Bot.GetAsync($"/api/v1/incidents/{code}");
        Assert.Equal("Shops cannot take orders", incident.GetProperty("title").GetString());
        Assert.Equal("Memory leaks", incident.GetProperty("class").GetString());
    }

    [Fact]
    public async Task Every_verb_of_the_help_is_understood_and_explained()
    {
        await using var chat = await StartAsync();
        var all = (await chat.CommandAsync("ann", "help")).Words;
        foreach (var line in CommandHelp.Lines)
        {
            Assert.Contains(line.Verb, all, StringComparison.Ordinal);
            Assert.Contains($"/incident {line.Example}", (await chat.CommandAsync("ann", $"help {line.Verb}")).Words, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Joining_the_room_is_noted_for_those_who_hold_a_role()
    {
        await using var chat = await StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("ann", "commander @marcus", room);
        await chat.JoinsAsync("marcus", room);
        await chat.JoinsAsync("priya", room);
        await EntryAsync(chat, code, "Marcus Johnson (commander) joined the room");
        Assert.DoesNotContain(await TimelineAsync(chat, code), e => e.Text.StartsWith("Priya", StringComparison.Ordinal));
    }
}
