using IncidentBot.Core.ActionItems.Chasing;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems.Handling;

/// <summary>Carries what has happened to an item to where it is seen: the record of its incident, its room, and the digests that list it.</summary>
public sealed class Handled(BotDb db, DigestPosts digests)
{
    /// <summary>Keeps the change on the record of the incident, and brings its owner's messages up to date.</summary>
    public async Task TellAsync(ActionItem item, string words, Turn turn, CancellationToken stop, string? old = null)
    {
        item.Incident!.Record(new Acting(turn.By, turn.Now).OnItem(item.Incident, words, old, item.State.Word()));
        await digests.ShowAsync(item, turn.Now, stop);
    }

    public void ToRoom(ActionItem item, Card card)
    {
        if (IsAlive(item.Incident!))
        {
            db.Outbox.Add(OutboxRow.ToRoom(item.Incident!, card));
        }
    }

    public async Task ToPersonAsync(ActionItem item, Person person, Card card, CancellationToken stop)
    {
        if (IsAlive(item.Incident!) && !person.IsGone && await MayHearAsync(item.Incident!, person, stop))
        {
            db.Outbox.Add(OutboxRow.ToPerson(person.Ref, card, item.IncidentId));
        }
    }

    /// <summary>Tells the owner what somebody else has done with their item.</summary>
    public async Task ToOwnerAsync(ActionItem item, Person by, Card card, CancellationToken stop)
    {
        if (item.OwnerId is { } id && id != by.Id && await db.People.FindAsync([id], stop) is { } owner)
        {
            await ToPersonAsync(item, owner, card, stop);
        }
    }

    /// <summary>Of a private incident only those hear who are in it.</summary>
    public async Task<bool> MayHearAsync(Incident incident, Person person, CancellationToken stop) =>
        !incident.Private || await db.Participants.AnyAsync(p => p.IncidentId == incident.Id && p.PersonId == person.Id, stop);

    /// <summary>Whoever has to hear of an answer about an item: its owner, and who asked for it; without those who have just answered.</summary>
    /// <param name="asked">How the history begins to tell what was asked.</param>
    public async Task<IReadOnlyList<Person>> WhoAskedAsync(ActionItem item, string asked, Person answers, CancellationToken stop)
    {
        var by = (await AskedAsync(item, asked, stop))?.ById;
        return await db.People.Where(p => (p.Id == by || p.Id == item.OwnerId) && p.Id != answers.Id).ToListAsync(stop);
    }

    /// <summary>Who marked an item as done last; they do not verify it.</summary>
    public Task<long?> DoneByAsync(ActionItem item, CancellationToken stop) =>
        db.ActionChanges.Where(c => c.ItemId == item.Id && c.To == ActionState.Done && c.From != ActionState.Done).OrderByDescending(c => c.Id).Select(c => c.ById).FirstOrDefaultAsync(stop);

    /// <summary>When something was asked last, and by whom.</summary>
    public Task<ActionChange?> AskedAsync(ActionItem item, string asked, CancellationToken stop) =>
        db.ActionChanges.AsNoTracking().Where(c => c.ItemId == item.Id && c.What.StartsWith(asked)).OrderByDescending(c => c.Id).FirstOrDefaultAsync(stop);

    /// <summary>Those who answer for an incident once it is over, in order: who leads its review, its commander, who declared it; without those who have left.</summary>
    public async Task<IReadOnlyList<Person>> AnswerableAsync(Incident incident, CancellationToken stop)
    {
        var review = await db.Reviews.Where(r => r.IncidentId == incident.Id).Select(r => r.FacilitatorId).FirstOrDefaultAsync(stop);
        var commanders = await db.RoleAssignments.Where(r => r.IncidentId == incident.Id && r.Role == Role.Commander && r.PersonId != null).OrderByDescending(r => r.From).Select(r => r.PersonId).ToListAsync(stop);
        var ids = new[] { review }.Concat(commanders).Append(incident.DeclaredById).OfType<long>().Distinct().ToList();
        var people = await db.People.Where(p => ids.Contains(p.Id) && !p.IsGone && !p.IsGuest).ToListAsync(stop);
        if (incident.Private)
        {
            var inside = await db.Participants.Where(p => p.IncidentId == incident.Id).Select(p => p.PersonId).ToListAsync(stop);
            people.RemoveAll(p => !inside.Contains(p.Id));
        }

        return [.. ids.Select(id => people.Find(p => p.Id == id)).OfType<Person>()];
    }

    /// <summary>True for the commander, also once the incident is over, the declarer, the facilitator and administrators.</summary>
    public async Task<bool> MayDecideAsync(Person person, Incident incident, Permissions permissions, CancellationToken stop) =>
        await permissions.MayCommandAsync(person, incident, stop) || (await AnswerableAsync(incident, stop)).Any(p => p.Id == person.Id);

    // Nothing is posted about what was played or taken over from a file.
    private static bool IsAlive(Incident incident) => !incident.Replayed && !incident.Imported;
}
