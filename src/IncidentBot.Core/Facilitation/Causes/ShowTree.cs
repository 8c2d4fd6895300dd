using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Facilitation.Causes;

/// <summary>Shows the tree of causes, privately, with what it still lacks.</summary>
public sealed class ShowTree(FindReview find, Conduct conduct) : IHandle<CommandInvoked>, IHandle<ButtonPressed>
{
    public const string Verb = "review tree";
    public const string Key = "facilitation.tree";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e, turn, stop, closed: true);
        return found.Missed(out var incident, out _) ? found.Answer : await ShowAsync(incident, stop);
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e.Value, turn, stop, closed: true);
        return found.Missed(out var incident, out _) ? found.Answer : await ShowAsync(incident, stop);
    }

    private async Task<Answer> ShowAsync(Incident incident, CancellationToken stop) => Answer.Private(CauseWording.Tree((await conduct.FactsAsync(incident, stop))!));
}

/// <summary>Words around the tree of causes.</summary>
internal static class CauseWording
{
    public const string TextMissing = "Say the cause in a sentence: what was so, and how it led to the step above.";
    public const string ReasonMissing = "Give the reason; it stands in the document.";

    private const int MostNodes = 60;

    public static Card Tree(ReviewFacts facts)
    {
        var nodes = facts.Tree.All.Take(MostNodes).ToList();
        var findings = CoachingQuestions(facts).ToList();
        return nodes.Count == 0 ? Card.Words($"No causes yet in the review of {facts.Incident.Code}", "They are asked in the phase “How it came about”. /incident review why TEXT begins the tree now.")
            : new()
            {
                Title = $"How it came about · {facts.Incident.Code}",
                Parts =
                [
                    new RowsPart([.. nodes.Select(n => new Fact($"{Indent(n)}{n.Number}", Row(facts, n)))]),
                    .. ReviewWording.CoverageLine(facts) is { } lacks ? new CardPart[] { new TextPart(lacks) } : [],
                    .. findings.Select(q => new TextPart(q, Quiet: true)),
                    new TextPart("/incident review why 1.2 TEXT adds a cause under 1.2 · /incident review why 1.2 systemic (= it can be changed), accepted or unknown, with a REASON, ends the branch there · #7 names an entry as evidence", Quiet: true),
                ],
            };
    }

    public static string Ending(CauseEnding ending) => ending switch { CauseEnding.Systemic => "ends here: this can be changed", CauseEnding.Accepted => "is accepted as it is", _ => "is not known yet and is to be investigated" };

    public static string Investigate(CauseNode node) => $"Investigate how it came about: {RichText.Briefly(node.Finding.Text.TrimEnd('.', ' '), 200)}";

    public static string Added(CauseNode node) => $"Added as {node.Number}: {node.Finding.Text}";

    public static string Ended(CauseNode node) => $"{node.Number} {Ending(node.Finding.Ending!.Value)}{(node.Finding.EndingReason is { } why ? $" ({why})" : "")}.";

    public static Form EndForm(Incident incident, CauseNode node) => new(EndCause.FormKey, $"{node.Number} ends here", "Save", [
        new(EndCause.How, "How does it end?", FieldKind.Choice, "systemic", Options:
        [
            new("systemic", "It names something that can be changed"),
            new("accepted", "We accept it as it is"),
            new("unknown", "We do not know further: investigate"),
        ]),
        new(EndCause.Why, node.Depth < CauseTree.UsualDepth ? "What makes this deep enough, or acceptable?" : "For which reason?", FieldKind.Paragraph, Hint: "Needed where it is accepted, and where the branch is shorter than five steps."),
        new(EndCause.Evidence, "What shows it?", Hint: "Numbers of timeline entries, links; separated by spaces."),
    ], $"{incident.Id}:{node.Finding.Id}", RichText.Briefly(node.Finding.Text, 600));

    private static string Indent(CauseNode node) => new('\u2003', node.Depth);

    private static RichText Row(ReviewFacts facts, CauseNode node)
    {
        var f = node.Finding;
        var marks = new List<string>();
        if (f.Ending is { } ending)
        {
            marks.Add($"{Ending(ending)}{(f.EndedBy is { } by ? $", says {by}" : "")}{(f.EndingReason is { } why ? $": {why}" : "")}");
        }

        if (f.HasEvidence)
        {
            marks.Add($"shown by {string.Join(", ", f.ShownBy(id => facts.FileNames.GetValueOrDefault(id, "file")))}");
        }

        marks.AddRange(facts.Items.Where(i => i.Serves.Contains(f.Number)).Select(i => i.Code));
        return RichText.WithLinks($"{f.Text}{(marks.Count == 0 ? "" : $"  ({string.Join("; ", marks)})")} [F{f.Number}]");
    }

    private static IEnumerable<string> CoachingQuestions(ReviewFacts facts) =>
        Coach.CauseLint.CheckWhole(facts.Findings, [.. facts.Items.Select(i => i.Text)], Coach.CoachWords.English).Where(f => !facts.Silenced.Contains(f.Rule)).Take(2).Select(f => f.Message);
}
