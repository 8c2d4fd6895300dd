using System.Text;
using IncidentBot.Core.Chat;
using IncidentBot.Slack.Install;
using IncidentBot.Slack.Rendering;

namespace IncidentBot.Slack.Outbound;

/// <summary>Puts the post-mortem into an incident's channel: as its canvas, or as a file where there are no canvases.</summary>
public sealed class SlackDocuments(SlackApi api)
{
    private const string FilePrefix = "file:";

    /// <returns>The canvas that holds it, or the file.</returns>
    public async Task<string?> PutAsync(Installed where, Place room, string? documentId, ChatDocument document, Sending sending, CancellationToken stop)
    {
        // Both may be there: a canvas, and a file from when the canvas could not take the document.
        var (canvas, file) = Read(documentId);
        if (room.Thread is null)
        {
            var content = new Dictionary<string, object?> { ["type"] = "markdown", ["markdown"] = CanvasMarkdown.Of(document.Markdown) };
            try
            {
                // The answer to an earlier try may have been lost.
                canvas ??= sending.Since is null ? null : await OwnCanvasAsync(where, room.Channel, document.Title, stop);
                return Join(canvas is null ? await CreateAsync(where, room.Channel, document.Title, content, stop) : await ReplaceAsync(where, canvas, content, stop), file);
            }
            catch (SlackFault fault) when (fault.Trouble == SlackTrouble.Refused)
            {
                // No canvases on this plan, or one that cannot take the document: a file always can.
            }
        }

        var uploaded = await UploadAsync(where, room, document, stop);
        if (file is not null)
        {
            await RemoveAsync(where, file, stop);
        }

        return Join(canvas, uploaded);
    }

    /// <summary>Takes a document's words away; the next report puts new ones there.</summary>
    public async Task TakeAwayAsync(Installed where, string documentId, CancellationToken stop)
    {
        var (canvas, file) = Read(documentId);
        if (file is not null)
        {
            await RemoveAsync(where, file, stop);
        }

        if (canvas is not null)
        {
            await ReplaceAsync(where, canvas, new Dictionary<string, object?> { ["type"] = "markdown", ["markdown"] = "Words in this document were redacted. `/incident report` puts the document as it stands now here." }, stop);
        }
    }

    private async Task RemoveAsync(Installed where, string file, CancellationToken stop)
    {
        try
        {
            await api.CallAsync(where, "files.delete", new Dictionary<string, object?> { ["file"] = file }, stop);
        }
        catch (SlackFault fault) when (fault.Trouble == SlackTrouble.Refused)
        {
            // Somebody has deleted it already.
        }
    }

    private static (string? Canvas, string? File) Read(string? documentId)
    {
        var ids = (documentId ?? "").Split('|', StringSplitOptions.RemoveEmptyEntries);
        return (ids.FirstOrDefault(i => !i.StartsWith(FilePrefix, StringComparison.Ordinal)), ids.FirstOrDefault(i => i.StartsWith(FilePrefix, StringComparison.Ordinal))?[FilePrefix.Length..]);
    }

    private static string? Join(string? canvas, string? file) =>
        canvas is null && file is null ? null : string.Join('|', new[] { canvas, file is null ? null : FilePrefix + file }.OfType<string>());

    // A canvas that people have made themselves is theirs: the document goes beside it, as a file.
    private async Task<string?> CreateAsync(Installed where, string channel, string title, object content, CancellationToken stop)
    {
        var made = await api.CallAsync(where, "conversations.canvases.create", new Dictionary<string, object?> { ["channel_id"] = channel, ["title"] = title, ["document_content"] = content }, stop);
        return made.Text("canvas_id");
    }

    private async Task<string?> OwnCanvasAsync(Installed where, string channel, string title, CancellationToken stop)
    {
        var info = await api.CallAsync(where, "conversations.info", new Dictionary<string, object?> { ["channel"] = channel }, stop);
        if (info.Text("channel", "properties", "canvas", "file_id") is not { } canvas)
        {
            return null;
        }

        var file = await api.CallAsync(where, "files.info", new Dictionary<string, object?> { ["file"] = canvas }, stop);
        return file.Text("file", "title") == title && file.Text("file", "user") == where.BotUserId ? canvas : null;
    }

    private async Task<string> ReplaceAsync(Installed where, string canvas, object content, CancellationToken stop)
    {
        var changes = new object[] { new Dictionary<string, object?> { ["operation"] = "replace", ["document_content"] = content } };
        await api.CallAsync(where, "canvases.edit", new Dictionary<string, object?> { ["canvas_id"] = canvas, ["changes"] = changes }, stop);
        return canvas;
    }

    private async Task<string> UploadAsync(Installed where, Place room, ChatDocument document, CancellationToken stop)
    {
        var bytes = Encoding.UTF8.GetBytes(document.Markdown);
        var place = await api.CallAsync(where, "files.getUploadURLExternal", new Dictionary<string, object?> { ["filename"] = document.FileName, ["length"] = bytes.Length }, stop);
        var (url, id) = (place.Text("upload_url"), place.Text("file_id"));
        if (url is null || id is null)
        {
            throw new SlackFault(SlackTrouble.Unknown, "no_upload_url");
        }

        await api.UploadAsync(url, bytes, stop);
        await api.CallAsync(where, "files.completeUploadExternal", new Dictionary<string, object?>
        {
            ["files"] = new[] { new Dictionary<string, object?> { ["id"] = id, ["title"] = document.Title } },
            ["channel_id"] = room.Channel,
            ["thread_ts"] = room.Thread,
        }, stop);
        return id;
    }
}
