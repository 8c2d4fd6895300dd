using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.People;

/// <summary>Who may see and do what.</summary>
public sealed class Permissions(BotDb db, Installation installation)
{
    public bool IsAdministrator(Person person) => installation.Administrators.Contains(person.UserId);

    /// <summary>The incidents that a person may know of: public ones of the workspace, and the private ones that name them.</summary>
    public IQueryable<Incident> Visible(Person person) =>
        db.Incidents.Where(i => i.Workspace == person.Workspace
            && (!i.Private || db.Participants.Any(p => p.IncidentId == i.Id && p.PersonId == person.Id)));

    /// <summary>Commander, declarer or administrator.</summary>
    public async Task<bool> MayCommandAsync(Person person, Incident incident, CancellationToken stop) =>
        IsAdministrator(person)
        || (person.Id == 0 && (incident.Replayed || incident.Imported))
        || incident.DeclaredById == person.Id
        || await db.RoleAssignments.AnyAsync(
            r => r.IncidentId == incident.Id && r.Role == Role.Commander && r.To == null && r.PersonId == person.Id, stop);

    /// <summary>Author of an entry, commander or administrator.</summary>
    public async Task<bool> MayAmendAsync(Person person, Incident incident, TimelineEntry entry, CancellationToken stop) =>
        (await AmendableAsync(person, incident, stop))(entry);

    /// <summary>Answers which entries of an incident a person may change.</summary>
    public async Task<Func<TimelineEntry, bool>> AmendableAsync(Person person, Incident incident, CancellationToken stop)
    {
        var all = IsAdministrator(person) || await db.RoleAssignments.AnyAsync(
            r => r.IncidentId == incident.Id && r.Role == Role.Commander && r.To == null && r.PersonId == person.Id, stop);
        return entry => all || entry.ActorId == person.Id || entry.AddedById == person.Id;
    }
}
