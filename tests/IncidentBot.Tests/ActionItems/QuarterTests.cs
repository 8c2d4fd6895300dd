using IncidentBot.Core.ActionItems;
using IncidentBot.Core.People;
using IncidentBot.Fakes;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Tests.ActionItems;

/// <summary>A quarter with forty owners in twelve zones, with holidays, changes of clocks, people away, people who leave, and restarts: who hears what, and when.</summary>
public sealed class QuarterTests : FollowUpScene
{
    private static readonly string[] Zones =
    [
        "Pacific/Auckland", "Australia/Sydney", "Asia/Tokyo", "Asia/Kolkata", "Asia/Tehran", "Europe/Helsinki", "Europe/Berlin", "Europe/London", "UTC", "America/Sao_Paulo", "America/New_York", "America/Los_Angeles",
    ];

    private static readonly DateOnly Holiday = new(2026, 4, 6);

    [Fact]
    public async Task Everybody_hears_once_a_week_in_their_own_morning_and_of_every_date_once()
    {
        var bot = await BotUnderTest.StartAsync(now: Start, settings: new() { ["Calendar:Holidays"] = $"{Holiday:yyyy-MM-dd}", ["FollowUps:EscalateAfter"] = "9" });
        var random = new Random(20260303);
        var owners = await bot.InDatabaseAsync(async db =>
        {
            var incidents = Enumerable.Range(1, 8).Select(n => Over(db, n, Start.AddDays(-n))).ToList();
            var people = Enumerable.Range(0, 40).Select(n => Owner(db, $"owner{n:00}", Zones[n % Zones.Length])).ToList();
            foreach (var owner in people.Take(39))
            {
                for (var i = random.Next(1, 4); i > 0; i--)
                {
                    Item(db, incidents[random.Next(incidents.Count)], owner, random.Next(8) == 0 ? null : DateOnly.FromDateTime(Start.UtcDateTime.AddDays(random.Next(3, 85))), Start);
                }
            }

            await db.SaveChangesAsync();
            return people;
        });
        var until = Start.AddDays(91);
        var finished = new HashSet<long>();
        for (var step = 0; bot.Time.GetUtcNow() < until; step++)
        {
            bot.Time.Advance(TimeSpan.FromHours(2));
            await bot.FollowUpAsync();
            if (step % 84 == 83)
            {
                // Once a week the bot is down for three hours, at another hour each time.
                var (time, database) = (bot.Time, await bot.StopAsync());
                time.Advance(TimeSpan.FromHours(3));
                bot = await BotUnderTest.StartAsync(database: database, time: time, settings: new() { ["Calendar:Holidays"] = $"{Holiday:yyyy-MM-dd}", ["FollowUps:EscalateAfter"] = "9" });
            }

            if (step % 24 == 23)
            {
                // Every other day somebody finishes something, and somebody moves a date.
                await bot.InDatabaseAsync(async db =>
                {
                    var open = await db.ActionItems.Where(ActionItem.StillOpen).OrderBy(a => a.Id).ToListAsync();
                    var (done, moved) = (open[random.Next(open.Count)], open[random.Next(open.Count)]);
                    moved.SetDue(DateOnly.FromDateTime(bot.Time.GetUtcNow().UtcDateTime.AddDays(random.Next(5, 30))), bot.Time.GetUtcNow());
                    done.Move(ActionState.Verified, "done", null, owners[0], bot.Time.GetUtcNow());
                    finished.Add(done.Id);
                    return await db.SaveChangesAsync();
                });
            }
        }

        await using var _ = bot;
        var all = await DirectsAsync(bot);
        Assert.DoesNotContain(all, m => m.To == "owner39");
        var working = new WorkingDay { Holidays = [Holiday] };
        foreach (var owner in owners.Take(39))
        {
            var mine = all.Where(m => m.To == owner.UserId).ToList();
            // Never at night, on a weekend or on a holiday, wherever they live and whatever the clocks do.
            Assert.All(mine, m => Assert.True(working.IsWorking(m.At, owner.Zone), $"{owner.UserId} in {owner.TimeZone} was written to at {m.At:u}"));
            var digests = mine.Where(m => m.Words.StartsWith("Your actions", StringComparison.Ordinal)).Select(m => TimeZoneInfo.ConvertTime(m.At, owner.Zone)).ToList();
            var weeks = digests.ConvertAll(d => WorkingDay.IsoWeek(DateOnly.FromDateTime(d.DateTime)));
            Assert.Equal(weeks.Distinct(), weeks);
            var (first, last, open) = await bot.InDatabaseAsync(async db =>
            {
                var items = await db.ActionItems.AsNoTracking().Where(a => a.OwnerId == owner.Id).ToListAsync();
                var changes = await db.ActionChanges.AsNoTracking().Where(c => db.ActionItems.Any(a => a.Id == c.ItemId && a.OwnerId == owner.Id) && c.To == ActionState.Verified).ToListAsync();
                return (Start, changes.Count == items.Count ? changes.Max(c => c.At) : until, items.Count);
            });
            // Every Monday from the first on, as long as something is open; on the holiday's week on Tuesday, and after a time when the bot was down within five hours.
            for (var monday = new DateOnly(2026, 3, 9); WorkingDay.At(monday, new(9, 0), owner.Zone) < last && WorkingDay.At(monday, new(15, 0), owner.Zone) < until; monday = monday.AddDays(7))
            {
                var day = monday == Holiday ? monday.AddDays(1) : monday;
                var digest = Assert.Single(digests, d => DateOnly.FromDateTime(d.DateTime) == day);
                Assert.InRange(digest.TimeOfDay, TimeSpan.FromHours(9), TimeSpan.FromHours(14));
            }
        }

        // Each date of each item was recalled at most once for each reason.
        var recalls = await bot.InDatabaseAsync(db => db.Recalls.AsNoTracking().ToListAsync());
        Assert.True(recalls.Count > 60, $"Only {recalls.Count} recalls; the test proved little.");
        Assert.Equal(recalls.Count, recalls.DistinctBy(r => (r.ItemId, r.Kind, r.For)).Count());
        Assert.Equal(0, await bot.InDatabaseAsync(db => db.Outbox.CountAsync(r => r.State != Core.Delivery.RowState.Done)));
        Assert.Equal(13, (await PostsAsync(bot, "incidents")).Count(p => p.Words.StartsWith("Actions this week", StringComparison.Ordinal)));
        Assert.Equal(3, (await PostsAsync(bot, "incidents")).Count(p => p.Words.StartsWith("Monthly review", StringComparison.Ordinal)));
    }
}
