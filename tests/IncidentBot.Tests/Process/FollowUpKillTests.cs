using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Fakes;
using IncidentBot.Fakes.Slack;
using IncidentBot.Slack;
using IncidentBot.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IncidentBot.Tests.Process;

/// <summary>Two real processes on one PostgreSQL send the digests of many owners; each is taken out in the middle, and every owner gets exactly one.</summary>
public sealed class FollowUpKillTests
{
    // All of them change their clocks in the night before the digest.
    private static readonly string[] Zones =
        ["Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Helsinki", "Europe/Athens", "Europe/Lisbon", "Europe/Dublin", "Europe/Madrid", "Europe/Rome", "Europe/Kyiv"];

    [PostgresFact]
    public async Task Every_owner_gets_exactly_one_digest_though_one_process_is_killed_and_the_other_stopped()
    {
        const int Owners = 2000;
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Postgres);
        var other = database.OnAnotherMachine();
        var clock = new FileClock(Path.Combine(database.DataDirectory, "clock"));
        // Saturday night; the clocks go forward on Sunday.
        clock.Set(new(2026, 3, 28, 22, 0, 0, TimeSpan.Zero));
        var slack = await FakeSlack.SharedAsync();
        var workspace = slack.Workspace(clock);
        workspace.NewChannel("incidents", members: [workspace.BotUser]);
        var people = Enumerable.Range(0, Owners).Select(n => workspace.NewUser($"owner{n}", $"Owner {n}", Zones[n % Zones.Length])).ToList();
        await SeedAsync(database, workspace, people, clock.GetUtcNow());
        for (var n = 1; n <= 12; n++)
        {
            // Refused for a while, lost on the way, and done without the answer having arrived.
            workspace.Trouble("chat.postMessage", n % 3 == 0 ? new("ratelimited", RetryAfter: 1) : new("internal_error", 500, Done: n % 3 == 1));
        }

        string[] settings = [.. SlackDriver.Settings(slack, workspace).Select(s => $"--{s.Key}={s.Value}"), "--FollowUps:SweepEvery=00:00:01"];
        var first = await BotProcess.ServeByAsync(clock, database, settings);
        var second = await BotProcess.ServeByAsync(clock, other, settings);
        clock.Set(new(2026, 3, 29, 1, 30, 0, TimeSpan.Zero));
        // Monday: Helsinki, Athens and Kyiv first, at six; the others follow at seven and at eight.
        clock.Set(new(2026, 3, 30, 6, 0, 5, TimeSpan.Zero));
        await SentAsync(workspace, people, Owners / 10);
        await first.KillAsync();
        await first.DisposeAsync();
        clock.Set(new(2026, 3, 30, 7, 0, 5, TimeSpan.Zero));
        await SentAsync(workspace, people, Owners / 2);
        first = await BotProcess.ServeByAsync(clock, database, settings);
        Assert.Equal(0, await second.StopAsync());
        await second.DisposeAsync();
        clock.Set(new(2026, 3, 30, 8, 0, 5, TimeSpan.Zero));
        second = await BotProcess.ServeByAsync(clock, other, settings);
        await SentAsync(workspace, people, Owners);
        clock.Set(new(2026, 3, 30, 9, 0, 5, TimeSpan.Zero));
        await first.DisposeAsync();
        await second.DisposeAsync();

        // Whatever is still owed goes out, and nothing more than that.
        await using (var bot = await BotUnderTest.StartAsync(database: other, now: clock.GetUtcNow(), settings: SlackDriver.Settings(slack, workspace), services: s => s.RemoveAll<SlackPace>().AddSingleton(new SlackPace(10_000))))
        {
            await bot.FollowUpAsync();
            Assert.Equal(Owners, await bot.InDatabaseAsync(db => db.Digests.CountAsync()));
        }

        Assert.All(people, p => Assert.Single(DigestsOf(workspace, p)));
        Assert.Empty(workspace.Violations);
    }

    private static List<string> DigestsOf(FakeWorkspace workspace, FakeUser person) =>
        [.. workspace.Look(() => workspace.Direct(person.Id).Messages.Select(m => m.ToString()).Where(m => m.Contains("Your actions", StringComparison.Ordinal)).ToList())];

    private static async Task SentAsync(FakeWorkspace workspace, IReadOnlyList<FakeUser> people, int atLeast)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (workspace.CallsOf("chat.postMessage").Count() < atLeast || (atLeast == people.Count && people.Any(p => DigestsOf(workspace, p).Count == 0)))
        {
            await Task.Delay(250, patience.Token);
        }
    }

    private static async Task SeedAsync(TestDatabase database, FakeWorkspace workspace, IReadOnlyList<FakeUser> people, DateTimeOffset now)
    {
        await using var bot = await BotUnderTest.StartAsync(database: database.OnAnotherMachine(), now: now);
        await bot.InDatabaseAsync(async db =>
        {
            var then = now.AddDays(-20);
            var incident = new Incident { Workspace = workspace.Id, Year = 2026, Number = 1, Title = "Checkout is down", DeclaredByName = "Owner 0", Platform = "slack", DeclaredIn = workspace.Channels.Values.First().Id, DeclaredAt = then };
            incident.ChangeStatus(Status.Resolved, null, new(Person.Bot("slack", workspace.Id), then.AddHours(2)));
            db.Incidents.Add(incident);
            foreach (var user in people)
            {
                var owner = new Person { Platform = "slack", Workspace = workspace.Id, UserId = user.Id, Name = user.Name, TimeZone = user.Zone! };
                db.People.Add(owner);
                var item = new ActionItem { IncidentId = incident.Id, Number = incident.NextAction(), Text = $"Add an alert for shard {user.Handle}", State = ActionState.Open, Priority = 2, Type = ActionType.Detect, CreatedAt = then };
                item.GiveTo(owner, then);
                item.SetDue(new(2026, 4, 30), then);
                db.ActionItems.Add(item);
            }

            return await db.SaveChangesAsync();
        });
    }
}
