using IncidentBot.Core.Chat;
using IncidentBot.Core.People;

namespace IncidentBot.Core.ActionItems.Handling;

/// <summary>Words about how action items go.</summary>
internal static class HandlingWording
{
    /// <summary>How the history begins to tell of an offer; it is found again by it.</summary>
    public const string OfferedTo = "offered to";

    /// <summary>How the history tells that somebody asks to drop an item; it is found again by it.</summary>
    public const string DropProposed = "proposed not to be done";

    public const string ProgressNote = "in progress";
    public const string VerifiedNote = "verified";
    public const string AgainNote = "open again";
    public const string DroppedNote = "not done";
    public const string StillWantedNote = "still wanted";
    public const string TakenNote = "taken";
    public const string DeclinedNote = "declined";
    public const string YoursAlready = "that is you, and it is yours already";
    public const string TheirsAlready = "it is theirs already";
    public const string GuestsOwnNone = "guests of other organisations own no actions";
    public const string Deactivated = "their account is deactivated";

    public const string NotYetWhy = "Say what is still missing, so that its owner can finish it.";
    public const string BlockedByWhom = "Say whom or what it waits for, so that somebody can help.";
    public const string DateIsPast = "That day has passed. Give a day from today on.";
    public const string DateWhy = "Say what has changed; one sentence is enough.";
    public const string ToWhom = "Name the person whose it shall be.";
    public const string DropReasonMissing = "Say why it is not worth doing any more; the document prints it.";

    public static Card Praise(ActionItem item, Person by, string? how) => new()
    {
        Title = $"{item.Code} is done 🎉",
        Tone = Tone.Good,
        Parts =
        [
            new TextPart(item.Text),
            new TextPart(RichText.WithLinks($"Thank you, {item.OwnerName ?? by.Name}.{(item.CompletedLink is null ? "" : $" {item.CompletedLink}")}{(how is null ? "" : $" Checked so: {how}")}")),
            new TextPart($"Has anybody but {item.OwnerName ?? by.Name} seen that it works?", Quiet: true),
        ],
        Buttons = Verifying(item),
    };

    public static Card AskToVerify(ActionItem item, string by, string? how) => new()
    {
        Title = $"Does {item.FullCode} work?",
        Parts =
        [
            new TextPart(item.Text),
            new FactsPart(
            [
                new("Done by", by),
                .. item.SuccessCriteria is { } goal ? [new Fact("To be done when", goal)] : Array.Empty<Fact>(),
                .. item.CompletedLink is { } link ? [new Fact("To be seen at", RichText.WithLinks(link))] : Array.Empty<Fact>(),
                .. (how ?? item.Verification) is { } check ? [new Fact("Checked so", check)] : Array.Empty<Fact>(),
            ]),
            new TextPart("Somebody other than its owner looks before it counts as verified.", Quiet: true),
        ],
        Buttons = Verifying(item),
    };

    public static System.Collections.Immutable.ImmutableArray<CardButton> Verifying(ActionItem item) =>
        [new(VerifyItem.Key, "It works", $"{item.Id}", Tone.Primary), new(VerifyItem.OpenNotYetKey, "Not yet", $"{item.Id}")];

    public static string VerifiedEntry(ActionItem item) => $"Action {item.Code} verified: {item.Text}";

    public static string VerifiedReceipt(ActionItem item) => $"{item.FullCode} counts as verified. Thank you for looking.";

    public static Card Verified(ActionItem item) => Card.Words($"{item.FullCode} is verified", $"{item.VerifiedByName} has seen that it works{(item.VerifiedHow is null ? "" : $": {item.VerifiedHow}")}. “{item.Text}” is finished. Thank you.");

    public static string AgainEntry(ActionItem item) => $"Action {item.Code} is open again";

    public static string AgainReceipt(ActionItem item, Person by) => $"{item.FullCode} is open again{(item.OwnerId is { } id && id != by.Id ? $"; {item.OwnerName} is told why" : "")}.";

    public static Card Again(ActionItem item, Person by, string why) => new()
    {
        Title = $"{item.FullCode} is open again",
        Parts = [new TextPart(item.Text), new TextPart($"{by.Name} says: {why}")],
        Buttons = [new(FinishItem.OpenKey, "Done", $"{item.Id}"), new(MoveDate.OpenKey, "New date", $"{item.Id}")],
    };

    public static string BlockedNote(string by) => $"blocked by {by}";

    public static string SnoozedNote(ActionItem item) => $"snoozed until {item.SnoozedUntil:yyyy-MM-dd}";

    public static string OfferedNote(ActionItem item) => $"{OfferedTo} {item.OfferedToName}";

    public static string MovedNote(ActionItem item, DateOnly? from) => $"moved from {from?.ToString("yyyy-MM-dd") ?? "no date"} to {item.Due:yyyy-MM-dd}";

    public static string ProgressEntry(ActionItem item) => $"Action {item.Code} in progress: {item.Text}";

    public static string Progress(ActionItem item) => $"{item.FullCode} is in progress{(item.Due is { } due ? $", due {due:yyyy-MM-dd}" : "")}.";

    public static string BlockedEntry(ActionItem item, string by) => $"Action {item.Code} blocked by {by}: {item.Text}";

    public static string Blocked(ActionItem item) => $"{item.FullCode} waits for {item.BlockedBy}. `/incident action {item.FullCode} in progress` takes it up again.";

    public static Card BlockedNews(ActionItem item) => Card.Words($"{item.FullCode} is blocked", $"“{item.Text}” of {item.OwnerName ?? "nobody"} waits for {item.BlockedBy}. Can you help?");

    public static string SnoozedEntry(ActionItem item) => $"Action {item.Code} {SnoozedNote(item)}";

    public static string Snoozed(ActionItem item) => $"You hear nothing of {item.FullCode} before {item.SnoozedUntil:yyyy-MM-dd}. Its date stays {item.Due?.ToString("yyyy-MM-dd") ?? "open"}.";

    public static string MovedEntry(ActionItem item, DateOnly? from) => $"Action {item.Code} {MovedNote(item, from)}";

    public static Card Moved(ActionItem item, WorkingDay working) => new()
    {
        Title = $"{item.FullCode} is due {item.Due:dddd yyyy-MM-dd}",
        Parts = [.. item.Moves < 2 ? [] : new[] { new TextPart($"It has been moved {item.Moves} times. Would a smaller step, or another owner, help?", Quiet: true) }, .. DayHint(item, working)],
        Buttons = DayBefore(item, working),
    };

    /// <summary>The working day before, where the date is none.</summary>
    public static IEnumerable<CardPart> DayHint(ActionItem item, WorkingDay working) =>
        item.Due is { } due && !working.IsWorkingDay(due) ? [new TextPart($"Nobody works on {due:dddd yyyy-MM-dd}. The date stays unless you take the working day before.", Quiet: true)] : [];

    public static System.Collections.Immutable.ImmutableArray<CardButton> DayBefore(ActionItem item, WorkingDay working) =>
        item.Due is { } due && !working.IsWorkingDay(due) ? [new(MoveDate.DayBeforeKey, $"Use {working.LastWorkingDay(due):dddd yyyy-MM-dd}", $"{item.Id}")] : [];

    public static Card MovedNews(ActionItem item, Person by, DateOnly? from, string why) =>
        Card.Words($"{item.FullCode} of yours is due {item.Due:dddd yyyy-MM-dd}", $"{by.Name} has moved it from {from?.ToString("yyyy-MM-dd") ?? "no date"}: {why}", item.Text);

    public static Card OfferedNews(ActionItem item, Person by) =>
        Card.Words($"{item.OfferedToName} is asked to take {item.FullCode} of yours", $"{by.Name} has asked them. It stays yours until they accept.", item.Text);

    public static string OfferedEntry(ActionItem item) => $"Action {item.Code} offered to {item.OfferedToName}";

    public static string Offered(ActionItem item) => $"{item.OfferedToName} is asked to take {item.FullCode}. It stays with {item.OwnerName ?? "nobody"} until they accept.";

    public static Card Offer(ActionItem item, string by, string note) => new()
    {
        Title = $"Will you take {item.FullCode}?",
        Parts =
        [
            new TextPart(item.Text),
            new FactsPart([new("Offered by", by), new("Incident", item.Incident!.Title), new("Due", item.Due?.ToString("yyyy-MM-dd dddd") ?? "no date yet"), .. note.Length == 0 ? Array.Empty<Fact>() : [new Fact("They say", note)]]),
        ],
        Buttons = [new(HandOver.AcceptKey, "I take it", $"{item.Id}", Tone.Primary), new(HandOver.DeclineKey, "No, sorry", $"{item.Id}")],
    };

    public static string AcceptedEntry(ActionItem item) => $"Action {item.Code} taken by {item.OwnerName}";

    public static string DeclinedEntry(ActionItem item, Person by) => $"Action {item.Code} declined by {by.Name}";

    public static string Yours(ActionItem item) => $"{item.FullCode} is yours now{(item.Due is { } due ? $", due {due:yyyy-MM-dd}" : "")}: {item.Text}";

    public static string Declined(ActionItem item) => item.OwnerName is { } owner ? $"{item.FullCode} stays with {owner}, who is told." : $"{item.FullCode} still looks for an owner; whoever offered it is told.";

    public static Card OfferAnswered(ActionItem item, Person by, bool accepted) =>
        Card.Words(accepted ? $"{by.Name} has taken {item.FullCode}" : $"{by.Name} cannot take {item.FullCode}", accepted ? $"“{item.Text}” is theirs now." : $"“{item.Text}” stays yours. You can offer it to somebody else, or ask for a new date.");

    public static string DropAskedEntry(ActionItem item) => $"Action {item.Code} proposed not to be done";

    public static string DropAsked(ActionItem item, string? decider) => $"{(decider is null ? "The people of the incident are" : $"{decider} is")} asked whether {item.FullCode} can go. Until then it is open.";

    public static Card AskToDrop(ActionItem item, string by) => new()
    {
        Title = $"May {item.FullCode} go undone?",
        Parts = [new TextPart(item.Text), new FactsPart([new("Asked by", by), new("Reason", item.DropAsked ?? "")]), new TextPart("The reason stands in the document, with who agreed.", Quiet: true)],
        Buttons = [new(DropItem.ApproveKey, "Agreed: not doing", $"{item.Id}"), new(DropItem.RefuseKey, "No, it is wanted", $"{item.Id}")],
    };

    public static string DroppedEntry(ActionItem item) => $"Action {item.Code} is not done";

    public static string Dropped(ActionItem item) => $"{item.FullCode} is closed as not done; the reason stands in the document.";

    public static string KeptEntry(ActionItem item) => $"Action {item.Code} is still wanted";

    public static string KeptReceipt(ActionItem item, Person by) => $"{item.FullCode} stays open{(item.OwnerId is { } id && id != by.Id ? $"; {item.OwnerName} is told" : "")}.";

    public static Card DropDecided(ActionItem item, Person by, bool dropped) =>
        Card.Words(dropped ? $"{item.FullCode} is closed as not done" : $"{item.FullCode} is still wanted", dropped ? $"{by.Name} agrees: “{item.Text}” is not done ({item.NotDoingBecause})." : $"{by.Name} would like “{item.Text}” to be done. Give it a new date, or hand it over, if it is too much.");
}
