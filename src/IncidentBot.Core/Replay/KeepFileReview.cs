using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Facilitation.Answers;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Replay;

/// <summary>The review that a file tells, to be played.</summary>
public sealed record ReviewOfFile(PersonRef By, Place Place, DateTimeOffset At, long IncidentId, FileReview Review, IReadOnlyDictionary<int, int> SeqOfEntry)
    : ChatEvent(By, Place, At);

/// <summary>Plays the review of a file: the same answers, tree and findings as people give them, under the names that the file has.</summary>
public sealed class KeepFileReview(BotDb db, Conduct conduct, RecordAnswer answers, Harvest harvest) : IHandle<ReviewOfFile>
{
    private static readonly ScriptField Field = new() { Key = "file", Label = "File", Fills = Filling.Why };

    public async Task<Answer> HandleAsync(ReviewOfFile e, Turn turn, CancellationToken stop)
    {
        var incident = await db.Incidents.FirstAsync(i => i.Id == e.IncidentId, stop);
        var facilitator = new Person { Id = 0, Platform = incident.Platform, Workspace = incident.Workspace, UserId = "", Name = e.Review.Facilitator ?? "the incident file" };
        var review = await conduct.FindOrOfferAsync(incident, turn.Now, stop);
        if (e.Review.Whys is { } whys)
        {
            Grow(incident, whys, null, e, turn.Now);
        }

        await conduct.StartAsync(incident, review, facilitator, turn.Now, null, stop);
        var last = turn.Now;
        foreach (var answer in e.Review.Answers)
        {
            last = answer.At > last ? answer.At.Value : last;
            await AnswerAsync(incident, review, answer, e.Review.Whys is not null, turn, stop);
        }

        var known = (await conduct.FactsAsync(incident, stop))!.Findings;
        foreach (var finding in e.Review.Findings)
        {
            foreach (var earlier in known.Where(k => k.Kind == FindingKind.RootCause && finding.Kind == FindingKind.RootCause))
            {
                // What the review found takes the place of what the file said beside it.
                earlier.RemovedAt = turn.Now;
            }

            if (!known.Any(k => k.Kind == finding.Kind && k.RemovedAt is null && k.Text.Equals(finding.Text, StringComparison.OrdinalIgnoreCase)))
            {
                harvest.Add(incident, finding.Kind, new Said(Field, finding.Text, finding.Category, finding.How), null, new(null, null, turn.Now, TimeZoneInfo.Utc));
            }
        }

        foreach (var (key, text) in e.Review.Notes)
        {
            db.Notes.Add(new Note { IncidentId = incident.Id, Key = $"review {key}", Text = text });
        }

        await conduct.CloseAsync(incident, review, facilitator, last, stop);
        return Answer.None;
    }

    private async Task AnswerAsync(Incident incident, Review review, FileAnswer said, bool hasTree, Turn turn, CancellationToken stop)
    {
        var facts = (await conduct.FactsAsync(incident, stop))!;
        var script = facts.Script!;
        // A phase by its key or title, as people write it; what fits none is a recollection.
        var phase = script.Phases.Find(p => p.Key.Equals(said.Phase, StringComparison.OrdinalIgnoreCase) || p.Title.Equals(said.Phase, StringComparison.OrdinalIgnoreCase))
            ?? script.Phases.Find(p => said.Phase.Length > 2 && (p.Key.StartsWith(said.Phase, StringComparison.OrdinalIgnoreCase) || p.Prompts.Exists(q => q.Key.Equals(said.Phase.Replace('_', '-'), StringComparison.OrdinalIgnoreCase))))
            ?? script.Phases[0];
        var question = phase.Prompts.Find(q => q.Key.Equals(said.Phase.Replace('_', '-'), StringComparison.OrdinalIgnoreCase)) ?? phase.Prompts[0];
        var prompt = facts.Prompts.FirstOrDefault(p => p.Key == question.Key) ?? Ask(facts, phase, question, turn.Now);
        var answer = new ReviewAnswer
        {
            IncidentId = incident.Id,
            PromptId = prompt.Id,
            PersonName = said.Person,
            Text = RichText.WithLinks(said.Text),
            At = said.At ?? turn.Now,
        };
        // With a tree of its own the file's words about causes are kept as they are, and grow none beside it.
        IReadOnlyList<Said>? read = hasTree && question.Main?.Fills == Filling.Why ? [] : null;
        await answers.KeepAsync(incident, prompt, answer, read, new(null, said.Person, answer.At, TimeZoneInfo.Utc), stop, quietly: true);
    }

    private Prompt Ask(ReviewFacts facts, ScriptPhase phase, ScriptPrompt question, DateTimeOffset now)
    {
        var prompt = new Prompt
        {
            IncidentId = facts.Incident.Id,
            Number = facts.Prompts.Select(p => p.Number).DefaultIfEmpty(0).Max() + 1,
            Phase = phase.Key,
            Key = question.Key,
            About = question.Each is null ? "" : "file",
            Title = question.Title,
            Question = question.Ask,
            State = PhaseState.Done,
            OpenedAt = now,
            ClosedAt = now,
        };
        db.Prompts.Add(prompt);
        if (!facts.Phases.Any(p => p.Key == phase.Key))
        {
            db.ReviewPhases.Add(new ReviewPhase { IncidentId = facts.Incident.Id, Key = phase.Key, State = PhaseState.Done, OpenedAt = now, ClosedAt = now });
        }

        return prompt;
    }

    private void Grow(Incident incident, FileWhy why, Finding? parent, ReviewOfFile e, DateTimeOffset now)
    {
        var entries = why.Evidence.Where(i => e.SeqOfEntry.ContainsKey(i + 1)).Select(i => e.SeqOfEntry[i + 1]).ToList();
        var finding = harvest.Add(incident, FindingKind.Why, new Said(Field, why.Text) { Entries = entries }, null, new(null, null, now, TimeZoneInfo.Utc), parent);
        finding.Ending = why.Ending;
        foreach (var child in why.Children)
        {
            Grow(incident, child, finding, e, now);
        }
    }
}
