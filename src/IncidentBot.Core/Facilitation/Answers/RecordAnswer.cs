using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Facilitation.Coach;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation.Answers;

/// <summary>Keeps what someone answers, brings it to where it belongs, and asks back where one good question opens more.</summary>
public sealed class RecordAnswer(BotDb db, Harvest harvest, Conduct conduct, ReviewPosts posts, Coaching coaching)
{
    private const int MostFollowUps = 2;

    /// <summary>Keeps a new answer.</summary>
    /// <param name="said">What it says, where a form has asked for it by field; null: it is read from the words.</param>
    /// <param name="quietly">True for what comes from a file: nothing is asked back.</param>
    /// <returns>What could not be understood, to be said to its author.</returns>
    public async Task<IReadOnlyList<string>> KeepAsync(Incident incident, Prompt prompt, ReviewAnswer answer, IReadOnlyList<Said>? said, Speaker speaker, CancellationToken stop, bool quietly = false)
    {
        var facts = (await conduct.FactsAsync(incident, stop))!;
        var script = OwnQuestion.Of(facts.Script!, prompt);
        said ??= ReadAnswer.Read(script, answer.Text);
        if (said.Count == 0 && ReadAnswer.IsYes(answer.Text) && script.Fields.Find(f => Filling.Kind(f.Fills) == FindingKind.RootCause) is { } root && !facts.Findings.Any(f => f.Kind == FindingKind.RootCause)
            && RootCauseStatement.Compose(facts) is var proposed && !proposed.Contains(RootCauseStatement.Blank, StringComparison.Ordinal))
        {
            // Whoever nods to the proposal has made it theirs.
            said = [new Said(root, proposed)];
        }

        db.ReviewAnswers.Add(answer);
        var doubts = await harvest.TakeAsync(incident, prompt, answer, said, speaker, stop);
        if (quietly)
        {
            return doubts;
        }

        if (speaker.Person is { } person)
        {
            await conduct.InviteAsync(incident, person, "joined in", speaker.Now, stop);
        }

        posts.Show(incident, prompt);
        // Whoever is not named is asked nothing back: that would name them.
        if (!answer.IsAnonymous && speaker.Person is { } author)
        {
            // One thing at a time: whoever is asked about their wording is asked nothing else.
            if (!await coaching.AdviseAsync(incident, prompt, answer, author, stop))
            {
                await AskBackAsync((await conduct.FactsAsync(incident, stop))!, prompt, script, answer, said, author, stop);
            }
        }

        await TellWhenAllHaveAnsweredAsync(facts, prompt, answer, stop);
        return doubts;
    }

    /// <summary>Follows the edit of an answer.</summary>
    public async Task ReviseAsync(Incident incident, ReviewAnswer answer, RichText text, Speaker speaker, CancellationToken stop)
    {
        var prompt = await db.Prompts.FirstAsync(p => p.Id == answer.PromptId, stop);
        var facts = (await conduct.FactsAsync(incident, stop))!;
        (answer.Text, answer.EditedAt) = (text, speaker.Now);
        await harvest.ReviseAsync(incident, prompt, answer, ReadAnswer.Read(OwnQuestion.Of(facts.Script!, prompt), text), speaker, stop);
        posts.Show(incident, prompt);
    }

    /// <summary>Takes a deleted answer back, with all that came of it.</summary>
    public async Task TakeBackAsync(Incident incident, ReviewAnswer answer, Speaker speaker, CancellationToken stop)
    {
        var prompt = await db.Prompts.FirstAsync(p => p.Id == answer.PromptId, stop);
        var facts = (await conduct.FactsAsync(incident, stop))!;
        answer.DeletedAt = speaker.Now;
        await harvest.TakeBackAsync(incident, answer, OwnQuestion.Of(facts.Script!, prompt), speaker, stop);
        answer.Text = RichText.Empty;
        posts.Show(incident, prompt);
    }

    private async Task AskBackAsync(ReviewFacts facts, Prompt prompt, ScriptPrompt script, ReviewAnswer answer, IReadOnlyList<Said> said, People.Person author, CancellationToken stop)
    {
        var earlier = facts.AnswersTo(prompt).Where(a => a.PersonId == author.Id && a.Id != answer.Id && a.FollowUp is not null).Select(a => a.FollowUp!).ToList();
        if (earlier.Count >= MostFollowUps || facts.Incident.IsOpen)
        {
            return;
        }

        var silenced = await coaching.SilencedAsync(facts.Incident.Workspace, stop);
        if (FollowUp.To(facts, script, answer, said, [.. earlier, .. silenced]) is not { } question)
        {
            return;
        }

        answer.FollowUp = question.Rule;
        var card = ReviewWording.FollowUp(author, question.Words);
        // In silence nobody sees what the others were asked.
        db.Outbox.Add(prompt.Silent && answer.MessageId is null ? OutboxRow.ToPerson(author.Ref, card with { Buttons = [new(AnswerPrompt.OpenKey, "Answer", $"{facts.Incident.Id}:{prompt.Id}")] }, facts.Incident.Id) : OutboxRow.UnderPrompt(facts.Incident, prompt.Id, card));
    }

    private async Task TellWhenAllHaveAnsweredAsync(ReviewFacts facts, Prompt prompt, ReviewAnswer answer, CancellationToken stop)
    {
        if (facts.Review.PromptId != prompt.Id || facts.Script!.Prompt(prompt.Key)?.Poll == true || facts.Review.FacilitatorId is not { } id || answer.PersonId is null || facts.AnswersTo(prompt).Any(a => a.PersonId == answer.PersonId && a.Id != answer.Id))
        {
            return;
        }

        var waiting = facts.Waiting(prompt).Where(p => p.Id != answer.PersonId && p.Id != id).ToList();
        if (waiting.Count == 0 && facts.People.Any(p => p.Id != id) && await db.People.FirstOrDefaultAsync(p => p.Id == id && !p.IsGone, stop) is { } facilitator)
        {
            db.Outbox.Add(OutboxRow.ToOneInRoom(facts.Incident, facilitator.Ref, ReviewWording.AllHaveAnswered(facts, prompt)));
        }
    }
}
