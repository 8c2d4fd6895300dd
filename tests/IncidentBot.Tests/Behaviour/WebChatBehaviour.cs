using IncidentBot.Fakes;

namespace IncidentBot.Tests.Behaviour;

/// <summary>The behaviour suite on the web chat.</summary>
public sealed class WebChatBehaviour : BehaviourSuite
{
    protected override async Task<RoomDriver> StartAsync(DateTimeOffset? now = null, Dictionary<string, string>? settings = null) =>
        new WebChatDriver(await BotUnderTest.StartAsync(now: now, settings: settings));
}
