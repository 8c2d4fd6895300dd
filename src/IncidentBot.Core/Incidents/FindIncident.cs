using System.Diagnostics.CodeAnalysis;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Incidents;

/// <summary>An incident, or what to tell the person instead.</summary>
public sealed record Found(Incident? Incident, Answer Answer)
{
    public bool Missed([NotNullWhen(false)] out Incident? incident)
    {
        incident = Incident;
        return incident is null;
    }
}

/// <summary>Decides which incident a command means.</summary>
public sealed class FindIncident(BotDb db, Permissions permissions, Merges merges)
{
    /// <summary>The one named; else that of the room or thread; else the only open one declared in this channel; else the person picks, and the typed words are kept.</summary>
    public async Task<Found> ForAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        if (e.In is not null)
        {
            return await ByCodeAsync(e.In, turn.By, stop);
        }

        if (await HereAsync(turn, stop) is { } here)
        {
            return new(here, Answer.None);
        }

        var open = permissions.Visible(turn.By).Where(Incident.StillOpen);
        var declaredHere = await open.Where(i => i.Platform == turn.Place.Platform && i.DeclaredIn == turn.Place.Channel).Take(2).ToListAsync(stop);
        if (declaredHere is [var only])
        {
            return new(only, Answer.None);
        }

        var some = await open.OrderByDescending(i => i.DeclaredAt).Take(10).ToListAsync(stop);
        if (some.Count == 0)
        {
            return new(null, new NothingOpen());
        }

        var held = new HeldCommand { PersonId = turn.By.Id, Verb = e.Verb, Text = e.Text, Files = [.. e.Files ?? []], At = turn.Now };
        db.HeldCommands.Add(held);
        return new(null, Answer.Private(PickIncident.Ask(held, some)));
    }

    /// <summary>The same, for what goes by an entry's number: a merged incident that is named keeps its own numbers.</summary>
    public async Task<Found> ForEntryAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        if (e.In is not null)
        {
            return await ByCodeAsync(e.In, turn.By, stop, follow: false);
        }

        // In the room of a merged incident a bare number may be meant for either: too much to guess.
        return await HereAsync(turn, stop, follow: false) is { MergedIntoId: not null } merged
            ? new(null, new MendItThere(merged.Code, (await merges.SurvivorAsync(merged, stop)).Code))
            : await ForAsync(e, turn, stop);
    }

    /// <param name="follow">Whether a merged incident answers with the one that goes on in its place.</param>
    public async Task<Found> ByCodeAsync(string code, Person by, CancellationToken stop, bool follow = true)
    {
        var visible = permissions.Visible(by);

        // A number alone is that of the latest year that has it.
        var incident = CommandReader.ReadCode(code) is { } named ? await visible.FirstOrDefaultAsync(i => i.Year == named.Year && i.Number == named.Number, stop)
            : int.TryParse(code, out var number) ? await visible.Where(i => i.Number == number).OrderByDescending(i => i.Year).FirstOrDefaultAsync(stop)
            : null;
        return incident is null ? new(null, new NoSuchIncident(RichText.Briefly(code, 30)))
            : new(follow ? await merges.SurvivorAsync(incident, stop) : incident, Answer.None);
    }

    /// <param name="follow">Whether a merged incident answers with the one that goes on in its place.</param>
    public async Task<Found> ByIdAsync(string? id, Person by, CancellationToken stop, bool follow = true)
    {
        var incident = long.TryParse(id, out var key) ? await permissions.Visible(by).FirstOrDefaultAsync(i => i.Id == key, stop) : null;
        return incident is null ? new(null, new NoSuchIncident("of this card")) : new(follow ? await merges.SurvivorAsync(incident, stop) : incident, Answer.None);
    }

    /// <summary>The incident that a player of incident files names; nobody else may speak for people without an account.</summary>
    public async Task<Found> ByFileAsync(string? id, Turn turn, CancellationToken stop)
    {
        var incident = turn.By.Id == 0 && long.TryParse(id, out var key) ? await db.Incidents.FirstOrDefaultAsync(i => i.Id == key, stop) : null;
        return incident is null ? new(null, new NoLongerWorks()) : new(incident, Answer.None);
    }

    /// <summary>Outside a room: the only closed incident that was declared in this channel within a week.</summary>
    public async Task<Found?> LastClosedHereAsync(Turn turn, CancellationToken stop)
    {
        if (await HereAsync(turn, stop) is { } here)
        {
            return new(here, Answer.None);
        }

        var since = turn.Now.AddDays(-7);
        var closed = await permissions.Visible(turn.By)
            .Where(i => i.Platform == turn.Place.Platform && i.DeclaredIn == turn.Place.Channel && i.DeclaredAt > since
                && (i.Status == Status.Resolved || i.Status == Status.Cancelled))
            .Take(2).ToListAsync(stop);
        return closed is [var only] ? new(only, Answer.None) : null;
    }

    /// <summary>The incident whose room or thread this is.</summary>
    /// <param name="follow">Whether the room of a merged incident stands for the one that goes on in its place.</param>
    public async Task<Incident?> HereAsync(Turn turn, CancellationToken stop, bool follow = true)
    {
        var place = turn.Place;
        var found = await (from room in db.Rooms
                           join incident in permissions.Visible(turn.By) on room.IncidentId equals incident.Id
                           where room.Platform == place.Platform && room.Workspace == place.Workspace
                               && (room.Channel == place.Channel
                                   || (place.Thread != null && room.HomeChannel == place.Channel && (room.AnnouncementId == place.Thread || room.HomeThread == place.Thread))
                                   || (place.Thread != null && room.DeclaredChannel == place.Channel && room.DeclaredThread == place.Thread))
                           orderby room.Channel == place.Channel descending, room.AnnouncementId == place.Thread descending, incident.DeclaredAt descending
                           select incident).FirstOrDefaultAsync(stop);
        // Whatever is said about a merged incident is said about the one that goes on.
        return found is null || !follow ? found : await merges.SurvivorAsync(found, stop);
    }
}

/// <summary>Goes on with a command once its incident has been picked.</summary>
public sealed class PickIncident(BotDb db) : IHandle<ButtonPressed>
{
    public const string Key = "incidents.pick";

    public static Card Ask(HeldCommand held, IEnumerable<Incident> candidates) => new()
    {
        Title = "Which incident?",
        Parts = [new TextPart(RichText.Of($"Your words are kept: {held.Verb} ").Append(held.Text))],
        Buttons = [.. candidates.Select(i => new CardButton(Key, $"{i.Code} {RichText.Briefly(i.Title, 50)}", $"{held.Id}:{i.Code}"))],
    };

    /// <summary>A form that opens at the press of a button, for where words alone cannot open one.</summary>
    public static Card Open(HeldCommand held, Form form, string? code) => new()
    {
        Title = form.Title,
        Parts = [new TextPart("A message cannot open a form; this button can.", Quiet: true)],
        Buttons = [new CardButton(Key, "Open the form", $"{held.Id}:{code}", Tone.Primary)],
    };

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var parts = (e.Value ?? "").Split(':');
        var held = await db.HeldCommands.FirstOrDefaultAsync(h => h.Id == parts[0] && h.PersonId == turn.By.Id, stop);
        if (held is null || parts.Length != 2)
        {
            return new NoLongerWorks();
        }

        db.HeldCommands.Remove(held);
        return new GoOnAnswer(new CommandInvoked(e.GestureId, e.By, e.Place, e.At, held.Verb, held.Text, parts[1].Length == 0 ? null : parts[1], held.Files));
    }
}
