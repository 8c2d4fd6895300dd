using System.Text.Json.Nodes;

namespace IncidentBot.Fakes.Slack;

/// <summary>Exchanges codes and refresh tokens for tokens.</summary>
internal static class FakeOAuth
{
    public const string ClientId = "111.222";
    public const string ClientSecret = "client-secret";

    public static FakeAnswer Access(FakeSlack slack, IReadOnlyDictionary<string, string> a)
    {
        if (a.GetValueOrDefault("client_id") != ClientId || a.GetValueOrDefault("client_secret") != ClientSecret)
        {
            return new(FakeSlack.Error("bad_client_secret"));
        }

        var key = a.GetValueOrDefault("grant_type") == "refresh_token" ? a["refresh_token"] : a["code"];
        if (slack.Codes.TryGetValue(key, out var asked) && asked.Troubles.TryGetValue("oauth.v2.access", out var troubles) && troubles.TryDequeue(out var trouble))
        {
            return new(FakeSlack.Error(trouble.Error), trouble.Status);
        }

        // A code, or a refresh token, works once.
        if (!slack.Codes.TryRemove(key, out var workspace))
        {
            return new(FakeSlack.Error(a.ContainsKey("refresh_token") ? "invalid_refresh_token" : "invalid_code"));
        }

        var rotates = workspace.Rotates;
        if (a.ContainsKey("refresh_token") || rotates)
        {
            slack.Forget(workspace);
            workspace.Token = $"xoxe.xoxb-1-{Guid.NewGuid():N}";
            slack.Register(workspace);
        }

        var answer = new JsonObject
        {
            ["ok"] = true,
            ["access_token"] = workspace.Token,
            ["token_type"] = "bot",
            ["scope"] = workspace.Scopes,
            ["bot_user_id"] = workspace.BotUser,
            ["app_id"] = workspace.AppId,
            ["team"] = workspace.IsOrganisation ? null : new JsonObject { ["id"] = workspace.Id, ["name"] = $"Team {workspace.Id}" },
            ["enterprise"] = workspace.EnterpriseId is null ? null : new JsonObject { ["id"] = workspace.EnterpriseId, ["name"] = "Org" },
            ["is_enterprise_install"] = workspace.IsOrganisation,
        };
        if (rotates)
        {
            var refresh = $"xoxe-1-{Guid.NewGuid():N}";
            slack.Codes[refresh] = workspace;
            (answer["refresh_token"], answer["expires_in"]) = (refresh, 43_200);
        }

        return new(answer);
    }
}

/// <summary>How the app is installed in a workspace.</summary>
public sealed partial class FakeWorkspace
{
    /// <summary>True when its tokens expire after twelve hours.</summary>
    public bool Rotates { get; set; }

    /// <summary>True when the app is installed for the whole organisation.</summary>
    public bool IsOrganisation { get; set; }
}
