using System.Text.RegularExpressions;
using IncidentBot.Core.ActionItems.Handling;
using IncidentBot.Core.Chat;

namespace IncidentBot.Core.ActionItems;

/// <summary>What can be said of an item in words: <c>action AI-2 blocked by the vendor</c>.</summary>
internal static partial class ItemActs
{
    private static readonly Dictionary<string, string> Verbs = new(StringComparer.OrdinalIgnoreCase)
    {
        ["done"] = "done",
        ["in progress"] = WorkOnItem.ProgressVerb,
        ["started"] = WorkOnItem.ProgressVerb,
        ["blocked"] = WorkOnItem.BlockVerb,
        ["snooze"] = WorkOnItem.SnoozeVerb,
        ["date"] = MoveDate.Verb,
        ["new date"] = MoveDate.Verb,
        ["hand over"] = HandOver.Verb,
        ["handover"] = HandOver.Verb,
        ["take"] = HandOver.TakeVerb,
        ["not doing"] = DropItem.Verb,
        ["verify"] = VerifyItem.Verb,
        ["verified"] = VerifyItem.Verb,
        ["reopen"] = VerifyItem.AgainVerb,
        ["history"] = ShowHistory.Verb,
    };

    /// <returns>The command that is meant, or null where the words are those of an item.</returns>
    public static CommandInvoked? Read(CommandInvoked e)
    {
        var match = Form().Match(e.Text.Plain);
        if (!match.Success || !Verbs.TryGetValue(Spaces().Replace(match.Groups["act"].Value, " "), out var verb))
        {
            return null;
        }

        var rest = e.Text.From(match.Groups["act"].Index + match.Groups["act"].Length);
        return e with { Verb = verb, Text = new([new Span(SpanKind.Plain, match.Groups["item"].Value + " "), .. rest.Spans]) };
    }

    [GeneratedRegex(@"^\s*(?<item>(?:INC-\d{4}-\d{1,7}/)?AI-?\d{1,5})[\s:]+(?:(?<act>done|in\s+progress|started|blocked|new\s+date|date|hand\s*over|not\s+doing|verify|verified|reopen)\b|(?<act>take|snooze|history)[\s.!]*$)", RegexOptions.IgnoreCase)]
    private static partial Regex Form();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
