using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation;

/// <summary>Sets when a review is due and when it meets, or that it is not held: for a legal hold, or for a reason.</summary>
public sealed class PlanReview(BotDb db, FindReview find, Conduct conduct, ReviewPosts posts, ReviewClock clock, Permissions permissions, ReviewPolicy policy, Installation installation) : IHandle<CommandInvoked>
{
    public const string DueVerb = "review due";
    public const string MeetingVerb = "review meeting";
    public const string HoldVerb = "review hold";
    public const string ReleaseVerb = "review release";
    public const string NotNeededVerb = "review not-needed";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.IncidentAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        if (e.Verb is HoldVerb or ReleaseVerb or NotNeededVerb && !await permissions.MayCommandAsync(turn.By, incident, stop)
            && !(e.Verb == NotNeededVerb && await db.Reviews.AnyAsync(r => r.IncidentId == incident.Id && r.FacilitatorId == turn.By.Id, stop)))
        {
            return new OnlyTheCommanderMay("decide that about the review of", incident.Code);
        }

        var review = await conduct.FindOrOfferAsync(incident, turn.Now, stop);
        if (e.Verb is DueVerb or MeetingVerb && !await find.MayLeadAsync(turn.By, review, stop) && !await permissions.MayCommandAsync(turn.By, incident, stop))
        {
            return new OnlyTheFacilitatorMay(incident.Code, review.FacilitatorName ?? "nobody");
        }

        var words = e.Text.Plain.Trim();
        var answer = e.Verb switch
        {
            DueVerb => Due(incident, review, words, turn),
            MeetingVerb => await MeetAsync(incident, review, words, turn, stop),
            HoldVerb => Hold(incident, review, words, turn),
            ReleaseVerb => await ReleaseAsync(incident, review, turn, stop),
            _ => NotNeeded(incident, review, words, turn),
        };
        if (answer is not RefusedAnswer)
        {
            await clock.SetAsync(incident, review, stop);
            if (!incident.IsOpen)
            {
                posts.Show(incident);
            }
        }

        return answer;
    }

    // "review due friday" moves the document's date, "review due start friday" that of the review.
    private Answer Due(Incident incident, Review review, string words, Turn turn)
    {
        var begin = words.StartsWith("start ", StringComparison.OrdinalIgnoreCase);
        if (review.State == ReviewState.Closed || (begin && review.StartedAt is not null))
        {
            return new TooLateForADate(incident.Code, begin);
        }

        var said = begin ? words["start ".Length..] : words;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(turn.Now, turn.By.Zone).DateTime);
        if (SpokenDate.Read(said, today) is not { } day || day < today)
        {
            return new DueWhen();
        }

        var at = WorkingDay.At(day, installation.WorkingDay.Ends, turn.By.Zone);
        review.DatesByHand = true;
        if (begin)
        {
            (review.DueAt, review.Reminders) = (at, [.. review.Reminders.Where(r => r is not (ReviewClock.ReviewSoon or ReviewClock.ReviewLate))]);
        }
        else
        {
            (review.DocumentDueAt, review.Reminders) = (at, [.. review.Reminders.Where(r => r is not (ReviewClock.DocumentSoon or ReviewClock.DocumentLate))]);
        }

        incident.Record(new Acting(turn.By, turn.Now).InReview($"{(begin ? "Review" : "Post-mortem document")} due {day:yyyy-MM-dd}"));
        return Answer.Private(ReviewWording.DueSet(incident, begin, day, installation.WorkingDay));
    }

    private async Task<Answer> MeetAsync(Incident incident, Review review, string words, Turn turn, CancellationToken stop)
    {
        if (words.Equals("off", StringComparison.OrdinalIgnoreCase))
        {
            review.MeetingAt = null;
            return Answer.Private(ReviewWording.NoMeeting(incident));
        }

        if (Meeting.Read(words, turn.Now, turn.By.Zone) is not { } meeting)
        {
            return new MeetWhen();
        }

        if (review.LegalHold)
        {
            return new UnderLegalHold(incident.Code, review.NotHeldBecause);
        }

        (review.MeetingAt, review.MeetingMinutes) = (meeting.At, meeting.Minutes);
        var facts = (await conduct.FactsAsync(incident, stop))!;
        var invitation = $"{installation.PublicUrl}/reviews/{incident.Code}/meeting.ics";
        if (!incident.Replayed && !incident.Imported)
        {
            // Those who are asked see it where the questions stand.
            db.Outbox.Add(OutboxRow.ToRoom(incident, ReviewWording.MeetingSet(facts, invitation)));
        }

        return Answer.Private(ReviewWording.MeetingSet(facts, invitation));
    }

    private static Answer Hold(Incident incident, Review review, string words, Turn turn)
    {
        (review.LegalHold, review.NotHeldBecause) = (true, words.Length == 0 ? null : words);
        review.State = review.State == ReviewState.Closed ? review.State : ReviewState.NotHeld;
        incident.Record(new Acting(turn.By, turn.Now).InReview("Legal hold: the incident is not reviewed"));
        return Answer.Private(ReviewWording.Held(incident));
    }

    private async Task<Answer> ReleaseAsync(Incident incident, Review review, Turn turn, CancellationToken stop)
    {
        if (!review.LegalHold)
        {
            return new NoHold(incident.Code);
        }

        (review.LegalHold, review.NotHeldBecause) = (false, null);
        review.State = review.State == ReviewState.NotHeld ? review.StartedAt is null ? ReviewState.Offered : ReviewState.Running : review.State;
        if (review.State == ReviewState.Offered)
        {
            await policy.ReconsiderAsync(incident, turn.Now, stop);
        }

        incident.Record(new Acting(turn.By, turn.Now).InReview("Legal hold lifted"));
        return Answer.Private(ReviewWording.Released(incident));
    }

    private static Answer NotNeeded(Incident incident, Review review, string words, Turn turn)
    {
        if (words.Length == 0)
        {
            return new NotNeededWhy();
        }

        if (review.State is ReviewState.Running or ReviewState.Closed)
        {
            return new ReviewIsRunning(incident.Code, review.FacilitatorName ?? "nobody");
        }

        (review.State, review.NotHeldBecause) = (ReviewState.NotHeld, $"{words} ({turn.By.Name})");
        incident.Record(new Acting(turn.By, turn.Now).InReview($"No review: {words}"));
        return Answer.Private(ReviewWording.NotHeld(incident));
    }
}

/// <summary>What is done has no date to come.</summary>
public sealed record TooLateForADate(string Code, bool Begin) : Refusal
{
    public override string Sentence => Begin ? $"The review of {Code} has begun already; `/incident review due friday` moves the date of its document." : $"The review of {Code} is closed, so its date stands as it was.";
}

/// <summary>A date is wanted.</summary>
public sealed record DueWhen : Refusal
{
    public override string Sentence => "By which day, from today on? `/incident review due friday` moves the document's date, `/incident review due start tomorrow` that of the review. I understand friday, in two weeks, 30 Nov and 2026-11-30.";
}

/// <summary>A time is wanted.</summary>
public sealed record MeetWhen : Refusal
{
    public override string Sentence => "When, and how long? `/incident review meeting 2026-11-24 14:00 45m`, in your own time zone and in the future, 30 to 60 minutes; `/incident review meeting off` calls it off.";
}

/// <summary>There is nothing to lift.</summary>
public sealed record NoHold(string Code) : Refusal
{
    public override string Sentence => $"{Code} is under no legal hold.";
}

/// <summary>What is not done is not done for a reason.</summary>
public sealed record NotNeededWhy : Refusal
{
    public override string Sentence => "For which reason is there no review? `/incident review not-needed the same as INC-2026-0001, reviewed there`.";
}
