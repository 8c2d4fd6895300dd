using IncidentBot.Slack.Outbound;

namespace IncidentBot.Slack.Install;

/// <summary>Looks at tokens and granted scopes, and says what to do when something is wrong.</summary>
public sealed class SlackCheck(SlackSettings settings, Installations installations, SlackApi api)
{
    /// <returns>A line for each thing that was looked at.</returns>
    public async Task<IReadOnlyList<(bool Well, string Words)>> RunAsync(CancellationToken stop)
    {
        var lines = new List<(bool, string)>();
        try
        {
            var all = await installations.AllAsync(stop);
            if (all.Count == 0)
            {
                lines.Add((true, "no workspace has installed the app yet: open /slack/install of this bot in a browser"));
            }

            foreach (var where in all)
            {
                lines.Add(await CheckAsync(where, stop));
            }
        }
        catch (SlackFault fault)
        {
            lines.Add((false, fault.Trouble == SlackTrouble.Revoked
                ? $"the bot token is no good ({fault.Error}): install the app again and set Slack:BotToken to the new one"
                : $"Slack cannot be asked at {settings.ApiBaseUrl} ({fault.Error}): check the way out of this machine"));
        }

        if (settings.AppToken is not null)
        {
            lines.Add(await CheckSocketsAsync(stop));
        }

        return lines;
    }

    private async Task<(bool, string)> CheckAsync(Installed where, CancellationToken stop)
    {
        try
        {
            var who = await api.CallAsync(where, "auth.test", new Dictionary<string, object?>(), stop);
            var granted = (who.Text("scopes") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var missing = SlackScopes.All.Except(granted).ToList();
            var needless = granted.Except(SlackScopes.All).ToList();
            return missing.Count > 0
                ? (false, $"{where.Workspace}: the scopes {string.Join(", ", missing)} are missing: bring the app up to date with manifests/slack.yaml and install it again")
                : (true, $"{where.Workspace}: the token works as {who.Text("user")}, all {SlackScopes.All.Count} scopes granted{(needless.Count == 0 ? "" : $"; {string.Join(", ", needless)} {(needless.Count == 1 ? "is" : "are")} not needed")}");
        }
        catch (SlackFault fault)
        {
            return (false, $"{where.Workspace}: the token does not work ({fault.Error}): install the app there again");
        }
    }

    private async Task<(bool, string)> CheckSocketsAsync(CancellationToken stop)
    {
        try
        {
            await api.CallAsync("app", settings.AppToken, "apps.connections.open", new Dictionary<string, object?>(), stop);
            return (true, "Socket Mode can be opened");
        }
        catch (SlackFault fault)
        {
            return (false, $"Socket Mode cannot be opened ({fault.Error}): check Slack:AppToken (scope connections:write), and that Socket Mode is on in the app's settings");
        }
    }
}
