using System.Text.RegularExpressions;
using IncidentBot.Core.Incidents;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace IncidentBot.Core.Facilitation.Coach;

/// <summary>What the coach listens for in one language, and what it asks; read from a file of words.</summary>
public sealed partial class CoachWords
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private const string Subject = "{subject}";

    private static readonly Lazy<CoachWords> Shipped = new(() => Read(Resource("en")));

    private readonly Dictionary<string, string> _lists;

    private CoachWords(WordFile file)
    {
        _lists = file.Lists.ToDictionary(l => l.Key, l => string.Join('|', l.Value.Split('|').Select(w => w.Trim()).Where(w => w.Length > 0)));
        Subjects =
        [
            new($@"\b(?:{_lists["human"]})(?![\w-])", Options | RegexOptions.Compiled),
            // Case tells a name from a word.
            new($@"\b(?:{string.Join('|', _lists["names"].Split('|').Where(n => n.Length > 0).Select(n => char.ToUpperInvariant(n[0]) + n[1..]))})(?: [A-Z]\w+)?(?!\w)", Options & ~RegexOptions.IgnoreCase),
        ];
        _lists["verb"] = string.Join('|', file.Actions.Verbs.Split('|').Select(w => w.Trim()).Where(w => w.Length > 0));
        Blame = [.. file.Blame.Select(Compile)];
        (ExplicitGap, OwnControl) = (Pattern(file.Causes.Explicit), Pattern(file.Causes.Own));
        Gaps = [.. file.Causes.Gaps.Select(Quick)];
        Causes = [.. file.Causes.Rules.Select(Compile)];
        (Trigger, Short, ShortWords) = (Compile(file.Causes.Trigger), Compile(file.Causes.Short), file.Causes.Short.Words);
        Actions = [.. file.Actions.Rules.Select(Compile)];
        Verb = Pattern("^(?:{verb})$");
        NotVerb = Pattern(file.Actions.Nouns);
        Wish = Pattern(file.Actions.Wish);
        (Stronger, Weaker) = (Pattern(file.Actions.Stronger), Pattern(file.Actions.Weaker));
        Types = [.. file.Actions.Types.Select(t => (Words.TryRead<ActionItems.ActionType>(t.Type, out var type) ? type : throw new FormatException($"'{t.Type}' is no type of action."), Pattern(t.Cues)))];
        (GerundEnding, GerundRestored) = (file.Actions.Gerund.Ending, file.Actions.Gerund.Restored);
        _inPlace = file.InPlace.ToDictionary(r => r.Rule, Compile);
        FixShaped = Pattern(file.FixShaped);
        FollowUps = [.. file.FollowUps.Select(f => new FollowUpKind(f.Kind, Pattern(f.Cues), f.Questions))];
        (Gerund, NoVerb, Several, Length) = (Compile(file.Actions.Gerund), Compile(file.Actions.NoVerb), Compile(file.Actions.Several), file.Actions.Length);
    }

    private readonly Dictionary<string, WordRule> _inPlace;

    /// <summary>What is asked back, by the kind of thing that somebody said.</summary>
    internal IReadOnlyList<FollowUpKind> FollowUps { get; }

    /// <summary>A cause that is only the lack of a fix.</summary>
    internal Regex FixShaped { get; }

    /// <summary>Every rule with its question, for those who switch one off.</summary>
    public IEnumerable<(string Rule, string Message)> Rules => Blame.Concat(Causes).Concat([Trigger, Short]).Concat(Actions).Concat([Gerund, NoVerb, Several]).Concat(_inPlace.Values)
        .DistinctBy(r => r.Rule).Select(r => (r.Rule, r.Message)).Append((Length.Rule, Length.TooLong)).Concat(FollowUps.Select(f => (f.Kind, f.Questions[0])));

    /// <summary>A question that does not hang on a text alone.</summary>
    internal LintFinding InPlace(string rule) => _inPlace[rule].At(null);

    /// <summary>The words that are shipped.</summary>
    public static CoachWords English => Shipped.Value;

    /// <summary>People as the subjects of sentences.</summary>
    internal IReadOnlyList<QuickPattern> Subjects { get; }

    internal IReadOnlyList<WordRule> Blame { get; }

    internal IReadOnlyList<QuickPattern> Gaps { get; }

    /// <summary>A gap that says what is missing.</summary>
    internal Regex ExplicitGap { get; }

    /// <summary>Words by which a cause names a control of one's own.</summary>
    internal Regex OwnControl { get; }

    internal IReadOnlyList<WordRule> Causes { get; }

    internal WordRule Trigger { get; }

    internal WordRule Short { get; }

    internal int ShortWords { get; }

    internal IReadOnlyList<WordRule> Actions { get; }

    internal Regex Verb { get; }

    /// <summary>Beginnings that look like a verb and name a thing.</summary>
    internal Regex NotVerb { get; }

    /// <summary>What stands before the act in a wish.</summary>
    internal Regex Wish { get; }

    /// <summary>Actions by which the system makes the right way the only one.</summary>
    internal Regex Stronger { get; }

    /// <summary>Actions that rest on people.</summary>
    internal Regex Weaker { get; }

    /// <summary>Words by which an action shows its type, the first that fit count.</summary>
    internal IReadOnlyList<(ActionItems.ActionType Type, Regex Cue)> Types { get; }

    internal string GerundEnding { get; }

    internal string GerundRestored { get; }

    internal WordRule Gerund { get; }

    internal WordRule NoVerb { get; }

    internal WordRule Several { get; }

    internal LengthEntry Length { get; }

    /// <summary>All patterns that wait to be read until a text calls for them.</summary>
    internal IEnumerable<QuickPattern> Patterns => Subjects.Concat(Gaps).Concat(Blame.Concat(Causes).Concat(Actions).Concat(_inPlace.Values).Concat([Trigger, Short, Gerund, NoVerb, Several]).SelectMany(r => r.Patterns.Concat(r.AfterSubject)));

    /// <exception cref="YamlDotNet.Core.YamlException">It is no file of words.</exception>
    public static CoachWords Read(string yaml) => new(new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<WordFile>(yaml));

    /// <summary>True for what can be an order: its first word is a verb that the coach knows, also as “adding”.</summary>
    internal bool BeginsWithVerb(string text)
    {
        var first = Word().Match(text).Value;
        return Verb.IsMatch(first) || first.EndsWith(GerundEnding, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>How many words a text has.</summary>
    internal static int Count(string text) => Word().Count(text);

    /// <summary>Where people stand as subjects in a text.</summary>
    internal List<(int Start, int End)> SubjectsIn(string text) =>
        [.. Subjects.SelectMany(s => s.AllIn(text)).Concat(text.Contains('@') ? Handle().Matches(text) : []).Select(m => (m.Index, m.Index + m.Length)).Order()];

    private static string Resource(string language)
    {
        using var stream = typeof(CoachWords).Assembly.GetManifestResourceStream($"IncidentBot.Core.Facilitation.Coach.Words.{language}.yaml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private WordRule Compile(RuleEntry rule)
    {
        var patterns = rule.Patterns.Concat(rule.Pattern is null ? [] : [rule.Pattern]).ToLookup(p => p.StartsWith(Subject, StringComparison.Ordinal));
        return new(rule.Rule, rule.Level, rule.Message, rule.Rewrite is { Length: > 0 } rewrite ? rewrite : null, rule.Unless,
            [.. patterns[false].Select(Quick)], [.. patterns[true].Select(p => Quick($@"\G(?: (?:{{between}})){{0,3}}{p[Subject.Length..]}"))]);
    }

    [GeneratedRegex(@"(?:@[\w.-]+|\b[\w.-]+@)(?![\w-])")]
    private static partial Regex Handle();

    [GeneratedRegex(@"[\p{L}\p{N}][\p{L}\p{N}'’./_-]*")]
    private static partial Regex Word();

    private Regex Pattern(string pattern) => new(Expand(pattern), Options);

    private QuickPattern Quick(string pattern) => new(Expand(pattern), Options);

    private string Expand(string pattern)
    {
        foreach (var (name, words) in _lists)
        {
            pattern = pattern.Replace($"{{{name}}}", words, StringComparison.Ordinal);
        }

        return pattern;
    }
}

/// <summary>A kind of thing that people say, with the questions that open it.</summary>
internal sealed record FollowUpKind(string Kind, Regex Cue, IReadOnlyList<string> Questions);

/// <summary>A rule, ready to be used.</summary>
/// <param name="Unless">What in the text answers the question already.</param>
/// <param name="AfterSubject">Patterns that only count after a person as the subject.</param>
internal sealed record WordRule(string Rule, LintLevel Level, string Message, string? Rewrite, string? Unless, IReadOnlyList<QuickPattern> Patterns, IReadOnlyList<QuickPattern> AfterSubject)
{
    /// <summary>Where the rule finds its words first.</summary>
    /// <param name="subjects">Where people stand as subjects, and where the words about them may begin.</param>
    public (int Start, int Length)? In(string text, IReadOnlyList<(int Start, int End)>? subjects = null)
    {
        foreach (var pattern in Patterns)
        {
            if (pattern.In(text) is { } match)
            {
                return (match.Index, match.Length);
            }
        }

        foreach (var (start, end) in subjects ?? [])
        {
            foreach (var pattern in AfterSubject)
            {
                if (pattern.At(text, end) is { } match)
                {
                    return (start, match.Index + match.Length - start);
                }
            }
        }

        return null;
    }

    public LintFinding At((int Start, int Length)? where, string? rewrite = null) => new(Rule, Level, where?.Start ?? 0, where?.Length ?? 0, Message, rewrite ?? Rewrite);
}
