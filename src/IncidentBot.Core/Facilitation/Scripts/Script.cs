using YamlDotNet.Serialization;

namespace IncidentBot.Core.Facilitation.Scripts;

/// <summary>The questions of a review, in the order in which they are asked.</summary>
public sealed class Script
{
    public string Name { get; set; } = "";

    /// <summary>The script whose phases these are added to.</summary>
    public string? Extends { get; set; }

    public List<ScriptPhase> Phases { get; set; } = [];

    public ScriptPhase? Phase(string? key) => Phases.Find(p => p.Key == key);

    public ScriptPrompt? Prompt(string key) => Phases.SelectMany(p => p.Prompts).FirstOrDefault(p => p.Key == key);

    /// <summary>The phase that asks a question.</summary>
    public ScriptPhase? PhaseOf(ScriptPrompt prompt) => Phases.Find(p => p.Prompts.Contains(prompt));
}

/// <summary>A part of a review, such as the story or the whys.</summary>
public sealed class ScriptPhase
{
    public string Key { get; set; } = "";

    public string Title { get; set; } = "";

    /// <summary>The phase behind which this one comes, in a script that extends another.</summary>
    public string? After { get; set; }

    /// <summary>Its share of a live meeting of an hour, in minutes.</summary>
    public int Minutes { get; set; }

    /// <summary>Said once, with the first question of the phase.</summary>
    public string? Intro { get; set; }

    public List<ScriptPrompt> Prompts { get; set; } = [];
}

/// <summary>A question, or one for each of the things that it is about.</summary>
public sealed class ScriptPrompt
{
    public string Key { get; set; } = "";

    public string Title { get; set; } = "";

    public string Ask { get; set; } = "";

    public string? Help { get; set; }

    /// <summary>What the question is asked once for each of; null: it is asked once.</summary>
    public Each? Each { get; set; }

    public int Most { get; set; } = 1;

    /// <summary>True: everyone is asked by themselves, and what they say is shown once the phase is over.</summary>
    public bool Silent { get; set; }

    /// <summary>True for the closing poll.</summary>
    public bool Poll { get; set; }

    public List<Quote> Quote { get; set; } = [];

    public List<ScriptField> Fields { get; set; } = [];

    /// <summary>The field that plain words answer.</summary>
    [YamlIgnore]
    public ScriptField? Main => Fields.Count == 0 ? null : Fields[0];

    public ScriptField? Field(string key) => Fields.Find(f => f.Key == key);
}

/// <summary>One thing that an answer can say.</summary>
public sealed class ScriptField
{
    public string Key { get; set; } = "";

    public string Label { get; set; } = "";

    /// <summary>Where the answer goes: a field of the impact, a kind of finding, or one of <see cref="Filling"/>.</summary>
    public string Fills { get; set; } = "";

    public bool Lengthy { get; set; }

    /// <summary>The category that every answer has.</summary>
    public string? Category { get; set; }

    /// <summary>How the choice among the categories is asked.</summary>
    public string? Part { get; set; }

    /// <summary>The categories that an answer can name.</summary>
    public List<string> Categories { get; set; } = [];

    /// <summary>The only answers that there are.</summary>
    public List<string> Choices { get; set; } = [];

    /// <summary>What is asked about each answer, such as how a factor contributed.</summary>
    public string? How { get; set; }
}

/// <summary>What a question can be asked once for each of.</summary>
public enum Each
{
    Marker,
    Gap,
    Decision,
    Unproven,
    Leaf,
}

/// <summary>What a question can rest on.</summary>
public enum Quote
{
    Detection,
    Mitigation,
    Cause,
    Impact,
    Tree,
    BareLeaves,
    Parked,
    Similar,
    Factors,
    Statement,
}
