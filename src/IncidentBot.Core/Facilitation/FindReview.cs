using System.Diagnostics.CodeAnalysis;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation;

/// <summary>An incident with its review, or what to tell the person instead.</summary>
public sealed record FoundReview(Incident? Incident, Review? Review, Answer Answer)
{
    public bool Missed([NotNullWhen(false)] out Incident? incident, [NotNullWhen(false)] out Review? review)
    {
        (incident, review) = (Incident, Review);
        return incident is null || review is null;
    }
}

/// <summary>Decides which review someone means, and whether they may lead it.</summary>
public sealed class FindReview(BotDb db, FindIncident find, Permissions permissions)
{
    /// <summary>The incident of a command: of the room, also when it is closed; else the one that was closed here last; else a choice.</summary>
    public async Task<Found> IncidentAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        if (e.In is not null || await find.HereAsync(turn, stop) is not null)
        {
            return await find.ForAsync(e, turn, stop);
        }

        return await find.LastClosedHereAsync(turn, stop) ?? await find.ForAsync(e, turn, stop);
    }

    /// <summary>The review of the command's incident, which must be running.</summary>
    /// <param name="lead">True for what only the facilitator may do.</param>
    public async Task<FoundReview> ForAsync(CommandInvoked e, Turn turn, CancellationToken stop, bool lead = false, bool closed = false)
    {
        var found = await IncidentAsync(e, turn, stop);
        return found.Missed(out var incident) ? new(null, null, found.Answer) : await OfAsync(incident, turn, lead, closed, stop);
    }

    /// <summary>The same for what a button or form carries: the incident's id before the first colon.</summary>
    public async Task<FoundReview> ForAsync(string? value, Turn turn, CancellationToken stop, bool lead = false, bool closed = false)
    {
        var found = await find.ByIdAsync((value ?? "").Split(':')[0], turn.By, stop);
        return found.Missed(out var incident) ? new(null, null, found.Answer) : await OfAsync(incident, turn, lead, closed, stop);
    }

    /// <summary>Only the facilitator moves phases; an administrator may stand in, and anyone where the facilitator has left.</summary>
    public async Task<bool> MayLeadAsync(Person person, Review review, CancellationToken stop) =>
        (person.Id != 0 && review.FacilitatorId == person.Id) || permissions.IsAdministrator(person)
        || (review.FacilitatorId is { } id && await db.People.AnyAsync(p => p.Id == id && p.IsGone, stop)) || review.FacilitatorName is null;

    private async Task<FoundReview> OfAsync(Incident incident, Turn turn, bool lead, bool closed, CancellationToken stop)
    {
        var review = await db.Reviews.FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop);
        if (review?.LegalHold == true)
        {
            return new(null, null, new UnderLegalHold(incident.Code, review.NotHeldBecause));
        }

        if (review is null || !(review.IsRunning || (closed && review.State == ReviewState.Closed)))
        {
            return new(null, null, new NoReviewRunning(incident.Code, review?.State == ReviewState.Closed));
        }

        if (lead && incident.IsOpen)
        {
            return new(null, null, new StabiliseFirst(incident.Code, incident.Status));
        }

        return lead && !await MayLeadAsync(turn.By, review, stop)
            ? new(null, null, new OnlyTheFacilitatorMay(incident.Code, review.FacilitatorName!))
            : new(incident, review, Answer.None);
    }
}

/// <summary>Nothing can be reviewed under a legal hold.</summary>
public sealed record UnderLegalHold(string Code, string? Why) : Refusal
{
    public override string Sentence => $"{Code} is under legal hold{(Why is null ? "" : $" ({Why})")}, so it is not reviewed and nothing is written down about its causes. Whoever may command it lifts that with `/incident review release`.";
}

/// <summary>The review has not begun, or is over.</summary>
public sealed record NoReviewRunning(string Code, bool Closed) : Refusal
{
    public override string Sentence => Closed ? $"The review of {Code} is closed. `/incident review reopen` opens it again." : $"There is no review of {Code} yet. `/incident review start` begins one.";
}

/// <summary>Only the facilitator moves a review.</summary>
public sealed record OnlyTheFacilitatorMay(string Code, string Facilitator) : Refusal
{
    public override string Sentence => $"{Facilitator} leads the review of {Code}, so only they move it on. Answer whatever you like meanwhile; to take over, ask them for `/incident review facilitate @you`.";
}

/// <summary>Someone else was first.</summary>
public sealed record AlreadyMovedOn(string Title) : Refusal
{
    public override string Sentence => $"The review has already moved on: “{Title}” is asked now. Nothing was changed.";
}

/// <summary>An incident that goes on has no review yet.</summary>
public sealed record StabiliseFirst(string Code, Status Status) : Refusal
{
    public override string Sentence => $"{Code} is {Status.Word()}: first end it (`/incident resolve`), then find its causes. `/incident park TEXT` keeps an idea until then.";
}

/// <summary>Not an incident that is reviewed.</summary>
public sealed record NothingToReview(string Code, Status Status) : Refusal
{
    public override string Sentence => $"{Code} is {Status.Word()}, so there is nothing to review.";
}

/// <summary>No such part of a review.</summary>
public sealed record NoSuchPhase(string Word, string Known) : Refusal
{
    public override string Sentence => $"The review has no phase “{RichText.Briefly(Word, 30)}”. Its phases are {Known}.";
}

/// <summary>No such finding.</summary>
public sealed record NoSuchFinding(string Word) : Refusal
{
    public override string Sentence => $"There is no finding “{RichText.Briefly(Word, 30)}”. `/incident review findings` lists them with their numbers, such as F3.";
}

/// <summary>No such cause.</summary>
public sealed record NoSuchCause(string Word) : Refusal
{
    public override string Sentence => $"There is no cause “{RichText.Briefly(Word, 30)}”. `/incident review tree` shows them with their numbers, such as 1.2.";
}
