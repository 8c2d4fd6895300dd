using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;

namespace IncidentBot.Core.Facilitation;

/// <summary>A review as a live meeting: the same questions, with a share of the time for each phase, and an invitation.</summary>
/// <param name="At">When it begins, in UTC.</param>
public sealed partial record Meeting(DateTimeOffset At, int Minutes)
{
    public const int Shortest = 30;
    public const int Longest = 60;
    private const int Usual = 45;

    /// <summary>Reads a day, a clock time in the speaker's zone and a length; null when that is no meeting to come.</summary>
    public static Meeting? Read(string words, DateTimeOffset now, TimeZoneInfo zone)
    {
        var match = Pattern().Match(words);
        if (!match.Success || !TimeOnly.TryParseExact(match.Groups["clock"].Value, ["H:mm", "HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock))
        {
            return null;
        }

        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var said = match.Groups["day"].Value.Trim();
        if ((said.Length == 0 ? today : ActionItems.SpokenDate.Read(said, today)) is not { } day)
        {
            return null;
        }

        var minutes = match.Groups["length"].Success ? int.Parse(match.Groups["length"].Value) : Usual;
        var at = WorkingDay.At(day, clock, zone);
        return at <= now || minutes is < Shortest or > Longest ? null : new(at, minutes);
    }

    /// <summary>True shortly before, during and after a review's meeting: then a scribe writes for the others.</summary>
    public static bool IsOn(Review review, DateTimeOffset now) => review.MeetingAt is { } at && now >= at.AddMinutes(-15) && now <= at.AddMinutes(review.MeetingMinutes + 60);

    /// <summary>The share of each phase, in whole minutes that add up.</summary>
    public static IReadOnlyList<(ScriptPhase Phase, int Minutes)> Plan(Script script, int minutes)
    {
        var whole = script.Phases.Sum(p => Math.Max(1, p.Minutes));
        var plan = script.Phases.Select(p => (Phase: p, Minutes: Math.Max(1, Math.Max(1, p.Minutes) * minutes / whole))).ToList();
        // What rounding has left over, or taken too much, goes to and from the longest.
        var longest = plan.IndexOf(plan.MaxBy(p => p.Minutes));
        plan[longest] = (plan[longest].Phase, Math.Max(1, plan[longest].Minutes + minutes - plan.Sum(p => p.Minutes)));
        return plan;
    }

    /// <summary>The invitation as a calendar file (RFC 5545).</summary>
    /// <param name="stamp">When it is written, in UTC.</param>
    public static string Calendar(Incident incident, Review review, string url, DateTimeOffset stamp)
    {
        var at = review.MeetingAt!.Value;
        var text = new StringBuilder();
        foreach (var line in new[]
        {
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//IncidentBot//Review//EN", "METHOD:PUBLISH", "BEGIN:VEVENT",
            $"UID:review-{incident.Id}@incidentbot", $"DTSTAMP:{Utc(stamp)}", $"DTSTART:{Utc(at)}", $"DTEND:{Utc(at.AddMinutes(review.MeetingMinutes))}", $"SEQUENCE:{review.Version}",
            $"SUMMARY:{Escape($"Review of {incident.Code}: {incident.Title}")}",
            $"DESCRIPTION:{Escape($"Everyone did what made sense to them with what they knew; we look for what in the system let it happen.\nFacilitator: {review.FacilitatorName ?? "not named yet"}\nThe questions and what was answered so far: {url}")}",
            $"URL:{url}", "END:VEVENT", "END:VCALENDAR",
        })
        {
            Fold(text, line);
        }

        return text.ToString();
    }

    private static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Escape(string text) => text.Replace("\\", "\\\\").Replace(";", "\\;").Replace(",", "\\,").ReplaceLineEndings("\\n");

    // Lines have 75 octets at most; a character is never cut.
    private static void Fold(StringBuilder text, string line)
    {
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > 75)
            {
                text.Append("\r\n ");
                octets = 1;
            }

            text.Append(rune);
            octets += rune.Utf8SequenceLength;
        }

        text.Append("\r\n");
    }

    [GeneratedRegex(@"^\s*(?<day>.*?)\s*(?:\bat\s+)?(?<clock>\d{1,2}:\d{2})\s*(?:(?:for\s+)?(?<length>\d{2,3})\s*m(?:in(?:utes)?)?)?\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Pattern();
}
