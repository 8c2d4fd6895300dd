using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.WebChat.Rendering;

/// <summary>The live incident beside its room.</summary>
public sealed class PanelView(BotDb db, PeopleDirectory people, Permissions permissions, Merges merges, Installation installation, PlayClocks plays)
{
    private const int MostEntries = 200;

    /// <summary>What someone may see of an incident; null when they may not.</summary>
    internal async Task<Panel?> OfAsync(long incidentId, SamplePerson me, CancellationToken stop)
    {
        var person = await people.FindOrAddAsync(new(WebChatServices.Platform, WebChatServices.Workspace, me.Handle), stop);
        var incident = await permissions.Visible(person).AsNoTracking().FirstOrDefaultAsync(i => i.Id == incidentId, stop);
        if (incident is null)
        {
            return null;
        }

        var timeline = await Chronology.LoadAsync(db, incident, stop);
        var milestones = timeline.Milestones;
        var held = await db.RoleAssignments.AsNoTracking().Where(r => r.IncidentId == incident.Id && r.To == null).OrderBy(r => r.From).ToListAsync(stop);
        var mayChange = await permissions.AmendableAsync(person, incident, stop);
        var days = timeline.Entries.Where(e => e.OccurredAt is not null).Select(e => e.OccurredAt!.Value.Date).Distinct().Count();
        var play = plays.Of(incident.Id);
        return new(
            incident.Code,
            incident.Title,
            incident.Status.Word(),
            incident.Severity is { } s ? new(s, Severity.Full(s), Severity.Definition(s), incident.SeverityAssumed) : null,
            incident.IsOpen,
            incident.Private,
            incident.Drill,
            incident.Replayed,
            await SurvivorAsync(incident, stop),
            incident.Services,
            [.. installation.Roles.Concat(held.Select(h => h.Role)).Distinct().Select(r => new PanelRole(r, held.FirstOrDefault(h => h.Role == r)?.PersonName))],
            ViewEndpoints.Clock(milestones.Detected ?? incident.DeclaredAt),
            milestones.Resolved is { } end ? ViewEndpoints.Clock(end) : null,
            milestones.Duration is { } duration ? Elapsed.Of(duration) : null,
            [.. Marks(milestones)],
            [.. timeline.Printed.TakeLast(MostEntries).Select(e => Entry(e, timeline, days > 1, incident, e.RedactedAt is null && incident.MergedIntoId is null && !person.IsGuest && mayChange(e)))],
            Math.Max(0, timeline.Printed.Count() - MostEntries),
            play is null ? null : new(play.Paused, play.Progress, ViewEndpoints.Clock(play.Now)),
            person.IsGuest ? [] : await ActionsAsync(incident.Id, stop));
    }

    // The live card scrolls away; what can be done from it stays at hand here.
    private async Task<IReadOnlyList<CardButton>> ActionsAsync(long incidentId, CancellationToken stop)
    {
        var body = await (from room in db.Rooms
                          join message in db.Set<ChatMessage>() on room.CardId equals message.Id
                          where room.IncidentId == incidentId
                          select message.Body).FirstOrDefaultAsync(stop);
        return body is null ? [] : Card.FromJson(body).Buttons;
    }

    private static IEnumerable<PanelMark> Marks(Milestones m)
    {
        (string Label, DateTimeOffset? At)[] marks =
        [
            ("Impact began", m.Started), ("Alerted", m.Alerted), ("Detected", m.DetectedAssumed ? null : m.Detected), ("Declared", m.Declared),
            ("Acknowledged", m.Acknowledged), ("Stakeholders told", m.StakeholdersNotified), ("Mitigated", m.Mitigated), ("Resolved", m.Resolved),
        ];
        return marks.Select(x => new PanelMark(x.Label, x.At is { } at ? ViewEndpoints.Clock(at) : null));
    }

    private static PanelEntry Entry(TimelineEntry e, Chronology timeline, bool withDate, Incident incident, bool mayChange) => new(
        e.Seq, TimelineWording.Time(e, withDate), timeline.Offset(e), e.Text, e.Kind == EntryKind.System ? null : e.ActorName, e.Kind.Word(), timeline.PhaseOf(e)?.Word(),
        e.Doubt is not null, e.RevisionCount, [.. e.Evidence.Where(v => v.FileId is not null).Select(v => new PanelFile(v.FileId!, v.File ?? ""))],
        !mayChange ? [] :
        [
            new(AmendEntry.OpenKey, "Change", $"{incident.Id}:{e.Seq}"),
            new(RedactEntry.OpenKey, "Redact", $"{incident.Id}:{e.Seq}"),
        ]);

    private async Task<PanelSurvivor?> SurvivorAsync(Incident incident, CancellationToken stop)
    {
        if (incident.MergedIntoId is null)
        {
            return null;
        }

        var survivor = await merges.SurvivorAsync(incident, stop);
        return new(survivor.Code, survivor.Title, await db.Rooms.Where(r => r.IncidentId == survivor.Id).Select(r => r.Channel).FirstOrDefaultAsync(stop));
    }
}

/// <summary>An incident as the panel draws it.</summary>
internal sealed record Panel(
    string Code,
    string Title,
    string Status,
    PanelSeverity? Severity,
    bool Open,
    bool Private,
    bool Drill,
    bool Replayed,
    PanelSurvivor? MergedInto,
    IReadOnlyList<string> Services,
    IReadOnlyList<PanelRole> Roles,
    string RunningSince,
    string? ResolvedAt,
    string? Duration,
    IReadOnlyList<PanelMark> Marks,
    IReadOnlyList<PanelEntry> Entries,
    int Earlier,
    PanelPlay? Play,
    IReadOnlyList<CardButton> Actions);

/// <summary>A severity with what it means.</summary>
internal sealed record PanelSeverity(int Level, string Name, string Definition, bool Assumed);

/// <summary>The incident that goes on in place of a merged one, and its room.</summary>
internal sealed record PanelSurvivor(string Code, string Title, string? Room);

/// <summary>A role and who holds it.</summary>
internal sealed record PanelRole(string Role, string? Person);

/// <summary>A milestone; without a time it is not known yet.</summary>
internal sealed record PanelMark(string Label, string? At);

/// <summary>A row of the timeline with what the reader may do to it.</summary>
internal sealed record PanelEntry(
    int Seq,
    string Time,
    string? Offset,
    RichText Text,
    string? Actor,
    string Kind,
    string? Phase,
    bool Doubtful,
    int Revisions,
    IReadOnlyList<PanelFile> Files,
    IReadOnlyList<CardButton> Buttons);

/// <summary>A file that an entry has as evidence.</summary>
internal sealed record PanelFile(string Id, string Name);

/// <summary>How far a play from a file has come.</summary>
internal sealed record PanelPlay(bool Paused, double Progress, string Now);
