using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;

namespace IncidentBot.Core.ActionItems.Handling;

/// <summary>Decides that an item is not done: for a reason, which the incident's commander or facilitator shares.</summary>
public sealed class DropItem(FindItem find, Handled handled, Permissions permissions) : IHandle<CommandInvoked>, IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    public const string Verb = "action not-doing";
    public const string OpenKey = "action-items.open-drop";
    public const string FormKey = "action-items.drop";
    public const string ApproveKey = "action-items.approve-drop";
    public const string RefuseKey = "action-items.refuse-drop";
    public const string Why = "why";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.NamedAsync(e, turn, open: true, stop);
        var why = found.Rest.Plain.Trim(' ', ':');
        why = why.StartsWith("because ", StringComparison.OrdinalIgnoreCase) ? why["because ".Length..].Trim() : why;
        return found.Item is not { } item ? found.Otherwise : why.Length == 0 ? new DropWhy(item.Code) : await AskAsync(item, why, turn, stop);
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
            return new OpenFormAnswer(HandlingForms.Drop(item));
        }

        if (item.DropAsked is not { } why)
        {
            return new DecidedAlready(item.FullCode);
        }

        if (!await handled.MayDecideAsync(turn.By, item.Incident!, permissions, stop))
        {
            return new OnlyTheCommanderMay("decide about the actions of", item.Incident!.Code);
        }

        if (e.ButtonKey == ApproveKey && item.OwnerId == turn.By.Id && (await handled.AskedAsync(item, HandlingWording.DropProposed, stop))?.ById == turn.By.Id
            && (await handled.AnswerableAsync(item.Incident!, stop)).FirstOrDefault(p => p.Id != turn.By.Id) is { } other)
        {
            return new SomebodyElseAgrees(item.FullCode, other.Name);
        }

        return e.ButtonKey == ApproveKey ? await DropAsync(item, why, turn, stop) : await RefuseAsync(item, turn, stop);
    }

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop) =>
        await find.ByKeyAsync(e.Context, turn.By, stop) is not { } item ? new NoLongerWorks()
            : e.Value(Why) is not { } why ? HandlingForms.Wrong(Why, HandlingWording.DropReasonMissing) : await AskAsync(item, why, turn, stop);

    private async Task<Answer> AskAsync(ActionItem item, string why, Turn turn, CancellationToken stop)
    {
        if (!item.IsOpen)
        {
            return new AlreadyDone(item.FullCode, item.State, item.CompletedAt ?? item.DroppedAt);
        }

        // Whoever could approve it need not ask; of their own item somebody else is asked, if there is anybody.
        var deciders = await handled.AnswerableAsync(item.Incident!, stop);
        var others = deciders.Where(p => p.Id != turn.By.Id).ToList();
        var mayAlone = await handled.MayDecideAsync(turn.By, item.Incident!, permissions, stop) && (item.OwnerId != turn.By.Id || others.Count == 0);
        if (mayAlone)
        {
            return await DropAsync(item, why, turn, stop);
        }

        (item.DropAsked, item.Missed) = (why, 0);
        item.Note(HandlingWording.DropProposed, why, turn.By, turn.Now);
        await handled.TellAsync(item, $"{HandlingWording.DropAskedEntry(item)}: {why}", turn, stop);
        if (others.Count == 0)
        {
            handled.ToRoom(item, HandlingWording.AskToDrop(item, turn.By.Name));
        }

        foreach (var person in others.Take(1))
        {
            await handled.ToPersonAsync(item, person, HandlingWording.AskToDrop(item, turn.By.Name), stop);
        }

        return Answer.Private(HandlingWording.DropAsked(item, others.FirstOrDefault()?.Name));
    }

    private async Task<Answer> DropAsync(ActionItem item, string why, Turn turn, CancellationToken stop)
    {
        var (was, askers) = (item.State, await handled.WhoAskedAsync(item, HandlingWording.DropProposed, turn.By, stop));
        (item.NotDoingBecause, item.DroppedAt) = (why, turn.Now);
        item.Move(ActionState.NotDoing, HandlingWording.DroppedNote, why, turn.By, turn.Now);
        await handled.TellAsync(item, $"{HandlingWording.DroppedEntry(item)}: {why}", turn, stop, was.Word());
        foreach (var owner in askers)
        {
            await handled.ToPersonAsync(item, owner, HandlingWording.DropDecided(item, turn.By, true), stop);
        }

        return Answer.Private(HandlingWording.Dropped(item));
    }

    private async Task<Answer> RefuseAsync(ActionItem item, Turn turn, CancellationToken stop)
    {
        item.DropAsked = null;
        item.Note(HandlingWording.StillWantedNote, null, turn.By, turn.Now);
        await handled.TellAsync(item, HandlingWording.KeptEntry(item), turn, stop);
        foreach (var owner in await handled.WhoAskedAsync(item, HandlingWording.DropProposed, turn.By, stop))
        {
            await handled.ToPersonAsync(item, owner, HandlingWording.DropDecided(item, turn.By, false), stop);
        }

        return Answer.Private(HandlingWording.KeptReceipt(item, turn.By));
    }
}

/// <summary>Nobody agrees with themselves.</summary>
public sealed record SomebodyElseAgrees(string Code, string Other) : Refusal
{
    public override string Sentence => $"{Code} is yours, and it is you who asked whether it can go: {Other} is asked to agree.";
}

/// <summary>Somebody was quicker, or its owner thinks otherwise by now.</summary>
public sealed record DecidedAlready(string Code) : Refusal
{
    public override string Sentence => $"Nobody asks any more whether {Code} can go: it is wanted. `/incident action {Code} history` shows who decided.";
}

/// <summary>Not doing wants a reason.</summary>
public sealed record DropWhy(string Code) : Refusal
{
    public override string Sentence => $"For which reason is it not done? `/incident action {Code} not doing because the service is switched off in March`; the incident's commander or facilitator agrees.";
}
