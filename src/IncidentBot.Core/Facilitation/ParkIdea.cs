using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation;

/// <summary>Keeps a proposed fix for the phase of actions, so that the story is told first.</summary>
public sealed class ParkIdea(BotDb db, FindReview find) : IHandle<CommandInvoked>
{
    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        if (e.Text.IsBlank)
        {
            return new ParkWhat();
        }

        var found = await find.IncidentAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        if (await db.Reviews.FirstOrDefaultAsync(r => r.IncidentId == incident.Id && r.LegalHold, stop) is { } held)
        {
            return new UnderLegalHold(incident.Code, held.NotHeldBecause);
        }

        var idea = new ParkedIdea { IncidentId = incident.Id, Text = e.Text.Plain.Trim(), ById = turn.By.Id, ByName = turn.By.Name, At = turn.Now };
        db.ParkedIdeas.Add(idea);
        return Answer.Private(ReviewWording.Parked(idea.Text));
    }
}

/// <summary>An idea needs words.</summary>
public sealed record ParkWhat : Refusal
{
    public override string Sentence => "What shall be kept for the actions? For example `/incident park limit connections per service`.";
}
