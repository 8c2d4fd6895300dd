namespace IncidentBot.Fakes.Slack;

/// <summary>The arguments of the methods, as Slack documents them; whatever else is passed is a mistake.</summary>
public static class FakeMethods
{
    private static readonly Dictionary<string, (string[] Required, string[] Optional)> Known = new()
    {
        ["apps.connections.open"] = ([], []),
        ["auth.test"] = ([], []),
        ["bookmarks.add"] = (["title", "type"], ["access_level", "channel_id", "emoji", "entity_id", "link", "parent_id"]),
        ["canvases.edit"] = (["canvas_id", "changes"], []),
        ["chat.postEphemeral"] = (["channel", "user"], ["attachments", "blocks", "text", "thread_ts", "link_names", "parse"]),
        ["chat.postMessage"] = (["channel"], ["attachments", "blocks", "metadata", "mrkdwn", "parse", "reply_broadcast", "text", "thread_ts", "unfurl_links", "unfurl_media", "link_names"]),
        ["chat.update"] = (["channel", "ts"], ["attachments", "blocks", "metadata", "text", "link_names", "parse", "reply_broadcast", "file_ids"]),
        ["conversations.canvases.create"] = (["channel_id"], ["document_content", "title"]),
        ["conversations.create"] = (["name"], ["is_private", "team_id"]),
        ["conversations.history"] = (["channel"], ["cursor", "include_all_metadata", "inclusive", "latest", "limit", "oldest"]),
        ["conversations.info"] = (["channel"], ["include_locale", "include_num_members"]),
        ["conversations.invite"] = (["channel", "users"], ["force"]),
        ["conversations.join"] = (["channel"], []),
        ["conversations.list"] = ([], ["cursor", "exclude_archived", "limit", "team_id", "types"]),
        ["conversations.open"] = ([], ["channel", "prevent_creation", "return_im", "users"]),
        ["conversations.replies"] = (["channel", "ts"], ["cursor", "include_all_metadata", "inclusive", "latest", "limit", "oldest"]),
        ["conversations.setTopic"] = (["channel", "topic"], []),
        ["files.completeUploadExternal"] = (["files"], ["blocks", "channel_id", "channels", "initial_comment", "thread_ts"]),
        ["files.delete"] = (["file"], []),
        ["files.getUploadURLExternal"] = (["filename", "length"], ["alt_txt", "snippet_type"]),
        ["files.info"] = (["file"], ["count", "cursor", "limit", "page"]),
        ["pins.add"] = (["channel"], ["timestamp"]),
        ["users.conversations"] = ([], ["cursor", "exclude_archived", "limit", "team_id", "types", "user"]),
        ["users.info"] = (["user"], ["include_locale"]),
        ["views.open"] = (["view"], ["interactivity_pointer", "trigger_id"]),
        ["views.publish"] = (["user_id", "view"], ["hash"]),
        ["views.update"] = (["view"], ["external_id", "hash", "view_id"]),
    };

    /// <summary>What the fake knows, to be held against Slack's own contracts.</summary>
    public static IReadOnlyDictionary<string, (string[] Required, string[] Optional)> All => Known;

    /// <summary>What is wrong with a call, or null.</summary>
    public static string? Wrong(string method, IReadOnlyDictionary<string, string> arguments)
    {
        if (!Known.TryGetValue(method, out var known))
        {
            return $"{method} is not known";
        }

        var missing = known.Required.FirstOrDefault(r => !arguments.TryGetValue(r, out var value) || value.Length == 0);
        var foreign = arguments.Keys.FirstOrDefault(k => !known.Required.Contains(k) && !known.Optional.Contains(k));
        return missing is not null ? $"{method} lacks {missing}" : foreign is not null ? $"{method} knows no {foreign}" : null;
    }
}
