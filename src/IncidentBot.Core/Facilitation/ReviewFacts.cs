using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation;

/// <summary>Everything that is known of a review at one moment.</summary>
public sealed record ReviewFacts
{
    public required Incident Incident { get; init; }

    public required Review Review { get; init; }

    /// <summary>The script that the review keeps; null before it has begun.</summary>
    public required Script? Script { get; init; }

    public required Chronology Timeline { get; init; }

    public required IReadOnlyList<ReviewPhase> Phases { get; init; }

    public required IReadOnlyList<Prompt> Prompts { get; init; }

    /// <summary>What was answered and still stands.</summary>
    public required IReadOnlyList<ReviewAnswer> Answers { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    public required IReadOnlyList<(Asked Asked, Person Person)> Asked { get; init; }

    public required IReadOnlyList<ActionItem> Items { get; init; }

    public required IReadOnlyList<ParkedIdea> Parked { get; init; }

    public required IReadOnlyList<PollVote> Votes { get; init; }

    public required IReadOnlyList<RoleAssignment> Roles { get; init; }

    /// <summary>Rules of the coach that the team has switched off.</summary>
    public required IReadOnlyList<string> Silenced { get; init; }

    /// <summary>What stored files that show something are called, by their ids.</summary>
    public required IReadOnlyDictionary<string, string> FileNames { get; init; }

    public CauseTree Tree => field ??= CauseTree.Of(Findings);

    public Prompt? Current => Prompts.FirstOrDefault(p => p.Id == Review.PromptId);

    /// <summary>Those who are asked and can still answer.</summary>
    public IEnumerable<Person> People => Asked.Where(a => !a.Person.IsGone && !a.Person.IsGuest).Select(a => a.Person);

    public IEnumerable<ReviewAnswer> AnswersTo(Prompt prompt) => Answers.Where(a => a.PromptId == prompt.Id);

    /// <summary>Whose answer a question still waits for.</summary>
    public IEnumerable<Person> Waiting(Prompt prompt) => Script?.Prompt(prompt.Key)?.Poll == true ? []
        : People.Where(p => (prompt.AskedId is null || prompt.AskedId == p.Id) && !AnswersTo(prompt).Any(a => a.PersonId == p.Id));

    /// <summary>Answers that may be shown: what is told in silence after its phase, those without a name once there are three.</summary>
    public IEnumerable<ReviewAnswer> Shown(Prompt prompt)
    {
        if (prompt.Silent && prompt.State == PhaseState.Open)
        {
            return [];
        }

        // Three answers, and three people who can have written them.
        var all = AnswersTo(prompt).ToList();
        var possible = Asked.Count(a => !all.Exists(x => x.PersonId == a.Person.Id));
        return all.Count(a => a.IsAnonymous) >= MostHidden && possible >= MostHidden ? all : all.Where(a => !a.IsAnonymous);
    }

    /// <summary>So many answers without a name are shown; fewer could be guessed.</summary>
    public const int MostHidden = 3;

    /// <summary>All of it, tracked, so that what a handler has changed is in it.</summary>
    public static async Task<ReviewFacts?> LoadAsync(BotDb db, ScriptShelf shelf, Incident incident, CancellationToken stop)
    {
        var review = db.Reviews.Local.FirstOrDefault(r => r.IncidentId == incident.Id) ?? await db.Reviews.FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop);
        if (review is null)
        {
            return null;
        }

        var asked = await AllAsync(db.Asked, a => a.IncidentId == incident.Id, a => a.IncidentId == incident.Id, stop);
        var ids = asked.ConvertAll(a => a.PersonId);
        if (incident.Private)
        {
            // Whoever has left a private room is not asked about it any more.
            var inside = await db.Participants.Where(p => p.IncidentId == incident.Id).Select(p => p.PersonId).ToListAsync(stop);
            asked.RemoveAll(a => !inside.Contains(a.PersonId));
            ids = asked.ConvertAll(a => a.PersonId);
        }

        var people = await db.People.Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, stop);
        foreach (var added in db.People.Local.Where(p => ids.Contains(p.Id)))
        {
            people[added.Id] = added;
        }

        var id = incident.Id;
        var findings = (await AllAsync(db.Findings, f => f.IncidentId == id, f => f.IncidentId == id, stop)).Where(f => f.RemovedAt is null).OrderBy(f => f.Number).ThenBy(f => f.Id).ToList();
        var files = findings.SelectMany(f => f.Files).Distinct().ToList();
        return new ReviewFacts
        {
            FileNames = files.Count == 0 ? new Dictionary<string, string>() : await db.Files.Where(f => files.Contains(f.Id)).ToDictionaryAsync(f => f.Id, f => f.Name, stop),
            Incident = incident,
            Review = review,
            Silenced = [.. (await AllAsync(db.SilencedRules, r => r.Workspace == incident.Workspace, r => r.Workspace == incident.Workspace, stop)).Select(r => r.Rule)],
            Script = review.Script.Length == 0 ? null : shelf.Kept(review.Script),
            Timeline = await Chronology.LoadAsync(db, incident, stop),
            Phases = await AllAsync(db.ReviewPhases, p => p.IncidentId == id, p => p.IncidentId == id, stop),
            Prompts = [.. (await AllAsync(db.Prompts, p => p.IncidentId == id, p => p.IncidentId == id, stop)).OrderBy(p => p.Number)],
            Answers = [.. (await AllAsync(db.ReviewAnswers, a => a.IncidentId == id, a => a.IncidentId == id, stop)).Where(a => a.DeletedAt is null).OrderBy(a => a.At).ThenBy(a => a.Id)],
            Findings = findings,
            Asked = [.. asked.Where(a => people.ContainsKey(a.PersonId)).OrderBy(a => a.At).ThenBy(a => people[a.PersonId].Name, StringComparer.Ordinal).Select(a => (a, people[a.PersonId]))],
            Items = [.. (await AllAsync(db.ActionItems, a => a.IncidentId == id, a => a.IncidentId == id, stop)).OrderBy(a => a.Number)],
            Parked = [.. (await AllAsync(db.ParkedIdeas, p => p.IncidentId == id, p => p.IncidentId == id, stop)).OrderBy(p => p.At)],
            Votes = await AllAsync(db.PollVotes, v => v.IncidentId == id, v => v.IncidentId == id, stop),
            Roles = [.. (await AllAsync(db.RoleAssignments, r => r.IncidentId == id, r => r.IncidentId == id, stop)).OrderBy(r => r.From)],
        };
    }

    // What is in the database, and what the handler has added.
    private static async Task<List<T>> AllAsync<T>(DbSet<T> set, System.Linq.Expressions.Expression<Func<T, bool>> where, Func<T, bool> same, CancellationToken stop)
        where T : class
    {
        await set.Where(where).LoadAsync(stop);
        return [.. set.Local.Where(same)];
    }
}
