using FsCheck;
using FsCheck.Fluent;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Tests.Timeline;

/// <summary>Times as people say them.</summary>
public sealed class SpokenTimeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 14, 30, 0, TimeSpan.Zero);
    private static readonly string[] Zones = ["UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns"];

    [Theory]
    [InlineData("14:05 x", "2026-03-10T14:05", null, "x")]
    [InlineData("2:05pm x", "2026-03-10T14:05", null, "x")]
    [InlineData("2pm x", "2026-03-10T14:00", null, "x")]
    [InlineData("12am x", "2026-03-10T00:00", null, "x")]
    [InlineData("14.05 it broke", "2026-03-10T14:05", null, "it broke")]
    [InlineData("14:39 x", "2026-03-10T14:39", null, "x")]
    [InlineData("14:41 x", "2026-03-09T14:41", null, "x")]
    [InlineData("5m ago x", "2026-03-10T14:25", null, "x")]
    [InlineData("an hour ago: x", "2026-03-10T13:30", null, "x")]
    [InlineData("1h30m ago - x", "2026-03-10T13:00", null, "x")]
    [InlineData("2 hours ago, x", "2026-03-10T12:30", null, "x")]
    [InlineData("half an hour ago x", "2026-03-10T14:00", null, "x")]
    [InlineData("yesterday 23:50 x", "2026-03-09T23:50", null, "x")]
    [InlineData("yesterday at 23:50 x", "2026-03-09T23:50", null, "x")]
    [InlineData("2024-11-12 14:23 x", "2024-11-12T14:23", null, "x")]
    [InlineData("2024-11-12T14:23Z x", "2024-11-12T14:23", null, "x")]
    [InlineData("14:23 UTC x", "2026-03-10T14:23", null, "x")]
    [InlineData("16:23+02:00 x", "2026-03-10T14:23", null, "x")]
    [InlineData("2024-11-12T14:23:00-05:00 x", "2024-11-12T19:23", null, "x")]
    [InlineData("09:23:00 -0500 x", "2026-03-10T14:23", null, "x")]
    [InlineData("13:50-14:05 x", "2026-03-10T13:50", "2026-03-10T14:05", "x")]
    [InlineData("13:50 – 14:05 x", "2026-03-10T13:50", "2026-03-10T14:05", "x")]
    [InlineData("from 13:50 to 14:05 x", "2026-03-10T13:50", "2026-03-10T14:05", "x")]
    [InlineData("23:50-00:10 x", "2026-03-09T23:50", "2026-03-10T00:10", "x")]
    [InlineData("x y | 14:05", "2026-03-10T14:05", null, "x y")]
    [InlineData("a | b | 5m ago", "2026-03-10T14:25", null, "a | b")]
    public void Are_understood(string said, string at, string? end, string text)
    {
        var spoken = SpokenTime.Read(RichText.Of(said), Now, TimeZoneInfo.Utc);
        Assert.Equal(Utc(at), spoken.At);
        Assert.Equal(end is null ? null : Utc(end), spoken.End);
        Assert.Equal(text, spoken.Text.Plain);
        Assert.Null(spoken.Doubt);
    }

    [Theory]
    [InlineData("14.35 ms is the median")]
    [InlineData("14.35 % of requests fail")]
    [InlineData("14.35% of requests fail")]
    [InlineData("14.35 2 pods")]
    [InlineData("99.9 percent")]
    [InlineData("5 pods are down")]
    [InlineData("1.2.3 deployed")]
    [InlineData("10.0.0.1 does not answer")]
    [InlineData("500s on the api")]
    [InlineData("a | b")]
    [InlineData("2024 was fine")]
    [InlineData("ago 5m")]
    public void Numbers_that_are_no_times_stay_in_the_words(string said)
    {
        var spoken = SpokenTime.Read(RichText.Of(said), Now, TimeZoneInfo.Utc);
        Assert.Equal((null, null, said), (spoken.At, spoken.Said, spoken.Text.Plain));
    }

    [Theory]
    [InlineData("25:10 x")]
    [InlineData("14:75 x")]
    [InlineData("13:20pm x")]
    [InlineData("2026-02-30 10:00 x")]
    public void Impossible_times_are_kept_with_the_words(string said)
    {
        var spoken = SpokenTime.Read(RichText.Of(said), Now, TimeZoneInfo.Utc);
        Assert.Equal((TimeDoubt.Impossible, null, said), (spoken.Doubt, spoken.At, spoken.Text.Plain));
    }

    [Fact]
    public void The_hour_that_comes_twice_is_asked_about_unless_only_one_of_them_has_been()
    {
        var london = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");
        var later = SpokenTime.Read(RichText.Of("01:30 x"), new(2026, 10, 25, 9, 0, 0, TimeSpan.Zero), london);
        Assert.Equal(TimeDoubt.Ambiguous, later.Doubt);
        Assert.Equal([new(2026, 10, 25, 0, 30, 0, TimeSpan.Zero), new(2026, 10, 25, 1, 30, 0, TimeSpan.Zero)], later.Choices);
        var between = SpokenTime.Read(RichText.Of("01:30 x"), new(2026, 10, 25, 0, 45, 0, TimeSpan.Zero), london);
        Assert.Equal(new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero), between.At);
    }

    [Fact]
    public void A_clock_time_is_the_latest_such_moment_not_more_than_ten_minutes_ahead()
    {
        var property = Prop.ForAll(Moments(), Clocks(), (now, clock) =>
        {
            foreach (var zone in Zones.Select(TimeZoneInfo.FindSystemTimeZoneById))
            {
                var spoken = SpokenTime.Read(RichText.Of($"{clock.Hours:00}:{clock.Minutes:00} something"), now, zone);
                Assert.Equal("something", spoken.Text.Plain);
                if (spoken.At is not { } at)
                {
                    Assert.NotNull(spoken.Doubt);
                    continue;
                }

                Assert.Equal(clock, TimeZoneInfo.ConvertTime(at, zone).TimeOfDay);
                Assert.True(at <= now.AddMinutes(10) && at > now.AddMinutes(10).AddHours(-25), $"{at} for {clock} at {now} in {zone.Id}");
            }
        });
        property.QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_word_is_ever_lost()
    {
        var property = Prop.ForAll<NonNull<string>>(any =>
        {
            var text = any.Get.Trim();
            var spoken = SpokenTime.Read(RichText.Of(text), Now, TimeZoneInfo.Utc);
            Assert.Contains(spoken.Text.Plain, text, StringComparison.Ordinal);
            if (spoken.Said is null)
            {
                Assert.Equal(text, spoken.Text.Plain);
            }
        });
        property.QuickCheckThrowOnFailure();
    }

    private static Arbitrary<DateTimeOffset> Moments() =>
        Gen.Choose(0, 2 * 366 * 24 * 60).Select(m => new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(m)).ToArbitrary();

    private static Arbitrary<TimeSpan> Clocks() => Gen.Choose(0, (24 * 60) - 1).Select(m => TimeSpan.FromMinutes(m)).ToArbitrary();

    private static DateTimeOffset Utc(string at) => new(DateTime.Parse(at), TimeSpan.Zero);
}
