using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.ActionItems;

/// <summary>What was typed behind <c>action</c>: the words, and the owner, date, priority and type that end them.</summary>
public sealed partial record ActionWords(
    RichText Text, string? OwnerId, string? Team, DateOnly? Due, string? DueNotUnderstood, int? Priority, ActionType? Type)
{
    private RichText _kept = RichText.Empty;

    /// <summary>Takes owner, due date, priority and type off the end, in any order; words before them stay as written.</summary>
    public static ActionWords Read(RichText typed, DateOnly today)
    {
        var result = new ActionWords(typed.Trim(), null, null, null, null, null, null);
        if (result.Text.Spans is [{ Kind: SpanKind.User, Target: { } owner } first, _, ..])
        {
            result = result with { OwnerId = owner, Text = result.Text.From(first.Text.Length).Trim() };
        }

        while (result.TakeLast(today) is { } shorter)
        {
            result = shorter;
        }

        // "Document the rollback process" ends with a word of its own, not with a type.
        result = result._kept.IsBlank ? result : result with { Text = new RichText([.. result.Text.Spans, new Span(SpanKind.Plain, " "), .. result._kept.Spans]).Trim() };
        return result is { Type: not null, OwnerId: null, Team: null, Due: null, Priority: null }
            ? result with { Type = null, Text = typed.Trim() } : result;
    }

    private ActionWords? TakeLast(DateOnly today)
    {
        if (Text.Spans is [.., { Kind: SpanKind.User, Target: { } person } last] && OwnerId is null)
        {
            return this with { OwnerId = person, Text = Text.Slice(0, Text.Plain.Length - last.Text.Length).Trim() };
        }

        if (Priority is null && PriorityWord().Match(Text.Plain) is { Success: true } p)
        {
            return this with { Priority = p.Groups[1].Value[0] - '0', Text = Text.Slice(0, p.Index).Trim() };
        }

        if (Type is null && TypeWord().Match(Text.Plain) is { Success: true } t && Words.TryRead<ActionType>(Noun(t.Groups[1].Value), out var type))
        {
            return this with { Type = type, Text = Text.Slice(0, t.Index).Trim() };
        }

        if (Team is null && OwnerId is null && TeamWord().Match(Text.Plain) is { Success: true } team)
        {
            return this with { Team = team.Groups[1].Value, Text = Text.Slice(0, team.Index).Trim() };
        }

        if (Due is null && DueNotUnderstood is null && DueWords().Match(Text.Plain) is { Success: true } due)
        {
            var day = SpokenDate.Read(due.Groups[1].Value, today);
            day = day < today ? null : day;
            // What is not understood stays in the words, and what stands before it is read all the same.
            return this with { Due = day, DueNotUnderstood = day is null ? due.Groups[1].Value : null, Text = Text.Slice(0, due.Index).Trim(), _kept = day is null ? Text.From(due.Index).Trim() : _kept };
        }

        if (Due is null && DueNotUnderstood is null && ByWords().Match(Text.Plain) is { Success: true } by && SpokenDate.Read(by.Groups[1].Value, today) is { } on && on >= today)
        {
            return this with { Due = on, Text = Text.Slice(0, by.Index).Trim() };
        }

        return null;
    }

    [GeneratedRegex(@"(?:^|\s)[pP]([1-3])$")]
    private static partial Regex PriorityWord();

    [GeneratedRegex(@"(?:^|\s)(prevent|prevention|mitigate|mitigation|detect|detection|investigate|investigation|process)$", RegexOptions.IgnoreCase)]
    private static partial Regex TypeWord();

    [GeneratedRegex(@"(?:^|\s)@([\w.-]+)$")]
    private static partial Regex TeamWord();

    private static string Noun(string word) => word.ToLowerInvariant() switch { "prevention" => "prevent", "mitigation" => "mitigate", "detection" => "detect", "investigation" => "investigate", var same => same };

    [GeneratedRegex(@"(?:^|\s)by\s+((?:\S+\s+){0,4}\S+)$", RegexOptions.IgnoreCase | RegexOptions.RightToLeft)]
    private static partial Regex ByWords();

    [GeneratedRegex(@"(?:^|\s)due\s+((?:\S+\s+){0,4}\S+)$", RegexOptions.IgnoreCase | RegexOptions.RightToLeft)]
    private static partial Regex DueWords();
}
