using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Coach;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.ActionItems;

/// <summary>Words around action items.</summary>
internal static class ActionWording
{
    public const string DateNotUnderstood = "I do not understand this date. Write friday, in two weeks, 30 Nov or 2026-11-30.";

    public static string Kept(ActionItem item) => $"Action {item.Code} kept: {item.Text}";

    public static string Changed(ActionItem item) =>
        $"Action {item.Code} changed: {item.Text} — {item.OwnerName ?? item.Team ?? "no owner"}, {(item.Due is { } due ? $"due {due:yyyy-MM-dd}" : "no date")}";

    public static string DoneEntry(ActionItem item) => $"Action {item.Code} done: {item.Text}{(item.CompletedLink is null ? "" : $" ({item.CompletedLink})")}";

    public static string Done(ActionItem item) => $"{item.Incident!.Code}/{item.Code} is done: {item.Text}. Thank you.";

    public static string StillNeeds(ActionItem item)
    {
        string?[] missing = [item.OwnerName is null ? "an owner" : null, item.Due is null ? "a date" : null, item.Type is null ? "a type" : null, item.Priority is null ? "a priority" : null];
        var needs = string.Join(", ", missing.OfType<string>());
        return needs.Length == 0 ? $"{item.Code} is kept as proposed: its words leave open when it is done. Other words: /incident action {item.Code} TEXT"
            : $"{item.Code} is kept as proposed; it still needs {needs}: /incident action {item.Code} @person due friday P1 prevent";
    }

    public static string Twin(ActionItem twin) => $"{twin.Incident!.Code}/{twin.Code} is open and nearly the same (“{RichText.Briefly(twin.Text, 120)}”). Is this one more sign that it is wanted, or can one of them go?";

    /// <param name="advice">What the coach asks about it.</param>
    public static Card Receipt(Incident incident, ActionItem item, string? dueNotUnderstood, IReadOnlyList<LintFinding> advice)
    {
        string[] missing =
        [
            .. item.OwnerName is null && item.Team is null ? ["an owner (@person)"] : item.OwnerName is null ? ["one person as owner beside the team"] : Array.Empty<string>(),
            .. item.Due is null ? [dueNotUnderstood is null ? "a date (due friday)" : $"a date I understand (“{dueNotUnderstood}” stays in the words)"] : Array.Empty<string>(),
            .. item.Type is null && !incident.IsOpen ? ["a type (prevent, mitigate, detect, investigate or process)"] : Array.Empty<string>(),
            .. item.Priority is null && !incident.IsOpen ? ["a priority (P1, P2 or P3)"] : Array.Empty<string>(),
        ];
        return new()
        {
            Title = $"{incident.Code}/{item.Code} {(item.State == ActionState.Proposed ? "kept as proposed" : "kept")}",
            Tone = Tone.Good,
            Parts =
            [
                new TextPart(item.Text),
                new FactsPart([.. Facts(item)]),
                .. missing.Length == 0 ? [] : new[] { new TextPart($"It still needs {string.Join(", ", missing)}: /incident action {item.Code} @person due friday", Quiet: true) },
                .. advice.Select(a => new TextPart(ItemAdvice.WholeOf(a) is { } whole ? $"{a.Message} Perhaps: “{RichText.Briefly(whole, 300)}”" : a.Message, Quiet: true)),
                .. item.State != ActionState.Proposed || incident.IsOpen ? [] : new[] { new TextPart($"Until then it is proposed. To accept it as it is: /incident review accept {item.Code} because REASON", Quiet: true) },
                .. advice.Count == 0 ? [] : new[] { new TextPart($"Other words: /incident action {item.Code} TEXT", Quiet: true) },
            ],
            Buttons =
            [
                .. advice.Any(a => ItemAdvice.WholeOf(a) is not null) ? [new CardButton(RewriteItem.Key, "Take these words", $"{incident.Id}:{item.Number}")] : Array.Empty<CardButton>(),
                .. incident.IsOpen || item.State == ActionState.Done ? [] : new[] { new CardButton(DescribeItem.OpenKey, $"All fields of {item.Code}", $"{incident.Id}:{item.Code}") },
            ],
        };
    }

    public static Card List(string which, IReadOnlyList<ActionItem> items, DateOnly today) => items.Count == 0
        ? Card.Words($"No action items ({which})", "/incident action TEXT keeps one.")
        : new()
        {
            Title = $"Action items ({which})",
            Parts = [new RowsPart([.. items.Select(a => new Fact($"{a.Incident!.Code}/{a.Code}",
                $"{a.Text} — {a.OwnerName ?? a.Team ?? "no owner"} · {(a.State == ActionState.Done ? "done" : a.State == ActionState.Proposed ? $"proposed{(a.Due is { } by ? $", due {by:yyyy-MM-dd}" : "")}{(a.Due < today ? ", overdue" : "")}" : a.Due is { } due ? $"due {due:yyyy-MM-dd}{(due < today ? ", overdue" : "")}" : "no date")}"))])],
        };

    public static Card Which(int number, IEnumerable<ActionItem> items, string link) => new()
    {
        Title = $"Which AI-{number}?",
        Buttons = [.. items.Select(a => new CardButton(FinishItem.PickKey, $"{a.Incident!.Code}/{a.Code} {RichText.Briefly(a.Text, 50)}", $"{a.Id}|{link}"))],
    };

    private static IEnumerable<Fact> Facts(ActionItem item)
    {
        yield return new("Owner", item.OwnerName ?? item.Team ?? "nobody yet");
        yield return new("Due", item.Due?.ToString("yyyy-MM-dd dddd") ?? "no date yet");
        if (item.Priority is { } priority)
        {
            yield return new("Priority", $"P{priority}");
        }

        foreach (var (label, value) in new[]
        {
            ("Kind of measure", item.Category?.Word().Replace('-', ' ')), ("Serves", item.Serves.Count == 0 ? null : string.Join(", ", item.Serves.Select(n => $"F{n}"))), ("Success criterion", item.SuccessCriteria),
            ("Verification", item.Verification), ("Implementation", item.Implementation), ("Why", item.Why), ("Effort", item.Effort), ("Value", item.Value), ("Ticket", item.Ticket), ("Accepted because", item.AcceptedBecause),
        })
        {
            if (value is not null)
            {
                yield return new(label, value);
            }
        }

        if (item.Type is { } type)
        {
            yield return new("Type", type.Word());
        }
    }
}
