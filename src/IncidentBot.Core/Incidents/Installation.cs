using System.Collections.Immutable;

namespace IncidentBot.Core.Incidents;

/// <summary>What the administrator has set, checked at start.</summary>
public sealed record Installation
{
    /// <summary>The workspace of the web chat and of replays, on the bot's own machine.</summary>
    public const string Local = "local";

    /// <summary>Platform user ids of administrators.</summary>
    public ImmutableHashSet<string> Administrators { get; init; } = [];

    /// <summary>Roles that can be taken, lower case, the commander first.</summary>
    public ImmutableArray<string> Roles { get; init; } = Role.Usual;

    /// <summary>Classes by which recurring incidents are recognised.</summary>
    public ImmutableArray<string> Classes { get; init; } = IncidentClass.Usual;

    /// <summary>Time after which an open incident without a status update is asked for one, by severity 1 to 4; a missing severity is not nudged.</summary>
    public ImmutableDictionary<int, TimeSpan> UpdateEvery { get; init; } = new Dictionary<int, TimeSpan>
    {
        [1] = TimeSpan.FromMinutes(30),
        [2] = TimeSpan.FromHours(1),
        [3] = TimeSpan.FromHours(4),
    }.ToImmutableDictionary();

    /// <summary>Names, without #, or ids of the channels in which incidents are announced; the first that exists, or that of the declaration if it is one of them.</summary>
    public ImmutableArray<string> Channels { get; init; } = ["incidents"];

    /// <summary>Whether an incident gets a channel of its own, or is worked on in the thread of its announcement.</summary>
    public bool RoomsAreThreads { get; init; }

    /// <summary>Name or id of the channel that status updates also go to; null: none.</summary>
    public string? Stakeholders { get; init; }

    /// <summary>The folder of the administrator's own review scripts.</summary>
    public string Scripts { get; init; } = "scripts";

    /// <summary>The administrator's own catalogue of services.</summary>
    public string ServicesFile { get; init; } = "services.yaml";

    /// <summary>How soon after its resolution an incident's review should begin.</summary>
    public TimeSpan ReviewWithin { get; init; } = TimeSpan.FromHours(48);

    /// <summary>How soon after the resolution its document should be done, by severity; calendar days.</summary>
    public ImmutableDictionary<int, TimeSpan> DocumentWithin { get; init; } = new Dictionary<int, TimeSpan>
    {
        [1] = TimeSpan.FromDays(3),
        [2] = TimeSpan.FromDays(5),
        [3] = TimeSpan.FromDays(5),
        [4] = TimeSpan.FromDays(5),
    }.ToImmutableDictionary();

    /// <summary>How action items are followed up, before any rule of a workspace.</summary>
    public ActionItems.Policy.FollowUps FollowUps { get; init; } = new();

    /// <summary>When people work.</summary>
    public People.WorkingDay WorkingDay { get; init; } = People.WorkingDay.Usual;

    /// <summary>Where links in cards and documents point, without a trailing slash.</summary>
    public string PublicUrl { get; init; } = "http://127.0.0.1:5080";
}
