using System.Linq.Expressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;

namespace IncidentBot.Core.ActionItems;

/// <summary>How an action makes a recurrence less likely, less harmful or better understood.</summary>
public enum ActionType
{
    Prevent,
    Mitigate,
    Detect,
    Investigate,
    Process,
}

/// <summary>How far an action has come.</summary>
public enum ActionState
{
    /// <summary>Kept as it was said, while something is missing that its owner would need.</summary>
    Proposed,
    Open,
    InProgress,

    /// <summary>It waits for somebody or something else.</summary>
    Blocked,

    /// <summary>Its owner says so; somebody else has not looked yet.</summary>
    Done,

    /// <summary>Somebody other than its owner has seen that it works.</summary>
    Verified,

    /// <summary>It is not done, for a reason that the incident's commander or facilitator shares.</summary>
    NotDoing,
}

/// <summary>By which kind of measure an action prevents.</summary>
public enum PreventiveCategory
{
    Process,
    Monitoring,
    Automation,
    DocumentationAndTraining,
    Organisation,
}

/// <summary>Something to be done after an incident so that it does not happen again.</summary>
public sealed class ActionItem : Storage.IVersioned
{
    public long Id { get; set; }

    public long IncidentId { get; set; }

    public Incident? Incident { get; init; }

    /// <summary>Counted per incident, from 1.</summary>
    public int Number { get; set; }

    public required string Text { get; set; }

    public long? OwnerId { get; set; }

    public string? OwnerName { get; set; }

    public string? Team { get; set; }

    /// <summary>Who works on it beside the owner, by name.</summary>
    public List<string> Collaborators { get; set; } = [];

    /// <summary>Since when it is its owner's.</summary>
    public DateTimeOffset? OwnedSince { get; set; }

    /// <summary>1 to 3; null while nobody has said.</summary>
    public int? Priority { get; set; }

    public ActionType? Type { get; set; }

    public DateOnly? Due { get; private set; }

    /// <summary>The first date that it had; what was on time is measured by it.</summary>
    public DateOnly? FirstDue { get; set; }

    /// <summary>When the date was set.</summary>
    public DateTimeOffset? DueSetAt { get; set; }

    /// <summary>True where the date follows from the policy, and so goes with it when the policy changes.</summary>
    public bool DueByPolicy { get; set; }

    /// <summary>How often its owner has given it a new date.</summary>
    public int Moves { get; set; }

    /// <summary>How often it was recalled after its date without an answer.</summary>
    public int Missed { get; set; }

    public ActionState State { get; set; }

    /// <summary>Whom or what it waits for, while it is blocked.</summary>
    public string? BlockedBy { get; set; }

    /// <summary>No reminder before this day.</summary>
    public DateOnly? SnoozedUntil { get; set; }

    /// <summary>The ISO week in which it was last snoozed.</summary>
    public string? SnoozedIn { get; set; }

    /// <summary>To whom its owner has offered it; it is the owner's until they accept.</summary>
    public long? OfferedToId { get; set; }

    public string? OfferedToName { get; set; }

    /// <summary>Why it should not be done; it is open until the commander or the facilitator agrees.</summary>
    public string? DropAsked { get; set; }

    /// <summary>Why it is not done.</summary>
    public string? NotDoingBecause { get; set; }

    /// <summary>Who is asked whether it works; anybody but the owner may say so.</summary>
    public long? VerifierId { get; set; }

    public string? VerifiedByName { get; set; }

    public DateTimeOffset? VerifiedAt { get; set; }

    /// <summary>What somebody saw who verified it.</summary>
    public string? VerifiedHow { get; set; }

    /// <summary>When it was decided not to do it.</summary>
    public DateTimeOffset? DroppedAt { get; set; }

    /// <summary>The answer of the review from which it was taken.</summary>
    public long? AnswerId { get; set; }

    public List<ActionChange> Changes { get; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; set; }

    public string? CompletedLink { get; set; }

    public string? SuccessCriteria { get; set; }

    public string? Ticket { get; set; }

    public PreventiveCategory? Category { get; set; }

    /// <summary>How one checks that it works.</summary>
    public string? Verification { get; set; }

    /// <summary>The exact change to make.</summary>
    public string? Implementation { get; set; }

    public string? Why { get; set; }

    public string? Effort { get; set; }

    public string? Value { get; set; }

    /// <summary>Numbers of the causes and factors that it serves.</summary>
    public List<int> Serves { get; set; } = [];

    /// <summary>Why it was accepted in spite of what was missing, and by whom; printed.</summary>
    public string? AcceptedBecause { get; set; }

    public int Version { get; set; }

    /// <summary>True while somebody else has to decide about it: its owner has answered.</summary>
    public bool WaitsForOthers => OfferedToId is not null || DropAsked is not null;

    /// <summary>True until it is done, or decided not to be.</summary>
    public bool IsOpen => State is not (ActionState.Done or ActionState.Verified or ActionState.NotDoing);

    /// <summary><see cref="IsOpen"/> for a query.</summary>
    public static Expression<Func<ActionItem, bool>> StillOpen { get; } = a => a.State != ActionState.Done && a.State != ActionState.Verified && a.State != ActionState.NotDoing;

    public string Code => $"AI-{Number}";

    /// <summary>What buttons call it, also before it has an id of its own.</summary>
    public string Key => $"{IncidentId}:{Number}";

    /// <summary>What it is called in a list of several incidents.</summary>
    public string FullCode => $"{Incident!.Code}/{Code}";

    /// <summary>How far away its date lies from the end of the incident: immediate within a week, short within a month, long within a quarter; null beyond, and without a date.</summary>
    public string? Horizon(DateOnly resolved) => (Due?.DayNumber - resolved.DayNumber) switch { <= 7 => "immediate", <= 31 => "short", <= 92 => "long", _ => null };

    public bool IsLate(DateOnly today) => IsOpen && Due < today;

    public void GiveTo(Person owner, DateTimeOffset now)
    {
        if (OwnerId != owner.Id)
        {
            (OwnedSince, Missed, OfferedToId, OfferedToName, DropAsked) = (now, 0, null, null, null);
        }

        (OwnerId, OwnerName) = (owner.Id, owner.Name);
    }

    /// <summary>Gives it a date, or takes it away; being asked about the old one is over.</summary>
    public void SetDue(DateOnly? due, DateTimeOffset now, bool byPolicy = false)
    {
        if (due != Due)
        {
            (Due, DueSetAt, FirstDue, SnoozedUntil, Missed) = (due, now, FirstDue ?? due, null, 0);
        }

        DueByPolicy = byPolicy;
    }

    /// <summary>Moves it to another state.</summary>
    /// <param name="what">What has happened to it, as a person reads it.</param>
    public void Move(ActionState to, string what, string? why, Person by, DateTimeOffset now)
    {
        Changes.Add(new ActionChange { At = now, ByName = by.Name, ById = by.Id == 0 ? null : by.Id, From = State, To = to, What = what, Why = why });
        State = to;
        if (to != ActionState.Blocked)
        {
            BlockedBy = null;
        }

        if (!IsOpen)
        {
            (OfferedToId, OfferedToName, DropAsked, SnoozedUntil) = (null, null, null, null);
        }
    }

    /// <summary>Notes what has happened to it without moving it.</summary>
    public void Note(string what, string? why, Person by, DateTimeOffset now) =>
        Changes.Add(new ActionChange { At = now, ByName = by.Name, ById = by.Id == 0 ? null : by.Id, From = State, To = State, What = what, Why = why });
}

/// <summary>Something that has happened to an action item; never changed afterwards.</summary>
public sealed class ActionChange
{
    public long Id { get; set; }

    public long ItemId { get; set; }

    public DateTimeOffset At { get; init; }

    public long? ById { get; init; }

    public required string ByName { get; set; }

    public ActionState From { get; init; }

    public ActionState To { get; init; }

    public required string What { get; set; }

    public string? Why { get; set; }
}
