using IncidentBot.Cli;
using IncidentBot.Slack;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IncidentBot.Fakes;

/// <summary>The whole program as it is, but for a clock that is set from outside and a Slack that takes as much as one likes.</summary>
public static class ClockedBot
{
    /// <summary>The first word of a command line that starts it; the clock's file follows, then the program's own words.</summary>
    public const string Verb = "clocked";

    public static Task<int> RunAsync(string clock, IReadOnlyList<string> settings) => ServeVerb.RunAsync(settings, CancellationToken.None, services =>
    {
        services.RemoveAll<TimeProvider>().RemoveAll<SlackPace>();
        services.AddSingleton<TimeProvider>(new FileClock(clock)).AddSingleton(new SlackPace(10_000));
    });
}
