using IncidentBot.Core.Delivery;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation;

/// <summary>A reminder of a deadline that is still to come.</summary>
public sealed record DeadlineReminder(string Kind, DateTimeOffset At);

/// <summary>Sets the alarms of a review: its deadlines, and the one reminder for those who have not answered.</summary>
public sealed class ReviewClock(BotDb db, Installation installation, ScriptShelf shelf)
{
    public const string ReviewSoon = "review-soon";
    public const string ReviewLate = "review-late";
    public const string DocumentSoon = "document-soon";
    public const string DocumentLate = "document-late";

    /// <summary>How long a question may stay unanswered before those it waits for are reminded of it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(20);

    /// <summary>How long before a deadline it is recalled.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromHours(24);

    private WorkingDay Working => installation.WorkingDay;

    /// <summary>Sets every alarm anew, or takes it away when there is nothing to wait for.</summary>
    public async Task SetAsync(Incident incident, Review review, CancellationToken stop)
    {
        // While an incident goes on again its review rests.
        var silent = incident.Replayed || incident.Imported || incident.IsOpen;
        var zone = await ZoneAsync(incident, review, stop);
        await SetAsync(incident, RemindOfDeadline.Key, silent ? null : Next(review, zone)?.At, stop);
        await SetAsync(incident, RemindTheSilent.Key, silent ? null : await NextNudgeAsync(incident, review, stop), stop);
    }

    /// <summary>The next reminder of a deadline, in working hours; null when none is to come.</summary>
    public DeadlineReminder? Next(Review review, TimeZoneInfo zone) => Reminders(review)
        .Where(r => !review.Reminders.Contains(r.Kind)).Select(r => r with { At = Working.NextWorking(r.At, zone) }).MinBy(r => r.At);

    /// <summary>When someone may be reminded of a question, in their own working hours.</summary>
    public DateTimeOffset NudgeAt(Prompt prompt, Person person, DateTimeOffset askedAt) => Working.NextWorking(new[] { (askedAt > prompt.OpenedAt ? askedAt : prompt.OpenedAt) + Patience, person.AwayUntil ?? default, person.StatusAwayUntil ?? default }.Max(), person.Zone);

    /// <summary>The zone in whose working hours the review is reminded of: the facilitator's, else the declarer's.</summary>
    public async Task<TimeZoneInfo> ZoneAsync(Incident incident, Review review, CancellationToken stop) =>
        (await db.People.FirstOrDefaultAsync(p => p.Id == (review.FacilitatorId ?? incident.DeclaredById), stop))?.Zone ?? TimeZoneInfo.Utc;

    private static IEnumerable<DeadlineReminder> Reminders(Review review)
    {
        if (review.State is not (ReviewState.Offered or ReviewState.Running) || (review.State == ReviewState.Offered && review.RequiredBecause is null))
        {
            yield break;
        }

        if (review is { DueAt: { } due, StartedAt: null })
        {
            yield return new(ReviewSoon, due - Ahead);
            yield return new(ReviewLate, due);
        }

        if (review.DocumentDueAt is { } document)
        {
            yield return new(DocumentSoon, document - Ahead);
            yield return new(DocumentLate, document);
        }
    }

    private async Task<DateTimeOffset?> NextNudgeAsync(Incident incident, Review review, CancellationToken stop)
    {
        if (!review.IsRunning || review.PromptId is not { } id || await PromptAsync(id, stop) is not { } prompt || shelf.Kept(review.Script).Prompt(prompt.Key)?.Poll == true)
        {
            return null;
        }

        await db.Asked.Where(a => a.IncidentId == incident.Id).LoadAsync(stop);
        var asked = db.Asked.Local.Where(a => a.IncidentId == incident.Id).ToDictionary(a => a.PersonId, a => a.At);
        var ids = db.Asked.Local.Where(a => a.IncidentId == incident.Id && !a.RemindedOf.Contains(id) && (prompt.AskedId is null || prompt.AskedId == a.PersonId)).Select(a => a.PersonId).ToList();
        var answered = await db.ReviewAnswers.Where(a => a.PromptId == id && a.PersonId != null).Select(a => a.PersonId!.Value).ToListAsync(stop);
        answered.AddRange(db.ReviewAnswers.Local.Where(a => a.PromptId == id && a.PersonId is not null).Select(a => a.PersonId!.Value));
        await db.People.Where(p => ids.Contains(p.Id)).LoadAsync(stop);
        return db.People.Local.Where(p => ids.Contains(p.Id) && !answered.Contains(p.Id) && !p.IsGone && !p.IsGuest).Select(p => (DateTimeOffset?)NudgeAt(prompt, p, asked[p.Id])).Min();
    }

    private async Task<Prompt?> PromptAsync(long id, CancellationToken stop) =>
        db.Prompts.Local.FirstOrDefault(p => p.Id == id) ?? await db.Prompts.FirstOrDefaultAsync(p => p.Id == id, stop);

    private async Task SetAsync(Incident incident, string key, DateTimeOffset? at, CancellationToken stop)
    {
        var alarm = db.Alarms.Local.FirstOrDefault(a => a.IncidentId == incident.Id && a.Key == key) ?? await db.Alarms.FirstOrDefaultAsync(a => a.IncidentId == incident.Id && a.Key == key, stop);
        if (at is not { } due)
        {
            if (alarm is not null)
            {
                db.Alarms.Remove(alarm);
            }
        }
        else if (alarm is null)
        {
            db.Alarms.Add(new Alarm { IncidentId = incident.Id, Key = key, DueAt = due });
        }
        else
        {
            (alarm.DueAt, alarm.Attempts) = (due, 0);
        }
    }
}
