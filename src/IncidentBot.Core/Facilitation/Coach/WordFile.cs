using YamlDotNet.Serialization;

namespace IncidentBot.Core.Facilitation.Coach;

/// <summary>A file of words, as it is written.</summary>
internal sealed class WordFile
{
    public Dictionary<string, string> Lists { get; set; } = [];

    public List<RuleEntry> Blame { get; set; } = [];

    public CauseEntry Causes { get; set; } = new();

    public ActionEntry Actions { get; set; } = new();

    /// <summary>Questions that hang on more than one text.</summary>
    public List<RuleEntry> InPlace { get; set; } = [];

    public string FixShaped { get; set; } = "";

    public List<FollowUpEntry> FollowUps { get; set; } = [];
}

/// <summary>A kind of thing that people say, as it is written.</summary>
internal sealed class FollowUpEntry
{
    public string Kind { get; set; } = "";

    public string Cues { get; set; } = "";

    public List<string> Questions { get; set; } = [];
}

/// <summary>A rule, as it is written.</summary>
internal class RuleEntry
{
    public string Rule { get; set; } = "";

    public LintLevel Level { get; set; } = LintLevel.Warn;

    public string Message { get; set; } = "";

    public string? Rewrite { get; set; }

    public string? Unless { get; set; }

    public string? Pattern { get; set; }

    public List<string> Patterns { get; set; } = [];
}

/// <summary>A rule about texts that are too short.</summary>
internal sealed class ShortEntry : RuleEntry
{
    public int Words { get; set; }
}

/// <summary>A rule about forms of verbs.</summary>
internal sealed class GerundEntry : RuleEntry
{
    public string Ending { get; set; } = "";

    public string Restored { get; set; } = "";
}

/// <summary>What is written about causes.</summary>
internal sealed class CauseEntry
{
    public string Explicit { get; set; } = "";

    public string Own { get; set; } = "";

    public List<string> Gaps { get; set; } = [];

    public List<RuleEntry> Rules { get; set; } = [];

    public RuleEntry Trigger { get; set; } = new();

    public ShortEntry Short { get; set; } = new();
}

/// <summary>What is written about action items.</summary>
internal sealed class ActionEntry
{
    public string Verbs { get; set; } = "";

    public string Nouns { get; set; } = "";

    public string Wish { get; set; } = "";

    public List<RuleEntry> Rules { get; set; } = [];

    public GerundEntry Gerund { get; set; } = new();

    public RuleEntry NoVerb { get; set; } = new();

    public RuleEntry Several { get; set; } = new();

    public string Stronger { get; set; } = "";

    public string Weaker { get; set; } = "";

    public List<TypeEntry> Types { get; set; } = [];

    public LengthEntry Length { get; set; } = new();
}

/// <summary>A rule about how long a text is, in words.</summary>
internal sealed class LengthEntry
{
    public string Rule { get; set; } = "";

    public LintLevel Level { get; set; } = LintLevel.Info;

    public int Short { get; set; }

    public int Long { get; set; }

    [YamlMember(Alias = "tooShort", ApplyNamingConventions = false)]
    public string TooShort { get; set; } = "";

    [YamlMember(Alias = "tooLong", ApplyNamingConventions = false)]
    public string TooLong { get; set; } = "";
}

/// <summary>Words by which an action shows its type, as they are written.</summary>
internal sealed class TypeEntry
{
    public string Type { get; set; } = "";

    public string Cues { get; set; } = "";
}
