using System.Collections.Immutable;
using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Answers;
using IncidentBot.Core.Facilitation.Causes;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;

namespace IncidentBot.Core.Facilitation;

/// <summary>A question as it stands in the room: what it rests on, who has answered, and what can be done about it.</summary>
public static class PromptCard
{
    private const int LongestQuestion = 1500;
    private const int LongestQuote = 500;

    public static Card Render(ReviewFacts facts, Prompt prompt)
    {
        var script = OwnQuestion.Of(facts.Script!, prompt);
        var phase = facts.Script!.Phase(prompt.Phase);
        var first = facts.Prompts.First(p => p.Phase == prompt.Phase).Id == prompt.Id;
        var parts = ImmutableArray.CreateBuilder<CardPart>();
        if (first && phase?.Intro is { } intro)
        {
            parts.Add(new TextPart(intro, Quiet: true));
        }

        parts.Add(new TextPart(Question(facts, prompt)));
        parts.AddRange(prompt.Quotes.Select(q => new TextPart(RichText.Of($"› {RichText.Briefly(q, LongestQuote)}"), Quiet: true)));
        if (prompt.State == PhaseState.Open && script.Help is { } help)
        {
            parts.Add(new TextPart(help, Quiet: true));
        }

        if (prompt.State == PhaseState.Open && ReviewWording.Labels(script) is { } labels)
        {
            parts.Add(new TextPart(labels, Quiet: true));
        }

        if (script.Poll)
        {
            parts.AddRange(Poll(facts, prompt));
        }
        else if (prompt.Silent && prompt.State != PhaseState.Open)
        {
            parts.AddRange(Told(facts, prompt));
        }

        parts.Add(new TextPart(ReviewWording.Progress(facts, prompt), Quiet: true));
        return new()
        {
            Title = ReviewWording.PromptTitle(facts, prompt),
            Tone = prompt.State == PhaseState.Open ? Tone.Primary : Tone.Neutral,
            Parts = parts.ToImmutable(),
            Buttons = [.. Buttons(facts, prompt, script)],
        };
    }

    /// <summary>The question for one person alone, in their direct messages.</summary>
    public static Card ForOne(ReviewFacts facts, Prompt prompt, bool reminder)
    {
        var incident = facts.Incident;
        return new()
        {
            Title = ReviewWording.ForOneTitle(incident, reminder),
            Tone = Tone.Primary,
            Parts =
            [
                new TextPart(RichText.Of(RichText.Briefly(prompt.Question, LongestQuestion))),
                .. prompt.Quotes.Take(3).Select(q => new TextPart(RichText.Of($"› {RichText.Briefly(q, LongestQuote)}"), Quiet: true)),
                new TextPart(ReviewWording.ForOneHelp(prompt, reminder), Quiet: true),
            ],
            Buttons = [new(AnswerPrompt.OpenKey, "Answer", $"{incident.Id}:{prompt.Id}", Tone.Primary)],
        };
    }

    private static RichText Question(ReviewFacts facts, Prompt prompt)
    {
        var question = RichText.Of(RichText.Briefly(prompt.Question, LongestQuestion));
        return prompt.AskedId is { } id && facts.Asked.FirstOrDefault(a => a.Person.Id == id).Person is { } person
            ? new RichText([new Span(SpanKind.User, $"@{person.Name}", person.UserId), new Span(SpanKind.Plain, ": ")]).Append(question)
            : question;
    }

    // What was told in silence is shown once nobody can be led by it any more.
    private static IEnumerable<CardPart> Told(ReviewFacts facts, Prompt prompt)
    {
        const int Longest = 400;
        var shown = facts.Shown(prompt).Where(a => a.MessageId is null).Take(12).ToList();
        return shown.Count == 0 ? [] : [new RowsPart([.. shown.Select(a => new Fact(a.PersonName ?? ReviewWording.WithoutName, RichText.Of(a.Text.Brief(Longest))))])];
    }

    private static IEnumerable<CardPart> Poll(ReviewFacts facts, Prompt prompt)
    {
        foreach (var (key, question) in ReviewWording.PollQuestions)
        {
            var votes = facts.Votes.Where(v => v.Question == key).ToList();
            yield return new TextPart($"{question}  Yes {votes.Count(v => v.Yes)} · No {votes.Count(v => !v.Yes)}");
            if (prompt.State == PhaseState.Open)
            {
                yield return new ButtonsPart(key, [new(VoteInPoll.Key, "Yes", $"{facts.Incident.Id}:{key}:yes"), new(VoteInPoll.Key, "No", $"{facts.Incident.Id}:{key}:no")]);
            }
        }
    }

    private static IEnumerable<CardButton> Buttons(ReviewFacts facts, Prompt prompt, ScriptPrompt script)
    {
        if (!facts.Review.IsRunning)
        {
            yield break;
        }

        var id = $"{facts.Incident.Id}:{prompt.Id}";
        var open = prompt.State == PhaseState.Open;
        if (!script.Poll)
        {
            yield return new(AnswerPrompt.OpenKey, open ? "Answer" : "Add an answer", id, open ? Tone.Primary : Tone.Neutral);
        }

        if (open && script.Main?.Fills == Filling.Why)
        {
            yield return new(EndCause.OpenKey, "It ends here", id);
            yield return new(ShowTree.Key, "Show the tree", facts.Incident.Id.ToString());
        }

        if (open && script.Main?.Fills == Filling.Action)
        {
            yield return new(DescribeItem.OpenKey, "Add an action", $"{facts.Incident.Id}:");
            foreach (var parked in facts.Parked.Where(p => p.ActionNumber is null).Take(5))
            {
                yield return new(DescribeItem.OpenKey, $"Take up: {RichText.Briefly(parked.Text, 40)}", $"{facts.Incident.Id}:{parked.Id}");
            }
        }

        if (open && facts.Review.PromptId == prompt.Id)
        {
            yield return new(MoveReview.NextKey, "Next question", id);
            yield return new(MoveReview.OpenSkipKey, "Skip", id);
        }
    }
}
