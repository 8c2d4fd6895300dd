using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Insights;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation;

/// <summary>The messages of a review in the incident's room: each is rendered when it goes out, and brought up to date where it stands.</summary>
public sealed class ReviewPosts(BotDb db, ScriptShelf shelf, SimilarIncidents similar)
{
    /// <summary>A message to be posted, or to be brought up to date.</summary>
    public sealed record Post(Card Card, string? MessageId);

    /// <summary>Shows the overview anew, and the question if one is named; nothing is posted of what comes from a file or has no room.</summary>
    public void Show(Incident incident, Prompt? prompt = null)
    {
        if (incident.Imported || incident.Replayed)
        {
            return;
        }

        if (prompt is not null)
        {
            db.Outbox.Add(OutboxRow.OfReview(incident, prompt.Id));
        }

        db.Outbox.Add(OutboxRow.OfReview(incident, null));
        // The live card says how far the review is.
        incident.Version++;
    }

    /// <summary>What a row of the outbox shows now; null when there is nothing to show any more.</summary>
    public async Task<Post?> RenderAsync(OutboxRow row, CancellationToken stop)
    {
        var incident = await db.Incidents.FirstOrDefaultAsync(i => i.Id == row.IncidentId, stop);
        if (incident is null || await ReviewFacts.LoadAsync(db, shelf, incident, stop) is not { } facts)
        {
            return null;
        }

        if (row.PromptId is not { } id)
        {
            return new(ReviewCard.Render(facts, await SimilarAsync(facts, stop)), facts.Review.CardId);
        }

        return facts.Prompts.FirstOrDefault(p => p.Id == id) is { } prompt ? new(PromptCard.Render(facts, prompt), prompt.MessageId) : null;
    }

    /// <summary>Posts, or brings up to date; what somebody has deleted is posted again.</summary>
    public static async Task<string> PutAsync(IChat chat, Place place, Post post, Sending sending, CancellationToken stop)
    {
        if (post.MessageId is { } known)
        {
            try
            {
                await chat.UpdateAsync(place, known, post.Card, stop);
                return known;
            }
            catch (ChatFault fault) when (fault.Gone)
            {
                return await chat.PostAsync(place, post.Card, sending, stop);
            }
        }

        var id = await chat.PostAsync(place, post.Card, sending, stop);
        if (sending.Since is not null)
        {
            // What an earlier try has left behind may be older.
            await chat.UpdateAsync(place, id, post.Card, stop);
        }

        return id;
    }

    /// <summary>Remembers which message it is.</summary>
    /// <returns>The question whose message is known for the first time.</returns>
    public async Task<Prompt?> PostedAsync(OutboxRow row, CancellationToken stop)
    {
        if (row.MessageId is not { Length: > 0 } message)
        {
            return null;
        }

        if (row.PromptId is { } id)
        {
            if (await db.Prompts.FirstOrDefaultAsync(p => p.Id == id, stop) is { } prompt && prompt.MessageId != message)
            {
                prompt.MessageId = message;
                return prompt;
            }
        }
        else if (await db.Reviews.FirstOrDefaultAsync(r => r.IncidentId == row.IncidentId, stop) is { } review && review.CardId != message)
        {
            review.CardId = message;
        }

        return null;
    }

    private async Task<int> SimilarAsync(ReviewFacts facts, CancellationToken stop) =>
        facts.Review.State == ReviewState.Offered ? (await similar.OfAsync(facts.Incident, stop)).Count : 0;
}
