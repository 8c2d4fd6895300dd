using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.ActionItems.Handling;

/// <summary>Marks an item as done, thanks its owner where all can see it, and asks somebody else whether it works.</summary>
public sealed class FinishItem(FindItem find, Handled handled) : IHandle<CommandInvoked>, IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    public const string PickKey = "action-items.done";
    public const string OpenKey = "action-items.open-done";
    public const string FormKey = "action-items.finish";
    public const string Link = "link";
    public const string How = "how";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.NamedAsync(e, turn, open: true, stop);
        return found.Item is not { } item ? found.Otherwise : await FinishAsync(item, found.Rest.Plain.Trim(' ', '!', '.'), null, turn, stop);
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var parts = (e.Value ?? "").Split('|', 2);
        return await find.ByKeyAsync(parts[0], turn.By, stop) is not { } item ? new NoLongerWorks()
            : e.ButtonKey == PickKey ? await FinishAsync(item, parts.ElementAtOrDefault(1) ?? "", null, turn, stop)
            : item.IsOpen ? new OpenFormAnswer(HandlingForms.Finish(item)) : new AlreadyDone(item.FullCode, item.State, item.CompletedAt ?? item.DroppedAt);
    }

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop) =>
        await find.ByKeyAsync(e.Context, turn.By, stop) is not { } item ? new NoLongerWorks() : await FinishAsync(item, e.Value(Link) ?? "", e.Value(How), turn, stop);

    private async Task<Answer> FinishAsync(ActionItem item, string link, string? how, Turn turn, CancellationToken stop)
    {
        if (!item.IsOpen)
        {
            return new AlreadyDone(item.FullCode, item.State, item.CompletedAt ?? item.DroppedAt);
        }

        var was = item.State;
        (item.CompletedAt, item.CompletedLink) = (turn.Now, link.Length == 0 ? null : link);
        item.Verification ??= how;
        item.Move(ActionState.Done, ActionWording.DoneNote(item), how, turn.By, turn.Now);
        await handled.TellAsync(item, ActionWording.DoneEntry(item), turn, stop, was.Word());
        if (item.Incident!.IsOpen)
        {
            return Answer.Private(ActionWording.Done(item));
        }

        // Whoever has done it cannot be the one who says that it works.
        var verifier = (await handled.AnswerableAsync(item.Incident, stop)).FirstOrDefault(p => p.Id != item.OwnerId && p.Id != turn.By.Id);
        item.VerifierId = verifier?.Id;
        handled.ToRoom(item, HandlingWording.Praise(item, turn.By, how));
        if (verifier is not null)
        {
            await handled.ToPersonAsync(item, verifier, HandlingWording.AskToVerify(item, turn.By.Name, how), stop);
        }

        return Answer.Private(ActionWording.Done(item));
    }
}

/// <summary>Lets somebody other than its owner say that a finished item works, or that it does not yet.</summary>
public sealed class VerifyItem(FindItem find, Handled handled) : IHandle<CommandInvoked>, IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    public const string Verb = "action verify";
    public const string AgainVerb = "action reopen";
    public const string Key = "action-items.verify";
    public const string OpenNotYetKey = "action-items.open-not-yet";
    public const string FormKey = "action-items.not-yet";
    public const string Why = "why";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.NamedAsync(e, turn, open: false, stop);
        return found.Item is not { } item ? found.Otherwise
            : e.Verb == Verb ? await VerifyAsync(item, found.Rest.Plain, turn, stop) : await NotYetAsync(item, found.Rest.Plain, turn, stop);
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop) =>
        await find.ByKeyAsync(e.Value, turn.By, stop) is not { } item ? new NoLongerWorks()
            : e.ButtonKey == Key ? await VerifyAsync(item, "", turn, stop)
            : item.State is ActionState.Done or ActionState.Verified ? new OpenFormAnswer(HandlingForms.NotYet(item)) : new NotDoneYet(item.FullCode);

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop) =>
        await find.ByKeyAsync(e.Context, turn.By, stop) is not { } item ? new NoLongerWorks()
            : e.Value(Why) is not { } why ? HandlingForms.Wrong(Why, HandlingWording.NotYetWhy) : await NotYetAsync(item, why, turn, stop);

    private async Task<Answer> VerifyAsync(ActionItem item, string how, Turn turn, CancellationToken stop)
    {
        if (item.State != ActionState.Done)
        {
            return item.State == ActionState.Verified ? new AlreadyVerified(item.FullCode, item.VerifiedByName) : new NotDoneYet(item.FullCode);
        }

        if (item.OwnerId == turn.By.Id || await handled.DoneByAsync(item, stop) == turn.By.Id)
        {
            return new SomebodyElseVerifies(item.FullCode);
        }

        (item.VerifiedByName, item.VerifiedAt, item.VerifiedHow) = (turn.By.Name, turn.Now, how.Length == 0 ? null : how);
        item.Move(ActionState.Verified, HandlingWording.VerifiedNote, item.VerifiedHow, turn.By, turn.Now);
        await handled.TellAsync(item, HandlingWording.VerifiedEntry(item), turn, stop, ActionState.Done.Word());
        await handled.ToOwnerAsync(item, turn.By, HandlingWording.Verified(item), stop);
        return Answer.Private(HandlingWording.VerifiedReceipt(item));
    }

    private async Task<Answer> NotYetAsync(ActionItem item, string why, Turn turn, CancellationToken stop)
    {
        if (item.IsOpen)
        {
            return new NotDoneYet(item.FullCode);
        }

        if (why.Length == 0)
        {
            return new NotYetWhy(item.Code);
        }

        var was = item.State;
        (item.CompletedAt, item.DroppedAt, item.NotDoingBecause, item.VerifiedAt, item.VerifiedByName, item.VerifiedHow) = (null, null, null, null, null, null);
        item.Move(ActionState.Open, HandlingWording.AgainNote, why, turn.By, turn.Now);
        await handled.TellAsync(item, $"{HandlingWording.AgainEntry(item)}: {why}", turn, stop, was.Word());
        await handled.ToOwnerAsync(item, turn.By, HandlingWording.Again(item, turn.By, why), stop);
        return Answer.Private(HandlingWording.AgainReceipt(item, turn.By));
    }
}

/// <summary>The item is settled already.</summary>
public sealed record AlreadyDone(string Code, ActionState State, DateTimeOffset? At) : Refusal
{
    public override string Sentence => $"{Code} was already {(State == ActionState.NotDoing ? "decided not to be done" : "marked as done")}{(At is { } at ? $" on {at:yyyy-MM-dd}" : "")}.";
}

/// <summary>There is nothing to verify yet.</summary>
public sealed record NotDoneYet(string Code) : Refusal
{
    public override string Sentence => $"{Code} is not marked as done. Its owner does that with `/incident done {Code} LINK`.";
}

/// <summary>It was verified before.</summary>
public sealed record AlreadyVerified(string Code, string? By) : Refusal
{
    public override string Sentence => $"{Code} is verified already{(By is null ? "" : $", by {By}")}.";
}

/// <summary>Nobody verifies their own work.</summary>
public sealed record SomebodyElseVerifies(string Code) : Refusal
{
    public override string Sentence => $"{Code} is yours, or you have done it, so somebody else has to see that it works. Ask a colleague to type `/incident action {Code} verify HOW`.";
}

/// <summary>What does not work yet?</summary>
public sealed record NotYetWhy(string Code) : Refusal
{
    public override string Sentence => $"What is still missing? `/incident action {Code} reopen REASON`; its owner reads it.";
}
