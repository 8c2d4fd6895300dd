using System.Collections.Concurrent;
using System.Text.Json;
using IncidentBot.Core.Storage;
using IncidentBot.Slack.Outbound;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Slack.Install;

/// <summary>The app in a workspace, ready to be used.</summary>
/// <param name="Workspace">The workspace that is spoken for.</param>
/// <param name="Url">The workspace's address, with a slash at its end; null while it is not known.</param>
public sealed record Installed(string Workspace, string Token, string BotUserId, string? BotId, string? AppId, string? EnterpriseId, bool IsOrganisation, string? Url, string Scopes);

/// <summary>Knows where the app is installed, and who it is there.</summary>
public sealed partial class Installations(
    SlackSettings settings, IServiceScopeFactory scopes, IServiceProvider services, InstalledTokens tokens, TimeProvider time, ILogger<Installations> log) : IDisposable
{
    // Another process may install or remove the app meanwhile.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (Installed Known, DateTimeOffset At)> _known = new();
    private readonly ConcurrentDictionary<(string Id, DateTimeOffset At), bool> _asked = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private Installed? _byToken;
    private DateTimeOffset _triedAt = DateTimeOffset.MinValue;

    /// <summary>The app in a workspace, or null when it is not installed there or its token is no good.</summary>
    /// <param name="enterprise">The organisation that a request names for this workspace; what is known of the workspace already counts before it.</param>
    /// <exception cref="SlackFault">Slack could not be asked who the configured token is.</exception>
    public async ValueTask<Installed?> FindAsync(string workspace, string? enterprise, CancellationToken stop)
    {
        if (settings.BotToken is not null)
        {
            var own = _byToken ?? await AskWhoAsync(stop);
            // The token of an organisation serves each of its workspaces; requests are signed with the app's own secret.
            return own.Workspace == workspace || own.IsOrganisation ? own with { Workspace = workspace } : null;
        }

        if (_known.TryGetValue(workspace, out var known) && time.GetUtcNow() - known.At < Fresh)
        {
            return known.Known;
        }

        var found = await LoadAsync(workspace, enterprise, stop);
        if (found is not null)
        {
            _known[workspace] = (found, time.GetUtcNow());
        }

        return found;
    }

    /// <summary>The same, for what must be done there.</summary>
    /// <exception cref="SlackFault">It is not installed there.</exception>
    public async ValueTask<Installed> GetAsync(string workspace, CancellationToken stop) =>
        await FindAsync(workspace, null, stop) ?? throw new SlackFault(SlackTrouble.Revoked, "not_installed", "the app is not installed in this workspace, or was removed from it");

    /// <summary>The configured token for a workspace whose request is authentic, while Slack cannot be asked whose it is: what people type is taken all the same.</summary>
    public Installed? Provisional(string workspace) => settings.BotToken is null ? null : new(workspace, settings.BotToken, "", null, null, null, false, null, "");

    /// <summary>What is known of a workspace without asking anybody.</summary>
    public Installed? Peek(string workspace) =>
        _byToken is { } own && (own.Workspace == workspace || own.IsOrganisation) ? own : _known.TryGetValue(workspace, out var known) ? known.Known : null;

    /// <summary>Every workspace in which the app is installed.</summary>
    public async Task<IReadOnlyList<Installed>> AllAsync(CancellationToken stop)
    {
        if (settings.BotToken is not null)
        {
            return [_byToken ?? await AskWhoAsync(stop)];
        }

        await using var scope = scopes.CreateAsyncScope();
        var ids = await scope.ServiceProvider.GetRequiredService<BotDb>().Set<SlackInstallation>().AsNoTracking().Where(i => i.RevokedAt == null).Select(i => i.Id).ToListAsync(stop);
        var all = new List<Installed>();
        foreach (var id in ids)
        {
            if (await FindAsync(id, null, stop) is { } one)
            {
                all.Add(one);
            }
        }

        return all;
    }

    /// <summary>Keeps what Slack answered to an installation.</summary>
    public async Task<SlackInstallation> KeepAsync(JsonElement answer, CancellationToken stop)
    {
        var organisation = answer.Flag("is_enterprise_install");
        var enterprise = answer.Text("enterprise", "id");
        var id = (organisation ? enterprise : answer.Text("team", "id")) ?? throw new SlackFault(SlackTrouble.Refused, "no_team", "Slack named no workspace");
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        var installation = await db.Set<SlackInstallation>().FirstOrDefaultAsync(i => i.Id == id, stop);
        if (installation is null)
        {
            db.Add(installation = new SlackInstallation { Id = id });
        }

        (installation.EnterpriseId, installation.Name, installation.IsOrganisation) = (enterprise, answer.Text(organisation ? "enterprise" : "team", "name") ?? id, organisation);
        (installation.BotUserId, installation.AppId, installation.Scopes) = (answer.Text("bot_user_id") ?? "", answer.Text("app_id") ?? "", answer.Text("scope") ?? "");
        (installation.InstalledAt, installation.RevokedAt) = (time.GetUtcNow(), null);
        await tokens.KeepAsync(db, installation, answer, stop);
        try
        {
            var who = await WhoAsync(id, answer.Text("access_token")!, stop);
            (installation.BotId, installation.Url) = (who.BotId, who.Url);
        }
        catch (SlackFault)
        {
            // Links to messages are left out, then.
        }

        await db.SaveChangesAsync(stop);
        _known.Clear();
        Log.Installed(log, installation.Id, installation.Name);
        return installation;
    }

    /// <summary>The app was removed from a workspace or an organisation, or its token revoked; saved by the caller.</summary>
    public async Task EndAsync(BotDb db, string id, DateTimeOffset at, CancellationToken stop)
    {
        var own = await db.Set<SlackInstallation>().FirstOrDefaultAsync(i => i.Id == id, stop);
        if (own is { RevokedAt: null } installation && installation.InstalledAt <= at)
        {
            installation.RevokedAt = at;
            await InstalledTokens.RemoveAsync(db, id, stop);
            Log.Removed(log, id);
        }

        _known.Clear();
    }

    /// <summary>The organisation whose installation serves a workspace, when that must be asked whether it still works: the removal may have been the workspace's alone.</summary>
    public async Task<string?> DoubtfulAsync(BotDb db, string workspace, string? enterprise, DateTimeOffset at, CancellationToken stop)
    {
        if (settings.BotToken is not null || await db.Set<SlackInstallation>().AnyAsync(i => i.Id == workspace && i.RevokedAt == null, stop))
        {
            return null;
        }

        var organisation = await db.Set<SlackWorkspace>().Where(w => w.Id == workspace).Select(w => w.EnterpriseId).FirstOrDefaultAsync(stop) ?? enterprise;
        return organisation is not null && !_asked.ContainsKey((organisation, at)) && await db.Set<SlackInstallation>().AnyAsync(i => i.Id == organisation && i.RevokedAt == null, stop) ? organisation : null;
    }

    /// <summary>Asks Slack whether an organisation's token still works, and ends its installation when it does not.</summary>
    public async Task AskStillAsync(string organisation, DateTimeOffset at, CancellationToken stop)
    {
        try
        {
            if (await FindAsync(organisation, null, stop) is { } installed)
            {
                await WhoAsync(organisation, installed.Token, stop);
            }

            _asked[(organisation, at)] = true;
        }
        catch (SlackFault fault) when (fault.Trouble == SlackTrouble.Revoked)
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<BotDb>();
            await EndAsync(db, organisation, at, stop);
            await db.SaveChangesAsync(stop);
            _asked[(organisation, at)] = true;
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<Installed> AskWhoAsync(CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        try
        {
            if (_byToken is not null)
            {
                return _byToken;
            }

            if (time.GetUtcNow() - _triedAt < BetweenTries && time.GetUtcNow() >= _triedAt)
            {
                throw new SlackFault(SlackTrouble.Unknown, "no_answer", "Slack could not be asked a moment ago who the bot is");
            }

            try
            {
                return _byToken = await WhoAsync("", settings.BotToken!, stop);
            }
            catch (SlackFault)
            {
                _triedAt = time.GetUtcNow();
                throw;
            }
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<Installed> WhoAsync(string workspace, string token, CancellationToken stop)
    {
        // The API needs installations, and they ask the API who they are.
        var who = await services.GetRequiredService<SlackApi>().CallAsync(workspace, token, "auth.test", new Dictionary<string, object?>(), stop);
        var organisation = who.Flag("is_enterprise_install");
        return new(
            (organisation ? who.Text("enterprise_id") : who.Text("team_id")) ?? workspace, token, who.Text("user_id") ?? "", who.Text("bot_id"), who.Text("app_id"),
            who.Text("enterprise_id"), organisation, who.Text("url"), who.Text("scopes") ?? "");
    }

    private async Task<Installed?> LoadAsync(string workspace, string? enterprise, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        var belongs = await db.Set<SlackWorkspace>().FirstOrDefaultAsync(w => w.Id == workspace, stop);
        // A request from a channel that organisations share may name the other side's.
        enterprise = belongs?.EnterpriseId ?? enterprise;
        var rows = await db.Set<SlackInstallation>().Where(i => (i.Id == workspace || (enterprise != null && i.Id == enterprise)) && i.RevokedAt == null).ToListAsync(stop);
        // The workspace's own installation counts before that of its organisation.
        var installation = rows.FirstOrDefault(i => i.Id == workspace) ?? rows.FirstOrDefault();
        if (installation is null)
        {
            return null;
        }

        if (installation.Id != workspace && belongs is null)
        {
            await RememberAsync(workspace, installation.Id, stop);
        }

        var token = await tokens.OfAsync(db, installation, stop);
        return token is null ? null : new(
            workspace, token, installation.BotUserId, installation.BotId, installation.AppId, installation.EnterpriseId, installation.IsOrganisation, installation.Url, installation.Scopes);
    }

    // What posts later on its own knows only the workspace.
    private async Task RememberAsync(string workspace, string organisation, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        db.Add(new SlackWorkspace { Id = workspace, EnterpriseId = organisation });
        try
        {
            await db.SaveChangesAsync(stop);
        }
        catch (DbUpdateException fault) when (db.IsContention(fault))
        {
            // Another request was the first from there at the same moment.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Slack: installed in {Workspace} ({Name})")]
        public static partial void Installed(ILogger log, string workspace, string name);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Slack: removed from {Workspace}, or its token revoked")]
        public static partial void Removed(ILogger log, string workspace);
    }
}
