using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Facilitation;

/// <summary>Moves a review on: to the next question, past one, back to a phase, to its end.</summary>
public sealed class MoveReview(FindReview find, Conduct conduct, Closing closing) : IHandle<CommandInvoked>, IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    public const string NextVerb = "review next";
    public const string SkipVerb = "review skip";
    public const string ReopenVerb = "review reopen";
    public const string CloseVerb = "review close";
    public const string NextKey = "facilitation.next";
    public const string OpenSkipKey = "facilitation.open-skip";
    public const string SkipKey = "facilitation.skip";
    public const string CloseKey = "facilitation.close";
    public const string Reason = "reason";
    public const string Scope = "scope";
    private const string WholePhase = "phase";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e, turn, stop, lead: true, closed: e.Verb == ReopenVerb);
        if (found.Missed(out var incident, out var review))
        {
            return found.Answer;
        }

        var words = e.Text.Plain.Trim();
        switch (e.Verb)
        {
            case NextVerb:
                return await NextAsync(incident, review, null, turn, stop);
            case SkipVerb:
                var phase = words.StartsWith(WholePhase, StringComparison.OrdinalIgnoreCase);
                var why = phase ? words[WholePhase.Length..].Trim(' ', ':') : words;
                return why.Length == 0 ? new SkipWhy() : phase ? await SkipPhaseAsync(incident, review, why, turn, stop) : await NextAsync(incident, review, why, turn, stop);
            case ReopenVerb:
                return await ReopenAsync(incident, review, words, turn, stop);
            default:
                return await closing.CloseAsync(incident, review, words, turn, stop);
        }
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e.Value, turn, stop, lead: true);
        if (found.Missed(out var incident, out var review))
        {
            return found.Answer;
        }

        if (e.ButtonKey == CloseKey)
        {
            return await closing.CloseAsync(incident, review, "", turn, stop);
        }

        if (await MovedOnAsync(incident, review, e.Value, stop) is { } refusal)
        {
            return refusal;
        }

        return e.ButtonKey == OpenSkipKey ? new OpenFormAnswer(SkipForm(incident, e.Value!)) : await NextAsync(incident, review, null, turn, stop);
    }

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e.Context, turn, stop, lead: true);
        if (found.Missed(out var incident, out var review))
        {
            return found.Answer;
        }

        return await MovedOnAsync(incident, review, e.Context, stop) is { } refusal ? refusal
            : e.Value(Reason) is not { } why ? new FieldErrorsAnswer(ImmutableDictionary<string, string>.Empty.Add(Reason, new SkipWhy().Sentence))
            : e.Value(Scope) == WholePhase ? await SkipPhaseAsync(incident, review, why, turn, stop)
            : await NextAsync(incident, review, why, turn, stop);
    }

    private async Task<Answer> NextAsync(Incident incident, Review review, string? because, Turn turn, CancellationToken stop)
    {
        var had = review.PromptId is not null;
        var next = await conduct.NextAsync(incident, review, turn.Now, stop, because);
        return Answer.Private(next is not null ? ReviewWording.MovedOn(next, because) : had ? ReviewWording.AllAsked(incident) : ReviewWording.NothingLeft(incident));
    }

    private async Task<Answer> SkipPhaseAsync(Incident incident, Review review, string why, Turn turn, CancellationToken stop)
    {
        var next = await conduct.SkipPhaseAsync(incident, review, turn.Now, why, stop);
        return Answer.Private(next is null ? ReviewWording.AllAsked(incident) : ReviewWording.MovedOn(next, why));
    }

    private async Task<Answer> ReopenAsync(Incident incident, Review review, string word, Turn turn, CancellationToken stop)
    {
        var facts = (await conduct.FactsAsync(incident, stop))!;
        var phases = facts.Script!.Phases;
        var phase = word.Length == 0 && !review.IsRunning ? phases[^1] : phases.Find(p => p.Key.Equals(word, StringComparison.OrdinalIgnoreCase) || p.Title.Equals(word, StringComparison.OrdinalIgnoreCase));
        if (phase is null)
        {
            return new NoSuchPhase(word, string.Join(", ", phases.Select(p => p.Key)));
        }

        var asked = await conduct.ReopenAsync(incident, review, phase.Key, turn.Now, stop);
        return Answer.Private(asked is null ? ReviewWording.NothingLeft(incident) : ReviewWording.MovedOn(asked, null));
    }

    // A button may be older than what has been asked since.
    private async Task<Refusal?> MovedOnAsync(Incident incident, Review review, string? value, CancellationToken stop) =>
        value?.Split(':') is [_, var id] && id != $"{review.PromptId}" ? new AlreadyMovedOn((await conduct.FactsAsync(incident, stop))?.Current?.Title ?? "nothing more") : null;

    private static Form SkipForm(Incident incident, string value) => new(SkipKey, $"Skip, in the review of {incident.Code}", "Skip", [
        new(Reason, "For which reason?", Required: true, Hint: "It stands in the document, such as “nobody was there then”."),
        new(Scope, "How much?", FieldKind.Choice, "question", Options: [new("question", "This question"), new(WholePhase, "The rest of its phase")]),
    ], value);
}

/// <summary>What is skipped is skipped for a reason.</summary>
public sealed record SkipWhy : Refusal
{
    public override string Sentence => "Give the reason, so that the document can say it: `/incident review skip nobody was there then`, or `/incident review skip phase REASON` for the rest of the phase.";
}
