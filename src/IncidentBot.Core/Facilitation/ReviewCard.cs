using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Causes;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Facilitation;

/// <summary>The overview of a review: what comes next, who leads it, how far it is, what it still lacks.</summary>
public static class ReviewCard
{
    /// <param name="similar">How many earlier incidents are like this one.</param>
    public static Card Render(ReviewFacts facts, int similar)
    {
        var review = facts.Review;
        var parts = ImmutableArray.CreateBuilder<CardPart>();
        parts.AddRange(ReviewWording.Lead(facts, similar).Select(l => new TextPart(l)));
        parts.Add(new FactsPart([.. ReviewWording.Facts(facts)]));
        if (review.State is ReviewState.Running or ReviewState.Closed)
        {
            parts.AddRange(ReviewWording.Course(facts));
            if (ReviewWording.CoverageLine(facts) is { } lacks)
            {
                parts.Add(new TextPart(lacks, Quiet: true));
            }
        }

        return new()
        {
            Title = ReviewWording.Title(facts),
            Tone = review.State switch { ReviewState.Closed => Tone.Good, ReviewState.NotHeld => Tone.Neutral, _ => Tone.Primary },
            Parts = parts.ToImmutable(),
            Buttons = [.. Buttons(facts)],
        };
    }

    private static IEnumerable<CardButton> Buttons(ReviewFacts facts)
    {
        var (review, id) = (facts.Review, facts.Incident.Id.ToString());
        switch (review.State)
        {
            case ReviewState.Offered:
                if (review.FacilitatorName is null)
                {
                    yield return new(StartReview.FacilitateKey, "I'll facilitate", id, Tone.Primary);
                }

                yield return new(StartReview.Key, "Start the review", id, review.FacilitatorName is null ? Tone.Neutral : Tone.Primary);
                break;
            case ReviewState.Running:
                if (facts.Current is { } current)
                {
                    yield return new(MoveReview.NextKey, "Next question", $"{id}:{current.Id}", Tone.Primary);
                }
                else
                {
                    yield return new(MoveReview.CloseKey, "Close the review", id, Tone.Primary);
                }

                yield return new(AskPeople.JoinKey, "Count me in", id);
                yield return new(ShowTree.Key, "Show the tree", id);
                yield return new(ShowReview.ScoreKey, "Quality score", id);
                break;
            case ReviewState.Closed:
                yield return new(ShowTree.Key, "Show the tree", id);
                yield return new(ShowReview.ScoreKey, "Quality score", id);
                break;
        }
    }
}
