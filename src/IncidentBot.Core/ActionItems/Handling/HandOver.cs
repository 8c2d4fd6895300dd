using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems.Handling;

/// <summary>Offers an item to somebody else, whose it is once they accept; what nobody owns can be taken by anybody.</summary>
public sealed class HandOver(BotDb db, FindItem find, Handled handled, Proposals proposals, PeopleDirectory people, Permissions permissions) : IHandle<CommandInvoked>, IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    public const string Verb = "action hand-over";
    public const string TakeVerb = "action take";
    public const string OpenKey = "action-items.open-hand-over";
    public const string FormKey = "action-items.hand-over";
    public const string AcceptKey = "action-items.accept";
    public const string DeclineKey = "action-items.decline";
    public const string AdoptKey = "action-items.adopt";
    public const string To = "to";
    public const string Note = "note";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.NamedAsync(e, turn, open: true, stop);
        if (found.Item is not { } item)
        {
            return found.Otherwise;
        }

        if (e.Verb == TakeVerb)
        {
            return await AdoptAsync(item, turn, stop);
        }

        var to = (await people.MentionedAsync(found.Rest, turn.By, stop)).FirstOrDefault();
        var note = string.Concat(found.Rest.Spans.Where(s => s.Kind != SpanKind.User).Select(s => s.Text)).Trim(' ', ':', ',');
        return to is null ? new HandOverToWhom(item.Code) : await OfferAsync(item, to, note.StartsWith("to ", StringComparison.OrdinalIgnoreCase) ? note[3..] : note is "to" ? "" : note, turn, stop);
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        if (await find.ByKeyAsync(e.Value, turn.By, stop) is not { } item)
        {
            return new NoLongerWorks();
        }

        return !item.IsOpen ? new AlreadyDone(item.FullCode, item.State, item.CompletedAt ?? item.DroppedAt) : e.ButtonKey switch
        {
            OpenKey => new OpenFormAnswer(HandlingForms.HandOver(item)),
            AdoptKey => await AdoptAsync(item, turn, stop),
            _ => await AnswerOfferAsync(item, e.ButtonKey == AcceptKey, turn, stop),
        };
    }

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        if (await find.ByKeyAsync(e.Context, turn.By, stop) is not { } item)
        {
            return new NoLongerWorks();
        }

        return e.Value(To) is not { } id ? HandlingForms.Wrong(To, HandlingWording.ToWhom)
            : await OfferAsync(item, await people.FindOrAddAsync(new(turn.By.Platform, turn.By.Workspace, id), stop), e.Value(Note) ?? "", turn, stop);
    }

    private async Task<Answer> OfferAsync(ActionItem item, Person to, string note, Turn turn, CancellationToken stop)
    {
        if (!item.IsOpen)
        {
            return new AlreadyDone(item.FullCode, item.State, item.CompletedAt ?? item.DroppedAt);
        }

        if (to.IsGone || to.IsGuest || to.Id == item.OwnerId)
        {
            return new CannotHandOverTo(to.Name, to.Id == item.OwnerId ? (to.Id == turn.By.Id ? HandlingWording.YoursAlready : HandlingWording.TheirsAlready) : to.IsGuest ? HandlingWording.GuestsOwnNone : HandlingWording.Deactivated);
        }

        if (item.Incident!.Private && !await db.Participants.AnyAsync(p => p.IncidentId == item.IncidentId && p.PersonId == to.Id, stop))
        {
            return new Facilitation.BringInFirst(item.Incident.Code, to.Name);
        }

        if (to.Id == turn.By.Id)
        {
            return await AdoptAsync(item, turn, stop);
        }

        // What is somebody's they offer themselves, or those who answer for the incident.
        if (item.OwnerId is { } holder && holder != turn.By.Id && !await handled.MayDecideAsync(turn.By, item.Incident!, permissions, stop) && await db.People.FirstOrDefaultAsync(p => p.Id == holder, stop) is { IsGone: false } owner)
        {
            return new HasAnOwner(item.FullCode, owner.Name);
        }

        (item.OfferedToId, item.OfferedToName, item.Missed) = (to.Id, to.Name, 0);
        item.Note(HandlingWording.OfferedNote(item), note.Length == 0 ? null : note, turn.By, turn.Now);
        await handled.TellAsync(item, HandlingWording.OfferedEntry(item), turn, stop);
        await handled.ToPersonAsync(item, to, HandlingWording.Offer(item, turn.By.Name, note), stop);
        await handled.ToOwnerAsync(item, turn.By, HandlingWording.OfferedNews(item, turn.By), stop);
        return Answer.Private(HandlingWording.Offered(item));
    }

    private async Task<Answer> AnswerOfferAsync(ActionItem item, bool accepts, Turn turn, CancellationToken stop)
    {
        if (item.OfferedToId != turn.By.Id)
        {
            return new NotOffered(item.FullCode, item.OwnerName);
        }

        var askers = await handled.WhoAskedAsync(item, HandlingWording.OfferedTo, turn.By, stop);
        if (accepts)
        {
            await GiveAsync(item, turn, stop);
        }
        else
        {
            (item.OfferedToId, item.OfferedToName) = (null, null);
            item.Note(HandlingWording.DeclinedNote, null, turn.By, turn.Now);
        }

        await handled.TellAsync(item, accepts ? HandlingWording.AcceptedEntry(item) : HandlingWording.DeclinedEntry(item, turn.By), turn, stop);
        foreach (var from in askers)
        {
            await handled.ToPersonAsync(item, from, HandlingWording.OfferAnswered(item, turn.By, accepts), stop);
        }

        return Answer.Private(accepts ? HandlingWording.Yours(item) : HandlingWording.Declined(item));
    }

    // Of somebody who is there nobody takes anything without being offered it.
    private async Task<Answer> AdoptAsync(ActionItem item, Turn turn, CancellationToken stop)
    {
        if (item.OfferedToId == turn.By.Id)
        {
            return await AnswerOfferAsync(item, accepts: true, turn, stop);
        }

        if (item.OwnerId is { } id && id != turn.By.Id && await db.People.FirstOrDefaultAsync(p => p.Id == id, stop) is { IsGone: false } owner)
        {
            return new HasAnOwner(item.FullCode, owner.Name);
        }

        if (turn.By.IsGuest)
        {
            return new CannotHandOverTo(turn.By.Name, HandlingWording.GuestsOwnNone);
        }

        await GiveAsync(item, turn, stop);
        await handled.TellAsync(item, HandlingWording.AcceptedEntry(item), turn, stop);
        return Answer.Private(HandlingWording.Yours(item));
    }

    private async Task GiveAsync(ActionItem item, Turn turn, CancellationToken stop)
    {
        item.GiveTo(turn.By, turn.Now);
        (item.OfferedToId, item.OfferedToName, item.Missed) = (null, null, 0);
        item.Note(HandlingWording.TakenNote, null, turn.By, turn.Now);
        await proposals.LookAsync(item.Incident!, item, turn.Now, stop, ask: false);
    }
}

/// <summary>To whom?</summary>
public sealed record HandOverToWhom(string Code) : Refusal
{
    public override string Sentence => $"To whom? `/incident action {Code} hand over @priya she knows the gateway`; it stays yours until they accept.";
}

/// <summary>Not someone to whom it can go.</summary>
public sealed record CannotHandOverTo(string Name, string Why) : Refusal
{
    public override string Sentence => $"It cannot go to {Name}: {Why}. Name somebody else.";
}

/// <summary>The offer has been answered, or withdrawn.</summary>
public sealed record NotOffered(string Code, string? Owner) : Refusal
{
    public override string Sentence => $"{Code} is not offered to you any more; it {(Owner is null ? "has no owner" : $"is {Owner}'s")} now.";
}

/// <summary>Nobody is given an item without being asked.</summary>
public sealed record OfferIt(string Code, string To) : Refusal
{
    public override string Sentence => $"{Code} is yours. Offer it to {To} with `/incident action {Code} hand over @{To.Split(' ')[0].ToLowerInvariant()}`; it is theirs once they accept. Nothing was changed.";
}

/// <summary>Somebody has it.</summary>
public sealed record HasAnOwner(string Code, string Owner) : Refusal
{
    public override string Sentence => $"{Code} is {Owner}'s. They hand it over with `/incident action {Code} hand over @you`.";
}
