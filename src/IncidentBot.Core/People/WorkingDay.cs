using System.Collections.Immutable;
using System.Globalization;

namespace IncidentBot.Core.People;

/// <summary>When people work: which days and hours, and which are holidays; always asked in the person's own zone.</summary>
public sealed record WorkingDay
{
    public static readonly WorkingDay Usual = new();

    public TimeOnly Begins { get; init; } = new(9, 0);

    public TimeOnly Ends { get; init; } = new(17, 0);

    /// <summary>Days on which nobody works.</summary>
    public ImmutableHashSet<DateOnly> Holidays { get; init; } = [];

    /// <summary>Days of every year on which nobody works, by month and day.</summary>
    public ImmutableHashSet<(int Month, int Day)> EveryYear { get; init; } = [];

    /// <summary>The ISO week of a day, such as 2026-W48.</summary>
    public static string IsoWeek(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(day.ToDateTime(TimeOnly.MinValue)):0000}-W{ISOWeek.GetWeekOfYear(day.ToDateTime(TimeOnly.MinValue)):00}");

    public bool IsWorkingDay(DateOnly day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !Holidays.Contains(day) && !EveryYear.Contains((day.Month, day.Day));

    /// <summary>True within the hours of a working day; outside them are quiet hours.</summary>
    public bool IsWorking(DateTimeOffset at, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone).DateTime;
        return IsWorkingDay(DateOnly.FromDateTime(local)) && TimeOnly.FromDateTime(local) is var clock && clock >= Begins && clock < Ends;
    }

    /// <summary>The moment itself when people work then, else the next at which they begin.</summary>
    public DateTimeOffset NextWorking(DateTimeOffset at, TimeZoneInfo zone)
    {
        if (IsWorking(at, zone))
        {
            return at;
        }

        var local = TimeZoneInfo.ConvertTime(at, zone).DateTime;
        var day = DateOnly.FromDateTime(local);
        day = IsWorkingDay(day) && TimeOnly.FromDateTime(local) < Begins ? day : WorkingDayAfter(day);
        return At(day, Begins, zone);
    }

    /// <summary>So many working days later; 0 leaves the day as it is.</summary>
    public DateOnly AddWorkingDays(DateOnly day, int days)
    {
        for (; days > 0; days--)
        {
            day = WorkingDayAfter(day);
        }

        return day;
    }

    /// <summary>The day itself when it is a working day, else the last one before it.</summary>
    public DateOnly LastWorkingDay(DateOnly day)
    {
        while (!IsWorkingDay(day))
        {
            day = day.AddDays(-1);
        }

        return day;
    }

    /// <summary>A clock time on a day in a zone; one that the clocks skip is the moment at which they go on, one that comes twice is the first.</summary>
    public static DateTimeOffset At(DateOnly day, TimeOnly clock, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(clock);
        if (zone.IsInvalidTime(local))
        {
            // The clocks go on from the skipped hour's beginning, at the offset that was in force before.
            while (zone.IsInvalidTime(local))
            {
                local = local.AddMinutes(-1);
            }

            return new DateTimeOffset(local, zone.GetUtcOffset(local)).AddMinutes(1).ToUniversalTime();
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private DateOnly WorkingDayAfter(DateOnly day)
    {
        do
        {
            day = day.AddDays(1);
        }
        while (!IsWorkingDay(day));

        return day;
    }
}
