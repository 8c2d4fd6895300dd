using System.Collections.Immutable;
using IncidentBot.Core.ActionItems.Handling;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;

namespace IncidentBot.Core.ActionItems.Chasing;

/// <summary>Words of what is recalled to others than the owner.</summary>
internal static class ChaseWording
{
    private const int MostRows = 15;

    public static Card Escalated(ActionItem item, DateTimeOffset now) => new()
    {
        Title = $"{item.FullCode} needs a hand",
        Parts =
        [
            new TextPart(item.Text),
            new FactsPart([new("Owner", item.OwnerName ?? "nobody"), new("Due", $"{item.Due:yyyy-MM-dd}, {DateOnly.FromDateTime(now.UtcDateTime).DayNumber - item.Due!.Value.DayNumber} days ago"), new("Recalled", $"{item.Missed} {(item.Missed == 1 ? "time" : "times")} without an answer"), .. item.Moves == 0 ? Array.Empty<Fact>() : [new Fact("New dates", $"{item.Moves}")]]),
            new TextPart("Perhaps it is too big, waits for somebody, or is not wanted any more. A word with its owner often helps more than a reminder.", Quiet: true),
        ],
        Buttons = [new(HandOver.OpenKey, "Hand over", $"{item.Id}"), new(MoveDate.OpenKey, "New date", $"{item.Id}"), new(DropItem.OpenKey, "Not doing", $"{item.Id}")],
    };

    public static Card Unowned(ActionItem item) => new()
    {
        Title = $"{item.FullCode} has no owner yet",
        Parts = [new TextPart(item.Text), new TextPart(item.Team is null ? "Who will do it?" : $"It stands with the team {item.Team}; one person makes it happen.")],
        Buttons = [new(HandOver.OpenKey, "Give it to somebody", $"{item.Id}", Tone.Primary), new(HandOver.AdoptKey, "I take it", $"{item.Id}"), new(DropItem.OpenKey, "Not doing", $"{item.Id}")],
    };

    public static Card Outside(ActionItem item, Person owner) => new()
    {
        Title = $"{item.FullCode}: its owner cannot see it",
        Parts = [new TextPart(item.Text), new TextPart(owner.IsGuest ? $"It is {owner.Name}'s, who is a guest; guests own no actions. Who takes it?" : $"It is {owner.Name}'s, who is not in this private incident and so hears nothing of it. Bring them in with /incident invite in its room, or give it to somebody else.")],
        Buttons = [new(HandOver.OpenKey, "Give it to somebody", $"{item.Id}", Tone.Primary), new(HandOver.AdoptKey, "I take it", $"{item.Id}")],
    };

    public static Card Orphaned(ActionItem item, Person left) => new()
    {
        Title = $"{item.FullCode} looks for a new owner",
        Parts = [new TextPart(item.Text), new TextPart($"It was {left.Name}'s, whose account is deactivated{(item.Due is { } due ? $"; it is due {due:yyyy-MM-dd}" : "")}. Who takes it?")],
        Buttons = [new(HandOver.AdoptKey, "I take it", $"{item.Id}", Tone.Primary), new(HandOver.OpenKey, "Give it to somebody", $"{item.Id}")],
    };

    public static Card Weekly(IReadOnlyList<ActionItem> open, IReadOnlyList<ActionItem> finished, DateOnly today)
    {
        var overdue = open.Where(i => i.Due < today).OrderBy(i => i.Due).ToList();
        var unowned = open.Where(i => i.OwnerId is null).OrderBy(i => i.Id).ToList();
        return new()
        {
            Title = $"Actions this week: {open.Count} open, {overdue.Count} overdue, {finished.Count} finished",
            Tone = finished.Count > 0 ? Tone.Good : Tone.Neutral,
            Parts =
            [
                .. finished.Count == 0 ? [] : new CardPart[] { new HeadingPart("Finished, thank you"), Rows(finished, i => $"{i.Text} — {i.OwnerName ?? "somebody"}") },
                .. overdue.Count == 0 ? [] : new CardPart[] { new HeadingPart("Overdue"), Rows(overdue, i => $"{i.Text} — {i.OwnerName ?? "no owner"}, due {i.Due:yyyy-MM-dd}{Waits(i)}") },
                .. unowned.Count == 0 ? [] : new CardPart[] { new HeadingPart("Without an owner: who takes one?"), Rows(unowned, i => i.Text) },
                .. unowned.Take(3).Select(i => new ButtonsPart(i.FullCode, [new(HandOver.AdoptKey, $"I take {i.FullCode}", $"{i.Id}")])),
                new TextPart("/incident actions open lists them; the workbook on the start page has all.", Quiet: true),
            ],
        };
    }

    public static Card Monthly(IReadOnlyList<ActionItem> open, DateOnly today) => new()
    {
        Title = $"Monthly review of open actions: {open.Count}",
        Parts =
        [
            new TextPart($"{open.Count(i => i.Due < today)} are overdue, {open.Count(i => i.Moves > 1)} were moved more than once, {open.Count(i => i.State == ActionState.Blocked)} are blocked; the oldest is {open.Max(i => today.DayNumber - DateOnly.FromDateTime(i.CreatedAt.UtcDateTime).DayNumber)} days old. Which of them are still wanted?"),
            Rows([.. open.OrderBy(i => i.CreatedAt)], i => $"{i.Text} — {i.OwnerName ?? "no owner"}, {(i.Due is { } due ? $"due {due:yyyy-MM-dd}" : "no date")}{Waits(i)}, {today.DayNumber - DateOnly.FromDateTime(i.CreatedAt.UtcDateTime).DayNumber} days old", 30),
        ],
    };

    public static Card Quarterly(IReadOnlyList<(string Class, IReadOnlyList<Incident> Incidents, IReadOnlyList<ActionItem> Open)> classes, string quarter) => new()
    {
        Title = $"Recurring incidents, {quarter}",
        Parts =
        [
            new TextPart("These classes came more than once. What is open against them decides whether they come again."),
            .. classes.SelectMany(c => new CardPart[]
            {
                new HeadingPart($"{c.Class}: {c.Incidents.Count} incidents"),
                new TextPart(string.Join(", ", c.Incidents.Take(10).Select(i => $"{i.Code} {RichText.Briefly(i.Title, 50)}"))),
                c.Open.Count == 0 ? new TextPart("No action is open against it: what would end the class?") : Rows(c.Open, i => $"{i.Text} — {i.OwnerName ?? "no owner"}, {(i.Due is { } due ? $"due {due:yyyy-MM-dd}" : "no date")}"),
            }),
        ],
    };

    public static Card WouldHavePrevented(Incident now, Incident then, IReadOnlyList<ActionItem> items, int times) => new()
    {
        Title = times > 2 ? $"{now.Class} for the {Ordinal(times)} time" : $"{now.Class} again",
        Tone = Tone.Danger,
        Parts =
        [
            new TextPart($"{now.Code} “{now.Title}” is of the same class as {then.Code} “{then.Title}”, and this was to prevent it and is still open:"),
            Rows(items, i => $"{i.Text} — {i.OwnerName ?? "no owner"}, {(i.Due is { } due ? $"due {due:yyyy-MM-dd}" : "no date")}"),
            new TextPart("They are P1 from now on.", Quiet: true),
        ],
    };

    public static string UrgentNote(ActionItem item, Incident because) =>
        $"{item.Code} is P1 from now on{(item.Due is { } due ? $", due {due:yyyy-MM-dd}" : "")}: {because.Code} is of the same class";

    public static string ManagementEntry(Card card) => $"Management review: {card.Title}";

    public static Card Management(Incident incident, int times, int open) => new()
    {
        Title = $"{incident.Class}: {times} incidents in half a year",
        Tone = Tone.Danger,
        Parts = [new TextPart($"{incident.Code} “{incident.Title}” is the {Ordinal(times)} of its class. What was decided after the others has not ended it; {(open == 0 ? "no action is open against it" : $"{open} {(open == 1 ? "action is" : "actions are")} open against it")}. This wants a decision of those who set priorities.")],
    };

    private static RowsPart Rows(IReadOnlyList<ActionItem> items, Func<ActionItem, string> line, int most = MostRows) =>
        new([.. items.Take(most).Select(i => new Fact(i.FullCode, line(i))), .. items.Count > most ? ImmutableArray.Create(new Fact("…", $"and {items.Count - most} more")) : []]);

    private static string Waits(ActionItem item) => item.State == ActionState.Blocked ? $", waits for {item.BlockedBy}" : "";

    private static string Ordinal(int n) => Facilitation.ReviewPolicy.Ordinal(n);
}
