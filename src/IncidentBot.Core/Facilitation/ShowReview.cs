using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Quality;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;

namespace IncidentBot.Core.Facilitation;

/// <summary>Shows how far a review is, what it has found, and how good it is.</summary>
public sealed class ShowReview(FindReview find, FindIncident incidents, Conduct conduct, Permissions permissions) : IHandle<CommandInvoked>, IHandle<ButtonPressed>
{
    public const string StatusVerb = "review status";
    public const string FindingsVerb = "review findings";
    public const string ScoreVerb = "review score";
    public const string ScoreKey = "facilitation.score";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.IncidentAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        if (await conduct.FactsAsync(incident, stop) is not { } facts)
        {
            return incident.IsOpen ? new StabiliseFirst(incident.Code, incident.Status) : new NoReviewRunning(incident.Code, false);
        }

        var leads = await LeadsAsync(facts, turn.By, stop);
        return e.Verb switch
        {
            FindingsVerb => Answer.Private(ReviewWording.Findings(facts)),
            ScoreVerb => Score(facts, leads),
            _ => Answer.Private(ReviewWording.Status(facts, leads)),
        };
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var found = await incidents.ByIdAsync(e.Value, turn.By, stop);
        return found.Missed(out var incident) ? found.Answer
            : await conduct.FactsAsync(incident, stop) is { } facts ? Score(facts, await LeadsAsync(facts, turn.By, stop)) : new NoReviewRunning(incident.Code, false);
    }

    private static Answer Score(ReviewFacts facts, bool leads) =>
        !leads ? new ScoreIsForEditors(facts.Incident.Code) : facts.Script is null ? new NoReviewRunning(facts.Incident.Code, false) : Answer.Private(ReviewWording.Score(facts, QualityScore.Of(facts)));

    private async Task<bool> LeadsAsync(ReviewFacts facts, Person person, CancellationToken stop) =>
        (person.Id != 0 && facts.Review.FacilitatorId == person.Id) || await permissions.MayCommandAsync(person, facts.Incident, stop);
}

/// <summary>The score helps those who can mend the review, and measures nobody.</summary>
public sealed record ScoreIsForEditors(string Code) : Refusal
{
    public override string Sentence => $"The quality score of {Code} is for its facilitator and its commander, who can mend what it names. `/incident review status` shows how far the review is.";
}
