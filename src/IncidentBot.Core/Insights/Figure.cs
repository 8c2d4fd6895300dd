namespace IncidentBot.Core.Insights;

/// <summary>A number of many cases, with what it means: never one value without how many it is drawn from.</summary>
/// <param name="Key">A name for programs; it never changes its meaning.</param>
/// <param name="Definition">What is counted, from when to when, of which cases.</param>
/// <param name="Unit">hours, days or points.</param>
/// <param name="N">Of how many cases.</param>
public sealed record Figure(string Key, string Name, string Definition, string Unit, int N, double? Median, double? P90, double? Mean, double? Least, double? Most)
{
    /// <summary>The mean stands beside the median alone: durations are skewed, and one long one moves it.</summary>
    public static Figure Of(string key, string name, string definition, string unit, IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? new(key, name, definition, unit, 0, null, null, null, null, null)
            : new(key, name, definition, unit, sorted.Count, Quantile(sorted, 0.5), Quantile(sorted, 0.9), Math.Round(sorted.Average(), 2), Math.Round(sorted[0], 2), Math.Round(sorted[^1], 2));
    }

    // Between two cases the way from one to the other is divided, as spreadsheets do it.
    private static double Quantile(List<double> sorted, double q)
    {
        var at = q * (sorted.Count - 1);
        var (low, high) = (sorted[(int)Math.Floor(at)], sorted[(int)Math.Ceiling(at)]);
        return Math.Round(low + ((high - low) * (at - Math.Floor(at))), 2);
    }
}

/// <summary>A share of cases, with what it means.</summary>
/// <param name="Part">How many of them.</param>
/// <param name="Of">Of how many.</param>
public sealed record Share(string Key, string Name, string Definition, int Part, int Of)
{
    /// <summary>From 0 to 1; null where there are none.</summary>
    public double? Value => Of == 0 ? null : Math.Round((double)Part / Of, 3);
}

/// <summary>How many overdue items an owner or a team has.</summary>
public sealed record OverdueCount(string Name, int Items, int OldestDays);

/// <summary>The share of items that is still open so many days after they were kept.</summary>
/// <param name="AtRisk">How many were watched for that long.</param>
public sealed record SurvivalPoint(int Days, double? StillOpen, int AtRisk);

/// <summary>A figure for one month.</summary>
public sealed record MonthFigure(string Month, int N, double? Median);

/// <summary>All figures of one moment.</summary>
public sealed record Figures(
    DateTimeOffset At, int Incidents, IReadOnlyList<Figure> Metrics, IReadOnlyList<Share> Rates, IReadOnlyList<OverdueCount> OverdueByOwner, IReadOnlyList<OverdueCount> OverdueByTeam, IReadOnlyList<SurvivalPoint> Survival, IReadOnlyList<MonthFigure> Quality)
{
    /// <summary>What is left out of all of them.</summary>
    public const string LeftOut = "Drills, replays, and incidents that were cancelled or merged into another are left out of every figure; near misses are left out of durations.";

    /// <summary>Fewer cases than this show no trend.</summary>
    public const int FewestForATrend = 10;
}

/// <summary>How long items stay open, also where many are open still (Kaplan and Meier's estimate).</summary>
public static class Survival
{
    private static readonly int[] Marks = [7, 14, 30, 60, 90, 180, 365];

    /// <param name="items">For each how many days it was watched, and whether it was done at the end of them.</param>
    public static IReadOnlyList<SurvivalPoint> Of(IReadOnlyCollection<(double Days, bool Done)> items)
    {
        var sorted = items.OrderBy(i => i.Days).ToList();
        var (points, open, next, done) = (new List<SurvivalPoint>(), 1.0, 0, 0);
        foreach (var mark in Marks)
        {
            while (next < sorted.Count && sorted[next].Days <= mark)
            {
                var (at, watched, ended) = (sorted[next].Days, sorted.Count - next, 0);
                for (; next < sorted.Count && sorted[next].Days == at; next++)
                {
                    ended += sorted[next].Done ? 1 : 0;
                }

                (open, done) = (open * (1 - ((double)ended / watched)), done + ended);
            }

            var atRisk = sorted.Count - next + sorted.Take(next).Reverse().TakeWhile(i => i.Days >= mark).Count();
            points.Add(new(mark, atRisk == 0 && done == 0 ? null : Math.Round(open, 3), atRisk));
        }

        return points;
    }
}
