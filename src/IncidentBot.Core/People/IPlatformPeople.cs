using IncidentBot.Core.Chat;

namespace IncidentBot.Core.People;

/// <summary>What a platform knows of its people.</summary>
public interface IPlatformPeople
{
    /// <summary>The platform's name as it stands in <see cref="PersonRef.Platform"/>.</summary>
    string Platform { get; }

    /// <summary>Looks a person up.</summary>
    /// <returns>The facts, or null when the platform knows nobody of that id.</returns>
    Task<PersonFacts?> FindAsync(PersonRef who, CancellationToken stop);
}

/// <summary>A person's name, IANA time zone, and whether they belong to another organisation.</summary>
/// <param name="IsGone">True when their account is closed.</param>
/// <param name="AwayUntil">Until when their status says that they are on holiday or ill, in UTC; null: it does not.</param>
public sealed record PersonFacts(string Name, string TimeZone, bool IsGuest, bool IsGone = false, DateTimeOffset? AwayUntil = null);
