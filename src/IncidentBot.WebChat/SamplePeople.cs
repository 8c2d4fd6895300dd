using IncidentBot.Core.Chat;
using IncidentBot.Core.People;

namespace IncidentBot.WebChat;

/// <summary>The sample people of the web chat, in different time zones.</summary>
public sealed class SamplePeople : IPlatformPeople
{
    public static readonly IReadOnlyList<SamplePerson> All =
    [
        new("ann", "Ann Field", "Europe/London", false),
        new("bob", "Bob Lin", "America/New_York", false),
        new("sarah", "Sarah Chen", "UTC", false),
        new("marcus", "Marcus Johnson", "Europe/Berlin", false),
        new("priya", "Priya Nair", "Asia/Kolkata", false),
        new("gus", "Gus (guest)", "Australia/Sydney", true),
    ];

    public string Platform => WebChatServices.Platform;

    public static SamplePerson? Find(string? handle) => All.FirstOrDefault(p => p.Handle.Equals(handle, StringComparison.OrdinalIgnoreCase));

    public Task<PersonFacts?> FindAsync(PersonRef who, CancellationToken stop) =>
        Task.FromResult(Find(who.UserId) is { } p ? new PersonFacts(p.Name, p.TimeZone, p.IsGuest) : null);
}

/// <summary>A sample person.</summary>
public sealed record SamplePerson(string Handle, string Name, string TimeZone, bool IsGuest);
