using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Facilitation.Coach;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Facilitation.Quality;

/// <summary>Points that a part has lost: what for, and the shortest way to gain them.</summary>
public sealed record Lost(int Points, string Why, string Mend);

/// <summary>One part of the score.</summary>
public sealed record ScorePart(string Name, int Of, IReadOnlyList<Lost> Lost)
{
    public int Points => Math.Max(0, Of - Lost.Sum(l => l.Points));
}

/// <summary>How complete and how blameless a post-mortem is, part by part, with a reason for every point that is lost; of the review, never of a person.</summary>
public sealed record QualityScore(IReadOnlyList<ScorePart> Parts)
{
    public int Points => Parts.Sum(p => p.Points);

    public int Most => Parts.Sum(p => p.Of);

    /// <summary>The parts but for the review of the document, which comes with approvals.</summary>
    public static QualityScore Of(ReviewFacts facts) => new(
    [
        OfTimeline(facts),
        OfImpact(facts),
        OfCauses(facts),
        OfActions(facts),
        OfWording(facts),
        OfLearning(facts),
        OfTimeliness(facts),
    ]);

    private static ScorePart OfTimeline(ReviewFacts facts)
    {
        var lost = new List<Lost>();
        var missing = Agenda.MissingMarkers(facts.Timeline).ToList();
        if (missing.Count > 0)
        {
            lost.Add(new(Math.Min(6, 2 * missing.Count), $"it does not say {string.Join(", ", missing)}", "`/incident log 14:20 impact begins` and the like"));
        }

        var rows = facts.Timeline.Printed.Where(e => e.Kind != EntryKind.System).ToList();
        var bare = rows.Count(e => e.ActorName is null || (e.Link is null && e.Evidence.Count == 0 && e.Source is EntrySource.System));
        if (rows.Count == 0)
        {
            lost.Add(new(9, "there is nothing on it", "`/incident log 14:35 what happened`"));
        }
        else if (bare * 5 > rows.Count)
        {
            lost.Add(new(4, $"{bare} of {rows.Count} rows name no actor or source", "`/incident edit N …` under the timeline"));
        }

        if (facts.Timeline.Gaps().Count is > 0 and var gaps)
        {
            lost.Add(new(Math.Min(5, 2 * gaps), gaps == 1 ? "one stretch of time is empty" : $"{gaps} stretches of time are empty", "answer the questions about gaps, or log what happened then"));
        }

        return new("Timeline", 15, lost);
    }

    private static ScorePart OfImpact(ReviewFacts facts)
    {
        var (lost, impact) = (new List<Lost>(), facts.Incident.Impact);
        Take(lost, facts.Timeline.Milestones.Duration is null, 4, "how long it lasted is not known", "log when it was detected and resolved");
        Take(lost, impact.UsersAffected is null, 4, "the number of users is not known", "`/incident impact`");
        Take(lost, new[] { impact.Revenue, impact.Sla, impact.SupportTickets, impact.RequestsAffected, impact.EngineeringTime }.All(v => v is null), 4, "there is no number for the business", "`/incident impact`: revenue, SLA, tickets, requests or engineering time");
        Take(lost, facts.Incident.SeverityReason is null, 3, "the severity has no justification", "`/incident sev N REASON`");
        return new("Impact", 15, lost);
    }

    private static ScorePart OfCauses(ReviewFacts facts)
    {
        var (lost, tree) = (new List<Lost>(), facts.Tree);
        if (tree.Depth == 0)
        {
            return new("Depth of causes", 20, [new(20, "there is no tree of causes", "answer the questions of “How it came about”, or `/incident review why TEXT`")]);
        }

        Take(lost, tree.Depth < CauseTree.LeastDepth && !tree.Branches, 6, "the tree has neither three levels nor two branches", "ask what else had to be true: `/incident review why 1 TEXT`");
        var root = facts.Findings.LastOrDefault(f => f.Kind == FindingKind.RootCause);
        Take(lost, root is null, 4, "there is no root-cause statement", "`/incident review statement TEXT`");
        var shallow = tree.Leaves.Select(l => l.Finding.Text).Concat(root is null ? [] : [root.Text]).Where(t => CauseLint.Check(t, CoachWords.English, facts.Silenced).Any(f => f.IsRaised && !facts.Silenced.Contains(f.Rule))).ToList();
        Take(lost, shallow.Count > 0, Math.Min(6, 2 * shallow.Count), $"{shallow.Count} of the ends can be asked further", "name the property, control or process in them");
        var leaves = tree.Leaves.ToList();
        var bare = leaves.Count(l => !l.Finding.HasEvidence);
        Take(lost, bare * 2 > leaves.Count, 4, $"{bare} of {leaves.Count} ends show no evidence", "`/incident review why 1.2 … #7`, or a link in an answer");
        return new("Depth of causes", 20, lost);
    }

    private static ScorePart OfActions(ReviewFacts facts)
    {
        if (facts.Items.Count == 0)
        {
            return new("Actions", 20, [new(20, "there are none", "answer the question about actions, or `/incident action TEXT @owner due friday`")]);
        }

        var lost = new List<Lost>();
        var faulty = facts.Items.Where(i => i.AcceptedBecause is null && ActionLint.Check(i.Text, CoachWords.English).Concat(ItemAdvice.OnFields(i, null)).Any(f => f.Level == LintLevel.Error && !facts.Silenced.Contains(f.Rule))).ToList();
        Take(lost, faulty.Count > 0, Math.Min(10, 3 * faulty.Count), $"{string.Join(", ", faulty.Take(5).Select(i => i.Code))} cannot be finished as written", $"`/incident action {(faulty.Count > 0 ? faulty[0].Code : "AI-1")} new words @owner due friday P1 prevent`");
        foreach (var finding in SetLint.Check(facts, CoachWords.English).Take(5))
        {
            lost.Add(new(2, Shortened(finding.Message), "`/incident action …`"));
        }

        return new("Actions", 20, lost);
    }

    private static ScorePart OfWording(ReviewFacts facts)
    {
        var lost = new List<Lost>();
        var statements = facts.Findings.Where(f => f.Kind is not FindingKind.Recollection).ToList();
        var hard = facts.Findings.Where(f => BlameLint.Check($"{f.Text} {f.How}", CoachWords.English).Any(x => x.Level == LintLevel.Error && !facts.Silenced.Contains(x.Rule))).ToList();
        Take(lost, hard.Count > 0, Math.Min(6, 2 * hard.Count), $"{string.Join(", ", hard.Take(5).Select(f => $"F{f.Number}"))} put it on a person or on what did not happen", "`/incident review edit F… new words`; of a recollection its author is asked to reword it");
        var names = facts.Asked.Select(a => a.Person.Name).Concat(facts.Roles.Select(r => r.PersonName)).SelectMany(n => new[] { n, n.Split(' ')[0] }).Where(n => n.Length > 2).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var named = statements.Where(f => f.Kind is FindingKind.Why or FindingKind.RootCause or FindingKind.ProximateCause or FindingKind.Factor && f.Text.Split(' ', ',', '.', '\'', '’', ':').Any(names.Contains)).ToList();
        Take(lost, named.Count > 0, Math.Min(4, 2 * named.Count), $"{string.Join(", ", named.Take(5).Select(f => $"F{f.Number}"))} name a person in a cause", "say what the system let happen to anyone in that place");
        return new("Blameless wording", 10, lost);
    }

    private static ScorePart OfLearning(ReviewFacts facts)
    {
        var lost = new List<Lost>();
        bool None(FindingKind kind) => !facts.Findings.Any(f => f.Kind == kind);
        Take(lost, None(FindingKind.WentWell), 3, "nothing is said to have gone well", "answer “What went well”");
        Take(lost, None(FindingKind.Lucky), 2, "nobody said where we were lucky", "answer “Where we were lucky”");
        Take(lost, None(FindingKind.Surprise), 2, "nobody said what surprised them", "answer “What surprised us”");
        Take(lost, None(FindingKind.Lesson), 3, "there is no lesson", "answer “What others should know”");
        return new("Learning", 10, lost);
    }

    private static ScorePart OfTimeliness(ReviewFacts facts)
    {
        var lost = new List<Lost>();
        Take(lost, facts.Review.BegunInTime == false, 2, "the review began after its date", "the next one within two days");
        Take(lost, facts.Review.DocumentInTime == false, 3, "the document was done after its date", "`/incident review due` moves a date before it passes");
        return new("Timeliness", 5, lost);
    }

    private static void Take(List<Lost> lost, bool wrong, int points, string why, string mend)
    {
        if (wrong)
        {
            lost.Add(new(points, why, mend));
        }
    }

    private static string Shortened(string message) => char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.', '?');
}
