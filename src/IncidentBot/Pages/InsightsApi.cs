using System.Globalization;
using IncidentBot.Core.Insights;

namespace IncidentBot.Pages;

/// <summary>How incidents, reviews and actions go; every number with its definition and how many cases it is drawn from.</summary>
/// <param name="LeftOut">What is in none of the figures.</param>
/// <param name="TrendFrom">Fewer cases than this show no trend.</param>
public sealed record ApiInsights(
    string At, string? Since, int Incidents, string LeftOut, int TrendFrom, IReadOnlyList<ApiMetric> Metrics, IReadOnlyList<ApiRate> Rates, ApiOverdue Overdue, IReadOnlyList<ApiSurvival> Survival, IReadOnlyList<ApiQuality> QualityByMonth)
{
    public static ApiInsights Of(Figures f, DateOnly? since) => new(
        ReviewApi.Time(f.At)!, since?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), f.Incidents, Figures.LeftOut, Figures.FewestForATrend,
        [.. f.Metrics.Select(m => new ApiMetric(m.Key, m.Name, m.Definition, m.Unit, m.N, m.Median, m.P90, m.Mean, m.Least, m.Most))],
        [.. f.Rates.Select(r => new ApiRate(r.Key, r.Name, r.Definition, r.Part, r.Of, r.Value))],
        new([.. f.OverdueByOwner.Select(o => new ApiOverdueCount(o.Name, o.Items, o.OldestDays))], [.. f.OverdueByTeam.Select(o => new ApiOverdueCount(o.Name, o.Items, o.OldestDays))]),
        [.. f.Survival.Select(s => new ApiSurvival(s.Days, s.StillOpen, s.AtRisk))],
        [.. f.Quality.Select(q => new ApiQuality(q.Month, q.N, q.Median))]);
}

/// <summary>A number of many cases; <paramref name="P90"/> is what nine in ten stay below.</summary>
public sealed record ApiMetric(string Key, string Name, string Definition, string Unit, int N, double? Median, double? P90, double? Mean, double? Min, double? Max);

/// <summary>A share of cases, from 0 to 1.</summary>
public sealed record ApiRate(string Key, string Name, string Definition, int Part, int N, double? Share);

/// <summary>Overdue actions by owner and by team.</summary>
public sealed record ApiOverdue(IReadOnlyList<ApiOverdueCount> ByOwner, IReadOnlyList<ApiOverdueCount> ByTeam);

/// <summary>How many overdue actions somebody has, and since how many days the oldest.</summary>
public sealed record ApiOverdueCount(string Name, int Items, int OldestDays);

/// <summary>The share of actions still open so many days after they were kept (Kaplan and Meier); <paramref name="AtRisk"/> were watched that long.</summary>
public sealed record ApiSurvival(int Days, double? StillOpen, int AtRisk);

/// <summary>The quality of the post-mortems of one month, of 100.</summary>
public sealed record ApiQuality(string Month, int N, double? Median);
