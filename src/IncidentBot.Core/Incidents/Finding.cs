namespace IncidentBot.Core.Incidents;

/// <summary>What sort of conclusion a finding is.</summary>
public enum FindingKind
{
    Summary,
    WhatHappened,
    ProximateCause,
    Why,
    RootCause,
    Factor,
    Resolution,
    WentWell,
    CouldImprove,
    Lesson,
    Related,
    Recollection,
    Escalation,
    Communication,
    CauseType,
    TechnicalDetail,
    WhyNotCaught,
    MissingAlert,
    MissingDashboard,
    ThresholdChange,
    MissingTest,
    LoadCondition,
    FailureMode,
    MitigatingFactor,
    HalfTheTime,
    Lucky,
    Surprise,
    Assumption,
    ResponseQuality,
    BusinessCause,
    CostOfPrevention,
    CostOfRecurrence,
    WhyItMatters,
    WhatChanged,
    QuestionToAsk,
    CheckToPerform,
    SignOfRisk,
    CustomerStatement,
    Pattern,
    Classification,
    AttackVector,
    Indicator,
    DataExposure,
    Containment,
    RegulatoryNotification,
    SafeguardThatWorked,
    CouldHaveBeenWorse,
    SafeguardReliability,
    CommonFactor,
    WhyFixesFailed,
    SystemicEnabler,
    FundamentalChange,
}

/// <summary>How a branch of the tree of causes ends.</summary>
public enum CauseEnding
{
    /// <summary>In something that can be changed: a property of a system, a control or a process.</summary>
    Systemic,

    /// <summary>In something that is left as it is, by somebody, for a reason.</summary>
    Accepted,

    /// <summary>In something that nobody knows yet, and that is to be investigated.</summary>
    Unknown,
}

/// <summary>Something that was concluded about an incident, as one statement, with who said it and what shows it.</summary>
public sealed class Finding
{
    /// <summary>Given out here rather than by the database, so that others can name it before it is saved.</summary>
    public long Id { get; set; } = Random.Shared.NextInt64(1, long.MaxValue);

    public long IncidentId { get; set; }

    /// <summary>Counted per incident, from 1; the N of F<i>N</i>.</summary>
    public int Number { get; set; }

    public FindingKind Kind { get; init; }

    public required string Text { get; set; }

    /// <summary>The part that it belongs to: People, Process …; detection, response …; a type of cause.</summary>
    public string? Category { get; set; }

    /// <summary>How a factor contributed, what something made possible, what its consequence was, how a number was worked out.</summary>
    public string? How { get; set; }

    /// <summary>The why above this one in the tree of causes.</summary>
    public Finding? Parent { get; init; }

    public long? ParentId { get; set; }

    /// <summary>How the branch ends here; null while it may go on.</summary>
    public CauseEnding? Ending { get; set; }

    /// <summary>Why it ends there, or why it is left as it is.</summary>
    public string? EndingReason { get; set; }

    /// <summary>Who ended it there.</summary>
    public string? EndedBy { get; set; }

    /// <summary>Numbers of the timeline entries that show it.</summary>
    public List<int> Entries { get; set; } = [];

    /// <summary>Addresses that show it.</summary>
    public List<string> Links { get; set; } = [];

    /// <summary>Ids of stored files that show it.</summary>
    public List<string> Files { get; set; } = [];

    /// <summary>The answer that it was taken from.</summary>
    public long? AnswerId { get; set; }

    /// <summary>Who said it; null when nobody is to be named, or a file or a person of the review wrote it.</summary>
    public string? SaidBy { get; set; }

    public DateTimeOffset? SaidAt { get; set; }

    /// <summary>Who has mended its words since.</summary>
    public string? EditedBy { get; set; }

    public DateTimeOffset? RemovedAt { get; set; }

    /// <summary>True where something shows that it is so.</summary>
    public bool HasEvidence => Entries.Count + Links.Count + Files.Count > 0;

    /// <summary>What shows it, in words.</summary>
    /// <param name="fileName">The name of a stored file by its id.</param>
    public IEnumerable<string> ShownBy(Func<string, string> fileName) => Entries.Select(e => $"entry {e}").Concat(Links).Concat(Files.Select(fileName));
}

/// <summary>What an incident file says beyond what the model knows, kept under its own key.</summary>
public sealed class Note
{
    /// <summary>The note that holds a file's review as it was written; it is no prose, so no document prints it.</summary>
    public const string ReviewKey = "review";

    public long Id { get; set; }

    public long IncidentId { get; set; }

    /// <summary>The entry it belongs to, or null for the whole incident.</summary>
    public int? Seq { get; init; }

    public required string Key { get; init; }

    public required string Text { get; set; }
}
