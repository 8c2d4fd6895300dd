using IncidentBot.Core.Chat;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.People;

/// <summary>Finds people by what a platform calls them, and remembers those it has not seen.</summary>
public sealed class PeopleDirectory(BotDb db, IEnumerable<IPlatformPeople> platforms)
{
    private readonly Dictionary<PersonRef, Person> _met = [];

    /// <summary>Looks many people up at once, before each is asked for by itself.</summary>
    public async Task MeetAsync(string platform, string workspace, IEnumerable<string> userIds, CancellationToken stop)
    {
        var ids = userIds.Distinct().Where(id => id.Length > 0 && !_met.ContainsKey(new(platform, workspace, id))).ToList();
        foreach (var person in ids.Count == 0 ? [] : await db.People.Where(p => p.Platform == platform && p.Workspace == workspace && ids.Contains(p.UserId)).ToListAsync(stop))
        {
            _met[person.Ref] = person;
        }
    }

    public async Task<Person> FindOrAddAsync(PersonRef who, CancellationToken stop)
    {
        if (who.UserId.Length == 0)
        {
            return Person.Bot(who.Platform, who.Workspace);
        }

        // Kept here: to look through what the database tracks would compare all of it again for each message.
        if (_met.TryGetValue(who, out var met) && db.Entry(met).State != EntityState.Detached)
        {
            return met;
        }

        var known = await db.People.FirstOrDefaultAsync(p => p.Platform == who.Platform && p.Workspace == who.Workspace && p.UserId == who.UserId, stop);
        if (known is not null)
        {
            return _met[who] = known;
        }

        var facts = await (platforms.FirstOrDefault(p => p.Platform == who.Platform)?.FindAsync(who, stop) ?? Task.FromResult<PersonFacts?>(null));
        return _met[who] = db.People.Add(new Person
        {
            Platform = who.Platform,
            Workspace = who.Workspace,
            UserId = who.UserId,
            Name = facts?.Name ?? who.UserId,
            TimeZone = facts?.TimeZone ?? "UTC",
            IsGuest = facts?.IsGuest ?? false,
            IsGone = facts?.IsGone ?? false,
            StatusAwayUntil = facts?.AwayUntil,
        }).Entity;
    }

    /// <summary>Someone whom the platform knows by this id; null when it knows nobody.</summary>
    public async Task<Person?> FindKnownAsync(PersonRef who, CancellationToken stop) =>
        // A platform that knows nobody of the id may answer the id itself, as a guest's.
        !who.UserId.Contains(' ') && await (platforms.FirstOrDefault(p => p.Platform == who.Platform)?.FindAsync(who, stop) ?? Task.FromResult<PersonFacts?>(null)) is { } facts && (facts.Name != who.UserId || !facts.IsGuest) ? await FindOrAddAsync(who, stop) : null;

    /// <summary>Takes over what a platform says of a person, also where their name was not known yet when they wrote.</summary>
    public async Task RefreshAsync(PersonRef who, PersonFacts facts, CancellationToken stop)
    {
        var person = await db.People.FirstOrDefaultAsync(p => p.Platform == who.Platform && p.Workspace == who.Workspace && p.UserId == who.UserId, stop);
        if (person is null)
        {
            return;
        }

        var unnamed = person.Name == person.UserId && facts.Name != person.UserId;
        (person.Name, person.TimeZone, person.IsGuest, person.IsGone, person.StatusAwayUntil) = (facts.Name, facts.TimeZone, facts.IsGuest, facts.IsGone, facts.AwayUntil);
        if (unnamed)
        {
            await db.Transcript.Where(m => m.AuthorId == person.Id && m.AuthorName == person.UserId).ForEachAsync(m => m.AuthorName = facts.Name, stop);
            await db.Transcript.Where(m => m.PinnedById == person.Id && m.PinnedByName == person.UserId).ForEachAsync(m => m.PinnedByName = facts.Name, stop);
            await db.Entries.Where(x => x.ActorId == person.Id && x.ActorName == person.UserId).ForEachAsync(x => x.ActorName = facts.Name, stop);
            await db.Entries.Where(x => x.AddedById == person.Id && x.AddedByName == person.UserId).ForEachAsync(x => x.AddedByName = facts.Name, stop);
            await db.RoleAssignments.Where(r => r.PersonId == person.Id && r.PersonName == person.UserId).ForEachAsync(r => r.PersonName = facts.Name, stop);
            await db.ActionItems.Where(a => a.OwnerId == person.Id && a.OwnerName == person.UserId).ForEachAsync(a => a.OwnerName = facts.Name, stop);
            await db.ActionItems.Where(a => a.OfferedToId == person.Id && a.OfferedToName == person.UserId).ForEachAsync(a => a.OfferedToName = facts.Name, stop);
            await db.ActionChanges.Where(c => c.ById == person.Id && c.ByName == person.UserId).ForEachAsync(c => c.ByName = facts.Name, stop);
            await db.Incidents.Where(i => i.DeclaredById == person.Id && i.DeclaredByName == person.UserId).ForEachAsync(i => i.DeclaredByName = facts.Name, stop);
        }
    }

    /// <summary>The people that a text mentions, in order.</summary>
    public async Task<List<Person>> MentionedAsync(RichText text, Person by, CancellationToken stop)
    {
        var found = new List<Person>();
        foreach (var id in text.Spans.Where(s => s.Kind == SpanKind.User && s.Target is not null).Select(s => s.Target!).Distinct())
        {
            found.Add(await FindOrAddAsync(new(by.Platform, by.Workspace, id), stop));
        }

        return found;
    }
}
