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
}

/// <summary>Something that was concluded about an incident, as one statement.</summary>
public sealed class Finding
{
    public long Id { get; set; }

    public long IncidentId { get; set; }

    public FindingKind Kind { get; init; }

    public required string Text { get; set; }

    /// <summary>The why above this one in the tree of causes.</summary>
    public Finding? Parent { get; init; }

    public long? ParentId { get; set; }
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
