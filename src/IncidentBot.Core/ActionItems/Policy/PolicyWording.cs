using IncidentBot.Core.Chat;

namespace IncidentBot.Core.ActionItems.Policy;

/// <summary>Words around the policy of follow-ups.</summary>
internal static class PolicyWording
{
    public static Card Book(PolicyBook book)
    {
        var usual = book.Usual;
        return new()
        {
            Title = "How action items are followed up",
            Parts =
            [
                new FactsPart(
                [
                    new("Has an owner within", usual.AssignWithin.Spoken),
                    .. usual.CompleteWithin.OrderBy(c => c.Key).Select(c => new Fact($"P{c.Key} is done within", c.Value.Spoken)),
                    new("Recalled", string.Join(", ", usual.Remind.Select(Day))),
                    new("Unanswered", $"after {usual.EscalateAfter} {(usual.EscalateAfter == 1 ? "recall" : "recalls")} somebody else is told: {usual.EscalateTo}"),
                    new("Weekly digest", $"{usual.Digest}, in each owner's zone"),
                ]),
                .. book.Rules.Count == 0 ? [] : new CardPart[] { new HeadingPart("Instead"), new RowsPart([.. book.Rules.Select(r => new Fact(r.Scope, $"{Says(r)} · set by {r.SetByName} on {r.SetAt:yyyy-MM-dd}"))]) },
                new TextPart("Administrators change it: /incident policy complete 10d for SEV1 P1 · assign 2bd · remind -2 0 1 · escalate 2 to @person for TEAM · report off · complete usual for SEV1 P1 takes it back. You see first which dates it would move.", Quiet: true),
            ],
        };
    }

    public static Card Preview(FollowUpRule rule, bool isUsual, string words, IReadOnlyList<(ActionItem Item, DateOnly To)> moves, int all) => new()
    {
        Title = isUsual ? $"For {rule.Scope}: what is usual, again" : $"For {rule.Scope}: {Says(rule)}",
        Parts =
        [
            new TextPart(all == 0 ? "No date of an open item moves by this. Dates that people have named stay in any case."
                : $"{(all == 1 ? "The date of 1 open item" : $"The dates of {all} open items")} would move, as {(all == 1 ? "it came" : "they came")} from the policy; dates that people have named stay."),
            .. moves.Count == 0 ? [] : new[] { new RowsPart([.. moves.Select(m => new Fact(m.Item.FullCode, $"{m.Item.Due:yyyy-MM-dd} → {m.To:yyyy-MM-dd} · {m.Item.OwnerName ?? "no owner"} · {RichText.Briefly(m.Item.Text, 80)}"))]) },
            .. all > moves.Count ? new[] { new TextPart($"and {all - moves.Count} more", Quiet: true) } : [],
            new TextPart("Nothing is changed yet.", Quiet: true),
        ],
        Buttons =
        [
            .. all == 0 ? Array.Empty<CardButton>() : [new CardButton(SetPolicy.SetAndMoveKey, all == 1 ? "Set it, and move the date" : $"Set it, and move {all} dates", words, Tone.Primary)],
            new(SetPolicy.SetKey, all == 0 ? "Set it" : "Set it for new items", words, all == 0 ? Tone.Primary : Tone.Neutral),
        ],
    };

    public static string MovedNote(ActionItem item, DateOnly to) => $"date moved by policy from {item.Due:yyyy-MM-dd} to {to:yyyy-MM-dd}";

    public static string Set(FollowUpRule rule, bool isUsual, int moved) => $"{(isUsual ? $"For {rule.Scope} what is usual holds again" : $"For {rule.Scope} it holds now: {Says(rule)}")}.{(moved == 0 ? "" : $" {moved} {(moved == 1 ? "date has" : "dates have")} moved; the history of each item says so.")}";

    private static string Says(FollowUpRule rule) => string.Join(", ", new[]
    {
        rule.AssignWithin is { } assign ? $"an owner within {DaySpan.Read(assign)?.Spoken}" : null,
        rule.CompleteWithin is { } complete ? $"done within {DaySpan.Read(complete)?.Spoken}" : null,
        rule.Remind is { } remind ? $"recalled {string.Join(", ", remind.Split(' ').Select(d => Day(int.Parse(d, System.Globalization.CultureInfo.InvariantCulture))))}" : null,
        rule.EscalateAfter is { } after ? $"after {after} {(after == 1 ? "recall" : "recalls")} without an answer somebody else is told" : null,
        rule.EscalateTo is { } to ? $"told then: {rule.EscalateToName ?? to}" : null,
        rule.Report is { } report ? report ? "in the weekly overview" : "not in the weekly overview" : null,
    }.OfType<string>());

    private static string Day(int day) => day switch { 0 => "on the day", < 0 => $"{-day} {(day == -1 ? "day" : "days")} before", _ => $"{day} {(day == 1 ? "day" : "days")} after" };
}
