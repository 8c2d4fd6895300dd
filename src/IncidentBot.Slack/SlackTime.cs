using System.Globalization;

namespace IncidentBot.Slack;

/// <summary>Slack's timestamps, which are ids: seconds and microseconds, as text.</summary>
internal static class SlackTime
{
    /// <summary>The moment of a timestamp such as <c>1355517523.000005</c>; null for anything else.</summary>
    public static DateTimeOffset? Read(string? ts)
    {
        var dot = ts?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        var seconds = dot < 0 ? ts : ts![..dot];
        if (!long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var s) || s > 253_402_300_799)
        {
            return null;
        }

        var fraction = dot < 0 ? "" : ts![(dot + 1)..];
        var micros = fraction.Length == 0 ? 0 : int.TryParse(fraction.PadRight(6, '0')[..6], NumberStyles.None, CultureInfo.InvariantCulture, out var f) ? f : -1;
        return micros < 0 ? null : DateTimeOffset.FromUnixTimeSeconds(s).AddTicks(micros * TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>A moment as Slack's arguments take it.</summary>
    public static string Write(DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{at.ToUnixTimeSeconds()}.{at.UtcTicks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond:000000}");
}
