using System.Collections.Immutable;
using System.Globalization;
using IncidentBot.Core.ActionItems.Policy;
using IncidentBot.Core.Incidents;

namespace IncidentBot;

/// <summary>The settings around action items: when owners hear of them, by when they are done, who is told what is not answered.</summary>
internal static class FollowUpSettings
{
    public static readonly string[] Known =
        ["FollowUps:Digest", "FollowUps:Overview", "FollowUps:Leadership", "FollowUps:AssignWithin", "FollowUps:CompleteWithin", "FollowUps:Remind", "FollowUps:EscalateAfter", "FollowUps:EscalateTo", "FollowUps:SweepEvery"];

    public static Installation Read(Installation installation, IConfiguration configuration, List<string> wrong)
    {
        var usual = installation.FollowUps;
        var within = usual.CompleteWithin;
        foreach (var child in configuration.GetSection("FollowUps:CompleteWithin").GetChildren())
        {
            if (child.Key is ['P' or 'p', >= '1' and <= '3' and var p] && DaySpan.Read(child.Value) is { } span)
            {
                within = within.SetItem(p - '0', span);
            }
            else
            {
                wrong.Add($"FollowUps:CompleteWithin:{child.Key}: '{child.Value}' is not understood. Give a priority and days, such as P1 = 14d, or 10bd for working days.");
            }
        }

        var to = configuration["FollowUps:EscalateTo"]?.Trim().TrimStart('@');
        return installation with
        {
            FollowUps = usual with
            {
                CompleteWithin = within,
                Digest = Value("FollowUps:Digest", WeekMoment.Read, "no day and time. Give it like Monday 09:00; it is each owner's own time") ?? usual.Digest,
                Overview = Value("FollowUps:Overview", WeekMoment.Read, "no day and time. Give it like Monday 10:00, in UTC") ?? usual.Overview,
                AssignWithin = ReadSpan("FollowUps:AssignWithin") ?? usual.AssignWithin,
                Remind = Value("FollowUps:Remind", ReadDays, "no list of days. Give days before (−) and after the date, like -2, 0, 1") ?? usual.Remind,
                EscalateAfter = Value<int?>("FollowUps:EscalateAfter", v => int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 0 and < 10 ? n : null, "no number from 1 to 9") ?? usual.EscalateAfter,
                EscalateTo = string.IsNullOrWhiteSpace(to) ? usual.EscalateTo : to.ToLowerInvariant() is FollowUps.Commander or FollowUps.Facilitator or FollowUps.Admins ? to.ToLowerInvariant() : to,
                Leadership = configuration["FollowUps:Leadership"]?.Trim().TrimStart('#') is { Length: > 0 } channel ? channel : null,
            },
        };

        DaySpan? ReadSpan(string key) => Value<DaySpan?>(key, DaySpan.Read, "no number of days. Give it like 14d, or 2bd for working days");

        T? Value<T>(string key, Func<string, T?> read, string what)
        {
            if (configuration[key] is not { } said)
            {
                return default;
            }

            var value = read(said);
            if (value is null)
            {
                wrong.Add($"{key}: '{said}' is {what}.");
            }

            return value;
        }
    }

    private static ImmutableArray<int>? ReadDays(string text)
    {
        var days = text.Replace('−', '-').Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        return days.Length is > 0 and <= 6 && days.All(d => int.TryParse(d, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && n is >= -60 and <= 60)
            ? [.. days.Select(d => int.Parse(d, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)).Distinct().Order()] : null;
    }
}
