using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Answers;
using IncidentBot.Core.Facilitation.Coach;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Facilitation;

/// <summary>Mends what a review has found: summaries of phases, the words of findings, two that say the same, what is accepted.</summary>
public sealed partial class WriteUp(FindReview find, Conduct conduct, Harvest harvest, Coaching coaching, ReviewPosts posts) : IHandle<CommandInvoked>
{
    public const string SummaryVerb = "review summary";
    public const string EditVerb = "review edit";
    public const string DropVerb = "review drop";
    public const string MergeVerb = "review merge";
    public const string AcceptVerb = "review accept-finding";
    public const string StatementVerb = "review statement";

    private static readonly ScriptField Root = new() { Key = "root", Label = "Root cause", Fills = "root-cause" };

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        // Accepting a risk is for whoever stands for it; the rest is the facilitator's to edit.
        var found = await find.ForAsync(e, turn, stop, lead: e.Verb is not AcceptVerb, closed: true);
        if (found.Missed(out var incident, out var review))
        {
            return found.Answer;
        }

        var facts = (await conduct.FactsAsync(incident, stop))!;
        var answer = e.Verb switch
        {
            SummaryVerb => Summarise(facts, review, e.Text.Plain.Trim()),
            StatementVerb => await StateAsync(facts, e.Text.Trim(), turn, stop),
            MergeVerb => Merge(facts, e.Text.Plain, turn),
            _ => OnOne(facts, e, turn),
        };
        if (answer is not RefusedAnswer)
        {
            posts.Show(incident);
        }

        return answer;
    }

    private static Answer Summarise(ReviewFacts facts, Review review, string text)
    {
        var word = text.Split([' ', ':', '\n'], 2)[0];
        var named = facts.Phases.FirstOrDefault(p => p.Key.Equals(word, StringComparison.OrdinalIgnoreCase));
        var phase = named ?? facts.Phases.FirstOrDefault(p => p.Key == review.Phase) ?? facts.Phases.OrderBy(p => p.OpenedAt).LastOrDefault();
        var words = named is null ? text : text[word.Length..].Trim(' ', ':');
        if (phase is null || words.Length == 0)
        {
            return new SummariseWhat(string.Join(", ", facts.Phases.Select(p => p.Key)));
        }

        phase.Summary = words;
        return Answer.Private(ReviewWording.Summarised(facts.Script!.Phase(phase.Key)!.Title));
    }

    private async Task<Answer> StateAsync(ReviewFacts facts, RichText text, Turn turn, CancellationToken stop)
    {
        if (text.IsBlank)
        {
            return Answer.Private(ReviewWording.Statement(facts));
        }

        foreach (var earlier in facts.Findings.Where(f => f.Kind == FindingKind.RootCause))
        {
            earlier.RemovedAt = turn.Now;
        }

        harvest.Add(facts.Incident, FindingKind.RootCause, new Said(Root, text.Plain) { Entries = [.. ReadAnswer.EntriesIn(text.Plain)], Links = [.. ReadAnswer.LinksIn(text)] }, null, new(turn.By, turn.By.Name, turn.Now, turn.By.Zone));
        var question = await coaching.AskAboutAsync(facts.Incident, text.Plain, new(facts.Incident.Title, [], true, facts.Findings.LastOrDefault(f => f.Kind == FindingKind.ProximateCause)?.Text, FindingKind.RootCause), stop);
        return Answer.Private(question is null ? ReviewWording.Stated : $"{ReviewWording.Stated}\n{question}");
    }

    private static Answer Merge(ReviewFacts facts, string words, Turn turn)
    {
        var named = Number().Matches(words).Select(m => facts.Findings.FirstOrDefault(f => f.Number == int.Parse(m.Groups[1].Value))).ToList();
        if (named.Count != 2 || named.Contains(null) || named[0] == named[1] || named[0]!.Kind != named[1]!.Kind || named[0]!.Kind == FindingKind.Why)
        {
            return new MergeWhat();
        }

        var (from, into) = (named[0]!, named[1]!);
        into.Entries = [.. into.Entries.Concat(from.Entries).Distinct()];
        into.Links = [.. into.Links.Concat(from.Links).Distinct()];
        into.Files = [.. into.Files.Concat(from.Files).Distinct()];
        into.How = into.How is null ? from.How : from.How is null || into.How.Contains(from.How, StringComparison.Ordinal) ? into.How : $"{into.How}; {from.How}";
        into.SaidBy = from.SaidBy is null || into.SaidBy is null ? into.SaidBy : string.Join(", ", into.SaidBy.Split(", ").Append(from.SaidBy).Distinct());
        into.EditedBy = turn.By.Name;
        from.RemovedAt = turn.Now;
        foreach (var item in facts.Items.Where(i => i.Serves.Contains(from.Number)))
        {
            item.Serves = [.. item.Serves.Select(n => n == from.Number ? into.Number : n).Distinct()];
        }

        return Answer.Private(ReviewWording.Merged(from, into));
    }

    private static Answer OnOne(ReviewFacts facts, CommandInvoked e, Turn turn)
    {
        var number = Leading().Match(e.Text.Plain);
        var finding = number.Success ? facts.Findings.FirstOrDefault(f => f.Number == int.Parse(number.Groups[1].Value)) : null;
        if (finding is null)
        {
            return new NoSuchFinding(e.Text.Plain.Split(' ')[0]);
        }

        var rest = e.Text.Plain[number.Length..].Trim();
        switch (e.Verb)
        {
            case EditVerb when finding.Kind == FindingKind.Recollection:
                return new TheirOwnWords(finding.Number, finding.SaidBy);
            case EditVerb when rest.Length > 0:
                (finding.Text, finding.EditedBy) = (rest, turn.By.Name);
                return Answer.Private(ReviewWording.Edited(finding));
            case DropVerb when rest.Length > 0:
                foreach (var below in facts.Findings.Where(f => f.ParentId == finding.Id))
                {
                    below.ParentId = finding.ParentId;
                }

                (finding.RemovedAt, finding.EditedBy) = (turn.Now, turn.By.Name);
                facts.Incident.Record(new Acting(turn.By, turn.Now).InReview($"Finding F{finding.Number} dropped: {rest}"));
                return Answer.Private(ReviewWording.Dropped(finding));
            case AcceptVerb when Because().Replace(rest, "") is { Length: > 0 } why && finding.Kind is FindingKind.Why or FindingKind.Factor:
                (finding.Ending, finding.EndingReason, finding.EndedBy) = (CauseEnding.Accepted, why, turn.By.Name);
                return Answer.Private(ReviewWording.Accepted(finding, turn.By));
            default:
                return new WhatAboutIt(e.Verb, finding.Number);
        }
    }

    [GeneratedRegex(@"\bF?(\d{1,5})\b", RegexOptions.IgnoreCase)]
    private static partial Regex Number();

    [GeneratedRegex(@"^\s*F?(\d{1,5})\b\s*:?", RegexOptions.IgnoreCase)]
    private static partial Regex Leading();

    [GeneratedRegex(@"^(?:because|since|as)?[\s:]*", RegexOptions.IgnoreCase)]
    private static partial Regex Because();
}

/// <summary>A summary needs words.</summary>
public sealed record SummariseWhat(string Phases) : Refusal
{
    public override string Sentence => $"What does the phase come to? `/incident review summary TEXT` for the open one, or name one first: `/incident review summary story TEXT`.{(Phases.Length == 0 ? "" : $" There are {Phases}.")}";
}

/// <summary>Two findings of one kind can become one.</summary>
public sealed record MergeWhat : Refusal
{
    public override string Sentence => "Which two say the same? `/incident review merge F4 F3` makes F4 a part of F3; both must be of one kind, and causes of the tree stay where they are. `/incident review findings` shows the numbers.";
}

/// <summary>What someone remembers is told in their words.</summary>
public sealed record TheirOwnWords(int Number, string? By) : Refusal
{
    public override string Sentence => $"F{Number} is what {By ?? "somebody"} remembers, in their own words: only they can change it. `/incident review drop F{Number} REASON` leaves it out.";
}

/// <summary>A change to a finding needs words.</summary>
public sealed record WhatAboutIt(string Verb, int Number) : Refusal
{
    public override string Sentence => Verb switch
    {
        WriteUp.EditVerb => $"What shall F{Number} say? `/incident review edit F{Number} new words`.",
        WriteUp.DropVerb => $"For which reason is F{Number} dropped? `/incident review drop F{Number} REASON`.",
        _ => $"For which reason is F{Number} accepted as it is? `/incident review accept F{Number} because REASON`; only causes and factors can be accepted.",
    };
}
