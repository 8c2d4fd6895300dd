using System.Globalization;
using System.Text.RegularExpressions;
using IncidentBot.Core.People;

namespace IncidentBot.Core.ActionItems.Policy;

/// <summary>A number of days, of the calendar or on which people work; written 14d or 10bd.</summary>
public readonly partial record struct DaySpan(int Days, bool Working)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Days}{(Working ? "bd" : "d")}");

    /// <summary>As a person reads it.</summary>
    public string Spoken => $"{Days} {(Working ? "working " : "")}{(Days == 1 ? "day" : "days")}";

    /// <returns>The span, or null when it is none.</returns>
    public static DaySpan? Read(string? text)
    {
        var match = Form().Match(text ?? "");
        return !match.Success || !int.TryParse(match.Groups["n"].Value, out var n) || n < 1 || n * (match.Groups["w"].Success ? 7 : 1) > 730 ? null
            : match.Groups["w"].Success ? new(7 * n, false) : new(n, match.Groups["b"].Success);
    }

    /// <summary>The day that is so much later: always one on which people work, so that nothing falls due on a holiday.</summary>
    public DateOnly After(DateOnly day, WorkingDay working) => Working ? working.AddWorkingDays(day, Days)
        : working.LastWorkingDay(day.AddDays(Days)) is var last && last > day ? last : working.AddWorkingDays(day, 1);

    [GeneratedRegex(@"^\s*(?<n>\d{1,3})\s*(?:(?<b>bd|b|working days?|business days?)|(?<w>w|weeks?)|d|days?)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
