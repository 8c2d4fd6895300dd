using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentBot.Core.Chat;

/// <summary>Does what someone tells the bot in a message, and answers them there; a form, which a message cannot open, is put behind a button.</summary>
public sealed class AnswerMention(BotDb db, Router router)
{
    /// <summary>Leaves its changes to be saved by the caller; those of a refusal are dropped, with all that is tracked.</summary>
    public async Task HandleAsync(Mentioned e, IServiceProvider services, CancellationToken stop)
    {
        var command = e.Command();
        var answer = await router.HandleAsync(services, db, command, stop);
        if (answer is RefusedAnswer or FieldErrorsAnswer or OpenFormAnswer)
        {
            db.ChangeTracker.Clear();
        }

        var card = answer switch
        {
            // It was answered when it was recorded.
            _ when ReferenceEquals(answer, ChatWording.AlreadyRecorded) => null,
            PrivateAnswer a => a.Card,
            RefusedAnswer a => Card.Words("", $"⚠️ {a.Refusal.Sentence}"),
            OpenFormAnswer a => await BehindButtonAsync(a.Form, command, services, stop),
            _ => null,
        };
        if (card is not null)
        {
            db.Outbox.Add(OutboxRow.Reply(e, card));
        }
    }

    private async Task<Card> BehindButtonAsync(Form form, CommandInvoked command, IServiceProvider services, CancellationToken stop)
    {
        var by = await services.GetRequiredService<People.PeopleDirectory>().FindOrAddAsync(command.By, stop);
        var held = new HeldCommand { PersonId = by.Id, Verb = command.Verb, Text = command.Text, At = command.At };
        db.HeldCommands.Add(held);
        return PickIncident.Open(held, form, command.In);
    }
}
