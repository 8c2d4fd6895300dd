using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Core.Chat;

/// <summary>Does what someone tells the bot in a message, and answers them there; a form, which a message cannot open, is put behind a button.</summary>
public sealed partial class AnswerMention(BotDb db, Router router, ILogger<AnswerMention> log)
{
    /// <summary>Leaves its changes to be saved by the caller; those of a refusal are dropped, with all that is tracked.</summary>
    public async Task HandleAsync(Mentioned e, IServiceProvider services, CancellationToken stop)
    {
        var command = e.Command();
        var answer = await DoAsync(command, services, stop);
        if (answer is RefusedAnswer or FieldErrorsAnswer or OpenFormAnswer or Unexpected)
        {
            db.ChangeTracker.Clear();
        }

        var card = answer switch
        {
            // It was answered when it was recorded.
            _ when ReferenceEquals(answer, ChatWording.AlreadyRecorded) => null,
            PrivateAnswer a => a.Card,
            RefusedAnswer a => Card.Words("", $"⚠️ {a.Refusal.Sentence}"),
            Unexpected a => Card.Words("", $"⚠️ {a.Sentence}"),
            OpenFormAnswer a => await BehindButtonAsync(a.Form, command, services, stop),
            _ => null,
        };
        if (card is not null)
        {
            db.Outbox.Add(OutboxRow.Reply(e, card));
        }
    }

    // The person hears of a fault as they would after a slash command; what the database cannot take at the moment is tried again.
    private async Task<Answer> DoAsync(CommandInvoked command, IServiceProvider services, CancellationToken stop)
    {
        try
        {
            return await router.HandleAsync(services, db, command, stop);
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or NotYet) && !StoreUnavailable.IsCause(fault))
        {
            var reference = Router.Reference();
            Log.Failed(log, fault, reference);
            return new Unexpected(reference);
        }
    }

    private async Task<Card> BehindButtonAsync(Form form, CommandInvoked command, IServiceProvider services, CancellationToken stop)
    {
        var by = await services.GetRequiredService<People.PeopleDirectory>().FindOrAddAsync(command.By, stop);
        var held = new HeldCommand { PersonId = by.Id, Verb = command.Verb, Text = command.Text, At = command.At };
        db.HeldCommands.Add(held);
        return PickIncident.Open(held, form, command.In);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "What someone told the bot in a message failed, reference {Reference}")]
        public static partial void Failed(ILogger log, Exception fault, string reference);
    }
}
