namespace IncidentBot.Core.Facilitation.Coach;

/// <summary>How much a finding weighs: a tip may be passed over, an error asks for other words.</summary>
public enum LintLevel
{
    Tip,
    Info,
    Warn,
    Error,
}

/// <summary>Something in a text that a better question would open.</summary>
/// <param name="Rule">The rule's id, which never changes its meaning.</param>
/// <param name="Start">Where the words begin, in characters; with <paramref name="Length"/> 0 it is about the text as a whole.</param>
/// <param name="Message">The question that is asked, never a verdict.</param>
/// <param name="Rewrite">Words that could stand instead; null when only the author can find them.</param>
public sealed record LintFinding(string Rule, LintLevel Level, int Start, int Length, string Message, string? Rewrite)
{
    /// <summary>True for what is said aloud, rather than shown as a tip.</summary>
    public bool IsRaised => Level >= LintLevel.Warn;
}
