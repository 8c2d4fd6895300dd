using IncidentBot.Core.Chat;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.People;

/// <summary>Finds people by what a platform calls them, and remembers those it has not seen.</summary>
public sealed class PeopleDirectory(BotDb db, IEnumerable<IPlatformPeople> platforms)
{
    public async Task<Person> FindOrAddAsync(PersonRef who, CancellationToken stop)
    {
        if (who.UserId.Length == 0)
        {
            return Person.Bot(who.Platform, who.Workspace);
        }

        var known = db.People.Local.FirstOrDefault(p => p.Ref == who)
            ?? await db.People.FirstOrDefaultAsync(p => p.Platform == who.Platform && p.Workspace == who.Workspace && p.UserId == who.UserId, stop);
        if (known is not null)
        {
            return known;
        }

        var facts = await (platforms.FirstOrDefault(p => p.Platform == who.Platform)?.FindAsync(who, stop) ?? Task.FromResult<PersonFacts?>(null));
        return db.People.Add(new Person
        {
            Platform = who.Platform,
            Workspace = who.Workspace,
            UserId = who.UserId,
            Name = facts?.Name ?? who.UserId,
            TimeZone = facts?.TimeZone ?? "UTC",
            IsGuest = facts?.IsGuest ?? false,
        }).Entity;
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
