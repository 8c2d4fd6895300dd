using IncidentBot.Slack.Outbound;

namespace IncidentBot.Slack.Install;

/// <summary>The scopes that the bot asks for: those of the methods it calls and of the events it hears.</summary>
public static class SlackScopes
{
    public static IReadOnlyList<string> All { get; } =
        [.. SlackMethods.All.Values.SelectMany(m => m.Scopes).Concat(Inbound.SlackEvents.Heard.Values.SelectMany(s => s)).Append("commands").Distinct().Order(StringComparer.Ordinal)];
}
