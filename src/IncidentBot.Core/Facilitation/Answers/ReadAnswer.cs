using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Facilitation.Answers;

/// <summary>One thing that an answer says.</summary>
/// <param name="Sibling">True for what else had to be true, beside what the question is about.</param>
public sealed record Said(ScriptField Field, string Text, string? Category = null, string? How = null, bool Sibling = false)
{
    public IReadOnlyList<int> Entries { get; init; } = [];

    public IReadOnlyList<string> Links { get; init; } = [];
}

/// <summary>Reads plain words in a thread: what each line says, in which category, how it contributed, and what shows it.</summary>
public static partial class ReadAnswer
{
    private static readonly HashSet<FindingKind> OneEach =
    [
        FindingKind.Factor, FindingKind.WentWell, FindingKind.CouldImprove, FindingKind.Lucky, FindingKind.Surprise, FindingKind.Assumption, FindingKind.Lesson, FindingKind.Related, FindingKind.MitigatingFactor,
        FindingKind.QuestionToAsk, FindingKind.CheckToPerform, FindingKind.SignOfRisk, FindingKind.Indicator, FindingKind.CommonFactor,
    ];

    public static IReadOnlyList<Said> Read(ScriptPrompt prompt, RichText text)
    {
        var said = new List<Said>();
        if (prompt.Main is not { } main)
        {
            return said;
        }

        // Thanks and nods are answers, and say nothing that a document could print.
        if (Nod().IsMatch(text.Plain))
        {
            return said;
        }

        foreach (var line in text.Lines())
        {
            var plain = line.Plain;
            var bullet = Bullet().Match(plain);
            var words = plain[bullet.Length..];
            if (Labelled(prompt, words) is { } labelled)
            {
                said.Add(labelled);
            }
            else if (said.Count == 0 || StartsAnew(said[^1].Field, bullet.Success))
            {
                said.Add(new(said.Count == 0 ? main : said[^1].Field, words));
            }
            else
            {
                said[^1] = said[^1] with { Text = $"{said[^1].Text}\n{plain}" };
            }
        }

        return [.. said.Select(s => Finish(s, text)).Where(s => s.Text.Length > 0 || s.Entries.Count + s.Links.Count > 0)];
    }

    /// <summary>What was typed into the fields of a form, in the same words.</summary>
    public static IReadOnlyList<Said> OfForm(ScriptPrompt prompt, FormSubmitted form)
    {
        var said = new List<Said>();
        foreach (var field in prompt.Fields)
        {
            if (form.Value(field.Key) is not { } value || Nod().IsMatch(value))
            {
                continue;
            }

            var category = form.Value($"{field.Key}-own") ?? form.Value($"{field.Key}-category") ?? field.Category;
            var how = form.Value($"{field.Key}-how");
            var several = field.Choices.Count == 0 && how is null && StartsAnew(field, true) ? RichText.Of(value).Lines().Select(l => l.Plain[Bullet().Match(l.Plain).Length..]) : [value];
            said.AddRange(several.Select(v => Finish(Labelled(prompt, v) is { } l && l.Field == field && category is null ? l : new(field, v, category, how), RichText.WithLinks(v))));
        }

        var shown = RichText.WithLinks(form.Value(Evidence) ?? "");
        return said.Count == 0 ? said : [said[0] with { Entries = [.. said[0].Entries.Concat(EntriesIn($"{Hashed(shown.Plain)}")).Distinct()], Links = [.. said[0].Links.Concat(LinksIn(shown)).Distinct()] }, .. said.Skip(1)];
    }

    /// <summary>The field of a form that names what shows it.</summary>
    public const string Evidence = "evidence";

    /// <summary>True for a nod.</summary>
    public static bool IsYes(RichText text) => Yes().IsMatch(text.Plain);

    /// <summary>Numbers of entries that a text names, as #7 or entry 7.</summary>
    public static IEnumerable<int> EntriesIn(string text) => EntryNumber().Matches(text).Select(m => int.Parse(m.Groups[1].Value));

    public static IEnumerable<string> LinksIn(RichText text) => text.Spans.Where(s => s is { Kind: SpanKind.Link, Target: not null }).Select(s => s.Target!).Distinct();

    /// <summary>In a field for evidence a bare number is an entry too.</summary>
    public static string Hashed(string typed) => BareNumber().Replace(typed, "#$1");

    private static bool StartsAnew(ScriptField field, bool bullet) =>
        field.Categories.Count > 0 || field.Fills is Filling.Markers or Filling.Proof or Filling.Action || (Filling.Kind(field.Fills) is { } kind && OneEach.Contains(kind) && bullet);

    private static Said? Labelled(ScriptPrompt prompt, string line)
    {
        var match = Label().Match(line);
        if (!match.Success)
        {
            return null;
        }

        var label = match.Groups[1].Value.Trim();
        var rest = line[match.Length..].Trim();
        if (prompt.Fields.Find(f => Names(f, label)) is { } field)
        {
            return new(field, rest, field.Category);
        }

        var main = prompt.Main!;
        if (main.Fills == Filling.Why && label.ToLowerInvariant() is "also" or "and")
        {
            return new(main, rest, Sibling: true);
        }

        if (main.Categories.Find(c => c.StartsWith(label, StringComparison.OrdinalIgnoreCase)) is { } category)
        {
            return new(main, rest, category);
        }

        if (prompt.Fields.SelectMany(f => f.Choices).FirstOrDefault(c => c.Equals(label, StringComparison.OrdinalIgnoreCase)) is { } choice)
        {
            return new(main, rest, choice);
        }

        // A fishbone may have bones of its own; elsewhere a colon is only a colon.
        return main.How is not null && Filling.Kind(main.Fills) == FindingKind.Factor && OwnCategory().IsMatch(label) ? new(main, rest, label.ToLowerInvariant()) : null;
    }

    private static bool Names(ScriptField field, string label) =>
        field.Key.Equals(label, StringComparison.OrdinalIgnoreCase) || field.Label.Equals(label, StringComparison.OrdinalIgnoreCase)
        || (label.Length >= 3 && field.Label.StartsWith(label, StringComparison.OrdinalIgnoreCase));

    private static Said Finish(Said said, RichText whole)
    {
        var text = said.Text.Trim();
        var how = said.How;
        if (said.Field.How is not null && how is null && Arrow().Match(text) is { Success: true } arrow)
        {
            (text, how) = (text[..arrow.Index].Trim(), text[(arrow.Index + arrow.Length)..].Trim());
        }

        var entries = EntriesIn(said.Text).Distinct().ToList();
        var links = LinksIn(whole).Where(l => said.Text.Contains(l, StringComparison.Ordinal) || whole.Spans.Any(s => s.Target == l && said.Text.Contains(s.Text, StringComparison.Ordinal))).ToList();
        return said with { Text = Reference().Replace(text, "").Trim(), How = string.IsNullOrWhiteSpace(how) ? null : how, Entries = entries, Links = links };
    }

    [GeneratedRegex(@"^\W*(?:yes|yep|agreed?|i agree|\+1|👍|✅|looks good(?: to me)?|lgtm|ok(?:ay)?|fine(?: (?:by|with) me)?)\W*$", RegexOptions.IgnoreCase)]
    private static partial Regex Yes();

    [GeneratedRegex(@"^\W*(?:thanks?|thank you|thx|ok(?:ay)?|yes|yep|no|nope|none|nothing(?: (?:to add|from me|more|else))?|n/?a|agreed?|i agree|same(?: here)?|\+1|👍|✅|looks good(?: to me)?|lgtm|fine(?: (?:by|with) me)?|good)\W*$", RegexOptions.IgnoreCase)]
    private static partial Regex Nod();

    [GeneratedRegex(@"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")]
    private static partial Regex Bullet();

    [GeneratedRegex(@"^\s*([\p{L}][\p{L}\p{N} /-]{1,40}?)\s*:(?!//)\s*(?=\S)")]
    private static partial Regex Label();

    [GeneratedRegex(@"^[\p{L}]+(?: [\p{L}]+)?$")]
    private static partial Regex OwnCategory();

    [GeneratedRegex(@"\s+(?:—|–|->|→|=>)\s+")]
    private static partial Regex Arrow();

    [GeneratedRegex(@"(?:#|\bentr(?:y|ies) )(\d{1,6})\b", RegexOptions.IgnoreCase)]
    private static partial Regex EntryNumber();

    [GeneratedRegex(@"(?<![\w#/.:])(\d{1,6})(?![\w:/.-])")]
    private static partial Regex BareNumber();

    [GeneratedRegex(@"\s*\(?(?<![\w&])#\d{1,6}(?:,\s*#\d{1,6})*\)?(?=[\s.,;]|$)")]
    private static partial Regex Reference();
}
