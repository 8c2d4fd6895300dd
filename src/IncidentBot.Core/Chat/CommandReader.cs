using System.Text.RegularExpressions;

namespace IncidentBot.Core.Chat;

/// <summary>Reads what was typed after <c>/incident</c>: the verb, options, and the words as written.</summary>
public static partial class CommandReader
{
    /// <summary>Splits the verb and <c>--in INC-…</c> from the rest.</summary>
    public static (string Verb, RichText Text, string? In) Read(RichText typed)
    {
        typed = typed.Trim();
        var verb = FirstWord().Match(typed.Plain);
        var rest = typed.From(verb.Length).Trim();
        var (text, named) = Take(rest, "in", CodePattern);
        if (named is null && NumberAtAnEnd().IsMatch(rest.Plain))
        {
            // A bare number only where it cannot be a part of the words: "failing over --in 5 minutes" names no incident.
            (text, named) = Take(rest, "in", NumberPattern);
        }

        if (SeverityVerb().Match(verb.Value) is { Success: true } severity)
        {
            return ("sev", RichText.Of($"{severity.Groups[1].Value} ").Append(text).Trim(), named is null ? null : NormaliseCode(named));
        }

        // "decision: roll back" is "decision roll back".
        return (verb.Value.ToLowerInvariant().TrimEnd(':'), text, named is null ? null : NormaliseCode(named));
    }

    /// <summary>Takes a flag such as <c>--drill</c> out of the text.</summary>
    public static (RichText Text, bool Given) TakeFlag(RichText text, string name)
    {
        var match = Regex.Match(text.Plain, $@"(?:^|(?<=\s))(?:--|—|––){name}(?=\s|$)", RegexOptions.IgnoreCase);
        return match.Success ? (Without(text, match), true) : (text, false);
    }

    /// <summary>Takes an option with a value such as <c>--kind security</c> or <c>--service "web shop"</c> out of the text.</summary>
    public static (RichText Text, string? Value) Take(RichText text, string name, string pattern = @"""[^""]+""|[“”][^“”]+[“”]|\S+")
    {
        var match = Regex.Match(text.Plain, $@"(?:^|(?<=\s))(?:--|—|––){name}[=\s]\s*(?<value>{pattern})(?=\s|$)", RegexOptions.IgnoreCase);
        return match.Success ? (Without(text, match), match.Groups["value"].Value.Trim('"', '“', '”')) : (text, null);
    }

    /// <summary>The words that look like options: one or two dashes before a letter, outside quotes and backticks.</summary>
    public static IEnumerable<string> OptionsIn(RichText text) => OptionLike().Matches(Quoted().Replace(text.Plain, " ")).Select(m => m.Groups[1].Value);

    /// <summary>Upper case, with the number padded to four digits: <c>inc-2026-7</c> is <c>INC-2026-0007</c>.</summary>
    public static string NormaliseCode(string code)
    {
        var match = Code().Match(code.Trim());
        return match.Success ? $"INC-{match.Groups[1].Value}-{match.Groups[2].Value.TrimStart('0').PadLeft(4, '0')}" : code.Trim().ToUpperInvariant();
    }

    /// <summary>The year and number of <c>INC-2026-0007</c>, however it is written; null for anything else.</summary>
    public static (int Year, int Number)? ReadCode(string code)
    {
        var match = Code().Match(code.Trim());
        return match.Success ? (int.Parse(match.Groups[1].Value), int.Parse(match.Groups[2].Value)) : null;
    }

    private const string CodePattern = @"INC-\d{4}-\d{1,7}";
    private const string NumberPattern = @"\d{1,7}";

    private static RichText Without(RichText text, Match match) =>
        text.Slice(0, match.Index).Append(text.From(match.Index + match.Length)).Trim();

    // "sev2 only in Europe" is "sev 2 only in Europe".
    [GeneratedRegex(@"^sev-?([1-4])$", RegexOptions.IgnoreCase)]
    private static partial Regex SeverityVerb();

    [GeneratedRegex(@"^(?:--|—|––)in[=\s]\s*\d{1,7}(?=\s|$)|(?:^|\s)(?:--|—|––)in[=\s]\s*\d{1,7}$", RegexOptions.IgnoreCase)]
    private static partial Regex NumberAtAnEnd();

    [GeneratedRegex("""`[^`]*`|"[^"]*"|“[^”]*”""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?:^|(?<=\s))((?:--|—|–|-)[A-Za-z][\w-]*)(?=[\s=]|$)")]
    private static partial Regex OptionLike();

    [GeneratedRegex(@"^\S*")]
    private static partial Regex FirstWord();

    [GeneratedRegex(@"^INC-(\d{4})-(\d{1,7})$", RegexOptions.IgnoreCase)]
    private static partial Regex Code();
}
