using IncidentBot.Core.Facilitation;

namespace IncidentBot.Core.Reports;

/// <summary>How far a review is, in one line for documents and pages.</summary>
public static class ReviewStanding
{
    public static string Of(Review review) => review switch
    {
        { LegalHold: true } => "Under legal hold: not reviewed",
        { State: ReviewState.NotHeld } => $"None: {review.NotHeldBecause}",
        { State: ReviewState.Offered } => $"Not begun{(review.DueAt is { } due ? $", due {due:yyyy-MM-dd HH:mm} UTC" : "")}{(review.FacilitatorName is { } soon ? $", led by {soon}" : "")}",
        { State: ReviewState.Running } => $"In progress, led by {review.FacilitatorName}{(review.DocumentDueAt is { } by ? $", due {by:yyyy-MM-dd HH:mm} UTC" : "")}",
        _ => $"Closed {review.ClosedAt:yyyy-MM-dd HH:mm} UTC, led by {review.FacilitatorName}{(review.DocumentInTime is { } inTime ? inTime ? ", in time" : $", after its date ({review.DocumentDueAt:yyyy-MM-dd HH:mm} UTC)" : "")}",
    };
}
