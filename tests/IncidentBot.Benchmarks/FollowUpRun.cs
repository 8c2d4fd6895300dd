using System.Diagnostics;
using IncidentBot.Core.ActionItems;
using IncidentBot.Core.ActionItems.Chasing;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Fakes;
using IncidentBot.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentBot.Benchmarks;

/// <summary>How long it takes to look through ten thousand open items of two thousand owners: when nothing is due, and when everybody's digest is.</summary>
internal static class FollowUpRun
{
    private const int Owners = 2000;
    private const int Items = 10_000;
    private const int Incidents = 400;

    public static async Task RunAsync(DatabaseProvider provider)
    {
        // A Sunday.
        await using var bot = await BotUnderTest.StartAsync(provider, new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero));
        await SeedAsync(bot);
        var idle = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            idle.Add(await SweepAsync(bot, 0));
        }

        bot.Time.Advance(new DateTimeOffset(2026, 3, 16, 9, 0, 30, TimeSpan.Zero) - bot.Time.GetUtcNow());
        var everybody = await SweepAsync(bot, Owners);
        var again = await SweepAsync(bot, 0);
        Console.WriteLine($"{provider}: {Items} open items, {Owners} owners: nothing due {idle.Skip(1).Order().ElementAt(2):0} ms (first {idle[0]:0} ms), {Owners} digests put on their way in {everybody:0} ms, right after {again:0} ms");
    }

    private static async Task<double> SweepAsync(BotUnderTest bot, int expected)
    {
        await using var scope = bot.Services.CreateAsyncScope();
        var watch = Stopwatch.StartNew();
        var sent = await scope.ServiceProvider.GetRequiredService<FollowUpSweep>().RunAsync(bot.Time.GetUtcNow(), CancellationToken.None);
        // The overview of the channel may come with them.
        return sent >= expected && sent <= expected + 2 ? watch.Elapsed.TotalMilliseconds : throw new InvalidOperationException($"{sent} instead of {expected} messages.");
    }

    private static Task SeedAsync(BotUnderTest bot) => bot.InDatabaseAsync(async db =>
    {
        var then = bot.Time.GetUtcNow().AddDays(-30);
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        var incidents = Enumerable.Range(1, Incidents).Select(n =>
        {
            var incident = new Incident { Workspace = "local", Year = 2026, Number = n, Title = $"Incident {n}", DeclaredByName = "Ann", Platform = "webchat", DeclaredIn = "incidents", DeclaredAt = then };
            incident.ChangeStatus(Status.Resolved, null, new(Person.Bot("webchat", "local"), then));
            return incident;
        }).ToList();
        var owners = Enumerable.Range(0, Owners).Select(n => new Person { Platform = "webchat", Workspace = "local", UserId = $"o{n}", Name = $"Owner {n}" }).ToList();
        db.Incidents.AddRange(incidents);
        db.People.AddRange(owners);
        foreach (var n in Enumerable.Range(0, Items))
        {
            var incident = incidents[n % Incidents];
            var item = new ActionItem { IncidentId = incident.Id, Number = incident.NextAction(), Text = $"Add an alert for queue {n}", State = ActionState.Open, Priority = 2, Type = ActionType.Detect, CreatedAt = then };
            item.GiveTo(owners[n % Owners], then);
            item.SetDue(new DateOnly(2026, 4, 1).AddDays(n % 60), then);
            db.ActionItems.Add(item);
        }

        return await db.SaveChangesAsync();
    });
}
