using System.Collections.Immutable;
using System.Globalization;
using IncidentBot.Core.Catalogue;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;

namespace IncidentBot;

/// <summary>The settings around reviews: when people work, how soon a review is due, and the administrator's own scripts and services.</summary>
internal static class ReviewSettings
{
    public static readonly string[] Known = ["Calendar:Holidays", "Calendar:WorkingHours", "Reviews:BeginWithin", "Reviews:DocumentWithin"];

    public static Installation Read(Installation installation, IConfiguration configuration, string directory, List<string> wrong)
    {
        var within = installation.DocumentWithin;
        foreach (var child in configuration.GetSection("Reviews:DocumentWithin").GetChildren())
        {
            if (Severity.Read(child.Key) is { } severity && Span(child.Value) is { } span)
            {
                within = within.SetItem(severity, span);
            }
            else
            {
                wrong.Add($"Reviews:DocumentWithin:{child.Key}: '{child.Value}' is not understood. Give a severity and days, such as SEV1 = 3.00:00.");
            }
        }

        var begin = configuration["Reviews:BeginWithin"];
        if (begin is not null && Span(begin) is null)
        {
            wrong.Add($"Reviews:BeginWithin: '{begin}' is no time span. Give days and hours like 2.00:00.");
        }

        var read = installation with
        {
            Scripts = Path.Combine(directory, "scripts"),
            ServicesFile = Path.Combine(directory, "services.yaml"),
            WorkingDay = ReadWorkingDay(configuration, wrong),
            ReviewWithin = Span(begin) ?? installation.ReviewWithin,
            DocumentWithin = within,
        };
        wrong.AddRange(new ScriptShelf(read).Complaints());
        if (ServiceCatalogue.Complaint(read.ServicesFile) is { } complaint)
        {
            wrong.Add(complaint);
        }

        return read;
    }

    private static WorkingDay ReadWorkingDay(IConfiguration configuration, List<string> wrong)
    {
        var day = WorkingDay.Usual;
        if (configuration["Calendar:WorkingHours"] is { } hours)
        {
            if (hours.Split('-', '–') is [var from, var to] && Clock(from) is { } begins && Clock(to) is { } ends && begins < ends)
            {
                day = day with { Begins = begins, Ends = ends };
            }
            else
            {
                wrong.Add($"Calendar:WorkingHours: '{hours}' is not understood. Give it like 09:00-17:00; outside of it nobody is reminded of anything.");
            }
        }

        var section = configuration.GetSection("Calendar:Holidays");
        var holidays = section.Value is { } line ? line.Split(',') : [.. section.GetChildren().Select(c => c.Value ?? "")];
        foreach (var said in holidays.Select(h => h.Trim()).Where(h => h.Length > 0))
        {
            if (DateOnly.TryParseExact(said, "yyyy-MM-dd", out var date))
            {
                day = day with { Holidays = day.Holidays.Add(date) };
            }
            // A leap year, so that the 29th of February is a day.
            else if (DateOnly.TryParseExact($"2000-{said}", "yyyy-MM-dd", out var yearly))
            {
                day = day with { EveryYear = day.EveryYear.Add((yearly.Month, yearly.Day)) };
            }
            else
            {
                wrong.Add($"Calendar:Holidays: '{said}' is no day. Give it like 2026-12-25, or 12-25 for every year; separate several with commas.");
            }
        }

        return day;
    }

    private static TimeOnly? Clock(string text) => TimeOnly.TryParseExact(text.Trim(), ["H:mm", "HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock) ? clock : null;

    private static TimeSpan? Span(string? value) => TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero ? span : null;
}
