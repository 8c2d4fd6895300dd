using IncidentBot.Fakes;
using IncidentBot.Fakes.Slack;

namespace IncidentBot.Tests.Behaviour;

/// <summary>The behaviour suite on Slack, over HTTP.</summary>
public sealed class SlackBehaviour : BehaviourSuite
{
    protected override async Task<RoomDriver> StartAsync(DateTimeOffset? now = null, Dictionary<string, string>? settings = null) => await SlackDriver.StartAsync(now, settings);
}
