using IncidentBot.Core.ActionItems.Chasing;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Insights;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation;

/// <summary>Says, once an incident is resolved, what comes next: whether a review is wanted, until when, and who leads it.</summary>
public sealed class OfferReview(BotDb db, Conduct conduct, ReviewPolicy policy, ReviewPosts posts, ReviewClock clock, Recurrence recurrence) : IHandle<AlarmRang>
{
    public const string Key = "facilitation.offer";

    /// <summary>The alarm of an incident that has just been resolved, or null for one that happens only on paper.</summary>
    public static Alarm? For(Incident incident, DateTimeOffset now) =>
        // At once: gestures of one moment are told apart by fractions of a second, by which their clock may be ahead.
        incident.Replayed || incident.Imported || incident.Backfilled ? null : new() { IncidentId = incident.Id, Key = Key, DueAt = now.AddSeconds(-1) };

    public async Task<Answer> HandleAsync(AlarmRang e, Turn turn, CancellationToken stop)
    {
        var incident = await db.Incidents.FirstAsync(i => i.Id == e.IncidentId, stop);
        if (incident.Status != Status.Resolved)
        {
            return Answer.None;
        }

        await recurrence.LookAsync(incident, turn.Now, stop);
        var review = await conduct.FindOrOfferAsync(incident, turn.Now, stop);
        if (review.State != ReviewState.Offered)
        {
            if (review.IsRunning && !review.DatesByHand)
            {
                // A severity that is known better brings its own date.
                review.DocumentDueAt = policy.Due(incident, (await Chronology.LoadAsync(db, incident, stop)).Milestones.Resolved ?? turn.Now).Document;
            }

            await clock.SetAsync(incident, review, stop);
            posts.Show(incident);
            return Answer.None;
        }

        var timeline = await Chronology.LoadAsync(db, incident, stop);
        var reasons = await policy.ReasonsAsync(incident, timeline, stop);
        review.RequiredBecause = reasons.Count == 0 ? null : string.Join("; ", reasons);
        if (!review.DatesByHand)
        {
            var due = policy.Due(incident, timeline.Milestones.Resolved ?? turn.Now);
            // Of dates that stand as they were nobody is reminded twice.
            review.Reminders = (review.DueAt, review.DocumentDueAt) == due ? review.Reminders : [];
            (review.DueAt, review.DocumentDueAt) = due;
        }

        posts.Show(incident);
        await clock.SetAsync(incident, review, stop);
        return Answer.None;
    }
}

/// <summary>Begins a review, or gives it to someone to lead.</summary>
public sealed class StartReview(BotDb db, FindReview find, FindIncident incidents, Conduct conduct, ReviewPolicy policy, ReviewPosts posts, ReviewClock clock, ScriptShelf shelf, PeopleDirectory people, Permissions permissions)
    : IHandle<CommandInvoked>, IHandle<ButtonPressed>
{
    public const string Verb = "review start";
    public const string LeadVerb = "review facilitate";
    public const string Key = "facilitation.start";
    public const string FacilitateKey = "facilitation.facilitate";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.IncidentAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        var mentioned = await people.MentionedAsync(e.Text, turn.By, stop);
        var wished = e.Verb == Verb ? string.Concat(e.Text.Spans.Where(s => s.Kind != SpanKind.User).Select(s => s.Text)).Trim().ToLowerInvariant() : "";
        return wished.Length > 0 && !shelf.Knows(wished) ? new NoSuchScript(wished)
            : e.Verb == LeadVerb ? await LeadAsync(incident, mentioned.FirstOrDefault() ?? turn.By, turn, stop)
            : await StartAsync(incident, mentioned.FirstOrDefault(), wished.Length == 0 ? null : wished, turn, stop);
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var found = await incidents.ByIdAsync(e.Value, turn.By, stop);
        return found.Missed(out var incident) ? found.Answer
            : e.ButtonKey == FacilitateKey ? await LeadAsync(incident, turn.By, turn, stop)
            : await StartAsync(incident, null, null, turn, stop);
    }

    private async Task<Answer> LeadAsync(Incident incident, Person whom, Turn turn, CancellationToken stop)
    {
        if (await RefuseAsync(incident, stop) is { } refusal)
        {
            return refusal;
        }

        if (whom.IsGone || whom.IsGuest)
        {
            return new CannotFacilitate(whom.Name, whom.IsGuest);
        }

        if (await OutsideAsync(incident, whom, stop))
        {
            return new BringInFirst(incident.Code, whom.Name);
        }

        var review = await OfferedAsync(incident, turn, stop);
        if (review.FacilitatorName is { } leads && review.FacilitatorId != whom.Id && !await find.MayLeadAsync(turn.By, review, stop) && !await permissions.MayCommandAsync(turn.By, incident, stop))
        {
            return review.FacilitatorId == turn.By.Id ? new OnlyTheFacilitatorMay(incident.Code, leads) : new AlreadyLed(incident.Code, leads);
        }

        Conduct.Lead(review, whom);
        incident.Record(new Acting(turn.By, turn.Now).InReview($"{whom.Name} leads the review"));
        await clock.SetAsync(incident, review, stop);
        posts.Show(incident);
        return Answer.Private(ReviewWording.Leading(incident, whom, turn.By, await WasThereAsync(incident, whom, stop), review));
    }

    private async Task<Answer> StartAsync(Incident incident, Person? facilitator, string? wished, Turn turn, CancellationToken stop)
    {
        if (await RefuseAsync(incident, stop) is { } refusal)
        {
            return refusal;
        }

        var review = await OfferedAsync(incident, turn, stop);
        if (review.IsRunning)
        {
            return new ReviewIsRunning(incident.Code, review.FacilitatorName ?? "nobody");
        }

        if (review.State == ReviewState.Closed)
        {
            return new NoReviewRunning(incident.Code, true);
        }

        if (facilitator is { IsGone: true } or { IsGuest: true })
        {
            return new CannotFacilitate(facilitator.Name, facilitator.IsGuest);
        }

        if (facilitator is not null && await OutsideAsync(incident, facilitator, stop))
        {
            return new BringInFirst(incident.Code, facilitator.Name);
        }

        if (facilitator is not null && review.FacilitatorName is { } other && review.FacilitatorId != facilitator.Id && !await find.MayLeadAsync(turn.By, review, stop) && !await permissions.MayCommandAsync(turn.By, incident, stop))
        {
            return new AlreadyLed(incident.Code, other);
        }

        var led = facilitator ?? (review.FacilitatorId is { } id ? await db.People.FirstOrDefaultAsync(p => p.Id == id && !p.IsGone, stop) : null) ?? turn.By;
        var unmet = await conduct.StartAsync(incident, review, led, turn.Now, wished, stop);
        return Answer.Private(ReviewWording.Started(incident, led, await WasThereAsync(incident, led, stop), unmet));
    }

    private async Task<Review> OfferedAsync(Incident incident, Turn turn, CancellationToken stop)
    {
        var review = await conduct.FindOrOfferAsync(incident, turn.Now, stop);
        if (review.DocumentDueAt is null)
        {
            (review.DueAt, review.DocumentDueAt) = policy.Due(incident, (await Chronology.LoadAsync(db, incident, stop)).Milestones.Resolved ?? turn.Now);
        }

        if (review is { State: ReviewState.NotHeld, LegalHold: false })
        {
            // Whoever asks for one may have it.
            (review.State, review.NotHeldBecause) = (ReviewState.Offered, null);
        }

        return review;
    }

    private async Task<Refusal?> RefuseAsync(Incident incident, CancellationToken stop)
    {
        var review = await db.Reviews.FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop);
        return review?.LegalHold == true ? new UnderLegalHold(incident.Code, review.NotHeldBecause)
            : incident.IsOpen ? new StabiliseFirst(incident.Code, incident.Status)
            : incident.Status != Status.Resolved ? new NothingToReview(incident.Code, incident.Status) : null;
    }

    // Of a private incident nobody else hears.
    private async Task<bool> OutsideAsync(Incident incident, Person person, CancellationToken stop) =>
        incident.Private && person.Id != 0 && !await db.Participants.AnyAsync(p => p.IncidentId == incident.Id && p.PersonId == person.Id, stop);

    private async Task<bool> WasThereAsync(Incident incident, Person person, CancellationToken stop) =>
        await db.RoleAssignments.AnyAsync(r => r.IncidentId == incident.Id && r.PersonId == person.Id, stop)
        || await db.Entries.AnyAsync(x => x.IncidentId == incident.Id && x.ActorId == person.Id && x.Kind != EntryKind.System, stop);
}

/// <summary>No such script.</summary>
public sealed record NoSuchScript(string Word) : Refusal
{
    public override string Sentence => $"I know no script “{RichText.Briefly(Word, 30)}”. `/incident review start` takes the one for the incident; there are also default, security, near-miss and recurring.";
}

/// <summary>Someone leads it already.</summary>
public sealed record AlreadyLed(string Code, string Facilitator) : Refusal
{
    public override string Sentence => $"{Facilitator} leads the review of {Code} already. They, or the commander, hand it over with `/incident review facilitate @person`.";
}

/// <summary>The review runs already.</summary>
public sealed record ReviewIsRunning(string Code, string Facilitator) : Refusal
{
    public override string Sentence => $"The review of {Code} is running, led by {Facilitator}. `/incident review status` shows how far it is.";
}

/// <summary>Not someone who can lead.</summary>
public sealed record CannotFacilitate(string Name, bool Guest) : Refusal
{
    public override string Sentence => Guest ? $"{Name} is a guest from another organisation and may only log. Name someone of this workspace." : $"{Name}'s account is deactivated. Name someone else: `/incident review facilitate @person`.";
}
