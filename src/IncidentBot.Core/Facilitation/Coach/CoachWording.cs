using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Facilitation.Coach;

/// <summary>Words of the coach, kind and short.</summary>
internal static partial class CoachWording
{
    // No platform's field takes more.
    private const int LongestInForm = 2900;

    public const string Unchanged = "The words stay as they are. Thank you for having looked at them again.";
    public const string Reworded = "Your words are changed in the review. Your message in the chat is unchanged; edit it there if you like.";
    public const string TextMissing = "Some words are needed. To take the whole answer back, delete your message.";

    public static Card Advice(Incident incident, ReviewAnswer answer, LintFinding finding)
    {
        var idea = Idea(answer.Text.Plain, finding);
        return new()
        {
            Title = "Only for you: one thought about the wording",
            Parts =
            [
                new TextPart(RichText.Of($"“{RichText.Briefly(Around(answer.Text.Plain, finding), 200)}”")),
                new TextPart(finding.Message),
                .. finding.Rewrite is { } rewrite ? new[] { new TextPart($"For example: {rewrite}", Quiet: true) } : [],
                new TextPart("Nobody else sees this, and you are not asked again about this answer.", Quiet: true),
            ],
            Buttons =
            [
                .. Whole(answer.Text.Plain, finding) is null ? [] : new[] { new CardButton(RewordAnswer.TakeKey, "Take these words", $"{incident.Id}:{answer.Id}", Tone.Primary) },
                .. answer.Text.Plain.Length > LongestInForm ? [] : new[] { new CardButton(RewordAnswer.OpenKey, "Reword it", $"{incident.Id}:{answer.Id}", Whole(answer.Text.Plain, finding) is null ? Tone.Primary : Tone.Neutral) },
                .. idea is null ? [] : new[] { new CardButton(RewordAnswer.ParkKey, $"Park as an idea: {RichText.Briefly(idea, 40)}", $"{incident.Id}:{answer.Id}") },
                new(RewordAnswer.KeepKey, "Leave it as it is", $"{incident.Id}:{answer.Id}"),
            ],
        };
    }

    /// <summary>The fix that hides in “should have”: an idea for the actions.</summary>
    public static string? Idea(string text, LintFinding finding)
    {
        if (finding.Rule != "counterfactual")
        {
            return null;
        }

        var match = Wish().Match(text[finding.Start..]);
        return match.Success && ActionLint.ImperativeOf(match.Groups["verb"].Value, CoachWords.English) is { } verb ? $"{verb} {match.Groups["what"].Value.Trim()}" : null;
    }

    /// <summary>The answer with the proposed sentence in the place of the one that the finding is in; null where only the author can find the words.</summary>
    public static string? Whole(string text, LintFinding finding) =>
        finding.Rewrite is { Length: > 0 } rewrite && !rewrite.Contains('…') && Around(text, finding) is { Length: > 0 } sentence ? text.Replace(sentence, rewrite, StringComparison.Ordinal) : null;

    public static Form Reword(Incident incident, ReviewAnswer answer, LintFinding? finding) => new(
        RewordAnswer.FormKey, "Reword your answer", "Save", [new(RewordAnswer.Text, "In the review it says", FieldKind.Paragraph, answer.Text.Plain, Required: true, Hint: finding?.Rewrite)], $"{incident.Id}:{answer.Id}", finding?.Message);

    public static Card Rules(IReadOnlyList<SilencedRule> off) => new()
    {
        Title = "The coach",
        Parts =
        [
            new TextPart("I ask back once, and never while an incident goes on: privately where wording puts a cause on a person, in the thread where a cause stops early, and on the receipt where an action cannot be finished."),
            .. off.Count == 0 ? [new TextPart("All rules are on.")] : new CardPart[] { new HeadingPart("Switched off here"), new RowsPart([.. off.Select(o => new Fact(o.Rule, $"by {o.ByName} on {o.At:yyyy-MM-dd}"))]) },
            new TextPart("/incident coach off S6 switches a rule off for this workspace, /incident coach on S6 on again; /incident coach rules lists them.", Quiet: true),
        ],
    };

    public static Card AllRules(IReadOnlyCollection<string> off) => new()
    {
        Title = "Rules of the coach",
        Parts = [new RowsPart([.. CoachWords.English.Rules.Select(r => new Fact(off.Contains(r.Rule) ? $"{r.Rule} (off)" : r.Rule, r.Message))])],
    };

    public static string Switched(string rule, bool on) => on ? $"Rule {rule} is on again." : $"Rule {rule} is off in this workspace: nobody is asked about it. `/incident coach on {rule}` brings it back.";

    // "Should not have" is no idea of what to do.
    [GeneratedRegex(@"^(?:should|could|ought to|needed to) (?:\w+ly )?have (?:\w+ly )?(?<verb>\w+ed) (?<what>[^.;!?\n]{3,160})", RegexOptions.IgnoreCase)]
    private static partial Regex Wish();

    // The sentence around the finding.
    private static string Around(string text, LintFinding finding)
    {
        if (finding.Length == 0)
        {
            return text;
        }

        var start = text.LastIndexOfAny(['.', '!', '?', '\n'], Math.Max(0, finding.Start - 1)) + 1;
        var end = text.IndexOfAny(['.', '!', '?', '\n'], Math.Min(text.Length, finding.Start + finding.Length));
        return text[start..(end < 0 ? text.Length : end + 1)].Trim();
    }
}
