namespace IncidentBot.Slack.Listening;

/// <summary>Words about gaps.</summary>
internal static class WatchWording
{
    public static string Gap(DateTimeOffset from, DateTimeOffset to, int messages) =>
        $"{Span(from, to)} not everything in Slack may have reached the bot; {(messages == 0 ? "no message of that time was missing" : $"{messages} {(messages == 1 ? "message" : "messages")} {(messages == 1 ? "was" : "were")} read afterwards")}. Deletions and pins taken off meanwhile cannot be known.";

    public static string NotRead(DateTimeOffset from, DateTimeOffset to, string why) =>
        $"{Span(from, to)} not everything in Slack may have reached the bot, and Slack did not let it read that time again ({why}): messages may be missing.";

    private static string Span(DateTimeOffset from, DateTimeOffset to) =>
        from.UtcDateTime.Date == to.UtcDateTime.Date ? $"From {from:yyyy-MM-dd HH:mm} to {to:HH:mm} UTC" : $"From {from:yyyy-MM-dd HH:mm} to {to:yyyy-MM-dd HH:mm} UTC";
}
