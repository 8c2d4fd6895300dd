using System.Globalization;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Facilitation.Quality;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Reports;

namespace IncidentBot.Pages;

/// <summary>A review as the API shows it; times are UTC, people are display names, answers without a name have none.</summary>
public sealed record ApiReview(
    string Workspace,
    string IncidentId,
    string State,
    string? RequiredBecause,
    string? Facilitator,
    string? DueAt,
    string? DocumentDueAt,
    string? StartedAt,
    string? ClosedAt,
    bool? BegunInTime,
    bool? DocumentInTime,
    string? NotHeldBecause,
    bool LegalHold,
    IReadOnlyList<ApiAsked> Asked,
    IReadOnlyList<ApiPhase> Phases,
    IReadOnlyList<ApiCause> Whys,
    string? ProximateCause,
    string? RootCause,
    IReadOnlyList<ApiFinding> Factors,
    IReadOnlyList<ApiFinding> WentWell,
    IReadOnlyList<ApiFinding> Lucky,
    IReadOnlyList<ApiFinding> CouldImprove,
    IReadOnlyList<ApiFinding> Lessons,
    IReadOnlyList<ApiFinding> Findings,
    IReadOnlyList<ApiPoll> Poll,
    ApiCoverage Coverage,
    ApiScore? Score);

/// <summary>Someone who is asked, and what makes their view wanted.</summary>
public sealed record ApiAsked(string Person, string Because, int Answers, bool HasLeft);

/// <summary>A phase with its questions; <paramref name="State"/> is waiting, open, done or skipped.</summary>
public sealed record ApiPhase(string Key, string Title, string State, string? OpenedAt, string? ClosedAt, string? Reason, string? Summary, IReadOnlyList<ApiPrompt> Prompts);

/// <summary>A question with its answers; <paramref name="HeldBack"/> counts those with a name that are not shown yet.</summary>
public sealed record ApiPrompt(int Number, string Key, string Title, string Question, IReadOnlyList<string> Quotes, string State, string? Asked, IReadOnlyList<ApiAnswer> Answers, int HeldBack);

/// <summary>An answer; without a name <paramref name="At"/> is only the day.</summary>
public sealed record ApiAnswer(string Id, string? Person, string? WrittenBy, string Text, string At, string? EditedAt, string? Link);

/// <summary>A cause with those below it; <paramref name="Ending"/> is systemic, accepted or unknown.</summary>
public sealed record ApiCause(
    string Number, string Finding, string Text, string? SaidBy, IReadOnlyList<int> Entries, IReadOnlyList<string> Links, IReadOnlyList<string> Files, string? Ending, string? EndingReason, string? EndedBy, IReadOnlyList<ApiCause> Children);

/// <summary>A finding with who said it and what shows it.</summary>
public sealed record ApiFinding(string Id, string Kind, string Text, string? Category, string? How, string? SaidBy, string? AnswerId, IReadOnlyList<int> Entries, IReadOnlyList<string> Links, IReadOnlyList<string> Files);

/// <summary>What the chain from evidence over causes to actions lacks, by findings and items.</summary>
public sealed record ApiCoverage(IReadOnlyList<string> WithoutEvidence, IReadOnlyList<string> WithoutAction, IReadOnlyList<string> ActionsWithoutCause);

/// <summary>What people said to one of the closing questions.</summary>
public sealed record ApiPoll(string Question, int Yes, int No);

/// <summary>How complete and blameless it is.</summary>
public sealed record ApiScore(int Points, int Of, IReadOnlyList<ApiScorePart> Parts);

/// <summary>One part of the score with what it has lost.</summary>
public sealed record ApiScorePart(string Name, int Points, int Of, IReadOnlyList<ApiLost> Lost);

/// <summary>Lost points, what for, and the shortest way to gain them.</summary>
public sealed record ApiLost(int Points, string Why, string Mend);

/// <summary>Shapes a review for the API.</summary>
internal static class ReviewApi
{
    public static ApiReview Of(ReviewFacts f)
    {
        var review = f.Review;
        var coverage = Coverage.Of(f);
        IReadOnlyList<ApiFinding> All(FindingKind kind) => [.. f.Findings.Where(x => x.Kind == kind).Select(x => Finding(f, x))];
        return new(
            f.Incident.Workspace, f.Incident.Code, review.State.Word(), review.RequiredBecause, review.FacilitatorName, Time(review.DueAt), Time(review.DocumentDueAt), Time(review.StartedAt), Time(review.ClosedAt),
            review.BegunInTime, review.DocumentInTime, review.NotHeldBecause, review.LegalHold,
            [.. f.Asked.Select(a => new ApiAsked(a.Person.Name, a.Asked.Because, f.Answers.Count(x => x.PersonId == a.Person.Id), a.Person.IsGone))],
            f.Script is null ? [] : [.. f.Script.Phases.Select(p => Phase(f, p.Key, p.Title))],
            [.. f.Tree.Roots.Select(n => Cause(f, n))],
            f.Findings.LastOrDefault(x => x.Kind == FindingKind.ProximateCause)?.Text, f.Findings.LastOrDefault(x => x.Kind == FindingKind.RootCause)?.Text,
            All(FindingKind.Factor), All(FindingKind.WentWell), All(FindingKind.Lucky), All(FindingKind.CouldImprove), All(FindingKind.Lesson),
            [.. f.Findings.Where(x => x.Kind is not (FindingKind.Why or FindingKind.Recollection or FindingKind.Factor or FindingKind.WentWell or FindingKind.Lucky or FindingKind.CouldImprove or FindingKind.Lesson)).Select(x => Finding(f, x))],
            [.. f.Votes.GroupBy(v => v.Question).Select(g => new ApiPoll(g.Key, g.Count(v => v.Yes), g.Count(v => !v.Yes)))],
            new([.. coverage.WithoutEvidence.Select(x => $"F{x.Number}")], [.. coverage.Bare.Select(x => $"F{x.Number}")], [.. coverage.WithoutCause.Select(x => x.Code)]),
            f.Script is null ? null : Score(QualityScore.Of(f)));
    }

    private static ApiPhase Phase(ReviewFacts f, string key, string title)
    {
        var state = f.Phases.FirstOrDefault(p => p.Key == key);
        return new(key, title, state?.State.Word() ?? "waiting", Time(state?.OpenedAt), Time(state?.ClosedAt), state?.Reason, state?.Summary, [.. f.Prompts.Where(p => p.Phase == key).Select(p =>
        {
            var shown = f.Shown(p).ToList();
            return new ApiPrompt(p.Number, p.Key, p.Title, p.Question, p.Quotes, p.State.Word(), p.AskedName,
                [.. shown.Select(a => new ApiAnswer($"{a.Id}", a.PersonName, a.WrittenBy, a.Text.Plain, a.IsAnonymous ? a.At.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : Time(a.At)!, Time(a.EditedAt), a.Link))],
                f.AnswersTo(p).Count(a => !a.IsAnonymous) - shown.Count(a => !a.IsAnonymous));
        })]);
    }

    private static ApiCause Cause(ReviewFacts f, CauseNode n) => new(
        n.Number, $"F{n.Finding.Number}", n.Finding.Text, n.Finding.SaidBy, n.Finding.Entries, n.Finding.Links, Files(f, n.Finding), n.Finding.Ending?.Word(), n.Finding.EndingReason, n.Finding.EndedBy, [.. n.Children.Select(c => Cause(f, c))]);

    private static ApiFinding Finding(ReviewFacts f, Finding x) => new($"F{x.Number}", x.Kind.Word(), x.Text, x.Category, x.How, x.SaidBy, x.AnswerId?.ToString(CultureInfo.InvariantCulture), x.Entries, x.Links, Files(f, x));

    private static IReadOnlyList<string> Files(ReviewFacts f, Finding x) => [.. x.Files.Select(id => EvidenceFile.ServedAt(id, f.FileNames.GetValueOrDefault(id, "file")))];

    private static ApiScore Score(QualityScore score) =>
        new(score.Points, score.Most, [.. score.Parts.Select(p => new ApiScorePart(p.Name, p.Points, p.Of, [.. p.Lost.Select(l => new ApiLost(l.Points, l.Why, l.Mend))]))]);

    internal static string? Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
}
