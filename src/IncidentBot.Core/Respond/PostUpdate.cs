using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Respond;

/// <summary>Tells stakeholders how things stand, in the thread of the announcement and on the timeline.</summary>
public sealed class PostUpdate(BotDb db, FindIncident find, UpdateClock clock, Installation installation)
    : IHandle<CommandInvoked>, IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    public const string OpenKey = "respond.open-update";
    public const string FormKey = "respond.update";
    public const string Text = "text";

    /// <summary>The new value of an update's entry, by which the latest update is found.</summary>
    public const string Sent = "update sent";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        return e.Text.IsBlank ? new OpenFormAnswer(Form(incident)) : await PostAsync(incident, e.Text, turn, stop);
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var found = await find.ByIdAsync(e.Value, turn.By, stop);
        return found.Missed(out var incident) ? found.Answer : new OpenFormAnswer(Form(incident));
    }

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        var found = await find.ByIdAsync(e.Context, turn.By, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        return e.Value(Text) is { } text
            ? await PostAsync(incident, RichText.Of(text), turn, stop)
            : new FieldErrorsAnswer(ImmutableDictionary<string, string>.Empty.Add(Text, RespondWording.UpdateMissing));
    }

    private async Task<Answer> PostAsync(Incident incident, RichText text, Turn turn, CancellationToken stop)
    {
        var entry = new Acting(turn.By, turn.Now).System("", null, Sent);
        entry.Text = RichText.Of("Status update: ").Append(text);
        if (!await db.Entries.AnyAsync(x => x.IncidentId == incident.Id && x.Marker == Marker.StakeholdersNotified && x.RemovedAt == null, stop))
        {
            entry.Marker = Marker.StakeholdersNotified;
        }

        incident.Record(entry);
        if (!incident.Imported)
        {
            var card = RespondWording.Update(incident, text, turn.By.Name);
            db.Outbox.Add(OutboxRow.ToRoom(incident, card));
            if (!incident.Private && (await db.Rooms.FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop))?.IsThread != true)
            {
                db.Outbox.Add(OutboxRow.ToRoom(incident, card, home: true));
            }

            if (installation.Stakeholders is { } stakeholders && !incident.Private && !incident.Drill && !incident.Replayed)
            {
                db.Outbox.Add(OutboxRow.ToChannel(incident, stakeholders, card));
            }
        }

        await clock.RestartAsync(incident, turn.Now, stop);
        return Answer.Private(RespondWording.UpdatePosted(incident, clock.Interval(incident)));
    }

    private static Form Form(Incident incident) =>
        new(FormKey, $"Update on {incident.Code}", "Post", [
            new(Text, "How do things stand?", FieldKind.Paragraph, Required: true, Hint: "What users notice, what is being done, when you will say more."),
        ], incident.Id.ToString());
}
