using System.Security.Cryptography;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using IncidentBot.Slack.Install;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Slack.Outbound;

/// <summary>Fetches the files that people share in incidents, with the bot's own token; nothing is ever made public for it.</summary>
public sealed partial class SlackFiles(SlackApi api, Installations installations, IServiceScopeFactory scopes, Signals signals, TimeProvider time, ILogger<SlackFiles> log) : ILoop
{
    private const int Tries = 10;

    public string Name => "files";

    public async Task<int> RunOnceAsync(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        var now = time.GetUtcNow();
        var waiting = await db.Files.Where(f => f.Platform == SlackServices.Platform && f.Source != null && f.RemovedAt == null && (f.NotBefore == null || f.NotBefore <= now)).OrderBy(f => f.At).Take(10).ToListAsync(stop);
        if (waiting.Count == 0)
        {
            return 0;
        }

        await using var lead = await db.TryLeadAsync("slack-files", stop);
        if (lead is null)
        {
            return 0;
        }

        foreach (var file in waiting)
        {
            await FetchAsync(db, file, now, stop);
        }

        signals.Changed();
        return waiting.Count;
    }

    public async Task<TimeSpan?> UntilNextAsync(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        return await db.Files.Where(f => f.Platform == SlackServices.Platform && f.Source != null && f.RemovedAt == null && f.NotBefore != null).MinAsync(f => f.NotBefore, stop) - time.GetUtcNow();
    }

    private async Task FetchAsync(BotDb db, StoredFile file, DateTimeOffset now, CancellationToken stop)
    {
        try
        {
            var where = await installations.GetAsync(file.Workspace, stop);
            var info = await api.CallAsync(where, "files.info", new Dictionary<string, object?> { ["file"] = file.Source }, stop);
            var url = info.Text("file", "url_private_download") ?? info.Text("file", "url_private") ?? throw new SlackFault(SlackTrouble.Refused, "no_url");
            var bytes = await api.DownloadAsync(where, url, StoredFile.Largest, stop);
            await db.Entry(file).ReloadAsync(stop);
            if (file.RemovedAt is null)
            {
                db.FileContents.Add(new FileContent { FileId = file.Id, Bytes = bytes });
                (file.Size, file.Sha256, file.Source, file.NotBefore) = (bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), null, null);
            }
        }
        catch (SlackFault fault)
        {
            file.Attempts += fault.RetryAfter is null ? 1 : 0;
            var given = fault.Trouble is SlackTrouble.Refused or SlackTrouble.Revoked || file.Attempts >= Tries;
            // The entry keeps the file's name and the message's address, even when its content cannot be had.
            file.Source = given ? null : file.Source;
            file.NotBefore = given ? null : now + (fault.RetryAfter ?? Backoff.After(file.Attempts));
            Log.NotFetched(log, file.Id, given, fault.Error);
        }

        await db.SaveChangesAsync(stop);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The file {File} could not be fetched (given up: {GivenUp}): {Fault}")]
        public static partial void NotFetched(ILogger log, string file, bool givenUp, string fault);
    }
}
