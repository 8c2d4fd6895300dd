using System.Globalization;
using System.Text.RegularExpressions;

namespace IncidentBot.Core.Replay;

/// <summary>Reads the times of an incident file.</summary>
internal sealed partial class FileTimes(TimeZoneInfo zone)
{
    /// <summary>ISO 8601 to minutes or seconds, with or without an offset; without, the file's zone counts.</summary>
    /// <returns>The moment in UTC, or null when it is none.</returns>
    public DateTimeOffset? Read(string? text)
    {
        var match = Iso().Match(text?.Trim() ?? "");
        if (!match.Success || !DateTime.TryParse(match.Groups["local"].Value.Replace('T', ' '), CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return null;
        }

        var offset = match.Groups["offset"].Value;
        if (offset.Length == 0)
        {
            return zone.IsInvalidTime(local) ? null : new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
        }

        if (offset is "Z" or "z")
        {
            return new DateTimeOffset(local, TimeSpan.Zero);
        }

        return DateTimeOffset.TryParse($"{local:yyyy-MM-ddTHH:mm:ss.fffffff}{offset}", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at.ToUniversalTime() : null;
    }

    [GeneratedRegex(@"^(?<local>\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?)\s?(?<offset>Z|z|[+-]\d{2}:?\d{2})?$")]
    private static partial Regex Iso();
}
