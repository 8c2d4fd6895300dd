using System.Text.RegularExpressions;

namespace IncidentBot.Core.Timeline;

/// <summary>The forms in which people say a time in front of what happened.</summary>
internal static partial class SpokenTimeGrammar
{
    /// <summary>What was matched; without start and duration it has the shape of a time and cannot be one.</summary>
    /// <param name="Length">How much of the text the time takes, white space after it included.</param>
    public sealed record Parsed(
        int Length, string Said, TimeSpan? Ago, TimeSpan? Start, TimeSpan? End, DateOnly? Date, int? DaysBack, TimeSpan? Offset, TimeZoneInfo? Zone = null);

    public static Parsed? Match(string text) => MatchAgo(text) ?? MatchClock(text);

    private static readonly string[] Numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    private static Parsed? MatchAgo(string text)
    {
        var match = AgoPattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var total = 0.0;
        if (match.Groups["half"].Success)
        {
            total = 30;
        }

        foreach (Capture part in match.Groups["part"].Captures)
        {
            var piece = PartPattern().Match(part.Value);
            var number = piece.Groups["n"].Value.ToLowerInvariant();
            var count = Array.IndexOf(Numbers, number) is >= 0 and var said ? said : number is "a" or "an" ? 1 : double.Parse(number);
            total += count * (char.ToLowerInvariant(piece.Groups["u"].Value[0]) switch { 's' => 1 / 60.0, 'm' => 1, 'h' => 60, _ => 1440 });
        }

        return total > 60 * 24 * 366 ? null : new(match.Length, match.Groups["said"].Value, TimeSpan.FromMinutes(total), null, null, null, null, null);
    }

    private static Parsed? MatchClock(string text)
    {
        var match = OffsetPattern().Match(text);
        match = match.Success ? match : ClockPattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        // 14.35 and 14.35-15.05 are times only when no number, unit or % follows: "14.35 ms", "14.35 % of requests".
        if (match.Groups["dot"].Success && UnitPattern().IsMatch(text[match.Length..]))
        {
            return null;
        }

        var said = match.Groups["said"].Value;
        var hasDate = match.Groups["date"].Success;
        DateOnly? date = DateOnly.TryParseExact(match.Groups["date"].Value, "yyyy-MM-dd", out var day) ? day : null;
        int? back = match.Groups["day"].Value.ToLowerInvariant() switch { "yesterday" => 1, "today" => 0, _ => null };
        var start = Clock(match.Groups["from"].Value);
        var end = match.Groups["to"].Success ? Clock(match.Groups["to"].Value) : null;
        if (start is null || (hasDate && date is null) || (match.Groups["to"].Success && end is null))
        {
            return new(match.Length, said, null, null, null, null, null, null);
        }

        if (start is { } s && end is { } e && s < e.Add(TimeSpan.FromHours(12)) && Meridian(match.Groups["to"].Value) && !Meridian(match.Groups["from"].Value)
            && s.Hours < 12 && e.Hours >= 12 && s.Add(TimeSpan.FromHours(12)) <= e)
        {
            start = s.Add(TimeSpan.FromHours(12));
        }

        var place = match.Groups["place"].Value;
        if (place.Length > 0)
        {
            // A zone that nobody knows, or that several places use, is not guessed.
            return place.Contains('/') && TimeZoneInfo.TryFindSystemTimeZoneById(place, out var zone)
                ? new(match.Length, said, null, start, end, date, back, null, zone)
                : new(match.Length, said, null, null, null, null, null, null);
        }

        return new(match.Length, said, null, start, end, date, back, Offset(match.Groups["zone"].Value));
    }

    private static bool Meridian(string clock) => clock.EndsWith("m", StringComparison.OrdinalIgnoreCase);

    private static TimeSpan? Clock(string said)
    {
        var match = ClockParts().Match(said);
        var hour = int.Parse(match.Groups["h"].Value);
        var minute = match.Groups["m"].Success ? int.Parse(match.Groups["m"].Value) : 0;
        var second = match.Groups["s"].Success ? int.Parse(match.Groups["s"].Value) : 0;
        if (match.Groups["ap"].Success)
        {
            if (hour is < 1 or > 12)
            {
                return null;
            }

            hour = (hour % 12) + (char.ToLowerInvariant(match.Groups["ap"].Value[0]) == 'p' ? 12 : 0);
        }

        return hour < 24 && minute < 60 && second < 60 ? new TimeSpan(hour, minute, second) : null;
    }

    private static TimeSpan? Offset(string zone) => zone.ToLowerInvariant() switch
    {
        "" => null,
        "z" or "utc" or "gmt" => TimeSpan.Zero,
        var name when Abbreviations.TryGetValue(name, out var hours) => TimeSpan.FromHours(hours),
        _ => (zone[0] == '-' ? -1 : 1) * new TimeSpan(int.Parse(zone.AsSpan(1, 2)), int.Parse(zone.AsSpan(zone.Length - 2, 2)), 0),
    };

    // Only what means one offset; CST, IST and MST mean several.
    private static readonly Dictionary<string, int> Abbreviations = new()
    {
        ["est"] = -5,
        ["edt"] = -4,
        ["cdt"] = -5,
        ["mdt"] = -6,
        ["pst"] = -8,
        ["pdt"] = -7,
        ["cet"] = 1,
        ["cest"] = 2,
        ["bst"] = 1,
        ["eet"] = 2,
        ["eest"] = 3,
        ["jst"] = 9,
        ["aest"] = 10,
        ["aedt"] = 11,
    };

    private const string OneClock = @"(?:\d{1,2}(?::|h|(?<dot>\.))\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[ap]\.?m\b\.?)?|\d{1,2}\s?[ap]m\b)";

    [GeneratedRegex(@"^\s*(?:[@~\[]\s*|(?:at|around|about|since)\s+)?(?<said>(?:(?<date>\d{4}-\d{2}-\d{2})(?:\s+(?:at\s+)?|T)|(?<day>yesterday|today)\s+(?:at\s+)?)?(?:from\s+)?(?<from>" + OneClock
        + @")(?:\s*(?:-|–|—|\bto\b|\buntil\b)\s*(?<to>" + OneClock + @"))?(?:\s?(?:(?<zone>Z|UTC|GMT|[+-](?:0\d|1[0-4]):?[0-5]\d|(?-i:EST|EDT|CDT|MDT|PST|PDT|CET|CEST|BST|EET|EEST|JST|AEST|AEDT))|(?<place>(?-i:[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?|CST|IST|MST)))(?![\w]))?)(?=[\s,;\]]|[-–—:]\s|$)\]?[\s,;:]*(?:[-–—]\s+)?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ClockPattern();

    // An ISO time with its offset, which would otherwise read as a range: 2024-11-12T14:23:00-05:00, 14:23:00 -0500.
    [GeneratedRegex(@"^\s*(?<said>(?:(?<date>\d{4}-\d{2}-\d{2})T(?<from>\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)|(?<from>\d{2}:\d{2}:\d{2}))\s?(?<zone>[+-](?:0\d|1[0-4]):?[0-5]\d))(?=[\s,;]|$)[\s,;]*",
        RegexOptions.CultureInvariant)]
    private static partial Regex OffsetPattern();

    [GeneratedRegex(@"(?<h>\d{1,2})(?:[:.h](?<m>\d{2}))?(?::(?<s>\d{2}))?(?:\.\d+)?\s?(?:(?<ap>[ap])\.?m)?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ClockParts();

    [GeneratedRegex(@"^\s*(?<said>(?:about\s+|around\s+|~\s*)?(?:(?<half>half\s+an\s+hour)|(?<part>(?:\d{1,4}(?:\.\d)?|an?|one|two|three|four|five|six|seven|eight|nine|ten)\s*(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)(?:\s*(?:and\s+)?(?=\d))?)+)\s+ago)\b[\s,;:]*(?:[-–—]\s+)?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AgoPattern();

    [GeneratedRegex(@"(?<n>\d{1,4}(?:\.\d)?|an?|one|two|three|four|five|six|seven|eight|nine|ten)\s*(?<u>[a-z]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PartPattern();

    [GeneratedRegex(@"^\s*(?:\d|%|‰|[$€£]|(?:ms|µs|us|ns|s|sec|secs|seconds?|min|mins|minutes?|h|hrs?|hours?|days?|[kmgt]i?b?(?:/s)?|bytes?|bits?|percent|per|times|x|rps|qps|req|requests|users|errors|usd|eur|million|billion|thousand|degrees?|°c?|v|w|hz|[kmg]hz|vcpus?|cores?|points?)\b)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UnitPattern();
}
