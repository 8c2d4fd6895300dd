using IncidentBot.Core.Chat;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Timeline;

/// <summary>A file that someone shared in a chat; it may become evidence.</summary>
public sealed class StoredFile
{
    /// <summary>The largest file that is kept, in bytes.</summary>
    public const int Largest = 10 * 1024 * 1024;

    public string Id { get; init; } = Guid.NewGuid().ToString("N");

    public required string Workspace { get; init; }

    /// <summary>The incident in whose room it was shared; null elsewhere.</summary>
    public long? IncidentId { get; set; }

    /// <summary>The name as its owner gave it, without folders.</summary>
    public required string Name { get; set; }

    public required string MediaType { get; init; }

    /// <summary>In bytes.</summary>
    public int Size { get; set; }

    /// <summary>Of the content; empty while that is still to be fetched.</summary>
    public required string Sha256 { get; set; }

    /// <summary>What the adapter needs to fetch the content from its platform; null once that is done or given up.</summary>
    public string? Source { get; set; }

    /// <summary>The platform whose adapter fetches the content; null for what was brought here.</summary>
    public string? Platform { get; init; }

    public int Attempts { get; set; }

    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>The platform's id of who shared it.</summary>
    public required string SharedBy { get; init; }

    /// <summary>The channel in which it was shared.</summary>
    public required string Channel { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>When its content was taken away, by a redaction or because it was kept long enough.</summary>
    public DateTimeOffset? RemovedAt { get; set; }
}

/// <summary>The bytes of a stored file, apart so that lists of files stay small.</summary>
public sealed class FileContent
{
    public required string FileId { get; init; }

    public required byte[] Bytes { get; init; }
}

/// <summary>Files that belong to incidents.</summary>
public sealed class StoredFiles(BotDb db)
{
    /// <summary>Makes files those of an incident, and answers them as evidence; what is evidence of another incident already, or unknown, is passed over.</summary>
    public async Task<List<Evidence>> AttachAsync(IReadOnlyList<string>? ids, long incidentId, CancellationToken stop)
    {
        if (ids is not { Count: > 0 })
        {
            return [];
        }

        var files = await db.Files.Where(f => ids.Contains(f.Id) && f.RemovedAt == null
            && !db.Set<Evidence>().Any(v => v.FileId == f.Id && db.Entries.Any(e => e.Id == v.EntryId && e.IncidentId != incidentId))).ToListAsync(stop);
        // Those too that the same commit has noted.
        files.AddRange(db.Files.Local.Where(f => ids.Contains(f.Id) && f.RemovedAt is null && !files.Contains(f) && db.Entry(f).State == EntityState.Added));
        foreach (var file in files)
        {
            file.IncidentId = incidentId;
        }

        return [.. files.OrderBy(f => ids.ToList().IndexOf(f.Id)).Select(f => new Evidence { File = f.Name, FileId = f.Id })];
    }

    /// <summary>Notes the files of a platform that a message carries, so that their content is fetched and kept.</summary>
    /// <returns>Their ids.</returns>
    public async Task<IReadOnlyList<string>> ExpectAsync(MessagePosted e, long incidentId, CancellationToken stop)
    {
        var shared = e.Shared ?? [];
        var ids = shared.Select(f => f.Id).ToList();
        var known = await db.Files.Where(f => ids.Contains(f.Id)).Select(f => f.Id).ToListAsync(stop);
        known.AddRange(db.Files.Local.Select(f => f.Id));
        foreach (var file in shared.DistinctBy(f => f.Id).Where(f => !known.Contains(f.Id)))
        {
            db.Files.Add(new StoredFile
            {
                Id = file.Id,
                Workspace = e.Place.Workspace,
                IncidentId = incidentId,
                Name = RichText.Briefly(file.Name, 200),
                MediaType = file.MediaType,
                Size = (int)Math.Min(file.Size, int.MaxValue),
                Sha256 = "",
                Source = file.Size <= StoredFile.Largest ? file.Source : null,
                Platform = e.Place.Platform,
                SharedBy = e.By.UserId,
                Channel = e.Place.Channel,
                At = e.At,
            });
        }

        return ids;
    }

    /// <summary>Takes away the content and the name of files, for good, wherever they are evidence.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<string> ids, DateTimeOffset now, CancellationToken stop)
    {
        if (ids.Count == 0)
        {
            return;
        }

        foreach (var file in await db.Files.Where(f => ids.Contains(f.Id)).ToListAsync(stop))
        {
            (file.Name, file.RemovedAt) = (TimelineWording.RedactedText.Plain, file.RemovedAt ?? now);
        }

        foreach (var evidence in await db.Set<Evidence>().Where(v => v.FileId != null && ids.Contains(v.FileId)).ToListAsync(stop))
        {
            evidence.File = TimelineWording.RedactedText.Plain;
        }

        db.FileContents.RemoveRange(await db.FileContents.Where(c => ids.Contains(c.FileId)).ToListAsync(stop));
    }
}
