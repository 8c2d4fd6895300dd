using System.Collections.Immutable;
using IncidentBot.Core.Chat;

namespace IncidentBot.Core.ActionItems.Handling;

/// <summary>The short forms in which an item is answered.</summary>
internal static class HandlingForms
{
    public static Form Finish(ActionItem item) => new(FinishItem.FormKey, $"{item.Code} is done", "Done", [
        new(FinishItem.Link, "Where does one see it?", Value: item.Ticket, Hint: "A link or a ticket: the change, the dashboard, the runbook."),
        new(FinishItem.How, "How did you check that it works?", FieldKind.Paragraph, item.Verification, Hint: item.SuccessCriteria is { } goal ? $"It was to be done when: {goal}" : "One sentence is enough; somebody else looks at it too."),
    ], $"{item.Id}", Said(item));

    public static Form NotYet(ActionItem item) => new(VerifyItem.FormKey, $"{item.Code} does not work yet", "Open it again", [
        new(VerifyItem.Why, "What is still missing?", FieldKind.Paragraph, Required: true, Hint: "Its owner reads it."),
    ], $"{item.Id}", Said(item));

    public static Form Date(ActionItem item) => new(MoveDate.FormKey, $"New date for {item.Code}", "Move it", [
        new(MoveDate.Due, "By when?", Required: true, Hint: "friday, in two weeks, 30 Nov or 2026-11-30."),
        new(MoveDate.Why, "What has changed?", FieldKind.Paragraph, Required: true, Hint: item.Moves == 0 ? "It stands in the history of the action." : $"It was moved {item.Moves} {(item.Moves == 1 ? "time" : "times")} before."),
    ], $"{item.Id}", Said(item));

    public static Form Block(ActionItem item) => new(WorkOnItem.BlockKey, $"{item.Code} is blocked", "Save", [
        new(WorkOnItem.By, "Whom or what does it wait for?", Required: true, Hint: "A person, a team, a delivery, a decision."),
    ], $"{item.Id}", Said(item));

    public static Form HandOver(ActionItem item) => new(ActionItems.Handling.HandOver.FormKey, $"Hand {item.Code} over", "Offer it", [
        new(ActionItems.Handling.HandOver.To, "To whom?", FieldKind.Person, Required: true, Hint: "It stays yours until they accept."),
        new(ActionItems.Handling.HandOver.Note, "A word to them", FieldKind.Paragraph),
    ], $"{item.Id}", Said(item));

    public static Form Drop(ActionItem item) => new(DropItem.FormKey, $"{item.Code} is not done", "Ask", [
        new(DropItem.Why, "For which reason?", FieldKind.Paragraph, Required: true, Hint: "The incident's commander or facilitator agrees, and the document prints it."),
    ], $"{item.Id}", Said(item));

    public static FieldErrorsAnswer Wrong(string field, string what) => new(ImmutableDictionary<string, string>.Empty.Add(field, what));

    private static string Said(ActionItem item) => RichText.Briefly($"{item.FullCode}: {item.Text}", 600);
}
