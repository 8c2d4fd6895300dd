using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Declare;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Respond;

/// <summary>The live card of an incident, in its room and, shorter, as its announcement.</summary>
public static class IncidentCard
{
    /// <summary>Everything that the card shows.</summary>
    /// <param name="Survivor">The incident that it was merged into.</param>
    public sealed record State(Incident Incident, Chronology Timeline, IReadOnlyList<RoleAssignment> Roles, Room? Room, Incident? Survivor, Review? Review = null);

    public static async Task<State> LoadAsync(BotDb db, Incident incident, CancellationToken stop) => new(
        incident,
        await Chronology.LoadAsync(db, incident, stop),
        await db.RoleAssignments.AsNoTracking().Where(r => r.IncidentId == incident.Id && r.To == null).OrderBy(r => r.From).ToListAsync(stop),
        await db.Rooms.AsNoTracking().FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop),
        incident.MergedIntoId is null ? null : await new Merges(db).SurvivorAsync(incident, stop),
        await db.Reviews.AsNoTracking().FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop));

    public static Card Render(State state, DateTimeOffset now, int rows = 5)
    {
        var incident = state.Incident;
        var timeline = state.Timeline;
        var facts = ImmutableArray.CreateBuilder<Fact>();
        facts.AddRange(Facts(state, now));
        var latest = timeline.Printed.Where(e => e.Marker != Marker.Declared).TakeLast(rows)
            .Select(e => new Fact(TimelineWording.Time(e), e.Text.Plain.Length <= 300 ? e.Text : RichText.Of(e.Text.Brief(300)))).ToImmutableArray();
        return new()
        {
            Title = TitleOf(incident),
            Tone = ToneOf(incident),
            Parts = latest.Length == 0
                ? [new FactsPart(facts.ToImmutable()), new TextPart(RespondWording.NothingLogged, Quiet: true)]
                : [new FactsPart(facts.ToImmutable()), new RowsPart(latest)],
            Buttons = Buttons(incident, state.Roles),
        };
    }

    /// <summary>What stands in the channel of the declaration.</summary>
    public static Card Announcement(State state, DateTimeOffset now) => new()
    {
        Title = TitleOf(state.Incident),
        Tone = ToneOf(state.Incident),
        Parts = [new FactsPart([.. Facts(state, now)])],
    };

    /// <summary>The topic of the room, in one line that every platform takes.</summary>
    public static string Topic(State state)
    {
        var incident = state.Incident;
        var commander = state.Roles.FirstOrDefault(r => r.Role == Role.Commander)?.PersonName;
        var head = $"{incident.Code} · {(incident.Severity is { } s ? $"{Severity.Name(s)} · " : "")}{incident.Status.Word()} · {(commander is null ? "no commander yet" : $"commander {commander}")}";
        return RichText.Briefly($"{head} · {incident.Title}", 200);
    }

    private static IEnumerable<Fact> Facts(State state, DateTimeOffset now)
    {
        var incident = state.Incident;
        var milestones = state.Timeline.Milestones;
        yield return new("Status", state.Survivor is { } survivor ? $"merged into {survivor.Code} · {survivor.Title}" : incident.Status.Word());
        yield return new("Severity", Severity.Full(incident.Severity) + (incident.SeverityAssumed ? " (assumed; /incident sev changes it)" : ""));
        yield return new("Commander", state.Roles.FirstOrDefault(r => r.Role == Role.Commander)?.PersonName ?? "nobody yet");
        foreach (var role in state.Roles.Where(r => r.Role != Role.Commander))
        {
            yield return new(char.ToUpperInvariant(role.Role[0]) + role.Role[1..], role.PersonName);
        }

        yield return new("Declared", new RichText([RichText.Moment(incident.DeclaredAt), new(SpanKind.Plain, $" by {incident.DeclaredByName}")]));
        if (milestones.Duration is { } duration)
        {
            yield return new("Duration", $"{Elapsed.Of(duration)} (detected {milestones.Detected:HH:mm} → resolved {milestones.Resolved:HH:mm} UTC)");
        }
        else if (incident.IsOpen && now >= milestones.Detected)
        {
            yield return new("Running since", $"{milestones.Detected:HH:mm} UTC");
        }

        if (state.Review is { } review && !incident.IsOpen && RespondWording.Review(review) is { } line)
        {
            yield return new("Review", line);
        }

        if (incident.Services.Count > 0)
        {
            yield return new("Services", string.Join(", ", incident.Services));
        }

        if (state.Room?.Url is { } url)
        {
            yield return new("Room", new RichText([new(SpanKind.Link, $"#{state.Room.Name}", url)]));
        }
        else if (state.Room is { State: RoomState.Ready, Channel: { } channel })
        {
            yield return new("Room", new RichText([new(SpanKind.Room, $"#{state.Room.Name}", channel)]));
        }
    }

    private static string TitleOf(Incident incident)
    {
        var marks = string.Concat(incident.Private ? "🔒 " : "", incident.Drill ? "DRILL · " : "", incident.Replayed ? "REPLAY · " : "");
        var severity = incident.Severity is { } s ? $" · {Severity.Name(s)}" : "";
        return $"{marks}{incident.Code}{severity} · {incident.Title}";
    }

    private static Tone ToneOf(Incident incident) => incident.Status switch
    {
        Status.Resolved => Tone.Good,
        Status.Cancelled or Status.Merged => Tone.Neutral,
        _ => incident.Severity is 1 or 2 ? Tone.Danger : Tone.Primary,
    };

    private static ImmutableArray<CardButton> Buttons(Incident incident, IReadOnlyList<RoleAssignment> roles)
    {
        var id = incident.Id.ToString();
        if (!incident.IsOpen)
        {
            return incident.Status == Status.Merged ? [] :
            [
                new(Reports.PostReport.Key, "Post-mortem report", id, Tone.Primary),
                new(RecordImpact.OpenKey, "Impact", id),
                new(ReopenIncident.Key, "Reopen", id),
            ];
        }

        var buttons = ImmutableArray.CreateBuilder<CardButton>();
        if (roles.All(r => r.Role != Role.Commander))
        {
            buttons.Add(new(TakeRole.Key, "Take command", $"{id}:{Role.Commander}", Tone.Primary));
        }

        buttons.Add(new(LogEvent.OpenKey, "Log", id));
        buttons.Add(new(PostUpdate.OpenKey, "Update", id));
        buttons.Add(new(RecordImpact.OpenKey, "Impact", id));
        buttons.Add(new(DescribeIncident.Key, "Details", id));
        if (incident.Status < Status.Mitigated)
        {
            buttons.Add(new(ChangeStatus.MitigatedKey, "Mitigated", id));
        }

        buttons.Add(new(ResolveIncident.Key, "Resolve", id, Tone.Good));
        return buttons.ToImmutable();
    }
}
