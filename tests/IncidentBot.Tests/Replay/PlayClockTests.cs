using IncidentBot.Core.Chat;
using IncidentBot.Fakes;

namespace IncidentBot.Tests.Replay;

/// <summary>The clock of an incident that is played live.</summary>
public sealed class PlayClockTests
{
    private static readonly DateTimeOffset Start = new(2024, 11, 12, 14, 23, 0, TimeSpan.Zero);

    [Fact]
    public async Task It_runs_at_its_speed_stands_while_paused_and_never_goes_back()
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        var clock = new PlayClock(Start, 60, null, time);
        Assert.Equal(Start, clock.Now);
        using var stop = new CancellationTokenSource();
        var waiting = clock.WaitAsync(Start, Start.AddMinutes(10), stop.Token);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(Start.AddMinutes(2), clock.Now);
        clock.Resume();
        Assert.Equal(Start.AddMinutes(2), clock.Now);
        clock.Pause();
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(Start.AddMinutes(2), clock.Now);
        var first = clock.Stamp();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(clock.Stamp() > first);
        clock.Resume();
        clock.Resume();
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(Start.AddMinutes(5), clock.Now);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(Start.AddMinutes(10), clock.Now);
        clock.Skip();
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), stop.Token);
        await clock.WaitAsync(Start.AddMinutes(10), Start.AddHours(9), stop.Token).WaitAsync(TimeSpan.FromSeconds(10), stop.Token);
    }

    [Fact]
    public void A_dull_stretch_is_shortened_only_where_that_is_wanted()
    {
        foreach (var (longest, after) in new (TimeSpan?, TimeSpan)[] { (TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(30)), (null, TimeSpan.FromMinutes(1)) })
        {
            var time = new ManualTime(DateTimeOffset.UnixEpoch);
            var clock = new PlayClock(Start, 60, longest, time);
            using var stop = new CancellationTokenSource();
            _ = clock.WaitAsync(Start, Start.AddHours(5), stop.Token);
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(Start + after, clock.Now);
            stop.Cancel();
        }
    }
}
