using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation;

/// <summary>Reminds, once and privately, those who have not answered a question; in their own working hours.</summary>
public sealed class RemindTheSilent(BotDb db, Conduct conduct, ReviewClock clock) : IHandle<AlarmRang>
{
    public const string Key = "facilitation.remind-the-silent";

    public async Task<Answer> HandleAsync(AlarmRang e, Turn turn, CancellationToken stop)
    {
        var incident = await db.Incidents.FirstAsync(i => i.Id == e.IncidentId, stop);
        if (!incident.IsOpen && await conduct.FactsAsync(incident, stop) is { Review.IsRunning: true, Current: { } prompt } facts)
        {
            foreach (var person in facts.Waiting(prompt))
            {
                var asked = facts.Asked.First(a => a.Person.Id == person.Id).Asked;
                if (clock.NudgeAt(prompt, person, asked.At) <= turn.Now && !asked.RemindedOf.Contains(prompt.Id))
                {
                    asked.RemindedOf = [.. asked.RemindedOf, prompt.Id];
                    db.Outbox.Add(OutboxRow.ToPerson(person.Ref, PromptCard.ForOne(facts, prompt, reminder: true), incident.Id));
                }
            }
        }

        if (await db.Reviews.FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop) is { } review)
        {
            await clock.SetAsync(incident, review, stop);
        }

        return Answer.None;
    }
}

/// <summary>Recalls the deadlines of review and document, before they pass and once they have.</summary>
public sealed class RemindOfDeadline(BotDb db, ReviewClock clock, ReviewPosts posts) : IHandle<AlarmRang>
{
    public const string Key = "facilitation.remind-of-deadline";

    public async Task<Answer> HandleAsync(AlarmRang e, Turn turn, CancellationToken stop)
    {
        var incident = await db.Incidents.FirstAsync(i => i.Id == e.IncidentId, stop);
        if (await db.Reviews.FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop) is not { } review)
        {
            return Answer.None;
        }

        var zone = await clock.ZoneAsync(incident, review, stop);
        var due = new List<string>();
        while (incident.Status == Status.Resolved && clock.Next(review, zone) is { } reminder && reminder.At <= turn.Now)
        {
            review.Reminders = [.. review.Reminders, reminder.Kind];
            due.Add(reminder.Kind);
        }

        // What has passed over a weekend is not announced any more as coming.
        due.RemoveAll(k => (k == ReviewClock.ReviewSoon && due.Contains(ReviewClock.ReviewLate)) || (k == ReviewClock.DocumentSoon && due.Contains(ReviewClock.DocumentLate)));
        var person = await db.People.FirstOrDefaultAsync(p => p.Id == (review.FacilitatorId ?? incident.DeclaredById) && !p.IsGone, stop);
        foreach (var card in due.Select(k => ReviewWording.Deadline(incident, review, k, turn.Now)))
        {
            db.Outbox.Add(person is null ? OutboxRow.ToRoom(incident, card) : OutboxRow.ToPerson(person.Ref, card, incident.Id));
            posts.Show(incident);
        }

        await clock.SetAsync(incident, review, stop);
        return Answer.None;
    }
}
