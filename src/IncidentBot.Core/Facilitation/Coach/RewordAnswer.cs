using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Answers;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation.Coach;

/// <summary>Lets an author put other words in the place of theirs, park the fix that hides in them, or leave them so.</summary>
public sealed class RewordAnswer(BotDb db, FindReview find, RecordAnswer answers) : IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    public const string OpenKey = "coach.open-reword";
    public const string FormKey = "coach.reword";
    public const string ParkKey = "coach.park";
    public const string KeepKey = "coach.keep";
    public const string TakeKey = "coach.take";
    public const string Text = "text";

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        if (e.ButtonKey == KeepKey)
        {
            return Answer.Private(CoachWording.Unchanged);
        }

        var (found, incident, answer) = await MineAsync(e.Value, turn, stop);
        if (incident is null || answer is null)
        {
            return found;
        }

        var finding = BlameLint.Check(answer.Text.Plain, CoachWords.English).FirstOrDefault(f => f.IsRaised);
        if (e.ButtonKey == OpenKey)
        {
            return new OpenFormAnswer(CoachWording.Reword(incident, answer, finding));
        }

        if (e.ButtonKey == TakeKey)
        {
            if (finding is null || CoachWording.Whole(answer.Text.Plain, finding) is not { } words)
            {
                return new NoLongerWorks();
            }

            await answers.ReviseAsync(incident, answer, RichText.WithLinks(words), new(turn.By, turn.By.Name, turn.Now, turn.By.Zone), stop);
            return Answer.Private(CoachWording.Reworded);
        }

        if (finding is null || CoachWording.Idea(answer.Text.Plain, finding) is not { } idea)
        {
            return new NoLongerWorks();
        }

        db.ParkedIdeas.Add(new ParkedIdea { IncidentId = incident.Id, Text = idea, ById = turn.By.Id, ByName = turn.By.Name, At = turn.Now });
        return Answer.Private(ReviewWording.Parked(idea));
    }

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        var (found, incident, answer) = await MineAsync(e.Context, turn, stop);
        if (incident is null || answer is null)
        {
            return found;
        }

        if (e.Value(Text) is not { } text)
        {
            return new FieldErrorsAnswer(ImmutableDictionary<string, string>.Empty.Add(Text, CoachWording.TextMissing));
        }

        if (text == answer.Text.Plain.Trim())
        {
            return Answer.Private(CoachWording.Unchanged);
        }

        await answers.ReviseAsync(incident, answer, RichText.WithLinks(text), new(turn.By, turn.By.Name, turn.Now, turn.By.Zone), stop);
        return Answer.Private(CoachWording.Reworded);
    }

    private async Task<(Answer Otherwise, Incident? Incident, ReviewAnswer? Answer)> MineAsync(string? value, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(value, turn, stop, closed: true);
        if (found.Missed(out var incident, out _))
        {
            return (found.Answer, null, null);
        }

        var answer = value!.Split(':') is [_, var id] && long.TryParse(id, out var key)
            ? await db.ReviewAnswers.FirstOrDefaultAsync(a => a.Id == key && a.IncidentId == incident.Id && a.PersonId == turn.By.Id && a.DeletedAt == null, stop) : null;
        return (new NoLongerWorks(), incident, answer);
    }
}

/// <summary>Lists the rules of the coach, and switches one off or on for a workspace.</summary>
public sealed class SwitchRule(BotDb db, Coaching coaching) : IHandle<CommandInvoked>
{
    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var words = e.Text.Plain.Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var workspace = turn.By.Workspace;
        if (words.Length == 0)
        {
            return Answer.Private(CoachWording.Rules(await db.SilencedRules.Where(r => r.Workspace == workspace).OrderBy(r => r.Rule).ToListAsync(stop)));
        }

        if (words[0].Equals("rules", StringComparison.OrdinalIgnoreCase))
        {
            return Answer.Private(CoachWording.AllRules([.. await coaching.SilencedAsync(workspace, stop)]));
        }

        var on = words[0].Equals("on", StringComparison.OrdinalIgnoreCase);
        var rule = CoachWords.English.Rules.Select(r => r.Rule).FirstOrDefault(r => r.Equals(words.ElementAtOrDefault(1), StringComparison.OrdinalIgnoreCase));
        if (rule is null || (!on && !words[0].Equals("off", StringComparison.OrdinalIgnoreCase)))
        {
            return new WhichRule();
        }

        var known = await db.SilencedRules.FirstOrDefaultAsync(r => r.Workspace == workspace && r.Rule == rule, stop);
        if (on && known is not null)
        {
            db.SilencedRules.Remove(known);
        }
        else if (!on && known is null)
        {
            db.SilencedRules.Add(new SilencedRule { Workspace = workspace, Rule = rule, ByName = turn.By.Name, At = turn.Now });
        }

        return Answer.Private(CoachWording.Switched(rule, on));
    }
}

/// <summary>Which rule is meant?</summary>
public sealed record WhichRule : Refusal
{
    public override string Sentence => "Which rule? `/incident coach off S6` switches it off for this workspace, `/incident coach on S6` on again; `/incident coach rules` lists them.";
}
