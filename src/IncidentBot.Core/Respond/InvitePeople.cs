using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Respond;

/// <summary>Brings people into an incident; whoever belongs to a private one may let others in.</summary>
public sealed class InvitePeople(BotDb db, FindIncident find, PeopleDirectory people) : IHandle<CommandInvoked>
{
    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        var mentioned = await people.MentionedAsync(e.Text, turn.By, stop);
        var unknown = string.Concat(e.Text.Spans.Where(s => s.Kind != SpanKind.User).Select(s => s.Text)).Split([' ', ',', '\n'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(w => w.StartsWith('@'));
        if (unknown is not null)
        {
            return new NobodyOfThatName(unknown);
        }

        if (mentioned.Count == 0)
        {
            return new InviteWhom();
        }

        var room = await db.Rooms.AsNoTracking().FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop);
        if (mentioned.FirstOrDefault(p => p.IsGone) is { } left)
        {
            return new HasLeft(left.Name);
        }

        var invited = new List<People.Person>();
        foreach (var person in mentioned)
        {
            if (await db.BringInAsync(incident, person, stop))
            {
                invited.Add(person);
            }
        }

        foreach (var person in invited)
        {
            db.Outbox.Add(OutboxRow.ToPerson(person.Ref, RespondWording.Invited(incident, room, turn.By), incident.Id));
        }

        if (invited.Count > 0)
        {
            incident.Record(new Acting(turn.By, turn.Now).System($"{turn.By.Name} brought in {string.Join(", ", invited.Select(p => p.Name))}", null, string.Join(", ", invited.Select(p => p.Name))));
        }

        return Answer.Private(RespondWording.InvitationSent(incident, invited, [.. mentioned.Except(invited)]));
    }
}

/// <summary>An invitation needs someone.</summary>
public sealed record InviteWhom : Refusal
{
    public override string Sentence => "Whom do you bring in? Name them with @ in front: `/incident invite @person`.";
}
