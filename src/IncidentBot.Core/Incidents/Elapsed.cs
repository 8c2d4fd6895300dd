namespace IncidentBot.Core.Incidents;

/// <summary>Durations as people read them.</summary>
public static class Elapsed
{
    /// <summary><c>2 h 17 min</c>, <c>3 d 4 h</c>, <c>45 s</c>; a minus sign before what runs backwards.</summary>
    public static string Of(TimeSpan span)
    {
        var size = span.Duration();
        var text = size switch
        {
            { TotalSeconds: < 60 } => $"{(int)size.TotalSeconds} s",
            { TotalMinutes: < 60 } => $"{(int)size.TotalMinutes} min",
            { TotalHours: < 48 } when size.Minutes == 0 => $"{(int)size.TotalHours} h",
            { TotalHours: < 48 } => $"{(int)size.TotalHours} h {size.Minutes} min",
            _ => size.Hours == 0 ? $"{(int)size.TotalDays} d" : $"{(int)size.TotalDays} d {size.Hours} h",
        };
        return span < TimeSpan.Zero ? $"−{text}" : text;
    }

    /// <summary><c>HH:MM</c>, with hours past 24 counted on.</summary>
    public static string Clock(TimeSpan span) => $"{(int)span.TotalHours:00}:{span.Minutes:00}";
}
