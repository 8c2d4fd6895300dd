namespace IncidentBot.Core.ActionItems.Chasing;

/// <summary>What a message to an owner is.</summary>
public enum DigestKind
{
    /// <summary>The one of the week.</summary>
    Weekly,

    /// <summary>Reminders around the dates of some items.</summary>
    Reminder,
}

/// <summary>A message to an owner about their items; of each kind and period there is one for each person.</summary>
public sealed class Digest
{
    public long Id { get; init; } = Random.Shared.NextInt64(1, long.MaxValue);

    public long PersonId { get; init; }

    public DigestKind Kind { get; init; }

    /// <summary>The ISO week, such as 2026-W48; of reminders the day and, from the second on, its number.</summary>
    public required string Period { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>The items that it lists, in order.</summary>
    public List<long> Items { get; init; } = [];

    /// <summary>Items of others whose owners wait for this person's look.</summary>
    public List<long> ToVerify { get; init; } = [];

    /// <summary>The message, by the platform's id; null while it is on its way.</summary>
    public string? MessageId { get; set; }
}

/// <summary>That an item was recalled for one reason at one date; nothing is recalled twice.</summary>
public sealed class Recall
{
    /// <summary>Somebody else was told that an item is not answered.</summary>
    public const string Escalated = "escalated";

    /// <summary>The item of somebody who has left was offered to others.</summary>
    public const string Adoption = "adoption";

    /// <summary>Who answers for the incident was told of it directly.</summary>
    public const string AdoptionTold = "adoption-told";

    /// <summary>An item without an owner was named to who answers for the incident.</summary>
    public const string Unowned = "unowned";

    /// <summary>Who answers for the incident was told that its owner may not see the incident.</summary>
    public const string Outside = "outside";

    /// <summary>Somebody was asked once more whether they take an item; for the day on which a week had passed.</summary>
    public const string OfferedAgain = "offered-again";

    /// <summary>Somebody was asked once more whether an item can go; for the day on which a week had passed.</summary>
    public const string DropAskedAgain = "drop-asked-again";

    public long ItemId { get; init; }

    /// <summary>One of the constants, or the number of days from the date on.</summary>
    public required string Kind { get; init; }

    /// <summary>The date of the item that it is about.</summary>
    public DateOnly For { get; init; }

    public DateTimeOffset At { get; init; }
}

/// <summary>That a message about all items of a workspace was sent for one period.</summary>
public sealed class Overview
{
    public const string Weekly = "weekly";
    public const string Monthly = "monthly";
    public const string Quarterly = "quarterly";

    public required string Platform { get; init; }

    public required string Workspace { get; init; }

    public required string Kind { get; init; }

    /// <summary>Such as 2026-W48, 2026-11 or 2026-Q4.</summary>
    public required string Period { get; init; }

    public DateTimeOffset At { get; init; }
}
