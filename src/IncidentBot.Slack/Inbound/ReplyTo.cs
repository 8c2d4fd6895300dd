using IncidentBot.Core.Chat;
using IncidentBot.Slack.Install;

namespace IncidentBot.Slack.Inbound;

/// <summary>The database took nothing; the words are given back.</summary>
public sealed record NothingSaved(string? Typed) : Refusal
{
    public override string Sentence => string.IsNullOrWhiteSpace(Typed)
        ? "Nothing could be saved at the moment. Please do it again in a minute."
        : $"Nothing could be saved at the moment. Please send it again in a minute; you typed: /incident {RichText.Briefly(SlackText.Unescape(Typed), 2500)}";
}

/// <summary>To whom and where an answer goes.</summary>
/// <param name="Typed">What was typed, to give it back when nothing was saved.</param>
public sealed record ReplyTo(Installed Where, PersonRef By, Place Place, string? ResponseUrl, string? TriggerId, string? Typed = null)
{
    /// <summary>The view that was submitted.</summary>
    public string? ViewId { get; init; }

    public string? FirstField { get; init; }

    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>What was entered into the view, by label, to give it back when it was not taken.</summary>
    public IReadOnlyList<(string Label, string Value)> Entered { get; init; } = [];

    public bool FromHome { get; init; }

    /// <summary>True when the button stood in an answer that only this person sees.</summary>
    public bool FromEphemeral { get; init; }
}
