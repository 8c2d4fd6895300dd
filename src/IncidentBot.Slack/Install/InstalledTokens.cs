using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using IncidentBot.Core.Storage;
using IncidentBot.Slack.Outbound;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Slack.Install;

/// <summary>Keeps the tokens of installations sealed; those that expire are refreshed in time, by one caller at once.</summary>
public sealed partial class InstalledTokens(SlackSettings settings, IServiceScopeFactory scopes, IServiceProvider services, ISeal seal, TimeProvider time, ILogger<InstalledTokens> log) : IDisposable
{
    /// <summary>How long before its end a token is refreshed.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(30);

    /// <summary>How long a caller waits for a new token while the old one still works.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private const int TriesToKeep = 3;

    private readonly ConcurrentDictionary<string, Lazy<Task>> _refreshing = new();
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>The token of an installation, refreshed when its end is near; null when there is none, or it cannot be opened.</summary>
    /// <exception cref="SlackFault">It has expired, and Slack gave no new one yet.</exception>
    public async Task<string?> OfAsync(BotDb db, SlackInstallation installation, CancellationToken stop)
    {
        if (installation.ExpiresAt is { } end && end - time.GetUtcNow() < Early)
        {
            await RefreshedAsync(installation.Id, end, stop);
            await db.Entry(installation).ReloadAsync(stop);
            if (installation.ExpiresAt <= time.GetUtcNow())
            {
                throw new SlackFault(SlackTrouble.Unknown, "token_expired", "the token has expired, and Slack gave no new one yet");
            }
        }

        var secret = await db.Secrets.AsNoTracking().FirstOrDefaultAsync(s => s.Name == AccessOf(installation.Id), stop);
        try
        {
            return secret is null ? null : seal.Unseal(secret.Sealed);
        }
        catch (CryptographicException)
        {
            // One workspace whose token cannot be opened must not stop the others; doctor says what to do.
            Log.Sealed(log, installation.Id);
            return null;
        }
    }

    /// <summary>Forgets the tokens of an installation; saved by the caller.</summary>
    public static async Task RemoveAsync(BotDb db, string id, CancellationToken stop) =>
        db.Secrets.RemoveRange(await db.Secrets.Where(s => s.Name == AccessOf(id) || s.Name == RefreshOf(id)).ToListAsync(stop));

    public void Dispose() => _one.Dispose();

    // Whoever stops waiting does not stop the refresh: Slack has taken the old pair by then, and the new one must be kept.
    private async Task RefreshedAsync(string id, DateTimeOffset end, CancellationToken stop)
    {
        var refreshing = _refreshing.GetOrAdd(id, i => new Lazy<Task>(() => Task.Run(() => RefreshAsync(i)))).Value;
        try
        {
            await (end > time.GetUtcNow() ? refreshing.WaitAsync(Patience, time, stop) : refreshing.WaitAsync(stop));
        }
        catch (TimeoutException)
        {
            // The old token works until its end.
        }
    }

    // A refresh token works once, so only one caller uses it.
    private async Task RefreshAsync(string id)
    {
        var stop = CancellationToken.None;
        await _one.WaitAsync(stop);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<BotDb>();
            await using var lead = await db.TryLeadAsync($"slack-token-{id}", stop);
            var installation = await db.Set<SlackInstallation>().FirstAsync(i => i.Id == id, stop);
            var refresh = await db.Secrets.AsNoTracking().FirstOrDefaultAsync(s => s.Name == RefreshOf(id), stop);
            if (lead is null || refresh is null || installation.ExpiresAt - time.GetUtcNow() >= Early)
            {
                return;
            }

            var answer = await services.GetRequiredService<SlackApi>().CallAsync(id, null, "oauth.v2.access", new Dictionary<string, object?>
            {
                ["grant_type"] = "refresh_token",
                ["refresh_token"] = seal.Unseal(refresh.Sealed),
                ["client_id"] = settings.ClientId,
                ["client_secret"] = settings.ClientSecret,
            }, stop);
            await KeepAsync(db, installation, answer, stop);
            await KeptAsync(db, stop);
            Log.Refreshed(log, id);
        }
        catch (Exception fault) when (fault is SlackFault or CryptographicException || Core.Chat.StoreUnavailable.IsCause(fault))
        {
            Log.NotRefreshed(log, id, fault.Message);
        }
        finally
        {
            _refreshing.TryRemove(id, out _);
            _one.Release();
        }
    }

    // There is no second chance to be given this pair.
    private async Task KeptAsync(BotDb db, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await db.SaveChangesAsync(stop);
                return;
            }
            catch (Exception fault) when (tries < TriesToKeep && Core.Chat.StoreUnavailable.IsCause(fault))
            {
                await Task.Delay(TimeSpan.FromSeconds(tries), time, stop);
            }
        }
    }

    /// <summary>Seals the tokens of an answer; saved by the caller.</summary>
    public async Task KeepAsync(BotDb db, SlackInstallation installation, JsonElement answer, CancellationToken stop)
    {
        await SealAsync(db, AccessOf(installation.Id), answer.Text("access_token") ?? throw new SlackFault(SlackTrouble.Refused, "no_token", "Slack sent no token"), stop);
        installation.ExpiresAt = answer.Number("expires_in") is { } seconds ? time.GetUtcNow().AddSeconds(seconds) : null;
        if (answer.Text("refresh_token") is { } refresh)
        {
            await SealAsync(db, RefreshOf(installation.Id), refresh, stop);
        }
    }

    private async Task SealAsync(BotDb db, string name, string value, CancellationToken stop)
    {
        if (await db.Secrets.FirstOrDefaultAsync(s => s.Name == name, stop) is { } secret)
        {
            secret.Sealed = seal.Seal(value);
        }
        else
        {
            db.Secrets.Add(new StoredSecret { Name = name, Sealed = seal.Seal(value) });
        }
    }

    private static string AccessOf(string id) => $"slack/{id}/access";

    private static string RefreshOf(string id) => $"slack/{id}/refresh";

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Slack: the token of {Workspace} was sealed with other keys and cannot be used")]
        public static partial void Sealed(ILogger log, string workspace);

        [LoggerMessage(Level = LogLevel.Information, Message = "Slack: the token of {Workspace} was refreshed")]
        public static partial void Refreshed(ILogger log, string workspace);

        [LoggerMessage(Level = LogLevel.Error, Message = "Slack: the token of {Workspace} could not be refreshed: {Fault}")]
        public static partial void NotRefreshed(ILogger log, string workspace, string fault);
    }
}
