using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Respond;

/// <summary>Gives a role to someone, hands it over, or lists who holds which.</summary>
public sealed class TakeRole(BotDb db, FindIncident find, PeopleDirectory people, Installation installation, RoomNews news)
    : IHandle<CommandInvoked>, IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    public const string Key = "respond.take-role";
    public const string FileKey = "respond.role-from-file";
    public const string RoleField = "role";
    public const string PersonField = "person";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        var mentioned = await people.MentionedAsync(e.Text, turn.By, stop);
        var (head, note) = SplitNote(e.Text);
        var words = string.Concat(head.Spans.Where(s => s.Kind != SpanKind.User).Select(s => s.Text)).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var unknown = words.FirstOrDefault(w => w.StartsWith('@'));
        var said = words.Where(w => !w.StartsWith('@') && w != "to").ToList();
        var roleWord = e.Verb == "commander" || (e.Verb == "handoff" && said.Count == 0) ? Role.Commander : said.FirstOrDefault();
        var left = e.Verb == "commander" ? said.FirstOrDefault() : said.ElementAtOrDefault(1);
        if ((unknown ?? left) is { } nobody)
        {
            return new NobodyOfThatName(nobody);
        }

        if (roleWord is null && mentioned.Count > 0)
        {
            return new WhichRole(mentioned[0].Name);
        }

        if (roleWord is null)
        {
            return Answer.Private(RespondWording.Roles(incident, await HeldAsync(incident, stop), installation));
        }

        if (Role.Read(roleWord, installation.Roles) is not { } role)
        {
            return new UnknownRole(roleWord, string.Join(", ", installation.Roles));
        }

        if (mentioned.Count > 1)
        {
            return new OneAtATime(role);
        }

        if (mentioned.Count == 0 && e.Verb == "handoff")
        {
            return new HandoffToWhom();
        }

        return await GiveAsync(incident, role, mentioned.FirstOrDefault() ?? turn.By, turn, takeOver: true, note, stop);
    }

    /// <summary>The button takes a free role; whoever presses it second is told who was first.</summary>
    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var parts = (e.Value ?? "").Split(':');
        var found = await find.ByIdAsync(parts[0], turn.By, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        return parts.Length == 2 && Role.Read(parts[1], installation.Roles) is { } role
            ? await GiveAsync(incident, role, turn.By, turn, takeOver: false, RichText.Empty, stop)
            : new NoLongerWorks();
    }

    /// <summary>An incident file names people who need no account.</summary>
    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        var found = await find.ByFileAsync(e.Context, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        db.RoleAssignments.Add(new RoleAssignment
        {
            IncidentId = incident.Id,
            Role = e.Value(RoleField) ?? "responder",
            PersonName = e.Value(PersonField) ?? "",
            From = turn.Now,
        });
        return Answer.None;
    }

    // Nobody should learn from a card that they are in command, or no longer are.
    private async Task TellConcernedAsync(Incident incident, string role, Person person, RoleAssignment? held, RichText note, Turn turn, CancellationToken stop)
    {
        var room = await db.Rooms.AsNoTracking().FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop);
        if (person.Id != turn.By.Id)
        {
            db.Outbox.Add(OutboxRow.ToPerson(person.Ref, RespondWording.RoleGiven(incident, room, role, turn.By, note), incident.Id));
        }

        if (held?.PersonId is { } before && before != turn.By.Id && db.People.Find(before) is { } relieved)
        {
            db.Outbox.Add(OutboxRow.ToPerson(relieved.Ref, RespondWording.RoleGone(incident, role, person), incident.Id));
        }
    }

    // What follows the person is a note for the hand-over: "handoff @ann the cluster is restarting".
    private static (RichText Head, RichText Note) SplitNote(RichText text)
    {
        var end = 0;
        var at = 0;
        foreach (var span in text.Spans)
        {
            at += span.Text.Length;
            end = span.Kind == SpanKind.User ? at : end;
        }

        return end == 0 ? (text, RichText.Empty) : (text.Slice(0, end), text.From(end).Trim());
    }

    private Task<List<RoleAssignment>> HeldAsync(Incident incident, CancellationToken stop) =>
        db.RoleAssignments.Where(r => r.IncidentId == incident.Id && r.To == null).OrderBy(r => r.From).ToListAsync(stop);

    private async Task<Answer> GiveAsync(Incident incident, string role, Person person, Turn turn, bool takeOver, RichText note, CancellationToken stop)
    {
        if (person.IsGone)
        {
            return new HasLeft(person.Name);
        }

        if (person.IsGuest)
        {
            return new GuestsHoldNoRoles(person.Name);
        }

        var held = (await HeldAsync(incident, stop)).FirstOrDefault(r => r.Role == role);
        if (held?.PersonId == person.Id)
        {
            return new AlreadyHolds(role, person.Name, incident.Code, person.Id == turn.By.Id);
        }

        if (held is not null && !takeOver)
        {
            return new HeldBySomeoneElse(role, held.PersonName, held.From);
        }

        if (held is not null)
        {
            held.To = turn.Now;
        }

        db.RoleAssignments.Add(new RoleAssignment { IncidentId = incident.Id, Role = role, PersonId = person.Id, PersonName = person.Name, From = turn.Now });
        await db.BringInAsync(incident, person, stop);
        var entry = new Acting(turn.By, turn.Now).System(RespondWording.RoleEntry(role, person, held?.PersonName, turn.By), held?.PersonName, person.Name);
        entry.PhaseSaid = Phase.Escalation;
        entry.Text = note.IsBlank ? entry.Text : entry.Text.Append(RichText.Of(": ")).Append(note);
        await TellConcernedAsync(incident, role, person, held, note, turn, stop);
        if (!await db.Entries.AnyAsync(x => x.IncidentId == incident.Id && x.Marker == Marker.Acknowledged && x.RemovedAt == null, stop))
        {
            entry.Marker = Marker.Acknowledged;
        }

        incident.Record(entry);
        news.Tell(incident, entry, turn.By);
        return Answer.Private(RespondWording.RoleTaken(role, person, held?.PersonName, turn.By));
    }
}

/// <summary>No such role.</summary>
public sealed record UnknownRole(string Word, string Known) : Refusal
{
    public override string Sentence => $"I know no role `{RichText.Briefly(Word, 30)}`. The roles are {Known}.";
}

/// <summary>A mention that is nobody.</summary>
public sealed record NobodyOfThatName(string Mention) : Refusal
{
    public override string Sentence => $"I do not know {RichText.Briefly(Mention, 40)}. Name a person with @ in front, as the chat knows them; nothing was changed.";
}

/// <summary>Someone is named, and no role.</summary>
public sealed record WhichRole(string Name) : Refusal
{
    public override string Sentence => $"Which role shall {Name} have? For example `/incident role comms @person`.";
}

/// <summary>A role has one holder.</summary>
public sealed record OneAtATime(string Role) : Refusal
{
    public override string Sentence => $"One person holds a role at a time. Name one: `/incident role {Role} @person`.";
}

/// <summary>A hand-over needs someone to hand over to.</summary>
public sealed record HandoffToWhom : Refusal
{
    public override string Sentence => "Whom do you hand over to? Type `/incident handoff @person`.";
}

/// <summary>The person holds the role already.</summary>
public sealed record AlreadyHolds(string Role, string Name, string Code, bool Self) : Refusal
{
    public override string Sentence => Self ? $"You are already {Role} of {Code}." : $"{Name} is already {Role} of {Code}.";
}

/// <summary>Someone else was first.</summary>
public sealed record HeldBySomeoneElse(string Role, string Name, DateTimeOffset Since) : Refusal
{
    public override string Sentence => $"{Name} has been {Role} since {Since:HH:mm} UTC. To take over, type `/incident role {Role}`.";
}

/// <summary>The person's account was deactivated.</summary>
public sealed record HasLeft(string Name) : Refusal
{
    public override string Sentence => $"{Name}'s account is deactivated, so they would not hear of it. Name someone else; nothing was changed.";
}

/// <summary>A guest may log and nothing else, so a role would be of no use to them.</summary>
public sealed record GuestsHoldNoRoles(string Name) : Refusal
{
    public override string Sentence => $"{Name} is a guest from another organisation and may only log, so they cannot hold a role. Name someone of this workspace; nothing was changed.";
}
