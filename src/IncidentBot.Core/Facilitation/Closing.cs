using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Coach;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Facilitation;

/// <summary>Ends a review: says what is open, and closes it when that is meant.</summary>
public sealed class Closing(Conduct conduct)
{
    private const string Anyway = "anyway";

    /// <summary>The first time, what is open is named; “anyway” with a reason, or nothing open, closes.</summary>
    public async Task<Answer> CloseAsync(Incident incident, Review review, string words, Turn turn, CancellationToken stop)
    {
        var facts = (await conduct.FactsAsync(incident, stop))!;
        var unasked = Agenda.Next(facts, review.Phase) is { } next ? next.Phase.Title : null;
        if (unasked is not null && !words.StartsWith(Anyway, StringComparison.OrdinalIgnoreCase))
        {
            return new NotAllAsked(incident.Code, unasked);
        }

        var reason = words.StartsWith(Anyway, StringComparison.OrdinalIgnoreCase) ? words[Anyway.Length..].Trim(' ', ':') : words;
        if (unasked is not null && reason.Length == 0)
        {
            return new NotAllAsked(incident.Code, unasked);
        }

        await conduct.CloseAsync(incident, review, turn.By, turn.Now, stop);
        if (unasked is not null && facts.Phases.MaxBy(p => p.OpenedAt) is { } last)
        {
            last.Reason = reason;
        }

        var open = SetLint.Check(facts, CoachWords.English).Select(f => f.Message);
        return Answer.Private(ReviewWording.Closed(facts, [.. open]));
    }
}

/// <summary>There are questions that nobody has seen yet.</summary>
public sealed record NotAllAsked(string Code, string Next) : Refusal
{
    public override string Sentence => $"The review of {Code} still has questions, next “{Next}”. `/incident review next` asks on; `/incident review close anyway REASON` ends it here, with the reason in the document.";
}

/// <summary>Looks at all action items of an incident together.</summary>
public static class SetLint
{
    private const int Many = 10;

    public static IReadOnlyList<LintFinding> Check(ReviewFacts facts, CoachWords words)
    {
        var items = facts.Items;
        var found = new List<LintFinding>();
        void When(bool wrong, string rule)
        {
            if (wrong && !facts.Silenced.Contains(rule))
            {
                found.Add(words.InPlace(rule));
            }
        }

        When(!items.Any(i => i.Type == ActionItems.ActionType.Prevent), "set-prevent");
        When(ReviewPolicy.FoundByPeople(facts.Timeline) == true && !items.Any(i => i.Type == ActionItems.ActionType.Detect), "set-detect");
        When(facts.Incident.Impact.UsersAffected is not null && !items.Any(i => i.Priority == 1), "set-first");
        When(Coverage.Of(facts).Bare.Any(f => f.Kind == FindingKind.Why), "set-leaves");
        When(items.Count > 1 && items.All(i => i.Type == ActionItems.ActionType.Mitigate), "set-mitigate");
        When(items.Count > 2 && items.Select(i => i.Priority).Distinct().Count() == 1, "set-priority");
        When(items.Count > 0 && items.All(i => ActionLint.Strength(i.Text, words) == ActionStrength.Weaker), "set-weak");
        When(items.Count > Many, "set-many");
        var week = (facts.Timeline.Milestones.Resolved ?? facts.Review.OfferedAt).AddDays(8);
        When(items.Count > 0 && !items.Any(i => i.Due is { } due && due <= DateOnly.FromDateTime(week.UtcDateTime)), "set-soon");
        return found;
    }
}
