using IncidentBot.Core.Chat;

namespace IncidentBot.Core.People;

/// <summary>Someone who has been seen in a workspace.</summary>
public sealed class Person
{
    /// <summary>Given out here rather than by the database, so that rows can name the person before they are saved; 0 is the bot.</summary>
    public long Id { get; init; } = Random.Shared.NextInt64(1, long.MaxValue);

    public required string Platform { get; init; }

    public required string Workspace { get; init; }

    /// <summary>The platform's own id of the person.</summary>
    public required string UserId { get; init; }

    /// <summary>The name that timelines, cards and documents show.</summary>
    public required string Name { get; set; }

    /// <summary>IANA name of the zone in which the person's spoken times are understood.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>True for people of other organisations, who may log and nothing else.</summary>
    public bool IsGuest { get; set; }

    /// <summary>True when their account is closed.</summary>
    public bool IsGone { get; set; }

    /// <summary>Until when they have said to be away: nothing is recalled to them before.</summary>
    public DateTimeOffset? AwayUntil { get; set; }

    /// <summary>Until when their status on the platform says so.</summary>
    public DateTimeOffset? StatusAwayUntil { get; set; }

    public PersonRef Ref => new(Platform, Workspace, UserId);

    public TimeZoneInfo Zone => TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>The bot itself, when an alarm acts.</summary>
    public static Person Bot(string platform, string workspace) =>
        new() { Id = 0, Platform = platform, Workspace = workspace, UserId = "", Name = "IncidentBot" };
}
