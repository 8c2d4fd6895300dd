using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Facilitation;

/// <summary>Reads what is wanted of a review, and goes on with it.</summary>
public sealed class LeadReview(FindReview find) : IHandle<CommandInvoked>
{
    private static readonly Dictionary<string, string> Meant = new(StringComparer.OrdinalIgnoreCase)
    {
        ["begin"] = "start",
        ["open"] = "start",
        ["continue"] = "next",
        ["end"] = "close",
        ["finish"] = "close",
        ["lead"] = "facilitate",
        ["progress"] = "status",
        ["why"] = "why",
        ["whys"] = "tree",
        ["causes"] = "tree",
        ["legal-hold"] = "hold",
        ["invite"] = "ask",
        ["quality"] = "score",
        ["rename"] = "edit",
        ["remove"] = "drop",
        ["delete"] = "drop",
        ["meet"] = "meeting",
    };

    /// <summary>Every word that may follow.</summary>
    public static readonly string[] Words =
    [
        "start", "next", "skip", "status", "close", "facilitate", "reopen", "ask", "join", "add", "summary", "findings", "edit", "drop", "merge", "accept", "statement", "tree", "why", "score", "due", "meeting", "hold", "release", "not-needed",
    ];

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        // In a thread of the review "@IncidentBot next" is enough.
        if (e.Verb is "next" or "skip")
        {
            return new GoOnAnswer(e with { Verb = $"review {e.Verb}" });
        }

        var word = e.Text.Plain.TrimStart().Split([' ', '\n', '\t'], 2)[0];
        if (word.Length == 0)
        {
            var found = await find.IncidentAsync(e, turn, stop);
            return found.Missed(out _) ? found.Answer : new GoOnAnswer(e with { Verb = "review status" });
        }

        var meant = Meant.GetValueOrDefault(word, word).ToLowerInvariant();
        var start = e.Text.Plain.IndexOf(word, StringComparison.Ordinal) + word.Length;
        return Words.Contains(meant) ? new GoOnAnswer(e with { Verb = $"review {meant}", Text = e.Text.From(start).Trim() }) : new UnknownReviewWord(word, Nearest.Of(word.ToLowerInvariant(), Words));
    }
}

/// <summary>Nothing that can be done with a review.</summary>
public sealed record UnknownReviewWord(string Word, string? Near) : Refusal
{
    public override string Sentence => $"I do not know `/incident review {RichText.Briefly(Word, 30)}`.{(Near is null ? "" : $" Did you mean `/incident review {Near}`?")} There are {string.Join(", ", LeadReview.Words)}; `/incident help review` says more.";
}
