using IncidentBot.Core.Chat;
using IncidentBot.Fakes;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Tests.Behaviour;

/// <summary>What owners of actions hear, and how they answer in place.</summary>
public abstract partial class BehaviourSuite
{
    private static readonly Dictionary<string, string> WithAdmin = new() { ["Admins"] = "ann" };

    private static async Task<(string Code, string Room)> ClosedAsync(RoomDriver chat, string text = "sev1 checkout is down")
    {
        var (code, room) = await chat.DeclaresAsync("ann", text);
        await chat.CommandAsync("bob", "commander", room);
        await chat.CommandAsync("bob", "resolve", room);
        await chat.SettleAsync();
        return (code, room);
    }

    private static async Task<Seen> DirectAsync(RoomDriver chat, string who, string title) =>
        Assert.Single(await chat.SeesAsync(who, chat.DirectRoom(who)), m => m.Card?.Title.Contains(title, StringComparison.Ordinal) == true);

    private static List<CardButton> AllButtons(Seen message) => [.. message.Card!.Parts.OfType<ButtonsPart>().SelectMany(p => p.Buttons), .. message.Card.Buttons];

    private static async Task<CardButton> ButtonOfAsync(RoomDriver chat, Seen message, string item, string label)
    {
        var number = int.Parse(item[3..], System.Globalization.CultureInfo.InvariantCulture);
        var id = await chat.Bot.InDatabaseAsync(db => db.ActionItems.Where(a => a.Number == number).Select(a => a.Id).FirstAsync());
        return AllButtons(message).Single(b => b.Label == label && b.Value == $"{id}");
    }

    [Fact]
    public async Task An_owner_gets_one_digest_a_week_and_answers_it_in_place()
    {
        // A Tuesday.
        await using var chat = await StartAsync(Utc(14, 30), WithAdmin);
        var (code, room) = await ClosedAsync(chat);
        await chat.CommandAsync("ann", """
            action - Add an alert at 80% pool use @sarah due 2026-03-13 P1 detect
            - Limit connections to 20 per service @sarah due 2026-03-20 P2 mitigate
            - Reject batch jobs without a load test in the pipeline @sarah due 2026-04-30 P3 prevent
            - Write the failover runbook with its 5 steps @sarah due 2026-04-29 P3 mitigate
            - Remove the old pool setting from `app.yaml` @sarah due 2026-05-05 P3 prevent
            - Rotate the database password before April @sarah due 2026-05-06 P3 process
            - Delete the unused replica `db-9` @sarah due 2026-05-07 P3 prevent
            """, room);
        await chat.SettleAsync();
        await chat.Bot.FollowUpAsync(TimeSpan.FromHours(6), TimeSpan.FromMinutes(30));
        Assert.DoesNotContain(await chat.SeesAsync("sarah", chat.DirectRoom("sarah")), m => m.Card?.Title.StartsWith("Your actions", StringComparison.Ordinal) == true);

        // Until Monday: one reminder two days before the Friday, one on it; the day after is a Saturday, so it comes with Monday's digest.
        await chat.Bot.FollowUpAsync(TimeSpan.FromDays(6) - TimeSpan.FromHours(2), TimeSpan.FromMinutes(30));
        var digest = await DirectAsync(chat, "sarah", "Your actions");
        Assert.Equal("Your actions: 1 overdue, 1 due within a week, 5 later", digest.Card!.Title);
        Assert.Matches(@"(?s)Overdue\n.*checkout is down.*AI-1 Add an alert at 80% pool use — was due Fri 2026-03-13, 3 days ago · P1.*Due within a week\n.*AI-2.*Later\n.*AI-4.*AI-3", digest.Words);
        var reminders = (await chat.SeesAsync("sarah", chat.DirectRoom("sarah"))).Where(m => m.Card?.Title.StartsWith("An action of yours", StringComparison.Ordinal) == true).ToList();
        Assert.Equal(2, reminders.Count);
        Assert.All(reminders, r => Assert.Contains("AI-1", r.Words, StringComparison.Ordinal));

        var direct = chat.DirectRoom("sarah");
        // Done asks for a link; somebody else looks.
        var form = (await chat.PressAsync("sarah", await ButtonOfAsync(chat, digest, "AI-1", "Done"), direct)).Form!;
        Assert.Contains("Somebody else is asked", (await chat.SubmitAsync("sarah", form, new() { ["link"] = "https://grafana.example.com/alerts/7", ["how"] = "fired on staging at 81%" }, direct)).Words, StringComparison.Ordinal);
        // A new date wants a reason.
        form = (await chat.PressAsync("sarah", await ButtonOfAsync(chat, digest, "AI-2", "New date"), direct)).Form!;
        Assert.Equal("errors", (await chat.SubmitAsync("sarah", form, new() { ["due"] = "2026-03-10", ["why"] = "x" }, direct)).Kind);
        await chat.SubmitAsync("sarah", form, new() { ["due"] = "2026-03-27", ["why"] = "the vendor's patch comes on the 25th" }, direct);
        Assert.Contains("in progress", (await chat.PressAsync("sarah", await ButtonOfAsync(chat, digest, "AI-3", "In progress"), direct)).Words, StringComparison.Ordinal);
        form = (await chat.PressAsync("sarah", await ButtonOfAsync(chat, digest, "AI-4", "Blocked"), direct)).Form!;
        await chat.SubmitAsync("sarah", form, new() { ["by"] = "the network team" }, direct);
        form = (await chat.PressAsync("sarah", await ButtonOfAsync(chat, digest, "AI-5", "Hand over"), direct)).Form!;
        await chat.SubmitAsync("sarah", form, new() { ["to"] = "priya", ["note"] = "you own app.yaml" }, direct);
        form = (await chat.PressAsync("sarah", await ButtonOfAsync(chat, digest, "AI-6", "Not doing"), direct)).Form!;
        await chat.SubmitAsync("sarah", form, new() { ["why"] = "passwords are rotated by the vault since March" }, direct);
        Assert.Contains("You hear nothing", (await chat.PressAsync("sarah", await ButtonOfAsync(chat, digest, "AI-7", "Snooze"), direct)).Words, StringComparison.Ordinal);
        Assert.Equal("refused", (await chat.PressAsync("sarah", await ButtonOfAsync(chat, digest, "AI-7", "Snooze"), direct)).Kind);
        await chat.SettleAsync();

        // The message itself says what was answered.
        var answered = await DirectAsync(chat, "sarah", "Your actions");
        Assert.Equal(digest.Id, answered.Id);
        Assert.Empty(AllButtons(answered));
        foreach (var words in new[] { "✓ done (https://grafana.example.com/alerts/7)", "fired on staging", "moved from 2026-03-20 to 2026-03-27: the vendor's patch", "✓ in progress (Sarah Chen)", "blocked by the network team", "offered to Priya", "proposed not to be done: passwords are rotated", "snoozed until 2026-03-23" })
        {
            Assert.Contains(words, answered.Words, StringComparison.Ordinal);
        }

        // The commander looks at what is done and agrees to what is not; the other accepts.
        var toVerify = await DirectAsync(chat, "bob", $"Does {code}/AI-1 work?");
        Assert.Equal("refused", (await chat.PressAsync("sarah", toVerify.Card!.Buttons.Single(b => b.Label == "It works"), direct)).Kind);
        Assert.Contains("counts as verified", (await chat.PressAsync("bob", toVerify.Card.Buttons.Single(b => b.Label == "It works"), chat.DirectRoom("bob"))).Words, StringComparison.Ordinal);
        var drop = await DirectAsync(chat, "bob", $"May {code}/AI-6 go undone?");
        Assert.Equal("refused", (await chat.PressAsync("sarah", drop.Card!.Buttons.Single(b => b.Label.StartsWith("Agreed", StringComparison.Ordinal)), direct)).Kind);
        await chat.PressAsync("bob", drop.Card.Buttons.Single(b => b.Label.StartsWith("Agreed", StringComparison.Ordinal)), chat.DirectRoom("bob"));
        var offer = await DirectAsync(chat, "priya", $"Will you take {code}/AI-5?");
        await chat.PressAsync("priya", offer.Card!.Buttons.Single(b => b.Label == "I take it"), chat.DirectRoom("priya"));
        await chat.SettleAsync();
        var items = (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("id").GetString()![^4..], i => (State: i.GetProperty("state").GetString(), Owner: i.GetProperty("owner").GetString(), Due: i.GetProperty("due").GetString()));
        Assert.Equal(("verified", "Sarah Chen", "2026-03-13"), items["AI-1"]);
        Assert.Equal(("open", "Sarah Chen", "2026-03-27"), items["AI-2"]);
        Assert.Equal(["in-progress", "blocked", "open", "not-doing", "open"], new[] { "AI-3", "AI-4", "AI-5", "AI-6", "AI-7" }.Select(i => items[i].State));
        Assert.StartsWith("Priya", items["AI-5"].Owner, StringComparison.Ordinal);
        var praise = Assert.Single(await chat.SeesAsync("ann", room), m => m.Card?.Title.StartsWith("AI-1 is done", StringComparison.Ordinal) == true);
        Assert.Contains("Thank you, Sarah Chen", praise.Words, StringComparison.Ordinal);
        Assert.Contains("passwords are rotated by the vault", (await chat.CommandAsync("ann", $"action {code}/AI-6 history", room)).Words, StringComparison.Ordinal);

        // A restart, and the rest of the week: nothing comes twice.
        await chat.RestartAsync();
        await chat.Bot.FollowUpAsync(TimeSpan.FromDays(3), TimeSpan.FromHours(1));
        Assert.Single(await chat.SeesAsync("sarah", chat.DirectRoom("sarah")), m => m.Card?.Title.StartsWith("Your actions", StringComparison.Ordinal) == true);

        // The next Monday, with what is left, and what is handed over at its new owner's.
        await chat.Bot.FollowUpAsync(TimeSpan.FromDays(4), TimeSpan.FromHours(1));
        var all = (await chat.SeesAsync("sarah", chat.DirectRoom("sarah"))).Where(m => m.Card?.Title.StartsWith("Your actions", StringComparison.Ordinal) == true).ToList();
        Assert.Equal(2, all.Count);
        Assert.Contains("moved 1×", all[1].Words, StringComparison.Ordinal);
        Assert.Contains("waits for the network team", all[1].Words, StringComparison.Ordinal);
        Assert.Contains("AI-7", all[1].Words, StringComparison.Ordinal);
        Assert.DoesNotContain("AI-5", all[1].Words, StringComparison.Ordinal);
        Assert.Contains("AI-5", (await DirectAsync(chat, "priya", "Your actions")).Words, StringComparison.Ordinal);
        Assert.DoesNotContain(await chat.SeesAsync("marcus", chat.DirectRoom("marcus")), m => m.Card?.Title.StartsWith("Your actions", StringComparison.Ordinal) == true);
    }
}
