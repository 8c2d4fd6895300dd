using IncidentBot.Core.Chat;

namespace IncidentBot.Slack.Outbound;

/// <summary>What sort of trouble a call of Slack met.</summary>
public enum SlackTrouble
{
    /// <summary>Slack refused the call as it stands; trying again cannot help.</summary>
    Refused,

    /// <summary>Too many calls; nothing was done.</summary>
    RateLimited,

    /// <summary>The token is no good any more, or there is none.</summary>
    Revoked,

    /// <summary>Nobody knows whether it was done: a time-out, a broken connection, an error on Slack's side.</summary>
    Unknown,
}

/// <summary>A call of Slack did not do what it should.</summary>
public sealed class SlackFault : Exception
{
    public SlackFault()
    {
    }

    public SlackFault(string message)
        : base(message)
    {
    }

    public SlackFault(string message, Exception inner)
        : base(message, inner)
    {
    }

    public SlackFault(SlackTrouble trouble, string error, string? detail = null, TimeSpan? retryAfter = null, Exception? inner = null)
        : base(detail is null ? error : $"{error}: {detail}", inner) => (Trouble, Error, RetryAfter) = (trouble, error, retryAfter);

    public SlackTrouble Trouble { get; }

    /// <summary>Slack's own word for it, such as <c>channel_not_found</c>.</summary>
    public string Error { get; } = "";

    /// <summary>How long to wait, for <see cref="SlackTrouble.RateLimited"/>.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>True when a part of what was to be done may have been done before.</summary>
    public bool Partly { get; init; }

    /// <summary>True when not even the connection came about.</summary>
    public bool Unsent { get; init; }

    /// <summary>The same as the courier understands it.</summary>
    /// <param name="begun">False when it came about before anything was begun.</param>
    public ChatFault ForCourier(bool begun = true) =>
        new(Message, Trouble is SlackTrouble.Refused or SlackTrouble.Revoked, RetryAfter, nothingSent: !begun || ((Trouble == SlackTrouble.RateLimited || Unsent) && !Partly)) { Gone = Error == "message_not_found" };
}
