using IncidentBot.Core.Catalogue;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation;

/// <summary>Moves a review on: opens it, asks the next question, ends it.</summary>
public sealed class Conduct(BotDb db, ScriptShelf shelf, ReviewPosts posts, ReviewClock clock, ServiceCatalogue catalogue)
{
    public Task<ReviewFacts?> FactsAsync(Incident incident, CancellationToken stop) => ReviewFacts.LoadAsync(db, shelf, incident, stop);

    /// <summary>The review of an incident, made when there is none yet.</summary>
    public async Task<Review> FindOrOfferAsync(Incident incident, DateTimeOffset now, CancellationToken stop)
    {
        if (await db.Reviews.FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop) is { } known)
        {
            return known;
        }

        var review = new Review { IncidentId = incident.Id, OfferedAt = now };
        db.Reviews.Add(review);
        return review;
    }

    /// <summary>Begins: keeps the script as it is now, asks everyone who was there, and puts the first question.</summary>
    /// <param name="wished">A script by its name; null: the one for the incident.</param>
    /// <returns>Owners of services in whom nobody here could be recognised.</returns>
    public async Task<IReadOnlyList<string>> StartAsync(Incident incident, Review review, Person facilitator, DateTimeOffset now, string? wished, CancellationToken stop)
    {
        review.Script = ScriptText.Write(shelf.Choose(incident.Kind, incident.Severity, wished));
        (review.State, review.StartedAt, review.ClosedAt) = (ReviewState.Running, review.StartedAt ?? now, null);
        Lead(review, facilitator);
        var unmet = await AskThoseWhoWereThereAsync(incident, now, stop);
        incident.Record(new Acting(facilitator, now).InReview($"Review started, led by {facilitator.Name}"));
        await NextAsync(incident, review, now, stop);
        await clock.SetAsync(incident, review, stop);
        return unmet;
    }

    public static void Lead(Review review, Person facilitator) => (review.FacilitatorId, review.FacilitatorName) = (facilitator.Id == 0 ? null : facilitator.Id, facilitator.Name);

    /// <summary>Ends the question that is asked now, and puts the next one; after the last there is none.</summary>
    /// <param name="because">Why it is skipped; null: it is done.</param>
    public async Task<Prompt?> NextAsync(Incident incident, Review review, DateTimeOffset now, CancellationToken stop, string? because = null)
    {
        var facts = (await FactsAsync(incident, stop))!;
        if (facts.Current is { } current)
        {
            End(current, now, because);
            posts.Show(incident, current);
        }

        return await AskAsync(facts, now, stop);
    }

    /// <summary>Ends a whole phase at once, and goes on with the one behind it.</summary>
    public async Task<Prompt?> SkipPhaseAsync(Incident incident, Review review, DateTimeOffset now, string because, CancellationToken stop)
    {
        var facts = (await FactsAsync(incident, stop))!;
        if (facts.Current is { } current)
        {
            End(current, now, because);
            posts.Show(incident, current);
        }

        if (facts.Phases.FirstOrDefault(p => p.Key == review.Phase) is { } phase)
        {
            (phase.State, phase.ClosedAt, phase.Reason) = (PhaseState.Skipped, now, because);
        }

        return await AskAsync((await FactsAsync(incident, stop))!, now, stop);
    }

    /// <summary>Goes back to a phase: its last question is asked again, and its answers stand.</summary>
    public async Task<Prompt?> ReopenAsync(Incident incident, Review review, string phase, DateTimeOffset now, CancellationToken stop)
    {
        var facts = (await FactsAsync(incident, stop))!;
        var kept = facts.Phases.FirstOrDefault(p => p.Key == phase);
        if (kept is not null)
        {
            (kept.State, kept.ClosedAt, kept.Reason) = (PhaseState.Open, null, null);
        }

        review.State = ReviewState.Running;
        review.ClosedAt = null;
        review.Phase = phase;
        if (facts.Prompts.LastOrDefault(p => p.Phase == phase && p.Key != OwnQuestion.Key) is not { } last)
        {
            return await AskAsync((await FactsAsync(incident, stop))!, now, stop);
        }

        (last.State, last.ClosedAt, last.Reason) = (PhaseState.Open, null, null);
        review.PromptId = last.Id;
        posts.Show(incident, last);
        await clock.SetAsync(incident, review, stop);
        return last;
    }

    /// <summary>Asks a question of the facilitator's own, of one person.</summary>
    public async Task<Prompt> AskOwnAsync(Incident incident, Review review, Person whom, string question, DateTimeOffset now, CancellationToken stop)
    {
        var facts = (await FactsAsync(incident, stop))!;
        var phase = facts.Script!.Phase(review.Phase) ?? facts.Script.Phases[0];
        var number = facts.Prompts.Select(p => p.Number).DefaultIfEmpty(0).Max() + 1;
        var prompt = new Prompt
        {
            IncidentId = incident.Id,
            Number = number,
            Phase = phase.Key,
            Key = OwnQuestion.Key,
            About = $"{number}",
            Title = ReviewWording.OwnQuestion(whom),
            Question = question,
            AskedId = whom.Id,
            AskedName = whom.Name,
            OpenedAt = now,
        };
        db.Prompts.Add(prompt);
        posts.Show(incident, prompt);
        return prompt;
    }

    public async Task CloseAsync(Incident incident, Review review, Person by, DateTimeOffset now, CancellationToken stop)
    {
        var facts = (await FactsAsync(incident, stop))!;
        foreach (var open in facts.Prompts.Where(p => p.State == PhaseState.Open))
        {
            End(open, now, null);
            posts.Show(incident, open);
        }

        foreach (var phase in facts.Phases.Where(p => p.State == PhaseState.Open))
        {
            (phase.State, phase.ClosedAt) = (PhaseState.Done, now);
        }

        (review.State, review.ClosedAt, review.Phase, review.PromptId) = (ReviewState.Closed, now, null, null);
        var score = Quality.QualityScore.Of(facts);
        (review.Score, review.ScoreOf) = (score.Points, score.Most);
        incident.Record(new Acting(by, now).InReview("Review closed"));
        posts.Show(incident);
        await clock.SetAsync(incident, review, stop);
    }

    /// <summary>Adds someone to those who are asked; nobody twice, and nobody who could not answer.</summary>
    public async Task<bool> InviteAsync(Incident incident, Person person, string because, DateTimeOffset now, CancellationToken stop)
    {
        await db.Asked.Where(a => a.IncidentId == incident.Id).LoadAsync(stop);
        if (incident.Private && !await db.Participants.AnyAsync(p => p.IncidentId == incident.Id && p.PersonId == person.Id, stop))
        {
            // Of a private incident nobody else hears.
            return false;
        }

        if (person.Id == 0 || person.IsGuest || db.Asked.Local.Any(a => a.IncidentId == incident.Id && a.PersonId == person.Id))
        {
            return false;
        }

        db.Asked.Add(new Asked { IncidentId = incident.Id, PersonId = person.Id, Because = because, At = now });
        return true;
    }

    private async Task<Prompt?> AskAsync(ReviewFacts facts, DateTimeOffset now, CancellationToken stop)
    {
        var (incident, review) = (facts.Incident, facts.Review);
        if (facts.Prompts.FirstOrDefault(p => p.State == PhaseState.Open && p.Key != OwnQuestion.Key && p.Id != review.PromptId) is { } interrupted)
        {
            // Going back has left it; now it goes on there.
            (review.Phase, review.PromptId) = (interrupted.Phase, interrupted.Id);
            posts.Show(incident, interrupted);
            await clock.SetAsync(incident, review, stop);
            return interrupted;
        }

        var item = Agenda.Next(facts, review.Phase);
        if (facts.Tree.Roots.Count == 0 && PassesTheWhys(facts, item))
        {
            PlantTree(facts, now);
            facts = (await FactsAsync(incident, stop))!;
            item = Agenda.Next(facts, review.Phase);
        }

        foreach (var passed in facts.Phases.Where(p => p.State == PhaseState.Open && p.Key != item?.Phase.Key))
        {
            (passed.State, passed.ClosedAt) = (PhaseState.Done, now);
        }

        if (item is null)
        {
            (review.Phase, review.PromptId) = (null, null);
            posts.Show(incident);
            await clock.SetAsync(incident, review, stop);
            return null;
        }

        if (!facts.Phases.Any(p => p.Key == item.Phase.Key))
        {
            db.ReviewPhases.Add(new ReviewPhase { IncidentId = incident.Id, Key = item.Phase.Key, OpenedAt = now });
        }

        var prompt = new Prompt
        {
            IncidentId = incident.Id,
            Number = facts.Prompts.Select(p => p.Number).DefaultIfEmpty(0).Max() + 1,
            Phase = item.Phase.Key,
            Key = item.Prompt.Key,
            About = item.About,
            Title = item.Prompt.Title,
            Question = item.Question,
            Quotes = [.. await Quotes.OfAsync(db, facts, item, stop)],
            EntrySeq = item.EntrySeq,
            FindingId = item.FindingId,
            From = item.From,
            To = item.To,
            AskedId = item.NearestId,
            AskedName = facts.People.FirstOrDefault(p => p.Id == item.NearestId)?.Name,
            Silent = item.Prompt.Silent,
            OpenedAt = now,
        };
        db.Prompts.Add(prompt);
        (review.Phase, review.PromptId) = (prompt.Phase, prompt.Id);
        posts.Show(incident, prompt);
        AskEachAlone(facts, prompt);
        await clock.SetAsync(incident, review, stop);
        return prompt;
    }

    // Without a tree there is nothing to ask about it; so it is planted as soon as its phase would be passed over.
    private static bool PassesTheWhys(ReviewFacts facts, Agenda.Item? item)
    {
        var phases = facts.Script!.Phases;
        var from = Math.Max(0, phases.FindIndex(p => p.Key == facts.Review.Phase));
        var to = item is null ? phases.Count : phases.IndexOf(item.Phase);
        return phases.Take(to).Skip(from).Any(p => p.Prompts.Exists(q => q.Each == Each.Leaf) && facts.Phases.FirstOrDefault(s => s.Key == p.Key)?.State is null or PhaseState.Open);
    }

    // What is to be explained is the root; the immediate causes are the first step.
    private void PlantTree(ReviewFacts facts, DateTimeOffset now)
    {
        var incident = facts.Incident;
        var root = new Finding { IncidentId = incident.Id, Number = incident.NextFinding(), Kind = FindingKind.Why, Text = incident.Title, SaidAt = now };
        db.Findings.Add(root);
        foreach (var cause in facts.Findings.Where(f => f.Kind == FindingKind.ProximateCause))
        {
            db.Findings.Add(new Finding
            {
                IncidentId = incident.Id,
                Number = incident.NextFinding(),
                Kind = FindingKind.Why,
                Text = cause.Text,
                Parent = root,
                ParentId = root.Id,
                Entries = [.. cause.Entries],
                Links = [.. cause.Links],
                Files = [.. cause.Files],
                SaidBy = cause.SaidBy,
                SaidAt = cause.SaidAt,
            });
        }
    }

    private void AskEachAlone(ReviewFacts facts, Prompt prompt)
    {
        if (!prompt.Silent || facts.Incident.Replayed || facts.Incident.Imported)
        {
            return;
        }

        foreach (var person in facts.People)
        {
            db.Outbox.Add(OutboxRow.ToPerson(person.Ref, PromptCard.ForOne(facts, prompt, reminder: false), facts.Incident.Id));
        }
    }

    private static void End(Prompt prompt, DateTimeOffset now, string? because)
    {
        if (prompt.State == PhaseState.Open)
        {
            (prompt.State, prompt.ClosedAt, prompt.Reason) = (because is null ? PhaseState.Done : PhaseState.Skipped, now, because);
        }
    }

    private async Task<IReadOnlyList<string>> AskThoseWhoWereThereAsync(Incident incident, DateTimeOffset now, CancellationToken stop)
    {
        var roles = await db.RoleAssignments.Where(r => r.IncidentId == incident.Id && r.PersonId != null).OrderBy(r => r.From).Select(r => new { r.PersonId, r.Role }).ToListAsync(stop);
        var entries = (await db.Entries.Where(e => e.IncidentId == incident.Id && e.ActorId != null && e.RemovedAt == null && e.Kind != EntryKind.System).Select(e => new { e.ActorId, e.Seq }).ToListAsync(stop)).OrderBy(e => e.Seq);
        var wanted = roles.Select(r => (Id: r.PersonId!.Value, Because: r.Role)).Concat(entries.Select(e => (Id: e.ActorId!.Value, Because: "responder")))
            .Concat(incident.DeclaredById is { } declarer ? [(declarer, "declared it")] : []).DistinctBy(w => w.Id).ToList();
        var ids = wanted.ConvertAll(w => w.Id);
        var people = await db.People.Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, stop);
        foreach (var (id, because) in wanted.Where(w => people.ContainsKey(w.Id)))
        {
            await InviteAsync(incident, people[id], because, now, stop);
        }

        var unmet = new List<string>();
        foreach (var (owner, service, meant) in await catalogue.OwnersAsync(incident, stop))
        {
            foreach (var person in meant)
            {
                await InviteAsync(incident, person, $"owner of {service}", now, stop);
            }

            unmet.AddRange(meant.Count == 0 ? [$"{owner} ({service})"] : []);
        }

        return unmet;
    }
}
