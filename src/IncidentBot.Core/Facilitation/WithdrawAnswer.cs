using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Answers;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation;

/// <summary>Takes an answer back that was given in a form, as deleting a message does with one that was written in a thread.</summary>
public sealed class WithdrawAnswer(BotDb db, FindReview find, RecordAnswer answers) : IHandle<ButtonPressed>
{
    public const string Key = "facilitation.withdraw";

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e.Value, turn, stop, closed: true);
        if (found.Missed(out var incident, out _))
        {
            return found.Answer;
        }

        if (e.Value!.Split(':') is not [_, var id] || !long.TryParse(id, out var key)
            || await db.ReviewAnswers.FirstOrDefaultAsync(a => a.Id == key && a.IncidentId == incident.Id && a.PersonId == turn.By.Id && a.DeletedAt == null, stop) is not { } answer)
        {
            return new NoLongerWorks();
        }

        await answers.TakeBackAsync(incident, answer, new(turn.By, turn.By.Name, turn.Now, turn.By.Zone), stop);
        return Answer.Private(ReviewWording.Withdrawn);
    }
}
