using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.WebChat;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Pages;

/// <summary>Who looks at a page, and what they may see: the person of the session, or on this very machine a sample person of the web chat.</summary>
public sealed class Viewer(BotDb db, Settings settings, PeopleDirectory people, Permissions permissions, Merges merges)
{
    /// <summary>The person, or null for whoever has to sign in first.</summary>
    /// <param name="sample">The sample person that the web chat's page names; counts only on loopback and while the web chat is on.</param>
    public async Task<Person?> OfAsync(HttpContext http, string? sample, CancellationToken stop) =>
        Local(http) && SamplePeople.Find(sample) is { } known
            ? await people.FindOrAddAsync(new(WebChatServices.Platform, WebChatServices.Workspace, known.Handle), stop)
        : await Sessions.PersonAsync(http, db, stop) is { } person ? person
        : Local(http) ? Anybody() : null;

    private bool Local(HttpContext http) => settings.WebChat && LocalOnly.IsLocal(http);

    // Someone at the machine of the web chat who has not said which sample person they are: they see what everybody sees.
    private static Person Anybody() =>
        new() { Id = 0, Platform = WebChatServices.Platform, Workspace = WebChatServices.Workspace, UserId = "", Name = "Visitor" };

    /// <summary>True when a person may see an incident, or the one that goes on in its place.</summary>
    public async Task<bool> SeesAsync(Person person, long incidentId, CancellationToken stop)
    {
        var ids = (await merges.SurvivorsAsync([incidentId], stop)).Values.Append(incidentId).ToList();
        return await permissions.Visible(person).AnyAsync(i => ids.Contains(i.Id), stop);
    }

    /// <summary>An incident by its number, or null when there is none that this person may see; a merged one answers with the one that goes on.</summary>
    public async Task<(Incident? Incident, Incident? Named)> FindAsync(string id, Person person, CancellationToken stop)
    {
        if (CommandReader.ReadCode(id) is not { Year: var year, Number: var number })
        {
            return (null, null);
        }

        var named = await permissions.Visible(person).AsNoTracking().FirstOrDefaultAsync(i => i.Year == year && i.Number == number, stop);
        var incident = named is null ? null : await merges.SurvivorAsync(named, stop);
        return (incident, named);
    }
}
