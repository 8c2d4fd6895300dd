using System.Globalization;
using System.Text.RegularExpressions;

namespace IncidentBot.Core.ActionItems;

/// <summary>Reads a day as people say it.</summary>
public static partial class SpokenDate
{
    // Ten years; what lies beyond is a slip of the finger.
    private const int MostDays = 3660;

    private static readonly string[] Forms = ["d MMM yyyy", "d MMMM yyyy", "MMM d yyyy", "MMMM d yyyy"];

    /// <returns>The day in the speaker's zone, the next one of its name when several would fit; null when it is no day.</returns>
    public static DateOnly? Read(string said, DateOnly today) =>
        ReadAny(said, today) is { } day && Math.Abs(day.DayNumber - today.DayNumber) <= MostDays ? day : null;

    private static DateOnly? ReadAny(string said, DateOnly today)
    {
        var text = said.Trim().TrimEnd('.', ',').ToLowerInvariant();
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", out var exact))
        {
            return exact;
        }

        if (text is "today" or "tomorrow")
        {
            return today.AddDays(text == "today" ? 0 : 1);
        }

        text = text switch { "eow" => "end of week", "eom" => "end of month", "eoq" => "end of quarter", "eoy" => "end of year", _ => text };
        var weekday = Weekday().Match(text);
        if (weekday.Success && Enum.GetNames<DayOfWeek>().FirstOrDefault(d => d.StartsWith(weekday.Groups["d"].Value, StringComparison.OrdinalIgnoreCase)) is { } day)
        {
            var ahead = ((int)Enum.Parse<DayOfWeek>(day) - (int)today.DayOfWeek + 7) % 7;
            return today.AddDays(ahead == 0 ? 7 : ahead);
        }

        var end = End().Match(text);
        if (end.Success)
        {
            var from = end.Groups["next"].Success ? end.Groups["u"].Value switch { "week" => today.AddDays(7), "month" => today.AddMonths(1), "quarter" => today.AddMonths(3), _ => today.AddYears(1) } : today;
            return end.Groups["u"].Value switch
            {
                // The last day on which a week is worked.
                "week" => from.AddDays((5 - (int)from.DayOfWeek + 7) % 7),
                "month" => new DateOnly(from.Year, from.Month, 1).AddMonths(1).AddDays(-1),
                "quarter" => new DateOnly(from.Year, ((from.Month - 1) / 3 * 3) + 1, 1).AddMonths(3).AddDays(-1),
                _ => new DateOnly(from.Year, 12, 31),
            };
        }

        var span = Span().Match(text);
        if (span.Success)
        {
            var n = span.Groups["n"].Value switch { "a" or "an" or "one" => 1, "two" => 2, "three" => 3, "four" => 4, var digits => int.Parse(digits) };
            return span.Groups["u"].Value[0] switch { 'd' => today.AddDays(n), 'w' => today.AddDays(7 * n), _ => today.AddMonths(n) };
        }

        foreach (var year in new[] { "", $" {today.Year}" })
        {
            if (DateOnly.TryParseExact(text + year, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var named))
            {
                return year.Length > 0 && named < today ? named.AddYears(1) : named;
            }
        }

        return null;
    }

    [GeneratedRegex(@"^(?:next |on )?(?<d>mon|tue|wed|thu|fri|sat|sun)[a-z]*$")]
    private static partial Regex Weekday();

    [GeneratedRegex(@"^(?:by |at )?(?:the )?end of (?:the |this |(?<next>next ))?(?<u>week|month|quarter|year)$")]
    private static partial Regex End();

    [GeneratedRegex(@"^in (?<n>\d{1,3}|an?|one|two|three|four) (?<u>days?|weeks?|months?)$")]
    private static partial Regex Span();
}
