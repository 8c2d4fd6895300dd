using IncidentBot.Core.ActionItems.Handling;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Coach;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;

namespace IncidentBot.Core.ActionItems;

/// <summary>Words around action items.</summary>
internal static class ActionWording
{
    public const string DateNotUnderstood = "I do not understand this date. Write friday, in two weeks, 30 Nov or 2026-11-30.";

    public static string State(ActionState state) => state.Word().Replace('-', ' ');

    public static string Kept(ActionItem item) => $"Action {item.Code} kept: {item.Text}";

    public static string Changed(ActionItem item) =>
        $"Action {item.Code} {ChangedTo(item)}";

    /// <summary>How the history begins.</summary>
    public const string KeptNote = "kept";

    public const string AcceptedNote = "accepted as it is";

    public const string TakenBackNote = "taken back";

    public const string AnswerGoneNote = "the answer that proposed it was taken back";

    public const string AnswerEditedNote = "the answer was edited";

    public static string AcceptedEntry(ActionItem item, string why) => $"Action {item.Code} accepted as it is: {why}";

    public static string TakenBack(ActionItem item) => $"Action {item.Code} taken back: {item.Text}";

    public static string NoAction(string words) =>
        $"“{RichText.Briefly(words, 60)}” is kept as an answer and not as an action: an action begins with a verb, or names an owner or a date. For example: Add an alert at 80% pool use @sarah due friday P1 detect.";

    public static string DateUnknown(ActionItem item, string said) => $"{item.Code} is kept, but I do not understand its date (“{RichText.Briefly(said, 40)}”). {DateNotUnderstood}";

    public static string DoneNote(ActionItem item) => $"done{(item.CompletedLink is null ? "" : $" ({item.CompletedLink})")}";

    public static string ChangedTo(ActionItem item) =>
        $"changed: {item.Text} — {item.OwnerName ?? item.Team ?? "no owner"}, {(item.Due is { } due ? $"due {due:yyyy-MM-dd}" : "no date")}";

    public static string DoneEntry(ActionItem item) => $"Action {item.Code} done: {item.Text}{(item.CompletedLink is null ? "" : $" ({item.CompletedLink})")}";

    public static string Done(ActionItem item) => $"{item.FullCode} is done: {item.Text}. Thank you.{(item.VerifierId is null ? "" : " Somebody else is asked whether it works.")}";

    public static string StillNeeds(ActionItem item)
    {
        string?[] missing = [item.OwnerName is null ? "an owner" : null, item.Due is null ? "a date" : null, item.Type is null ? "a type" : null, item.Priority is null ? "a priority" : null];
        var needs = string.Join(", ", missing.OfType<string>());
        return needs.Length == 0 ? $"{item.Code} is kept as proposed: its words leave open when it is done. Other words: /incident action {item.Code} TEXT"
            : $"{item.Code} is kept as proposed; it still needs {needs}: /incident action {item.Code} @name due friday P1 prevent";
    }

    public static Card AnswerGone(Incident incident, ActionItem item) => new()
    {
        Title = $"{incident.Code}/{item.Code}: its proposal was taken back",
        Parts = [new TextPart(item.Text), new TextPart("The answer in the review from which it came is gone. It stays yours until you decide.", Quiet: true)],
        Buttons = [new(MoveDate.OpenKey, "New date", $"{item.Id}"), new(HandOver.OpenKey, "Hand over", $"{item.Id}"), new(DropItem.OpenKey, "Not doing", $"{item.Id}")],
    };

    public static string Twin(ActionItem twin) => $"{twin.Incident!.Code}/{twin.Code} is open and nearly the same (“{RichText.Briefly(twin.Text, 120)}”). Is this one more sign that it is wanted, or can one of them go?";

    /// <param name="advice">What the coach asks about it.</param>
    public static Card Receipt(Incident incident, ActionItem item, string? dueNotUnderstood, IReadOnlyList<LintFinding> advice, WorkingDay working)
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
                .. missing.Length == 0 ? [] : new[] { new TextPart($"It still needs {string.Join(", ", missing)}: /incident action {item.Code} @name due friday", Quiet: true) },
                .. advice.Select(a => new TextPart(ItemAdvice.WholeOf(a) is { } whole ? $"{a.Message} Perhaps: “{RichText.Briefly(whole, 300)}”" : a.Message, Quiet: true)),
                .. item.DueByPolicy && item.Due is not null ? new[] { new TextPart($"The date is that of the policy; /incident action {item.Code} due friday sets another.", Quiet: true) } : [],
                .. item.State != ActionState.Proposed || incident.IsOpen ? [] : new[] { new TextPart($"Until then it is proposed. To accept it as it is: /incident review accept {item.Code} because REASON", Quiet: true) },
                .. advice.Count == 0 ? [] : new[] { new TextPart($"Other words: /incident action {item.Code} TEXT", Quiet: true) },
            ],
            Buttons =
            [
                .. advice.Any(a => a.Rule == FillItem.DayRule) && item.Due is { } day ? [new CardButton(MoveDate.DayBeforeKey, $"Use {working.LastWorkingDay(day):dddd yyyy-MM-dd}", item.Key)] : Array.Empty<CardButton>(),
                .. !incident.IsOpen && FillItem.Missing(item) is { } fill ? [new CardButton(FillItem.Key, $"Fill in {fill}", item.Key)] : Array.Empty<CardButton>(),
                .. advice.Any(a => ItemAdvice.WholeOf(a) is not null) ? [new CardButton(RewriteItem.Key, "Take these words", item.Key)] : Array.Empty<CardButton>(),
                .. incident.IsOpen || !item.IsOpen ? [] : new[] { new CardButton(DescribeItem.OpenKey, $"All fields of {item.Code}", $"{incident.Id}:{item.Code}") },
            ],
        };
    }

    public static Card Several(Incident incident, IReadOnlyList<ActionItem> kept, DateOnly today) => new()
    {
        Title = $"{kept.Count} actions of {incident.Code} kept",
        Tone = Tone.Good,
        Parts =
        [
            new RowsPart([.. kept.Select(a => new Fact(a.Code, $"{a.Text} — {a.OwnerName ?? a.Team ?? "no owner"} · {Standing(a, today)}"))]),
            .. kept.FirstOrDefault(a => a.State == ActionState.Proposed) is not { } lacks ? [] : new[] { new TextPart($"Those that are proposed still lack something: /incident action {lacks.Code} @name due friday P1 prevent completes one.", Quiet: true) },
        ],
    };

    public static Card List(string which, IReadOnlyList<ActionItem> items, int all, DateOnly today) => items.Count == 0
        ? Card.Words($"No action items ({which})", "/incident action TEXT keeps one.")
        : new()
        {
            Title = $"Action items ({which})",
            Parts =
            [
                new RowsPart([.. items.Select(a => new Fact(a.FullCode, $"{a.Text} — {a.OwnerName ?? a.Team ?? "no owner"} · {Standing(a, today)}"))]),
                .. all == items.Count ? [] : new[] { new TextPart($"and {all - items.Count} more; the workbook on the start page has all.", Quiet: true) },
            ],
        };

    public static Card History(ActionItem item, IReadOnlyList<ActionChange> changes) => new()
    {
        Title = $"{item.FullCode}: {RichText.Briefly(item.Text, 100)}",
        Parts =
        [
            new FactsPart([.. Facts(item), new("State", State(item.State))]),
            new RowsPart([.. changes.Select(c => new Fact($"{c.At:yyyy-MM-dd HH:mm} UTC", $"{c.What}{(c.Why is null ? "" : $": {c.Why}")} ({c.ByName})"))]),
        ],
    };

    public static Card Which(string verb, int number, IEnumerable<ActionItem> items, string rest) => new()
    {
        Title = $"Which AI-{number}?",
        Buttons = [.. items.Select(a => new CardButton(PickItem.Key, $"{a.FullCode} {RichText.Briefly(a.Text, 50)}", $"{verb}|{a.Id}|{rest}"))],
    };

    /// <summary>How far an item is, in a few words.</summary>
    public static string Standing(ActionItem item, DateOnly today)
    {
        var due = item.Due is { } day ? $"due {day:yyyy-MM-dd}{(day < today ? ", overdue" : "")}" : "no date";
        return item.State switch
        {
            ActionState.Open => due,
            ActionState.Proposed => item.Due is null ? "proposed" : $"proposed, {due}",
            ActionState.InProgress => $"in progress, {due}",
            ActionState.Blocked => $"waits for {item.BlockedBy}, {due}",
            ActionState.NotDoing => $"not done: {item.NotDoingBecause}",
            _ => item.State.Word(),
        };
    }

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
            ("With", item.Collaborators.Count == 0 ? null : string.Join(", ", item.Collaborators)), ("Kind of measure", item.Category?.Word().Replace('-', ' ')), ("Serves", item.Serves.Count == 0 ? null : string.Join(", ", item.Serves.Select(n => $"F{n}"))), ("Success criterion", item.SuccessCriteria),
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

        if (ActionLint.Strength(item.Text, CoachWords.English) is not ActionStrength.Intermediate and var strength)
        {
            yield return new("Strength", strength == ActionStrength.Weaker ? "weaker: it rests on people" : "stronger: the system makes it so");
        }
    }
}
