using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;

namespace IncidentBot.Core.ActionItems.Handling;

/// <summary>Notes how an item goes: in progress, blocked and by whom, snoozed for a week.</summary>
public sealed class WorkOnItem(FindItem find, Handled handled) : IHandle<CommandInvoked>, IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    public const string ProgressVerb = "action progress";
    public const string BlockVerb = "action blocked";
    public const string SnoozeVerb = "action snooze";
    public const string ProgressKey = "action-items.progress";
    public const string OpenBlockKey = "action-items.open-block";
    public const string BlockKey = "action-items.block";
    public const string SnoozeKey = "action-items.snooze";
    public const string By = "by";
    private const int SnoozeDays = 7;

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.NamedAsync(e, turn, open: true, stop);
        return found.Item is not { } item ? found.Otherwise : e.Verb switch
        {
            ProgressVerb => await ProgressAsync(item, found.Rest.Plain, turn, stop),
            SnoozeVerb => await SnoozeAsync(item, turn, stop),
            _ => await BlockAsync(item, found.Rest.Plain, turn, stop),
        };
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop) =>
        await find.ByKeyAsync(e.Value, turn.By, stop) is not { } item ? new NoLongerWorks() : e.ButtonKey switch
        {
            ProgressKey => await ProgressAsync(item, "", turn, stop),
            SnoozeKey => await SnoozeAsync(item, turn, stop),
            _ => item.IsOpen ? new OpenFormAnswer(HandlingForms.Block(item)) : Settled(item),
        };

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop) =>
        await find.ByKeyAsync(e.Context, turn.By, stop) is not { } item ? new NoLongerWorks()
            : e.Value(By) is not { } by ? HandlingForms.Wrong(By, HandlingWording.BlockedByWhom) : await BlockAsync(item, by, turn, stop);

    private async Task<Answer> ProgressAsync(ActionItem item, string note, Turn turn, CancellationToken stop)
    {
        if (!item.IsOpen || item.State == ActionState.Proposed)
        {
            return item.IsOpen ? new StillProposed(ActionWording.StillNeeds(item)) : Settled(item);
        }

        var was = item.State;
        item.Missed = 0;
        item.Move(ActionState.InProgress, HandlingWording.ProgressNote, note.Length == 0 ? null : note, turn.By, turn.Now);
        await handled.TellAsync(item, HandlingWording.ProgressEntry(item), turn, stop, was.Word());
        return Answer.Private(HandlingWording.Progress(item));
    }

    private async Task<Answer> BlockAsync(ActionItem item, string by, Turn turn, CancellationToken stop)
    {
        if (!item.IsOpen)
        {
            return Settled(item);
        }

        if (item.State == ActionState.Proposed)
        {
            return new StillProposed(ActionWording.StillNeeds(item));
        }

        by = by.StartsWith("by ", StringComparison.OrdinalIgnoreCase) ? by[3..].Trim() : by;
        if (by.Length == 0)
        {
            return new BlockedByWhom(item.Code);
        }

        var was = item.State;
        item.Move(ActionState.Blocked, HandlingWording.BlockedNote(by), null, turn.By, turn.Now);
        (item.BlockedBy, item.Missed) = (by, 0);
        await handled.TellAsync(item, HandlingWording.BlockedEntry(item, by), turn, stop, was.Word());
        foreach (var person in (await handled.AnswerableAsync(item.Incident!, stop)).Where(p => p.Id != turn.By.Id).Take(1))
        {
            await handled.ToPersonAsync(item, person, HandlingWording.BlockedNews(item), stop);
        }

        return Answer.Private(HandlingWording.Blocked(item));
    }

    // Once a week: what is put off every week is not going to be done.
    private async Task<Answer> SnoozeAsync(ActionItem item, Turn turn, CancellationToken stop)
    {
        if (!item.IsOpen)
        {
            return Settled(item);
        }

        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(turn.Now, turn.By.Zone).DateTime);
        var week = WorkingDay.IsoWeek(today);
        if (item.SnoozedIn == week)
        {
            return new SnoozedAlready(item.FullCode, item.SnoozedUntil ?? today);
        }

        // Not beyond its date: on that day it is asked for.
        var until = item.Due is { } due && due > today && due < today.AddDays(SnoozeDays) ? due : today.AddDays(SnoozeDays);
        (item.SnoozedUntil, item.SnoozedIn, item.Missed) = (until, week, 0);
        item.Note(HandlingWording.SnoozedNote(item), null, turn.By, turn.Now);
        await handled.TellAsync(item, HandlingWording.SnoozedEntry(item), turn, stop);
        return Answer.Private(HandlingWording.Snoozed(item));
    }

    private static AlreadyDone Settled(ActionItem item) => new(item.FullCode, item.State, item.CompletedAt ?? item.DroppedAt);
}

/// <summary>Something is missing before it can be worked on.</summary>
public sealed record StillProposed(string Needs) : Refusal
{
    public override string Sentence => $"{Needs}. Nothing was changed.";
}

/// <summary>Whom does it wait for?</summary>
public sealed record BlockedByWhom(string Code) : Refusal
{
    public override string Sentence => $"Whom or what does it wait for? `/incident action {Code} blocked by the vendor's patch`.";
}

/// <summary>It has been put off in this week.</summary>
public sealed record SnoozedAlready(string Code, DateOnly Until) : Refusal
{
    public override string Sentence => $"{Code} was snoozed this week already, until {Until:yyyy-MM-dd}. Give it a new date, hand it over, or say that it is not to be done.";
}
