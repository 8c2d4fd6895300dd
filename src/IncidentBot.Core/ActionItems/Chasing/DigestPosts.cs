using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems.Chasing;

/// <summary>The messages to owners: each is rendered when it goes out, and brought up to date where it stands once its items are answered.</summary>
public sealed class DigestPosts(BotDb db, Incidents.Installation installation)
{
    /// <summary>How long a message is kept up to date.</summary>
    private static readonly TimeSpan Alive = TimeSpan.FromDays(15);

    /// <summary>Brings the messages that list an item up to date.</summary>
    public async Task ShowAsync(ActionItem item, DateTimeOffset now, CancellationToken stop)
    {
        var since = now - Alive;
        // Also whose it was until now.
        var was = db.Entry(item).Property(i => i.OwnerId).OriginalValue;
        var candidates = await db.Digests.Where(d => d.At >= since && (d.PersonId == item.OwnerId || d.PersonId == was || d.PersonId == item.VerifierId || db.ActionChanges.Any(c => c.ItemId == item.Id && c.ById == d.PersonId))).ToListAsync(stop);
        // Also one that is on its way: it may have been drawn before this.
        foreach (var digest in candidates.Where(d => d.Items.Contains(item.Id) || d.ToVerify.Contains(item.Id)))
        {
            if (await db.People.FirstOrDefaultAsync(p => p.Id == digest.PersonId, stop) is { } person)
            {
                db.Outbox.Add(OutboxRow.OfDigest(person.Ref, digest.Id));
            }
        }
    }

    /// <summary>What a row of the outbox shows now; null when there is nothing to show any more.</summary>
    public async Task<(Card Card, string? MessageId)?> RenderAsync(OutboxRow row, CancellationToken stop)
    {
        if (await db.Digests.AsNoTracking().FirstOrDefaultAsync(d => d.Id == row.DigestId, stop) is not { } digest || await db.People.FirstOrDefaultAsync(p => p.Id == digest.PersonId, stop) is not { } person)
        {
            return null;
        }

        var ids = digest.Items.Concat(digest.ToVerify).ToList();
        var items = await db.ActionItems.AsNoTracking().Include(a => a.Incident).Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, stop);
        // Whoever has left a private incident since sees no more of it.
        var closed = items.Values.Where(i => i.Incident!.Private).Select(i => i.IncidentId).Distinct().ToList();
        var inside = closed.Count == 0 ? [] : await db.Participants.Where(p => p.PersonId == person.Id && closed.Contains(p.IncidentId)).Select(p => p.IncidentId).ToListAsync(stop);
        foreach (var hidden in items.Values.Where(i => i.Incident!.Private && !inside.Contains(i.IncidentId)).ToList())
        {
            items.Remove(hidden.Id);
        }

        if (items.Count == 0 && digest.MessageId is null)
        {
            return null;
        }

        var since = digest.At;
        var answers = (await db.ActionChanges.AsNoTracking().Where(c => ids.Contains(c.ItemId) && c.At >= since).ToListAsync(stop)).OrderBy(c => c.At).ThenBy(c => c.Id).ToLookup(c => c.ItemId);
        return (DigestCard.Render(digest, person, [.. digest.Items.Where(items.ContainsKey).Select(id => items[id])], [.. digest.ToVerify.Where(items.ContainsKey).Select(id => items[id])], answers, installation), digest.MessageId);
    }

    /// <summary>Sends, or brings up to date.</summary>
    public static async Task<string> PutAsync(IChat chat, PersonRef person, (Card Card, string? MessageId) post, Sending sending, CancellationToken stop)
    {
        if (post.MessageId is not { } known)
        {
            return await chat.PostDirectAsync(person, post.Card, sending, stop);
        }

        try
        {
            await chat.UpdateDirectAsync(person, known, post.Card, stop);
        }
        catch (ChatFault fault) when (fault.Gone)
        {
            // They have taken it away; nobody is sent the same list twice.
        }

        return known;
    }

    /// <summary>Remembers which message it is.</summary>
    public async Task SentAsync(OutboxRow row, CancellationToken stop)
    {
        if (row.MessageId is { Length: > 0 } message && await db.Digests.FirstOrDefaultAsync(d => d.Id == row.DigestId, stop) is { } digest)
        {
            digest.MessageId = message;
        }
    }
}
