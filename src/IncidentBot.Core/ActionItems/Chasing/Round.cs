using IncidentBot.Core.ActionItems.Policy;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;

namespace IncidentBot.Core.ActionItems.Chasing;

/// <summary>What one look at the open items of a workspace goes by.</summary>
public sealed record Round
{
    public required DateTimeOffset Now { get; init; }

    public required IReadOnlyList<ActionItem> Items { get; init; }

    /// <summary>Who is in which private incident.</summary>
    public required IReadOnlySet<(long Incident, long Person)> Inside { get; init; }

    public required ILookup<long, ActionItem> ByOwner { get; init; }

    public required ILookup<long, ActionItem> ToVerify { get; init; }

    /// <summary>Items that are done, and that nobody is asked to look at.</summary>
    public required IReadOnlyList<ActionItem> WithoutVerifier { get; init; }

    /// <summary>Items of which their owners have been told so shortly that they could not have answered yet.</summary>
    public required IReadOnlySet<long> ToldLately { get; init; }

    public required IReadOnlyDictionary<long, Person> People { get; init; }

    public required IReadOnlyList<Person> Owners { get; init; }

    public required PolicyBook Book { get; init; }

    /// <summary>The messages of the last weeks, each with when it was put on its way.</summary>
    public required IReadOnlyDictionary<(long Person, DigestKind Kind, string Period), DateTimeOffset> Digests { get; init; }

    public required IReadOnlySet<(long Item, string Kind, DateOnly For)> Recalls { get; init; }

    /// <summary>True when the weekly message has gone out on this day already: it names every date.</summary>
    public bool WeeklyOn(Person owner, DateOnly day) =>
        Digests.TryGetValue((owner.Id, DigestKind.Weekly, WorkingDay.IsoWeek(Book.Usual.Digest.LastDay(Now, owner.Zone))), out var at) && DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, owner.Zone).DateTime) == day;

    /// <summary>Of a private incident only those hear who are in it.</summary>
    public bool IsInside(ActionItem item, long person) => !item.Incident!.Private || Inside.Contains((item.IncidentId, person));

    /// <summary>The administrators, once they have been looked up.</summary>
    public IReadOnlyList<Person>? Administrators { get; set; }

    /// <summary>Those who answer for an incident, once they have been looked up.</summary>
    public Dictionary<long, IReadOnlyList<Person>> Answerable { get; } = [];
}
