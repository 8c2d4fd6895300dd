using IncidentBot.Core.Chat;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation;

/// <summary>Counts someone's answer to one of the two closing questions; the last one counts.</summary>
public sealed class VoteInPoll(BotDb db, FindReview find, Conduct conduct, ReviewPosts posts) : IHandle<ButtonPressed>
{
    public const string Key = "facilitation.vote";

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e.Value, turn, stop);
        if (found.Missed(out var incident, out _))
        {
            return found.Answer;
        }

        if (e.Value!.Split(':') is not [_, var question, var said] || !ReviewWording.PollQuestions.Any(q => q.Key == question))
        {
            return new NoLongerWorks();
        }

        var vote = await db.PollVotes.FirstOrDefaultAsync(v => v.IncidentId == incident.Id && v.PersonId == turn.By.Id && v.Question == question, stop);
        if (vote is null)
        {
            db.PollVotes.Add(vote = new PollVote { IncidentId = incident.Id, PersonId = turn.By.Id, Question = question });
        }

        vote.Yes = said == "yes";
        var facts = (await conduct.FactsAsync(incident, stop))!;
        posts.Show(incident, facts.Prompts.LastOrDefault(p => facts.Script!.Prompt(p.Key)?.Poll == true));
        return Answer.Private(ReviewWording.Voted);
    }
}
