using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Respond;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Declare;

/// <summary>What is known when an incident is declared; nothing but the words is needed.</summary>
public sealed record Declaration
{
    public required RichText Words { get; init; }

    public int? Severity { get; init; }

    public IncidentKind Kind { get; init; }

    public string? Class { get; init; }

    public IReadOnlyList<string> Services { get; init; } = [];

    public bool Private { get; init; }

    public bool Drill { get; init; }

    public bool Backfill { get; init; }

    public bool Replayed { get; init; }

    public bool Imported { get; init; }

    /// <summary>The id that a player of incident files has chosen, to find its incident again.</summary>
    public long? Id { get; init; }

    public string? DeclaredBy { get; init; }
}

/// <summary>Turns a declaration into an incident with its first entry, room, people and first alarm, all to be saved at once.</summary>
public sealed class Declaring(BotDb db, IncidentNumbers numbers, UpdateClock clock, Installation installation)
{
    public const int LongestTitle = 200;

    public async Task<Incident> DeclareAsync(Declaration d, Turn turn, CancellationToken stop)
    {
        var year = turn.Now.Year;
        var first = d.Words.Lines().FirstOrDefault() ?? RichText.Empty;
        var incident = new Incident
        {
            Id = d.Id ?? Random.Shared.NextInt64(1, long.MaxValue),
            Workspace = turn.By.Workspace,
            Year = year,
            Number = await numbers.NextAsync(turn.By.Workspace, year, stop),
            Title = first.IsBlank ? DeclareWording.Untitled : first.Brief(LongestTitle),
            Kind = d.Kind,
            Class = d.Class,
            Private = d.Private,
            Drill = d.Drill,
            Backfilled = d.Backfill,
            Replayed = d.Replayed,
            Imported = d.Imported,
            DeclaredAt = turn.Now,
            DeclaredById = turn.By.Id == 0 ? null : turn.By.Id,
            DeclaredByName = d.DeclaredBy ?? turn.By.Name,
            Platform = turn.Place.Platform,
            DeclaredIn = turn.Place.Channel,
            Services = [.. d.Services],
        };
        incident.Classify(d.Severity, mayAssume: !d.Replayed && !d.Imported);
        db.Incidents.Add(incident);
        var entry = new Acting(turn.By, turn.Now).System(DeclareWording.Declared(incident), null, Status.Detected.Word());
        entry.ActorName = incident.DeclaredByName;
        entry.Text = RichText.Of(DeclareWording.Declared(incident) + ": ").Append(d.Words.IsBlank ? RichText.Of(DeclareWording.Untitled) : d.Words);
        entry.Marker = Marker.Declared;
        entry.StatusTo = Status.Detected;
        incident.Record(entry);
        if (turn.By.Id != 0)
        {
            db.Participants.Add(new Participant { IncidentId = incident.Id, PersonId = turn.By.Id });
        }

        if (!d.Imported)
        {
            db.Rooms.Add(new Room
            {
                IncidentId = incident.Id,
                Platform = incident.Platform,
                Workspace = incident.Workspace,
                Name = RoomName.For(incident),
                State = installation.RoomsAreThreads && !d.Private ? RoomState.InThread : RoomState.Pending,
                HomeChannel = turn.Place.Channel,
                HomeThread = d.Private ? null : turn.Place.Thread,
            });
        }

        clock.Start(incident, turn.Now);
        if (AskForCommander.For(incident, turn.Now) is { } question)
        {
            db.Alarms.Add(question);
        }

        return incident;
    }
}

/// <summary>The name of an incident's room.</summary>
public static class RoomName
{
    private const int Longest = 80;

    /// <summary>Lower case letters, digits and hyphens; what is left of the title after the number.</summary>
    public static string For(Incident incident)
    {
        var name = new System.Text.StringBuilder(incident.Code.ToLowerInvariant()).Append('-');
        foreach (var c in incident.Title.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                name.Append(c);
            }
            else if (name[^1] != '-')
            {
                name.Append('-');
            }
        }

        return name.ToString(0, Math.Min(name.Length, Longest)).TrimEnd('-');
    }
}
