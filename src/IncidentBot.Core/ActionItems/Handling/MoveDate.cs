using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;

namespace IncidentBot.Core.ActionItems.Handling;

/// <summary>Gives an item a new date, for a reason; how often is counted.</summary>
public sealed partial class MoveDate(FindItem find, Handled handled, Proposals proposals, Installation installation) : IHandle<CommandInvoked>, IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    public const string Verb = "action date";
    public const string OpenKey = "action-items.open-date";
    public const string FormKey = "action-items.date";
    public const string DayBeforeKey = "action-items.day-before";
    public const string Due = "due";
    public const string Why = "why";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.NamedAsync(e, turn, open: true, stop);
        if (found.Item is not { } item)
        {
            return found.Otherwise;
        }

        var words = Because().Split(found.Rest.Plain, 2);
        return SpokenDate.Read(words[0], Today(turn)) is not { } day || day < Today(turn) || words.Length < 2 || words[1].Length == 0
            ? new NewDateWhen(item.Code) : await MoveAsync(item, day, words[1], turn, stop);
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        if (await find.ByKeyAsync(e.Value, turn.By, stop) is not { } item)
        {
            return new NoLongerWorks();
        }

        if (!item.IsOpen)
        {
            return new AlreadyDone(item.FullCode, item.State, item.CompletedAt ?? item.DroppedAt);
        }

        if (e.ButtonKey == OpenKey)
        {
            return new OpenFormAnswer(HandlingForms.Date(item));
        }

        if (item.Due is not { } due || installation.WorkingDay.IsWorkingDay(due))
        {
            return new NoLongerWorks();
        }

        var before = installation.WorkingDay.LastWorkingDay(due);
        if (before < Today(turn))
        {
            return new NewDateWhen(item.Code);
        }

        // A date that was put beside the week is mended, and not moved.
        item.SetDue(before, turn.Now);
        item.Note(ActionWording.ChangedTo(item), null, turn.By, turn.Now);
        await handled.TellAsync(item, ActionWording.Changed(item), turn, stop);
        return Answer.Private(HandlingWording.Moved(item, installation.WorkingDay));
    }

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop) =>
        await find.ByKeyAsync(e.Context, turn.By, stop) is not { } item ? new NoLongerWorks()
            : SpokenDate.Read(e.Value(Due) ?? "", Today(turn)) is not { } day ? HandlingForms.Wrong(Due, ActionWording.DateNotUnderstood)
            : day < Today(turn) ? HandlingForms.Wrong(Due, HandlingWording.DateIsPast)
            : e.Value(Why) is not { } why ? HandlingForms.Wrong(Why, HandlingWording.DateWhy)
            : await MoveAsync(item, day, why, turn, stop);

    private async Task<Answer> MoveAsync(ActionItem item, DateOnly day, string why, Turn turn, CancellationToken stop)
    {
        if (!item.IsOpen)
        {
            return new AlreadyDone(item.FullCode, item.State, item.CompletedAt ?? item.DroppedAt);
        }

        var old = item.Due;
        item.SetDue(day, turn.Now);
        item.Moves += old is null ? 0 : 1;
        item.Missed = 0;
        item.Note(HandlingWording.MovedNote(item, old), why, turn.By, turn.Now);
        await proposals.LookAsync(item.Incident!, item, turn.Now, stop, ask: false);
        await handled.TellAsync(item, $"{HandlingWording.MovedEntry(item, old)}: {why}", turn, stop);
        await handled.ToOwnerAsync(item, turn.By, HandlingWording.MovedNews(item, turn.By, old, why), stop);
        return Answer.Private(HandlingWording.Moved(item, installation.WorkingDay));
    }

    private static DateOnly Today(Turn turn) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(turn.Now, turn.By.Zone).DateTime);

    [GeneratedRegex(@"\s*(?:[,:–—]|\bbecause\b|\bsince\b|\bas\b)\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Because();
}

/// <summary>A new date wants a day and a reason.</summary>
public sealed record NewDateWhen(string Code) : Refusal
{
    public override string Sentence => $"By when, from today on, and for which reason? `/incident action {Code} date friday because the vendor's patch comes on Thursday`.";
}
