using IncidentBot.Fakes.Slack;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Tests.Slack;

/// <summary>A status of Slack that says that somebody is away keeps the bot quiet.</summary>
public sealed class AwayTests
{
    [Theory]
    [InlineData(":palm_tree:", true)]
    [InlineData(":face_with_thermometer:", true)]
    [InlineData(":house_with_garden:", false)]
    public async Task Whoever_is_on_holiday_or_ill_by_their_status_hears_nothing_until_it_ends(string emoji, bool away)
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 checkout is down");
        await chat.CommandAsync("ann", "resolve", room);
        await chat.CommandAsync("ann", "action Add an alert at 80% pool use @sarah due 2026-04-10 P1 detect", room);
        var sarah = chat.Workspace.Users[chat.IdOf("sarah")];
        sarah.Status = (emoji, new DateTimeOffset(2026, 3, 18, 12, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds());
        chat.Workspace.Owe(new() { ["type"] = "user_change", ["user"] = sarah.ToJson() });
        await chat.SettleAsync();
        await chat.Bot.FollowUpAsync(TimeSpan.FromDays(7), TimeSpan.FromHours(3));
        Assert.Equal(away ? 0 : 1, await chat.Bot.InDatabaseAsync(db => db.Digests.CountAsync()));
        await chat.Bot.FollowUpAsync(TimeSpan.FromDays(1.5), TimeSpan.FromHours(3));
        Assert.Equal(1, await chat.Bot.InDatabaseAsync(db => db.Digests.CountAsync()));
    }
}
