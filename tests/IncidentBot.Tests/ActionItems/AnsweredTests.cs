using IncidentBot.Core.ActionItems.Chasing;
using IncidentBot.Core.Delivery;
using IncidentBot.Fakes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentBot.Tests.ActionItems;

/// <summary>What counts as an answer, whose an item is, and what an edit leaves alone.</summary>
public sealed class AnsweredTests : FollowUpScene
{
    [Fact]
    public async Task An_edit_gives_an_overdue_item_no_new_term()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(settings: new() { ["Admins"] = "ann" }));
        var (_, room) = await ResolvedAsync(chat);
        await chat.CommandAsync("ann", "action Limit connections to 20 per service @ann P1 prevent", room);
        chat.Time.Advance(TimeSpan.FromDays(20));
        await chat.CommandAsync("ann", "action AI-1 Limit connections to 30 per service", room);
        Assert.Equal("2026-03-24", (await ItemAsync(chat)).GetProperty("due").GetString());
        Assert.Contains("No date of an open item moves", (await chat.CommandAsync("ann", "policy complete 20d for SEV4")).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("snooze")]
    [InlineData("hand over @bob you know it")]
    [InlineData("not doing because the pool goes in April")]
    public async Task Whoever_has_answered_is_not_said_to_be_silent(string answer)
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await ResolvedAsync(chat);
        await chat.CommandAsync("ann", "action Limit connections to 20 per service @sarah due 2026-03-12 P2 mitigate", room);
        // Recalled on the day after and in the weekly message, and answered after that.
        await chat.Bot.FollowUpAsync(TimeSpan.FromDays(6), TimeSpan.FromHours(2));
        await chat.CommandAsync("sarah", $"action {code}/AI-1 {answer}");
        await chat.Bot.FollowUpAsync(TimeSpan.FromDays(3), TimeSpan.FromHours(2));
        Assert.DoesNotContain(await DirectsAsync(chat.Bot), d => d.Words.Contains("needs a hand", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_item_is_open_once_it_has_what_it_lacked_however_it_came()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (_, room) = await ResolvedAsync(chat);
        await chat.CommandAsync("ann", "action Limit connections to 20 per service due 2026-04-01 P2 mitigate", room);
        Assert.Equal("proposed", (await ItemAsync(chat)).GetProperty("state").GetString());
        await chat.CommandAsync("sarah", "action AI-1 take", room);
        Assert.Equal("open", (await ItemAsync(chat)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task What_is_somebodys_is_offered_by_them_or_by_those_who_answer_for_the_incident()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await ResolvedAsync(chat);
        await chat.CommandAsync("ann", "action Limit connections to 20 per service @sarah due 2026-04-01 P2 mitigate", room);
        Assert.Contains("is Sarah Chen's", (await chat.CommandAsync("marcus", $"action {code}/AI-1 hand over @bob")).Words, StringComparison.Ordinal);
        Assert.Contains("Offer it to Bob Lin", (await chat.CommandAsync("sarah", $"action {code}/AI-1 @bob", room)).Words, StringComparison.Ordinal);
        Assert.Equal("Sarah Chen", (await ItemAsync(chat)).GetProperty("owner").GetString());
        Assert.Contains("Bob Lin is asked", (await chat.CommandAsync("ann", $"action {code}/AI-1 hand over @bob")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_closed_is_not_rewritten_and_words_are_no_acts()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await ResolvedAsync(chat);
        var kept = await chat.CommandAsync("ann", "action Limit connections to 20 per service due 2026-04-01 P2 mitigate", room);
        await chat.CommandAsync("ann", "action AI-1 Take a snapshot of the pool before each deploy", room);
        var item = await ItemAsync(chat);
        Assert.Equal("Take a snapshot of the pool before each deploy", item.GetProperty("text").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, item.GetProperty("owner").ValueKind);
        await chat.CommandAsync("ann", "done AI-1", room);
        Assert.Contains("was already marked as done", (await chat.PressAsync("ann", kept.Button("All fields"), room)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_no_longer_in_a_private_incident_sees_no_more_of_it_in_their_messages()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 leaked key --kind security --private");
        await chat.CommandAsync("ann", "invite @bob", room);
        await chat.CommandAsync("ann", "action Revoke the key k-17 everywhere @bob due 2026-04-01 P1 prevent", room);
        await chat.CommandAsync("ann", "resolve", room);
        await chat.Bot.FollowUpAsync(TimeSpan.FromDays(7), TimeSpan.FromHours(3));
        Assert.Contains(await DirectsAsync(chat.Bot), d => d.To == "bob" && d.Words.Contains("k-17", StringComparison.Ordinal));
        await chat.Bot.InDatabaseAsync(db => db.Participants.Where(p => db.People.Any(x => x.Id == p.PersonId && x.UserId == "bob")).ExecuteDeleteAsync());
        await chat.CommandAsync("ann", $"action {code}/AI-1 blocked by tenant Hemlock", room);
        await chat.SettleAsync();
        Assert.DoesNotContain(await DirectsAsync(chat.Bot), d => d.To == "bob" && (d.Words.Contains("Hemlock", StringComparison.Ordinal) || d.Words.Contains("k-17", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_answered_while_the_message_is_on_its_way_is_shown_in_it_afterwards()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await ResolvedAsync(chat);
        await chat.CommandAsync("ann", "action Limit connections to 20 per service @sarah due 2026-04-01 P2 mitigate", room);
        await chat.SettleAsync();
        chat.Time.Advance(TimeSpan.FromDays(6));
        await using (var scope = chat.Bot.Services.CreateAsyncScope())
        {
            Assert.NotNull(await scope.ServiceProvider.GetRequiredService<FollowUpSweep>().RunAsync(chat.Time.GetUtcNow(), CancellationToken.None));
        }

        Assert.Equal(1, await chat.Bot.InDatabaseAsync(db => db.Outbox.CountAsync(r => r.Kind == OutboxKind.Digest && r.State == RowState.Pending)));
        await chat.CommandAsync("sarah", $"action {code}/AI-1 in progress");
        Assert.Equal(2, await chat.Bot.InDatabaseAsync(db => db.Outbox.CountAsync(r => r.Kind == OutboxKind.Digest && r.State == RowState.Pending)));
        await chat.SettleAsync();
        Assert.Contains("in progress", Assert.Single(await DirectsAsync(chat.Bot), d => d.To == "sarah" && d.Words.StartsWith("Your actions", StringComparison.Ordinal)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_goes_to_a_room_goes_before_any_number_of_messages_to_owners()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(now: Start));
        await chat.Bot.InDatabaseAsync(async db =>
        {
            var incident = Over(db, 1, Start.AddDays(-3));
            for (var n = 0; n < 40; n++)
            {
                Item(db, incident, Owner(db, $"owner{n}", "UTC"), new(2026, 4, 1), Start);
            }

            return await db.SaveChangesAsync();
        });
        chat.Time.Advance(TimeSpan.FromDays(6));
        await using (var scope = chat.Bot.Services.CreateAsyncScope())
        {
            Assert.NotNull(await scope.ServiceProvider.GetRequiredService<FollowUpSweep>().RunAsync(chat.Time.GetUtcNow(), CancellationToken.None));
        }

        Assert.Equal(40, await chat.Bot.InDatabaseAsync(db => db.Outbox.CountAsync(r => r.Kind == OutboxKind.Digest && r.State == RowState.Pending)));
        // The overview was written last, behind forty messages.
        await chat.Bot.Loop("outbox").RunOnceAsync(CancellationToken.None);
        Assert.Contains(await PostsAsync(chat.Bot, "incidents"), p => p.Words.StartsWith("Actions this week: 40 open", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_date_that_somebody_has_named_is_moved_for_a_reason_and_its_owner_hears_of_it()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await ResolvedAsync(chat);
        var kept = await chat.CommandAsync("ann", "action Limit connections to 20 per service @sarah due 2026-04-01 P2 mitigate", room);
        Assert.Contains("for which reason", (await chat.CommandAsync("bob", "action AI-1 due 2026-05-01", room)).Words, StringComparison.Ordinal);
        var form = (await chat.PressAsync("ann", kept.Button("All fields"), room)).Form!;
        var given = form.Fields.Where(f => f.Value is not null).ToDictionary(f => f.Id, f => f.Value!);
        Assert.Contains("due", (await chat.SubmitAsync("ann", form, new(given) { ["due"] = "2026-05-01" }, room)).Errors!);
        Assert.Contains("due", (await chat.SubmitAsync("ann", form, new(given) { ["due"] = "2026-03-01" }, room)).Errors!);
        Assert.Equal("2026-04-01", (await ItemAsync(chat)).GetProperty("due").GetString());
        await chat.CommandAsync("bob", $"action {code}/AI-1 date 2026-05-01 because the vendor is late");
        await chat.SettleAsync();
        Assert.Contains(await DirectsAsync(chat.Bot), d => d.To == "sarah" && d.Words.Contains("Bob Lin has moved it from 2026-04-01: the vendor is late", StringComparison.Ordinal));
    }

    [Theory]
    [Databases]
    public async Task That_something_was_sent_is_forgotten_in_the_end(IncidentBot.Storage.DatabaseProvider provider)
    {
        await using var bot = await BotUnderTest.StartAsync(provider, now: Start);
        await bot.InDatabaseAsync(async db =>
        {
            var incident = Over(db, 1, Start.AddDays(-3));
            var owner = Owner(db, "sarah", "UTC");
            await db.SaveChangesAsync();
            var (open, done) = (Item(db, incident, owner, new(2026, 3, 12), Start), Item(db, incident, owner, new(2026, 3, 12), Start));
            await db.SaveChangesAsync();
            done.Move(IncidentBot.Core.ActionItems.ActionState.Verified, "verified", null, owner, Start);
            db.Digests.Add(new() { PersonId = owner.Id, Kind = DigestKind.Weekly, Period = "2026-W10", At = Start });
            db.Overviews.Add(new() { Platform = "webchat", Workspace = Workspace, Kind = Overview.Weekly, Period = "2026-W10", At = Start });
            db.Recalls.AddRange(new[] { open, done }.Select(i => new Recall { ItemId = i.Id, Kind = "1", For = new(2026, 3, 12), At = Start }));
            return await db.SaveChangesAsync();
        });
        bot.Time.Advance(TimeSpan.FromDays(401));
        await using (var scope = bot.Services.CreateAsyncScope())
        {
            await ActivatorUtilities.CreateInstance<IncidentBot.Jobs.RetentionSweep>(scope.ServiceProvider).Execute(null!, CancellationToken.None);
        }

        // What an open item was recalled of is still needed.
        Assert.Equal((0, 0, 1), await bot.InDatabaseAsync(async db => (await db.Digests.CountAsync(), await db.Overviews.CountAsync(), await db.Recalls.CountAsync())));
    }
}
