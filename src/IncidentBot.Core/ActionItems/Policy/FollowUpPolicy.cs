using System.Collections.Immutable;
using System.Globalization;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems.Policy;

/// <summary>What the administrator has set for following action items up, before any rule of a workspace.</summary>
public sealed record FollowUps
{
    public const string Commander = "commander";
    public const string Facilitator = "facilitator";
    public const string Admins = "admins";

    /// <summary>Day and time of the weekly digest, in each owner's own zone.</summary>
    public WeekMoment Digest { get; init; } = new(DayOfWeek.Monday, new(9, 0));

    /// <summary>Day and time of the weekly overview in the channel, in UTC.</summary>
    public WeekMoment Overview { get; init; } = new(DayOfWeek.Monday, new(10, 0));

    /// <summary>Name or id of the channel that the quarterly message to leadership goes to; null: none is sent.</summary>
    public string? Leadership { get; init; }

    public DaySpan AssignWithin { get; init; } = new(2, true);

    /// <summary>By when an item is done, by its priority.</summary>
    public ImmutableDictionary<int, DaySpan> CompleteWithin { get; init; } = new Dictionary<int, DaySpan> { [1] = new(14, false), [2] = new(30, false), [3] = new(90, false) }.ToImmutableDictionary();

    /// <summary>Days before (−) and after its date on which an item is recalled.</summary>
    public ImmutableArray<int> Remind { get; init; } = [-2, 0, 1];

    public int EscalateAfter { get; init; } = 2;

    public string EscalateTo { get; init; } = Commander;
}

/// <summary>A moment of every week.</summary>
public sealed record WeekMoment(DayOfWeek Day, TimeOnly Clock)
{
    public override string ToString() => $"{Day} {Clock:HH:mm}";

    /// <returns>The moment, or null when it is none; such as “Monday 09:00”.</returns>
    public static WeekMoment? Read(string? text)
    {
        var words = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is [var day, var clock] && Enum.GetNames<DayOfWeek>().FirstOrDefault(d => day.Length >= 3 && d.StartsWith(day, StringComparison.OrdinalIgnoreCase)) is { } name
            && TimeOnly.TryParseExact(clock, ["H:mm", "HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? new(Enum.Parse<DayOfWeek>(name), time) : null;
    }

    /// <summary>The day of the last such moment that has come, in a zone.</summary>
    public DateOnly LastDay(DateTimeOffset now, TimeZoneInfo zone)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        day = day.AddDays(-(((int)day.DayOfWeek - (int)Day + 7) % 7));
        return WorkingDay.At(day, Clock, zone) <= now ? day : day.AddDays(-7);
    }
}

/// <summary>What holds for one action item.</summary>
/// <param name="EscalateToName">The name of the person, where it is one.</param>
public sealed record FollowUpPolicy(DaySpan AssignWithin, DaySpan? CompleteWithin, ImmutableArray<int> Remind, int EscalateAfter, string EscalateTo, string? EscalateToName, bool Report);

/// <summary>The rules of one workspace; of those that apply to an item the narrowest counts, and of equally narrow ones the newer.</summary>
public sealed class PolicyBook(IEnumerable<FollowUpRule> rules, FollowUps usual, WorkingDay working)
{
    private readonly List<FollowUpRule> _rules = [.. rules.OrderByDescending(r => r.Narrowness).ThenByDescending(r => r.SetAt).ThenByDescending(r => r.Id)];

    public FollowUps Usual => usual;

    /// <summary>The book as it would be with one more rule; what else an older rule of the same scope says goes on.</summary>
    public PolicyBook With(FollowUpRule rule) => new(_rules.Append(rule), usual, working);

    /// <summary>The book as it would be without what a rule says.</summary>
    public PolicyBook Without(FollowUpRule rule) => new(_rules.Select(r => r.HasSameScope(rule) ? r.Without(rule) : r), usual, working);

    public IReadOnlyList<FollowUpRule> Rules => _rules;

    public FollowUpPolicy For(Incident incident, ActionItem item)
    {
        var own = _rules.Where(r => r.IsFor(incident, item)).ToList();
        var escalates = own.Find(r => r.EscalateTo is not null);
        return new(
            DaySpan.Read(own.Find(r => r.AssignWithin is not null)?.AssignWithin) ?? usual.AssignWithin,
            DaySpan.Read(own.Find(r => r.CompleteWithin is not null)?.CompleteWithin) ?? (item.Priority is { } p && usual.CompleteWithin.TryGetValue(p, out var within) ? within : null),
            own.Find(r => r.Remind is not null)?.Remind is { } remind ? [.. remind.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(d => int.Parse(d, CultureInfo.InvariantCulture))] : usual.Remind,
            own.Find(r => r.EscalateAfter is not null)?.EscalateAfter ?? usual.EscalateAfter, escalates?.EscalateTo ?? usual.EscalateTo, escalates?.EscalateToName, own.Find(r => r.Report is not null)?.Report ?? true);
    }

    /// <summary>The date that an item gets by policy: the one that it has, where the same policy gave it; else counted from the day on which it was kept, or from today where that day would have passed; null while its priority is not known.</summary>
    public DateOnly? DateFor(Incident incident, ActionItem item, TimeZoneInfo zone, DateTimeOffset now)
    {
        DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        return For(incident, item).CompleteWithin is not { } within ? null
            : item.DueByPolicy && item.DueSetAt is { } set && (within.After(Day(item.CreatedAt), working) == item.Due || within.After(Day(set), working) == item.Due) ? item.Due
            : within.After(Day(item.CreatedAt), working) is var due && due >= Day(now) ? due : within.After(Day(now), working);
    }
}

/// <summary>Finds what holds in a workspace.</summary>
public sealed class Policies(BotDb db, Installation installation)
{
    public async Task<PolicyBook> OfAsync(string workspace, CancellationToken stop) =>
        new(await db.FollowUpRules.Where(r => r.Workspace == workspace).ToListAsync(stop), installation.FollowUps, installation.WorkingDay);
}
