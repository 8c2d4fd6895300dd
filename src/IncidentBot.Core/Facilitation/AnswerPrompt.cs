using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Answers;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation;

/// <summary>Answers a question in a form, with a name or without; or for somebody else, in words.</summary>
public sealed class AnswerPrompt(FindReview find, Conduct conduct, RecordAnswer answers, PeopleDirectory people) : IHandle<ButtonPressed>, IHandle<FormSubmitted>, IHandle<CommandInvoked>
{
    public const string OpenKey = "facilitation.open-answer";
    public const string FormKey = "facilitation.answer";
    public const string AddVerb = "review add";
    public const string Named = "named";
    private const string Hidden = "no";

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var (found, facts, prompt) = await PromptAsync(e.Value, turn, stop);
        return facts is null || prompt is null ? found : new OpenFormAnswer(Form(facts, prompt, turn.By));
    }

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        var (found, facts, prompt) = await PromptAsync(ShownValues.Read(e.Context).Id, turn, stop);
        if (facts is null || prompt is null)
        {
            return found;
        }

        var script = OwnQuestion.Of(facts.Script!, prompt);
        var shown = ShownValues.Read(e.Context);
        // What the form showed of the impact is no answer; a proposed statement that is sent as it stands is one.
        if (script.Fields.Find(f => Filling.Kind(f.Fills) == FindingKind.RootCause) is { } root && e.Value(root.Key)?.Contains(RootCauseStatement.Blank, StringComparison.Ordinal) == true)
        {
            return new FieldErrorsAnswer(ImmutableDictionary<string, string>.Empty.Add(root.Key, ReviewWording.StatementHasGaps));
        }

        var said = ReadAnswer.OfForm(script, e).Where(s => Filling.ImpactField(s.Field.Fills) is null || shown.Changed(e, s.Field.Key)).ToList();
        if (said.Count == 0)
        {
            return new FieldErrorsAnswer(ImmutableDictionary<string, string>.Empty.Add(script.Fields[0].Key, ReviewWording.AnswerMissing));
        }

        var hidden = e.Value(Named) == Hidden;
        var answer = new ReviewAnswer
        {
            IncidentId = facts.Incident.Id,
            PromptId = prompt.Id,
            PersonId = hidden ? null : turn.By.Id,
            PersonName = hidden ? null : turn.By.Name,
            Text = RichText.WithLinks(Words(script, said)),
            // The minute would tell who it was.
            At = hidden ? new DateTimeOffset(turn.Now.UtcDateTime.Date, TimeSpan.Zero) : turn.Now,
        };
        var doubts = await answers.KeepAsync(facts.Incident, prompt, answer, said, hidden ? new(null, null, answer.At, TimeZoneInfo.Utc) : new(turn.By, turn.By.Name, turn.Now, turn.By.Zone), stop);
        return Answer.Private(ReviewWording.Answered(prompt, answer, doubts));
    }

    /// <summary>“review add @ann what she said”: for the question that is asked now.</summary>
    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e, turn, stop);
        if (found.Missed(out var incident, out var review))
        {
            return found.Answer;
        }

        var facts = (await conduct.FactsAsync(incident, stop))!;
        var text = e.Text.Trim();
        if (text.Spans is [{ Kind: SpanKind.User, Target: { } named }, ..] && named != turn.By.UserId && !Meeting.IsOn(review, turn.Now) && !await find.MayLeadAsync(turn.By, review, stop))
        {
            return new OnlyTheFacilitatorMay(incident.Code, review.FacilitatorName!);
        }

        var speaker = turn.By;
        if (text.Spans is [{ Kind: SpanKind.User, Target: { } id } first, ..])
        {
            speaker = await people.FindOrAddAsync(new(turn.By.Platform, turn.By.Workspace, id), stop);
            text = text.From(first.Text.Length).Trim();
            if (incident.Private && !facts.Asked.Any(a => a.Person.Id == speaker.Id))
            {
                return new BringInFirst(incident.Code, speaker.Name);
            }
        }

        if (facts.Current is not { } prompt || text.IsBlank || OwnQuestion.Of(facts.Script!, prompt).Fields.Count == 0)
        {
            return new AddWhat();
        }

        var answer = new ReviewAnswer
        {
            IncidentId = incident.Id,
            PromptId = prompt.Id,
            PersonId = speaker.Id,
            PersonName = speaker.Name,
            WrittenBy = speaker.Id == turn.By.Id ? null : turn.By.Name,
            Text = text,
            At = turn.Now,
        };
        var doubts = await answers.KeepAsync(incident, prompt, answer, null, new(speaker, speaker.Name, turn.Now, speaker.Zone), stop);
        return Answer.Private(ReviewWording.Answered(prompt, answer, doubts));
    }

    private async Task<(Answer Otherwise, ReviewFacts? Facts, Prompt? Prompt)> PromptAsync(string? value, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(value, turn, stop);
        if (found.Missed(out var incident, out _))
        {
            return (found.Answer, null, null);
        }

        var facts = (await conduct.FactsAsync(incident, stop))!;
        var prompt = value!.Split(':') is [_, var id] && long.TryParse(id, out var key) ? facts.Prompts.FirstOrDefault(p => p.Id == key) : null;
        return (new NoLongerWorks(), facts, prompt is null || OwnQuestion.Of(facts.Script!, prompt).Fields.Count == 0 ? null : prompt);
    }

    // In the words in which a thread would say it, so that they are read again alike when they are reworded.
    private static string Words(ScriptPrompt script, IReadOnlyList<Said> said) => said.Count == 1 && said[0].Field == script.Main && said[0].Category is null && said[0].How is null ? said[0].Text
        : string.Join('\n', said.Select(s => $"{((said.Count > 1 || s.Field != script.Main) && s.Field.Categories.Count == 0 ? $"{s.Field.Key}: " : "")}{(s.Category is { } c && s.Field.Category is null ? $"{c}: " : "")}{s.Text}{(s.How is null ? "" : $" — {s.How}")}"));

    private static Form Form(ReviewFacts facts, Prompt prompt, Person by)
    {
        var script = OwnQuestion.Of(facts.Script!, prompt);
        var fields = ImmutableArray.CreateBuilder<FormField>();
        foreach (var field in script.Fields)
        {
            var kind = field.Choices.Count > 0 ? FieldKind.Choice : field.Lengthy ? FieldKind.Paragraph : FieldKind.Line;
            fields.Add(new(field.Key, field.Label, kind, Known(facts, field), Options: field.Choices.Count == 0 ? null : [.. field.Choices.Select(c => new FormOption(c, c))]));
            if (field.Categories.Count > 0)
            {
                fields.Add(new($"{field.Key}-category", field.Part ?? "Which part?", FieldKind.Choice, Options: [.. field.Categories.Select(c => new FormOption(c, c))]));
            }

            if (Filling.Kind(field.Fills) == FindingKind.Factor)
            {
                fields.Add(new($"{field.Key}-own", "Or a part of your own"));
            }

            if (field.How is { } how)
            {
                fields.Add(new($"{field.Key}-how", how, FieldKind.Paragraph));
            }
        }

        if (script.Main is { } main && (main.Fills == Filling.Why || Filling.Kind(main.Fills) is FindingKind.ProximateCause or FindingKind.Factor or FindingKind.WentWell or FindingKind.CouldImprove or FindingKind.WhyNotCaught))
        {
            fields.Add(new(ReadAnswer.Evidence, "What shows it?", Hint: "Numbers of timeline entries, links; separated by spaces."));
        }

        if (prompt.Silent)
        {
            fields.Add(new(Named, "With your name?", FieldKind.Choice, "yes", Options: [new("yes", $"Yes, as {by.Name}"), new(Hidden, $"No: nobody is stored, and it is shown once there are {ReviewFacts.MostHidden} such answers")]));
        }

        return new(FormKey, RichText.Briefly(prompt.Title, 60), "Answer", fields.ToImmutable(), ShownValues.Context($"{facts.Incident.Id}:{prompt.Id}", fields.ToImmutable()), RichText.Briefly(prompt.Question, 1000));
    }

    // What there is only one of is mended rather than written anew.
    private static string? Known(ReviewFacts facts, ScriptField field) =>
        Filling.ImpactField(field.Fills) is { } impact ? impact.Get(facts.Incident.Impact)
        : Filling.Kind(field.Fills) == FindingKind.RootCause ? facts.Findings.LastOrDefault(f => f.Kind == FindingKind.RootCause)?.Text ?? RootCauseStatement.Compose(facts)
        : Filling.Kind(field.Fills) is FindingKind.Summary or FindingKind.CustomerStatement or FindingKind.BusinessCause ? facts.Findings.LastOrDefault(f => f.Kind == Filling.Kind(field.Fills))?.Text : null;
}

/// <summary>An answer needs words, and a question.</summary>
public sealed record AddWhat : Refusal
{
    public override string Sentence => "What was said, and by whom? `/incident review add @ann the graph had been flat since noon` keeps it as an answer to the question that is asked now.";
}
