using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;

namespace IncidentBot.Core.Facilitation;

/// <summary>Words of the overview and the questions of a review, as they stand in the room.</summary>
internal static partial class ReviewWording
{
    public const string GroundRules = "Everyone did what made sense to them with what they knew. We ask how and what, and “who” only to find an owner for an action.";
    public const string WithoutName = "Without a name";

    public static IReadOnlyList<(string Key, string Question)> PollQuestions { get; } =
    [
        ("learned", "Did you learn something that changes your work?"),
        ("again", "Would you come to another review?"),
    ];

    public static string Title(ReviewFacts facts) => facts.Review.State switch
    {
        ReviewState.Offered => $"What comes next · {facts.Incident.Code}",
        ReviewState.Running => $"Review of {facts.Incident.Code} · {facts.Incident.Title}",
        ReviewState.Closed => $"Review of {facts.Incident.Code} is closed",
        _ => $"No review of {facts.Incident.Code}",
    };

    public static IEnumerable<string> Lead(ReviewFacts facts, int similar)
    {
        var review = facts.Review;
        switch (review.State)
        {
            case ReviewState.Offered when review.RequiredBecause is { } because:
                yield return $"A review is due, because {because}. It runs here in threads, when it suits each of you; nobody has to sit in a room for it.";
                break;
            case ReviewState.Offered:
                yield return "The policy asks for no review. Anyone who wants to learn from it can start one.";
                break;
            case ReviewState.Running:
                yield return GroundRules;
                break;
            case ReviewState.NotHeld:
                yield return review.LegalHold ? $"It is under legal hold{(review.NotHeldBecause is { } hold ? $" ({hold})" : "")}: nothing is asked and nothing is written down about its causes."
                    : $"There is none: {review.NotHeldBecause}. `/incident review start` begins one all the same.";
                break;
        }

        if (review.State == ReviewState.Offered)
        {
            yield return similar >= 2
                ? $"Best led by someone who was not among the responders. It resembles {similar} earlier incidents (`/incident similar`): `/incident review start recurring` also asks about the pattern."
                : "Best led by someone who was not among the responders.";
        }

        if (facts.Asked.FirstOrDefault(a => a.Person.Id == review.FacilitatorId).Person is { IsGone: true } gone)
        {
            yield return $"{gone.Name}, who led the review, has left. Who takes over? `/incident review facilitate`";
        }

        if (review.IsRunning && facts.Current is null)
        {
            yield return "Everything has been asked. Mend what you like; then close the review.";
        }
    }

    public static IEnumerable<Fact> Facts(ReviewFacts facts)
    {
        var review = facts.Review;
        if (review.State != ReviewState.NotHeld)
        {
            yield return new("Facilitator", review.FacilitatorName ?? "nobody yet");
        }

        if (review is { State: ReviewState.Offered, RequiredBecause: not null, DueAt: { } due })
        {
            yield return new("Review begins by", new RichText([RichText.Moment(due)]));
        }

        if ((review.State == ReviewState.Running || review is { State: ReviewState.Offered, RequiredBecause: not null }) && review.DocumentDueAt is { } document)
        {
            yield return new("Document done by", new RichText([RichText.Moment(document)]));
        }

        if (review.State == ReviewState.Closed)
        {
            yield return new("Document", review.DocumentInTime switch { true => "done in time", false => $"done after its date ({review.DocumentDueAt:yyyy-MM-dd HH:mm} UTC)", _ => "done" });
        }

        if (review.MeetingAt is { } meeting)
        {
            yield return new("Meets live", new RichText([RichText.Moment(meeting), new(SpanKind.Plain, $", {review.MeetingMinutes} minutes")]));
        }

        if (review.State is ReviewState.Running or ReviewState.Closed)
        {
            var spoken = facts.Answers.Where(a => a.PersonId is not null).Select(a => a.PersonId).Distinct().Count();
            var asked = facts.People.Count();
            yield return new("Asked", asked == 0 ? "nobody yet" : string.Join(", ", facts.People.Select(p => p.Name)));
            yield return new("Have answered", $"{spoken} of {Math.Max(asked, spoken)}");
            if (facts.Asked.Where(a => a.Person.IsGone).Select(a => a.Person.Name).ToList() is { Count: > 0 } left)
            {
                yield return new("Have left since", string.Join(", ", left));
            }
        }

        if (facts.Current is { } current)
        {
            yield return new("Asked now", $"{current.Number}. {current.Title}");
        }
    }

    /// <summary>The phases that were reached, a line each, and those to come.</summary>
    public static IEnumerable<CardPart> Course(ReviewFacts facts)
    {
        var reached = facts.Script!.Phases.Where(p => facts.Phases.Any(s => s.Key == p.Key)).ToList();
        if (reached.Count > 0)
        {
            yield return new TextPart(string.Join('\n', reached.Select(p => PhaseLine(facts, p))));
        }

        var waiting = facts.Script.Phases.Except(reached).Select(p => p.Title).ToList();
        if (waiting.Count > 0 && facts.Review.IsRunning)
        {
            yield return new TextPart($"To come: {string.Join(" · ", waiting)}", Quiet: true);
        }
    }

    private static string PhaseLine(ReviewFacts facts, ScriptPhase phase)
    {
        var state = facts.Phases.First(p => p.Key == phase.Key);
        var answers = facts.Prompts.Where(p => p.Phase == phase.Key).Sum(p => facts.AnswersTo(p).Count(a => !a.IsAnonymous));
        var said = answers == 0 ? "" : $" · {answers} {(answers == 1 ? "answer" : "answers")}";
        var summary = state.Summary is { } words ? $" · {RichText.Briefly(words, 160)}" : "";
        return state.State switch
        {
            PhaseState.Done => $"✓ {phase.Title}{said}{summary}",
            PhaseState.Skipped => $"– {phase.Title} · skipped: {RichText.Briefly(state.Reason ?? "", 120)}{said}",
            _ => $"▶ {phase.Title}{said}{summary}",
        };
    }

    /// <summary>What the chain from evidence over causes to actions lacks, in one line; null when nothing is known of it yet, or nothing is lacking.</summary>
    public static string? CoverageLine(ReviewFacts facts)
    {
        var coverage = Coverage.Of(facts);
        var parts = new List<string>();
        if (coverage.WithoutEvidence.Count > 0)
        {
            parts.Add($"{Count(coverage.WithoutEvidence.Count, "cause", "causes")} without evidence ({Numbers(coverage.WithoutEvidence)})");
        }

        if (coverage.Bare.Count > 0)
        {
            parts.Add($"{Count(coverage.Bare.Count, "cause or factor", "causes and factors")} without action or acceptance ({Numbers(coverage.Bare)})");
        }

        if (coverage.WithoutCause.Count > 0)
        {
            parts.Add($"{Count(coverage.WithoutCause.Count, "action", "actions")} without a cause ({string.Join(", ", coverage.WithoutCause.Take(6).Select(i => i.Code))})");
        }

        return parts.Count == 0 ? null : $"Still open: {string.Join("; ", parts)}.";
    }

    public static string PromptTitle(ReviewFacts facts, Prompt prompt)
    {
        var phase = facts.Script!.Phase(prompt.Phase)?.Title ?? "";
        var mark = prompt.State switch { PhaseState.Done => "✓ ", PhaseState.Skipped => "– ", _ => "" };
        return prompt.Title.Equals(phase, StringComparison.OrdinalIgnoreCase) ? $"{mark}{prompt.Number}. {phase}" : $"{mark}{prompt.Number}. {phase} · {prompt.Title}";
    }

    /// <summary>Who has answered, and whose answer is waited for.</summary>
    public static string Progress(ReviewFacts facts, Prompt prompt)
    {
        if (facts.Script!.Prompt(prompt.Key)?.Poll == true)
        {
            return prompt.State == PhaseState.Open ? "Press a button; you can change your mind while the review runs." : "Closed.";
        }

        var answers = facts.AnswersTo(prompt).ToList();
        var named = answers.Where(a => !a.IsAnonymous).Select(a => a.PersonName!).Distinct().ToList();
        var hidden = answers.Count(a => a.IsAnonymous);
        var waiting = facts.Waiting(prompt).Select(p => p.Name).ToList();
        var said = new List<string>();
        if (named.Count > 0)
        {
            said.Add($"Answered: {string.Join(", ", named)}");
        }

        // Said whether there are any or not: how many there are would tell whose they are.
        if (prompt.Silent)
        {
            said.Add(prompt.State != PhaseState.Open && facts.Shown(prompt).Any(a => a.IsAnonymous) ? $"{hidden} without a name" : $"answers without a name are shown once there are {ReviewFacts.MostHidden}");
        }

        if (prompt.State == PhaseState.Open)
        {
            said.Add(waiting.Count == 0 ? (named.Count + hidden == 0 ? "nobody has answered yet" : "everyone asked has answered") : $"waiting for {string.Join(", ", waiting)}");
            said.Add(prompt.Silent ? "press Answer here or in your direct message; answers are shown once the phase is over" : "reply in this thread, or press Answer");
            said.Add(facts.Review.PromptId == prompt.Id && Agenda.ToCome(facts, prompt.Phase) is > 0 and var more ? $"about {more} more {(more == 1 ? "question" : "questions")} after this" : "");
        }
        else
        {
            said.Add(prompt.Reason is { } why ? $"skipped: {RichText.Briefly(why, 200)}" : "done; later answers still count while the review runs");
        }

        return Capital(string.Join(" · ", said.Where(x => x.Length > 0))) + ".";
    }

    /// <summary>How an answer in the thread reaches the other fields of a question; null where there is only one.</summary>
    public static string? Labels(ScriptPrompt script) => script.Fields.Count < 2 ? null
        : $"Plain words answer “{script.Fields[0].Label}”; begin a line with {string.Join(", ", script.Fields.Skip(1).Take(10).Select(f => $"“{f.Key}:”"))} for the rest. Answer shows a field for each.";

    public static string OwnQuestion(Person whom) => $"A question for {whom.Name}";

    public static string ForOneTitle(Incident incident, bool reminder) => reminder ? $"Still open for you · review of {incident.Code} {RichText.Briefly(incident.Title, 60)}" : $"Review of {incident.Code} {RichText.Briefly(incident.Title, 60)}";

    public static string ForOneHelp(Prompt prompt, bool reminder) => (reminder, prompt.Silent) switch
    {
        (true, true) => "If you have answered without your name, take this as thanks: nobody can tell, not even I. I do not ask about this question again.",
        (true, false) => "Press Answer, or reply in its thread in the incident's room. If you have nothing to add, do nothing: I do not ask about this question again, and it goes on without you.",
        (false, true) => $"{GroundRules} Answer before you read the others; with your name or without.",
        _ => "Press Answer, or reply in its thread in the incident's room.",
    };

    public static Card FollowUp(Person author, string question) => new()
    {
        Title = "",
        Parts = [new TextPart(new RichText([new Span(SpanKind.User, $"@{author.Name}", author.UserId), new Span(SpanKind.Plain, $" {question}")]))],
    };

    public static Card AllHaveAnswered(ReviewFacts facts, Prompt prompt) => new()
    {
        Title = $"Everyone asked has answered “{prompt.Title}”",
        Tone = Tone.Good,
        Parts = [new TextPart($"You lead the review of {facts.Incident.Code}. {(prompt.Silent ? "Their answers are shown once you go on." : "Read their answers; when nothing more comes, go on.")}", Quiet: true)],
        Buttons = [new(MoveReview.NextKey, "Next question", $"{facts.Incident.Id}:{prompt.Id}", Tone.Primary)],
    };

    public static Card Deadline(Incident incident, Review review, string kind, DateTimeOffset now)
    {
        var (what, due) = kind is ReviewClock.ReviewSoon or ReviewClock.ReviewLate ? ("The review", review.DueAt) : ("The post-mortem document", review.DocumentDueAt);
        var late = kind is ReviewClock.ReviewLate or ReviewClock.DocumentLate;
        var verb = what == "The review" ? "begin" : "be done";
        var tense = late ? "was" : "is";
        return new()
        {
            Title = late ? $"{what} of {incident.Code} was due" : $"{what} of {incident.Code} is due soon",
            Tone = late ? Tone.Danger : Tone.Primary,
            Parts =
            [
                new TextPart(RichText.Of(incident.Title)),
                new TextPart(new RichText([new(SpanKind.Plain, $"It {tense} to {verb} by "), RichText.Moment(due ?? now), new(SpanKind.Plain, late ? ". Late is better than not: memory fades." : ".")])),
                new TextPart("/incident review due friday sets another date.", Quiet: true),
            ],
            Buttons = review.State == ReviewState.Offered ? [new(StartReview.Key, "Start the review", incident.Id.ToString(), Tone.Primary)] : [],
        };
    }

    private static string Count(int n, string one, string many) => $"{n} {(n == 1 ? one : many)}";

    private static string Numbers(IEnumerable<Finding> findings)
    {
        var all = findings.Select(f => $"F{f.Number}").ToList();
        return all.Count <= 6 ? string.Join(", ", all) : $"{string.Join(", ", all.Take(6))} …";
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
