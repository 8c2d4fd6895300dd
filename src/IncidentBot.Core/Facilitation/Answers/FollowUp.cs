using IncidentBot.Core.Facilitation.Coach;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Facilitation.Answers;

/// <summary>Which one question is asked back: about a shallow cause, about what a finding lacks, or by what was said.</summary>
public static class FollowUp
{
    // Where people tell what they saw, thought and did; elsewhere such a question would miss the point.
    private static readonly HashSet<FindingKind> Told = [FindingKind.Recollection, FindingKind.Surprise, FindingKind.Escalation, FindingKind.WhyNotCaught, FindingKind.ResponseQuality];

    // What puts a cause on a person is said to its author alone.
    private const string Private = "S2";

    /// <summary>A question with the rule that it comes from.</summary>
    public sealed record Question(string Rule, string Words);

    /// <param name="not">Rules that were asked of this person here already, or are switched off.</param>
    /// <returns>The question, or null when nothing more is worth asking.</returns>
    public static Question? To(ReviewFacts facts, ScriptPrompt script, ReviewAnswer answer, IReadOnlyList<Said> said, IReadOnlyCollection<string> not)
    {
        var words = CoachWords.English;
        foreach (var one in said)
        {
            if (one.Field.Fills is Filling.Why || Filling.Kind(one.Field.Fills) is FindingKind.ProximateCause or FindingKind.RootCause or FindingKind.Factor)
            {
                var context = new CauseContext(facts.Incident.Title, [.. Above(facts, answer)], one.Entries.Count + one.Links.Count > 0, facts.Findings.LastOrDefault(f => f.Kind == FindingKind.ProximateCause && f.AnswerId != answer.Id)?.Text, Filling.Kind(one.Field.Fills));
                if (CauseLint.Check(one.Text, words, context).FirstOrDefault(f => f.IsRaised && f.Rule != Private && !not.Contains(f.Rule)) is { } finding)
                {
                    return new(finding.Rule, finding.Message);
                }
            }

            if (one.Field.How is { } how && one.How is null && !not.Contains("how"))
            {
                return new("how", how);
            }
        }

        return script.Main is { } main && (main.Fills is Filling.Entry or Filling.Reasoning || (Filling.Kind(main.Fills) is { } told && Told.Contains(told))) ? Spoken(answer.Text.Plain, words, not) : null;
    }

    // By what kind of thing was said, the first that no question was asked about yet.
    private static Question? Spoken(string text, CoachWords words, IReadOnlyCollection<string> not)
    {
        foreach (var kind in words.FollowUps.Where(k => !not.Contains(k.Kind)))
        {
            if (kind.Cue.IsMatch(text))
            {
                // Always the same one for the same words, and not always the first.
                var pick = text.Aggregate(17, (n, c) => unchecked((n * 31) + c)) & int.MaxValue;
                return new(kind.Kind, kind.Questions[pick % kind.Questions.Count]);
            }
        }

        return null;
    }

    private static IEnumerable<string> Above(ReviewFacts facts, ReviewAnswer answer)
    {
        var node = facts.Findings.Where(f => f.AnswerId == answer.Id && f.Kind == FindingKind.Why).Select(f => facts.Tree.Find(f.Id)).FirstOrDefault(n => n is not null);
        if (node?.Parent is { } parent)
        {
            yield return parent.Finding.Text;
        }
    }
}
