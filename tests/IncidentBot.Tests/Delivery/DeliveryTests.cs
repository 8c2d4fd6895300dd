using System.Net;
using System.Net.Http.Json;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Fakes;
using IncidentBot.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Moq;

namespace IncidentBot.Tests.Delivery;

/// <summary>What is acknowledged is not lost and has its effect once, whatever order it comes in.</summary>
public sealed class DeliveryTests
{
    [Theory]
    [Databases]
    public async Task What_is_seen_of_a_message_may_come_in_any_order(DatabaseProvider provider)
    {
        string[] deliveries = ["message", "edit", "pin"];
        foreach (var order in Permutations(deliveries))
        {
            await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(provider));
            var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
            foreach (var type in order)
            {
                await StoreAsync(chat.Bot, room, type, $"{type}-1", Array.IndexOf(deliveries, type));
                await chat.SettleAsync();
            }

            var entry = Assert.Single((await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray(), e => e.GetProperty("source").GetString() == "pin");
            Assert.Equal(("edited words", "Bob Lin"), (entry.GetProperty("text").GetString(), entry.GetProperty("actor").GetString()));
            Assert.Equal("edited words", Assert.Single((await chat.Bot.GetAsync($"/api/v1/incidents/{code}/transcript")).GetProperty("items").EnumerateArray()).GetProperty("text").GetString());
        }
    }

    [Fact]
    public async Task A_removal_that_overtakes_its_pin_wins()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await StoreAsync(chat.Bot, room, "unpin", "d1", 5);
        await StoreAsync(chat.Bot, room, "message", "d2", 1);
        await StoreAsync(chat.Bot, room, "pin", "d3", 3);
        await chat.SettleAsync();
        Assert.DoesNotContain((await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray(), e => e.GetProperty("source").GetString() == "pin");
    }

    [Theory]
    [Databases]
    public async Task The_same_delivery_is_stored_once(DatabaseProvider provider)
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(provider));
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => StoreAsync(chat.Bot, room, "message", "same", 1)));
        await chat.SettleAsync();
        await StoreAsync(chat.Bot, room, "message", "same", 1);
        await chat.SettleAsync();
        Assert.Single((await chat.Bot.GetAsync($"/api/v1/incidents/{code}/transcript")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_bad_row_is_retried_then_set_aside_and_never_holds_up_the_others()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var intake = chat.Bot.Services.GetRequiredService<InboxIntake>();
        await intake.StoreAsync(new() { Platform = "webchat", Workspace = "local", DeliveryId = "bad", Body = "{\"type\":\"nonsense\"}", ReceivedAt = chat.Time.Now }, default);
        await chat.SaysAsync("ann", "a good one", room);
        Assert.Single((await chat.Bot.GetAsync($"/api/v1/incidents/{code}/transcript")).GetProperty("items").EnumerateArray());
        for (var i = 0; i < 10; i++)
        {
            await chat.Bot.PassAsync(TimeSpan.FromMinutes(6));
        }

        var dead = await chat.Bot.InDatabaseAsync(db => db.Inbox.SingleAsync(r => r.State == RowState.Dead));
        Assert.Equal("bad", dead.DeliveryId);
        Assert.Contains("reference", dead.Fault, StringComparison.Ordinal);
        Assert.Contains("\"dead\":\"1\"", await chat.Bot.Browser.GetStringAsync("/readyz"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_whose_effect_the_database_refuses_is_set_aside_too()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.Bot.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("CREATE TRIGGER no BEFORE INSERT ON transcript WHEN NEW.\"MessageId\" = 'm-1' BEGIN SELECT RAISE(ABORT, 'refused'); END"));
        await StoreAsync(chat.Bot, room, "message", "refused", 1);
        await chat.SettleAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await chat.SaysAsync("ann", "a good one", room);
        for (var i = 0; i < 10; i++)
        {
            await chat.Bot.PassAsync(TimeSpan.FromMinutes(6));
        }

        Assert.Equal("refused", await chat.Bot.InDatabaseAsync(db => db.Inbox.Where(r => r.State == RowState.Dead).Select(r => r.DeliveryId).SingleAsync()));
        Assert.Equal("a good one", Assert.Single((await chat.Bot.GetAsync($"/api/v1/incidents/{code}/transcript")).GetProperty("items").EnumerateArray()).GetProperty("text").GetString());
    }

    [Fact]
    public async Task When_the_database_takes_no_writes_nothing_is_acknowledged_and_work_goes_on_after()
    {
        var store = new FlakyStore();
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(services: s =>
        {
            var real = s.Single(x => x.ServiceType == typeof(IInboxStore)).ImplementationType!;
            s.RemoveAll<IInboxStore>();
            s.AddSingleton<IInboxStore>(sp => { store.Inner = (IInboxStore)ActivatorUtilities.CreateInstance(sp, real); return store; });
        }));
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        store.Broken = true;
        using var refused = await chat.Bot.Browser.PostAsJsonAsync("/chat/messages", new { id = "m1", room, @as = "ann", text = "lost?" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        store.Broken = false;
        using var taken = await chat.Bot.Browser.PostAsJsonAsync("/chat/messages", new { id = "m1", room, @as = "ann", text = "lost?" });
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        await chat.SettleAsync();
        Assert.Single((await chat.Bot.GetAsync($"/api/v1/incidents/{code}/transcript")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_gesture_that_the_database_does_not_take_is_answered_503_and_changes_nothing()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.Bot.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("CREATE TRIGGER full BEFORE INSERT ON timeline_entries BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"));
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => chat.CommandAsync("ann", "log will it be lost", room, gestureId: "g1"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, fault.StatusCode);
        await chat.Bot.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("DROP TRIGGER full"));
        Assert.Equal("private", (await chat.CommandAsync("ann", "log will it be lost", room, gestureId: "g1")).Kind);
        Assert.Single((await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray(), e => e.GetProperty("text").GetString() == "will it be lost");
    }

    [Fact]
    public async Task Readiness_says_so_when_the_database_takes_no_writes()
    {
        await using var bot = await BotUnderTest.StartAsync();
        await bot.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("CREATE TRIGGER full BEFORE INSERT ON held_commands BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"));
        using var response = await bot.Browser.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        using var alive = await bot.Browser.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        await bot.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("DROP TRIGGER full"));
        using var again = await bot.Browser.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task A_room_that_cannot_be_made_becomes_the_thread_of_the_announcement()
    {
        var posts = new List<(Place To, string Title)>();
        var platform = new Mock<IChat>();
        platform.SetupGet(c => c.Platform).Returns("webchat");
        platform.Setup(c => c.FindChannelAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<CancellationToken>())).ReturnsAsync("incidents");
        platform.Setup(c => c.InviteAsync(It.IsAny<Place>(), It.IsAny<IReadOnlyList<PersonRef>>(), It.IsAny<CancellationToken>())).ReturnsAsync([]);
        platform.Setup(c => c.MakeRoomAsync(It.IsAny<RoomWanted>(), It.IsAny<CancellationToken>())).ThrowsAsync(new ChatFault("restricted_action", permanent: true));
        platform.Setup(c => c.PostAsync(It.IsAny<Place>(), It.IsAny<Card>(), It.IsAny<Sending>(), It.IsAny<CancellationToken>()))
            .Returns((Place to, Card card, Sending sending, CancellationToken _) => { posts.Add((to, card.Title)); return Task.FromResult($"m-{sending.OutboxId}"); });
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(services: s => s.RemoveAll<IChat>().AddSingleton(platform.Object)));
        await chat.CommandAsync("ann", "start sev1 down");
        await chat.CommandAsync("ann", "report");
        await chat.SettleAsync();
        var report = posts.Single(p => p.Title.StartsWith("Post-mortem report", StringComparison.Ordinal));
        Assert.Equal(("incidents", true), (report.To.Channel, report.To.Thread?.StartsWith("m-announcement-", StringComparison.Ordinal)));
        Assert.Contains("could not be made", (await chat.Bot.GetAsync("/api/v1/incidents/INC-2026-0001/timeline")).ToString(), StringComparison.Ordinal);
        await chat.CommandAsync("ann", "log typed in the thread", thread: report.To.Thread);
        Assert.Contains("typed in the thread", (await chat.Bot.GetAsync("/api/v1/incidents/INC-2026-0001/timeline")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_post_is_retried_in_order_after_the_wait_that_the_platform_asks_for_and_a_lost_cause_is_told()
    {
        var posts = new List<string>();
        var fault = new ChatFault("ratelimited", permanent: false, TimeSpan.FromSeconds(30));
        var platform = new Mock<IChat>();
        platform.SetupGet(c => c.Platform).Returns("webchat");
        platform.Setup(c => c.FindChannelAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<CancellationToken>())).ReturnsAsync("incidents");
        platform.Setup(c => c.InviteAsync(It.IsAny<Place>(), It.IsAny<IReadOnlyList<PersonRef>>(), It.IsAny<CancellationToken>())).ReturnsAsync([]);
        platform.Setup(c => c.MakeRoomAsync(It.IsAny<RoomWanted>(), It.IsAny<CancellationToken>())).ReturnsAsync(new RoomMade("room", "room", null));
        platform.Setup(c => c.PostAsync(It.IsAny<Place>(), It.IsAny<Card>(), It.IsAny<Sending>(), It.IsAny<CancellationToken>()))
            .Returns((Place to, Card card, Sending sending, CancellationToken _) =>
            {
                if (card.Title.StartsWith("Status update", StringComparison.Ordinal) && fault is not null)
                {
                    throw fault;
                }

                posts.Add(CardWords.Of(card));
                return Task.FromResult(sending.OutboxId);
            });
        platform.Setup(c => c.PostDirectAsync(It.IsAny<PersonRef>(), It.IsAny<Card>(), It.IsAny<Sending>(), It.IsAny<CancellationToken>())).ReturnsAsync("dm");
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(services: s => s.RemoveAll<IChat>().AddSingleton(platform.Object)));
        await chat.CommandAsync("ann", "start sev1 down");
        await chat.SettleAsync();
        await chat.CommandAsync("ann", "update first");
        await chat.CommandAsync("ann", "update second");
        await chat.SettleAsync();
        await chat.Bot.PassAsync(TimeSpan.FromSeconds(29));
        Assert.DoesNotContain(posts, p => p.Contains("first", StringComparison.Ordinal) && p.StartsWith("Status update", StringComparison.Ordinal));
        fault = null;
        await chat.Bot.PassAsync(TimeSpan.FromSeconds(2));
        // Once in the room and once in the thread of the announcement, in order in each.
        Assert.Equal(["first", "first", "second", "second"], posts.Where(p => p.StartsWith("Status update", StringComparison.Ordinal)).Select(p => p.Split('\n')[1]).Order(StringComparer.Ordinal));
        Assert.Equal(["first", "second"], posts.Where(p => p.StartsWith("Status update", StringComparison.Ordinal)).Select(p => p.Split('\n')[1]).Distinct());

        fault = new ChatFault("channel_not_found", permanent: true);
        await chat.CommandAsync("ann", "update third");
        await chat.SettleAsync();
        Assert.Contains("could not be delivered (channel_not_found)", (await chat.Bot.GetAsync("/api/v1/incidents/INC-2026-0001/timeline")).ToString(), StringComparison.Ordinal);
        platform.Verify(c => c.PostDirectAsync(It.Is<PersonRef>(p => p.UserId == "ann"), It.IsAny<Card>(), It.IsAny<Sending>(), It.IsAny<CancellationToken>()), Times.Exactly(2));
    }

    private static Task StoreAsync(BotUnderTest bot, string room, string type, string deliveryId, int second)
    {
        var at = bot.Time.Now.AddSeconds(second).UtcTicks;
        var text = type == "edit" ? "edited words" : "first words";
        return bot.Services.GetRequiredService<InboxIntake>().StoreAsync(
            new()
            {
                Platform = "webchat",
                Workspace = "local",
                DeliveryId = deliveryId,
                Body = $$"""{"type":"{{type}}","id":"m-1","room":"{{room}}","by":"{{(type.EndsWith("pin", StringComparison.Ordinal) ? "ann" : "bob")}}","at":{{at}},"text":"{{text}}"}""",
                ReceivedAt = bot.Time.Now,
            },
            default);
    }

    private static IEnumerable<string[]> Permutations(string[] items) => items.Length <= 1
        ? [items] : items.SelectMany(first => Permutations([.. items.Where(i => i != first)]).Select(rest => (string[])[first, .. rest]));

    /// <summary>A store that can be broken.</summary>
    private sealed class FlakyStore : IInboxStore
    {
        public IInboxStore Inner { get; set; } = null!;

        public bool Broken { get; set; }

        public Task InsertAsync(IReadOnlyList<InboxRow> rows, CancellationToken stop) =>
            Broken ? throw new Microsoft.Data.Sqlite.SqliteException("database or disk is full", 13) : Inner.InsertAsync(rows, stop);
    }
}
