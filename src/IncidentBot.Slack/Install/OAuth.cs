using System.Security.Cryptography;
using System.Text;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using IncidentBot.Slack.Outbound;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Slack.Install;

/// <summary>Lets administrators of workspaces install the app themselves (OAuth v2).</summary>
internal static class OAuth
{
    public const string InstallPath = "/slack/install";
    public const string CallbackPath = "/slack/oauth/callback";

    private const string StateCookie = "incidentbot-slack-state";
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(InstallPath, InstallAsync).ExcludeFromDescription();
        app.MapGet(CallbackPath, CallbackAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> InstallAsync(HttpContext http, SlackSettings settings, Installation installation, BotDb db, TimeProvider time, CancellationToken stop)
    {
        if (!settings.HasOAuth)
        {
            return Page(404, "Not installed this way", "This bot is set up with tokens for one workspace. To let workspaces install it themselves, set Slack:ClientId and Slack:ClientSecret.");
        }

        var state = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        db.Add(new OAuthState { Hash = Hash(state), ExpiresAt = time.GetUtcNow() + Lasts });
        var now = time.GetUtcNow();
        db.RemoveRange(await db.Set<OAuthState>().Where(s => s.ExpiresAt < now).ToListAsync(stop));
        await db.SaveChangesAsync(stop);
        // The state is bound to this browser, so that nobody can finish an installation that somebody else began.
        http.Response.Cookies.Append(StateCookie, state, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = installation.PublicUrl.StartsWith("https", StringComparison.Ordinal),
            MaxAge = Lasts,
            Path = "/slack",
        });
        return Results.Redirect(QueryHelpers.AddQueryString("https://slack.com/oauth/v2/authorize", new Dictionary<string, string?>
        {
            ["client_id"] = settings.ClientId,
            ["scope"] = string.Join(',', SlackScopes.All),
            ["redirect_uri"] = installation.PublicUrl + CallbackPath,
            ["state"] = state,
        }));
    }

    private static async Task<IResult> CallbackAsync(
        HttpContext http, SlackSettings settings, Installation installation, Installations installations, SlackApi api, BotDb db, TimeProvider time, string? code, string? state, string? error, CancellationToken stop)
    {
        var begun = state is { Length: > 0 and < 200 } ? await db.Set<OAuthState>().FirstOrDefaultAsync(s => s.Hash == Hash(state), stop) : null;
        var ours = state is not null && http.Request.Cookies.TryGetValue(StateCookie, out var cookie)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(cookie), Encoding.UTF8.GetBytes(state));
        if (!settings.HasOAuth || begun is null || !ours || begun.ExpiresAt < time.GetUtcNow())
        {
            return Page(400, "This installation was not begun here", $"Begin again at {installation.PublicUrl}{InstallPath}, in the same browser, and finish within ten minutes. Nothing was changed.");
        }

        db.Remove(begun);
        await db.SaveChangesAsync(stop);
        http.Response.Cookies.Delete(StateCookie, new CookieOptions { Path = "/slack" });
        if (code is null)
        {
            return Page(400, "Not installed", error == "access_denied" ? "The installation was cancelled in Slack. Nothing was changed." : "Slack sent no code. Begin again; nothing was changed.");
        }

        try
        {
            var answer = await api.CallAsync("oauth", null, "oauth.v2.access", new Dictionary<string, object?>
            {
                ["code"] = code,
                ["client_id"] = settings.ClientId,
                ["client_secret"] = settings.ClientSecret,
                ["redirect_uri"] = installation.PublicUrl + CallbackPath,
            }, stop);
            var kept = await installations.KeepAsync(answer, stop);
            return Page(200, "Installed", $"IncidentBot is installed in {kept.Name}. Go to Slack and type /incident help in any channel.");
        }
        catch (SlackFault fault)
        {
            return Page(502, "Not installed", $"Slack did not confirm the installation ({fault.Error}). Begin again; if it keeps failing, check Slack:ClientId, Slack:ClientSecret and the redirect URL {installation.PublicUrl}{CallbackPath} in the app's settings.");
        }
    }

    private static string Hash(string state) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state)));

    private static IResult Page(int status, string title, string words)
    {
        static string Safe(string text) => System.Net.WebUtility.HtmlEncode(text);
        return Results.Content(
            $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Safe(title)} · IncidentBot</title>"
            + "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:38rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}</style>"
            + $"<main><h1>{Safe(title)}</h1><p>{Safe(words)}</p></main></html>", "text/html; charset=utf-8", statusCode: status);
    }
}
