using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation;

/// <summary>Brings people into a review: whoever wants to, whom the facilitator asks, and with a question of their own.</summary>
public sealed class AskPeople(BotDb db, FindReview find, Conduct conduct, PeopleDirectory people, ReviewPosts posts, ReviewClock clock) : IHandle<CommandInvoked>, IHandle<ButtonPressed>
{
    public const string AskVerb = "review ask";
    public const string JoinVerb = "review join";
    public const string JoinKey = "facilitation.join";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e, turn, stop, lead: e.Verb == AskVerb);
        if (found.Missed(out var incident, out var review))
        {
            return found.Answer;
        }

        if (e.Verb == JoinVerb)
        {
            return await JoinAsync(incident, review, turn, stop);
        }

        var mentioned = await people.MentionedAsync(e.Text, turn.By, stop);
        if (mentioned.Count == 0)
        {
            return new AskWhom();
        }

        if (mentioned.Find(p => p.IsGone || p.IsGuest) is { } absent)
        {
            return new CannotBeAsked(absent.Name, absent.IsGuest);
        }

        if (incident.Private && await OutsiderAsync(incident, mentioned, stop) is { } outsider)
        {
            return new BringInFirst(incident.Code, outsider.Name);
        }

        var question = string.Concat(e.Text.Spans.Where(s => s.Kind != SpanKind.User).Select(s => s.Text)).Trim(' ', ':', ',');
        foreach (var person in mentioned)
        {
            await conduct.InviteAsync(incident, person, "asked by the facilitator", turn.Now, stop);
            var facts = (await conduct.FactsAsync(incident, stop))!;
            if (question.Length > 0)
            {
                var own = await conduct.AskOwnAsync(incident, review, person, question, turn.Now, stop);
                db.Outbox.Add(OutboxRow.ToPerson(person.Ref, PromptCard.ForOne(facts, own, reminder: false), incident.Id));
            }
            else if (facts.Current is { } current)
            {
                db.Outbox.Add(OutboxRow.ToPerson(person.Ref, PromptCard.ForOne(facts, current, reminder: false), incident.Id));
            }
        }

        posts.Show(incident, (await conduct.FactsAsync(incident, stop))!.Current);
        await clock.SetAsync(incident, review, stop);
        return Answer.Private(ReviewWording.Asked(mentioned, question));
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e.Value, turn, stop);
        return found.Missed(out var incident, out var review) ? found.Answer : await JoinAsync(incident, review, turn, stop);
    }

    private async Task<Person?> OutsiderAsync(Incidents.Incident incident, List<Person> named, CancellationToken stop)
    {
        var inside = await db.Participants.Where(p => p.IncidentId == incident.Id).Select(p => p.PersonId).ToListAsync(stop);
        return named.Find(p => !inside.Contains(p.Id));
    }

    private async Task<Answer> JoinAsync(Incidents.Incident incident, Review review, Turn turn, CancellationToken stop)
    {
        var isNew = await conduct.InviteAsync(incident, turn.By, "joined in", turn.Now, stop);
        if (isNew)
        {
            posts.Show(incident, (await conduct.FactsAsync(incident, stop))!.Current);
            await clock.SetAsync(incident, review, stop);
        }

        return Answer.Private(ReviewWording.Joined(incident, isNew));
    }
}

/// <summary>Someone has to be named.</summary>
public sealed record AskWhom : Refusal
{
    public override string Sentence => "Whom shall I ask? `/incident review ask @priya` puts the open question to them; `/incident review ask @priya what did the vendor say?` one of your own.";
}

/// <summary>Of a private incident only those in it are asked.</summary>
public sealed record BringInFirst(string Code, string Name) : Refusal
{
    public override string Sentence => $"{Code} is private, and {Name} is not in it. `/incident invite @person` brings them in first; nobody was asked.";
}

/// <summary>Someone who cannot answer.</summary>
public sealed record CannotBeAsked(string Name, bool Guest) : Refusal
{
    public override string Sentence => Guest ? $"{Name} is a guest from another organisation and may only log, so they cannot answer here. Nobody was asked."
        : $"{Name}'s account is deactivated, so they would not hear of it. Ask someone who worked with them; nobody was asked.";
}
