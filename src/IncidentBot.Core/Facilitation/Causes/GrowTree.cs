using System.Collections.Immutable;
using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Answers;
using IncidentBot.Core.Facilitation.Coach;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;

namespace IncidentBot.Core.Facilitation.Causes;

/// <summary>Adds a cause under another, or ends a branch, in one typed line: <c>review why 1.2 TEXT</c>.</summary>
public sealed partial class GrowTree(BotDb db, FindReview find, Conduct conduct, Harvest harvest, Coaching coaching, ReviewPosts posts) : IHandle<CommandInvoked>
{
    public const string Verb = "review why";

    private static readonly ScriptField Field = new() { Key = "why", Label = "Cause", Fills = Filling.Why };

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e, turn, stop, closed: true);
        if (found.Missed(out var incident, out _))
        {
            return found.Answer;
        }

        var facts = (await conduct.FactsAsync(incident, stop))!;
        var number = Number().Match(e.Text.Plain);
        var rest = e.Text.From(number.Length).Trim();
        var under = number.Success ? facts.Tree.Find(number.Groups[1].Value) : facts.Tree.Roots.Count == 0 ? null : facts.Tree.Find(facts.Current?.FindingId ?? 0) ?? facts.Tree.Roots[0];
        if (number.Success && under is null)
        {
            return new NoSuchCause(number.Groups[1].Value);
        }

        if (rest.IsBlank)
        {
            return Answer.Private(CauseWording.Tree(facts));
        }

        var ending = EndingWord().Match(rest.Plain);
        if (under is not null && ending.Success && Words.TryRead<CauseEnding>(ending.Groups[1].Value, out var how))
        {
            var reason = rest.Plain[ending.Length..].Trim(' ', ':', '-', '–', '—');
            return EndCause.End(incident, under, how, reason.Length == 0 ? null : reason, [], [], turn.By.Name) is { } refusal ? refusal : Ended(incident, under, how, turn);
        }

        var said = new Said(Field, Reference().Replace(rest.Plain, "").Trim()) { Entries = [.. ReadAnswer.EntriesIn(rest.Plain)], Links = [.. ReadAnswer.LinksIn(rest)] };
        harvest.Add(incident, FindingKind.Why, said, null, new(turn.By, turn.By.Name, turn.Now, turn.By.Zone), under?.Finding);
        facts = (await conduct.FactsAsync(incident, stop))!;
        var added = facts.Tree.All.Last(n => n.Finding.Number == incident.LastFinding);
        var question = await coaching.AskAboutAsync(incident, said.Text, new(incident.Title, under is null ? [] : [under.Finding.Text], added.Finding.HasEvidence, null, FindingKind.Why), stop);
        return Told(incident, question is null ? CauseWording.Added(added) : $"{CauseWording.Added(added)}\n{question}");
    }

    private Answer Ended(Incident incident, CauseNode node, CauseEnding how, Turn turn)
    {
        EndCause.Park(db, incident, node, how, turn);
        return Told(incident, CauseWording.Ended(node));
    }

    private Answer Told(Incident incident, string words)
    {
        posts.Show(incident);
        return Answer.Private(words);
    }

    [GeneratedRegex(@"^\s*(\d{1,2}(?:\.\d{1,2})*)\.?(?=\s|$)\s*")]
    private static partial Regex Number();

    [GeneratedRegex(@"^(systemic|accepted|unknown)\b", RegexOptions.IgnoreCase)]
    private static partial Regex EndingWord();

    [GeneratedRegex(@"\s*\(?(?<![\w&])#\d{1,6}(?:,\s*#\d{1,6})*\)?(?=[\s.,;]|$)")]
    private static partial Regex Reference();
}

/// <summary>Ends a branch of the tree: in something that can be changed, in something accepted, or in something unknown.</summary>
public sealed class EndCause(BotDb db, FindReview find, Conduct conduct, ReviewPosts posts) : IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    public const string OpenKey = "facilitation.open-end-cause";
    public const string FormKey = "facilitation.end-cause";
    public const string How = "how";
    public const string Why = "why";
    public const string Evidence = "evidence";

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e.Value, turn, stop);
        if (found.Missed(out var incident, out _))
        {
            return found.Answer;
        }

        var facts = (await conduct.FactsAsync(incident, stop))!;
        var prompt = e.Value!.Split(':') is [_, var id] && long.TryParse(id, out var key) ? facts.Prompts.FirstOrDefault(p => p.Id == key) : null;
        // The question is about a cause; by now there may be deeper ones below it, and then it is the deepest that ends.
        var node = prompt?.FindingId is { } finding ? facts.Tree.Find(finding) : null;
        node = node?.WithBelow.LastOrDefault(n => n.Children.Count == 0 && n.Finding.Ending is null) ?? node;
        return node is null ? new NoLongerWorks() : new OpenFormAnswer(CauseWording.EndForm(incident, node));
    }

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e.Context, turn, stop);
        if (found.Missed(out var incident, out _))
        {
            return found.Answer;
        }

        var facts = (await conduct.FactsAsync(incident, stop))!;
        if (e.Context!.Split(':') is not [_, var id] || !long.TryParse(id, out var key) || facts.Tree.Find(key) is not { } node || !Words.TryRead<CauseEnding>(e.Value(How), out var how))
        {
            return new NoLongerWorks();
        }

        var shown = RichText.WithLinks(e.Value(Evidence) ?? "");
        if (End(incident, node, how, e.Value(Why), [.. ReadAnswer.EntriesIn(ReadAnswer.Hashed(shown.Plain))], [.. ReadAnswer.LinksIn(shown)], turn.By.Name) is not null)
        {
            return new FieldErrorsAnswer(ImmutableDictionary<string, string>.Empty.Add(Why, CauseWording.ReasonMissing));
        }

        Park(db, incident, node, how, turn);
        posts.Show(incident, facts.Prompts.LastOrDefault(p => p.FindingId == key));
        return Answer.Private(CauseWording.Ended(node));
    }

    /// <summary>What is not known is to be investigated: the idea waits for the actions.</summary>
    internal static void Park(BotDb db, Incident incident, CauseNode node, CauseEnding how, Turn turn)
    {
        if (how == CauseEnding.Unknown)
        {
            db.ParkedIdeas.Add(new ParkedIdea { IncidentId = incident.Id, Text = CauseWording.Investigate(node), ById = turn.By.Id, ByName = turn.By.Name, At = turn.Now });
        }
    }

    /// <returns>The refusal, when a reason is wanted and none is given.</returns>
    internal static Refusal? End(Incident incident, CauseNode node, CauseEnding how, string? why, IReadOnlyList<int> entries, IReadOnlyList<string> links, string by)
    {
        if (why is null && (how == CauseEnding.Accepted || node.Depth < CauseTree.UsualDepth))
        {
            return new EndWhy(node.Number, node.Depth, how);
        }

        (node.Finding.Ending, node.Finding.EndingReason, node.Finding.EndedBy) = (how, why, by);
        node.Finding.Entries = [.. node.Finding.Entries.Concat(entries).Distinct()];
        node.Finding.Links = [.. node.Finding.Links.Concat(links).Distinct()];
        incident.Version++;
        return null;
    }
}

/// <summary>A branch ends early, or in acceptance, only with a reason.</summary>
public sealed record EndWhy(string Number, int Depth, CauseEnding How) : Refusal
{
    public override string Sentence => How == CauseEnding.Accepted
        ? $"For which reason is {Number} accepted? `/incident review why {Number} accepted REASON`; it stands in the document with your name."
        : $"{Number} is {Depth} {(Depth == 1 ? "step" : "steps")} deep. What makes that deep enough? `/incident review why {Number} {How.Word()} REASON`";
}
