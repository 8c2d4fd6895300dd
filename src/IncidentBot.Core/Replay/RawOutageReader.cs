using System.Globalization;
using System.Text.RegularExpressions;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Replay;

/// <summary>Reads an outage from raw text: headings in capitals, a summary with the date, and a line for each event.</summary>
internal static partial class RawOutageReader
{
    public static IncidentFile Read(string text)
    {
        var sections = Sections(text);
        var summary = sections.GetValueOrDefault("INCIDENT SUMMARY") ?? [];
        var timeline = sections.FirstOrDefault(s => s.Key.StartsWith("INCIDENT TIMELINE", StringComparison.OrdinalIgnoreCase)).Value;
        var head = summary.FirstOrDefault();
        if (head is null || timeline is null)
        {
            throw new IncidentFileFault("This is neither JSON nor the raw layout: it wants the headings \"INCIDENT SUMMARY:\" (title and date) and \"INCIDENT TIMELINE:\" with lines like \"- 14:23: what happened\".");
        }

        var dated = TitleWithDate().Match(head);
        if (!dated.Success || !DateOnly.TryParse(dated.Groups["date"].Value, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            throw new IncidentFileFault("The first line of the summary wants a date, such as \"Database outage on Tuesday, November 12, 2024\".");
        }

        var file = new IncidentFile { Title = dated.Groups["title"].Value.Trim() };
        ReadTimeline(file, timeline, day);
        ReadSummary(file, summary.Skip(1), day);
        ReadRest(file, sections);
        return file;
    }

    private static void ReadTimeline(IncidentFile file, List<string> lines, DateOnly day)
    {
        TimeOnly? before = null;
        foreach (var line in lines)
        {
            var match = Line().Match(line);
            if (!match.Success || !TimeOnly.TryParse(match.Groups["time"].Value, CultureInfo.InvariantCulture, out var time))
            {
                file.Entries.Add(new(null, null, null, Bullet(line), null, EntryKind.Event, null, null));
                continue;
            }

            if (before is { } last && last.ToTimeSpan() - time.ToTimeSpan() > TimeSpan.FromHours(12))
            {
                day = day.AddDays(1);
            }

            before = time;
            file.Entries.Add(new(new DateTimeOffset(day.ToDateTime(time), TimeSpan.Zero), null, null, match.Groups["text"].Value.Trim(), null, EntryKind.Event, null, null));
        }
    }

    private static void ReadSummary(IncidentFile file, IEnumerable<string> lines, DateOnly day)
    {
        foreach (var line in lines)
        {
            var (key, value) = Pair(line);
            var span = Span().Match(value);
            if (key.Equals("duration", StringComparison.OrdinalIgnoreCase) && span.Success
                && TimeOnly.TryParse(span.Groups[1].Value, CultureInfo.InvariantCulture, out var from) && TimeOnly.TryParse(span.Groups[2].Value, CultureInfo.InvariantCulture, out var to))
            {
                file.KeyEvents[KeyEvent.Detected] = new DateTimeOffset(day.ToDateTime(from), TimeSpan.Zero);
                file.KeyEvents[KeyEvent.Resolved] = new DateTimeOffset(day.AddDays(to < from ? 1 : 0).ToDateTime(to), TimeSpan.Zero);
            }
            else if (key.Equals("impact", StringComparison.OrdinalIgnoreCase))
            {
                file.Impact["userExperience"] = value;
            }
            else
            {
                file.Notes.Add((null, key.Length == 0 ? "summary" : key, value));
            }
        }
    }

    private static void ReadRest(IncidentFile file, Dictionary<string, List<string>> sections)
    {
        foreach (var (heading, lines) in sections.Where(s => !s.Key.StartsWith("INCIDENT ", StringComparison.OrdinalIgnoreCase)))
        {
            foreach (var line in lines.Select(Bullet).Where(l => !Placeholder().IsMatch(l)))
            {
                switch (heading.ToUpperInvariant())
                {
                    case "IMPACT" when ImpactKey(Pair(line).Key) is { } field:
                        file.Impact[field] = Pair(line).Value;
                        break;
                    case "IMMEDIATE CAUSE":
                        file.Findings.Add((FindingKind.ProximateCause, line));
                        break;
                    case "KNOWN CONTRIBUTING FACTORS":
                        file.Findings.Add((FindingKind.Factor, line));
                        break;
                    case "PEOPLE INVOLVED" when Person().Match(line) is { Success: true } person:
                        file.People.Add((person.Groups["name"].Value.Trim(), person.Groups["role"].Value));
                        break;
                    default:
                        file.Notes.Add((null, heading.ToLowerInvariant(), line));
                        break;
                }
            }
        }
    }

    private static Dictionary<string, List<string>> Sections(string text)
    {
        var sections = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        List<string>? current = null;
        foreach (var line in text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0))
        {
            if (Heading().Match(line) is { Success: true } heading)
            {
                sections[heading.Groups[1].Value.Trim()] = current = [];
            }
            else
            {
                current?.Add(line);
            }
        }

        return sections;
    }

    private static string? ImpactKey(string label) => label.ToLowerInvariant() switch
    {
        "customers affected" or "users affected" => "usersAffected",
        "requests affected" => "requestsAffected",
        "revenue impact" or "revenue" => "revenue",
        "sla breach" or "sla impact" or "sla" => "sla",
        "support tickets" => "supportTickets",
        "data loss" => "dataLoss",
        _ => null,
    };

    private static string Bullet(string line) => line.StartsWith("- ", StringComparison.Ordinal) ? line[2..].Trim() : line;

    private static (string Key, string Value) Pair(string line)
    {
        var colon = Bullet(line).IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? ("", Bullet(line)) : (Bullet(line)[..colon].Trim(), Bullet(line)[(colon + 1)..].Trim());
    }

    [GeneratedRegex(@"^([A-Z][A-Z /&-]{3,}?)(?:\s*\([^)]*\))?:$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^-?\s*(?<time>\d{1,2}:\d{2})\s*[:–—-]\s*(?<text>.+)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^(?<title>.+?)\s+on\s+(?:[A-Za-z]+day,\s*)?(?<date>[A-Za-z]+ \d{1,2},? \d{4}|\d{4}-\d{2}-\d{2})$")]
    private static partial Regex TitleWithDate();

    [GeneratedRegex(@"\((\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})")]
    private static partial Regex Span();

    [GeneratedRegex(@"^(?<name>[^()]+)\((?<role>[^()]+)\)$")]
    private static partial Regex Person();

    [GeneratedRegex(@"^\[[^\]]*\]$")]
    private static partial Regex Placeholder();
}
