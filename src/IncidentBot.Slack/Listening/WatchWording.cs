namespace IncidentBot.Slack.Listening;

/// <summary>Words about gaps.</summary>
internal static class WatchWording
{
    public static string Gap(DateTimeOffset from, DateTimeOffset to, int messages) =>
        $"The bot did not listen from {from:yyyy-MM-dd HH:mm} to {to:HH:mm} UTC; {(messages == 0 ? "no message of that time was missing" : $"{messages} {(messages == 1 ? "message" : "messages")} of that time {(messages == 1 ? "was" : "were")} read afterwards")}. Deletions and pins taken off meanwhile cannot be known.";

    public static string NotRead(DateTimeOffset from, DateTimeOffset to, string why) =>
        $"The bot did not listen from {from:yyyy-MM-dd HH:mm} to {to:HH:mm} UTC, and Slack did not let it read that time again ({why}): messages may be missing.";
}
