using System.Collections.Immutable;
using System.Text.Json;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;

namespace IncidentBot.Slack.Inbound;

/// <summary>The app was removed from a workspace, or its token revoked.</summary>
/// <param name="Enterprise">The organisation of the workspace, where Slack names it.</param>
public sealed record AppRemoved(PersonRef By, Place Place, DateTimeOffset At, string MessageId, string? Enterprise) : Observation(By, Place, At, MessageId);

/// <summary>Turns envelopes of the Events API into what was seen.</summary>
/// <param name="name">The name of a person or channel of a workspace by its id, or null while it is not known.</param>
/// <param name="thread">The thread of a message that an event names without its thread, where that has been asked for.</param>
/// <param name="link">The address of a message, or null while the workspace's own is not known.</param>
public sealed class SlackEvents(SlackSettings settings, Func<string, string, string?> name, Func<string, string, string, string?> thread, Func<string, string, string, string?, string?> link)
{
    /// <summary>The events that the app subscribes to, with the scopes that each needs.</summary>
    public static ImmutableSortedDictionary<string, string[]> Heard { get; } = new Dictionary<string, string[]>
    {
        ["app_home_opened"] = [],
        ["app_mention"] = ["app_mentions:read"],
        ["app_uninstalled"] = [],
        ["channel_archive"] = ["channels:read"],
        ["channel_id_changed"] = ["channels:read"],
        ["channel_rename"] = ["channels:read"],
        ["channel_unarchive"] = ["channels:read"],
        ["group_archive"] = ["groups:read"],
        ["group_rename"] = ["groups:read"],
        ["group_unarchive"] = ["groups:read"],
        ["member_joined_channel"] = ["channels:read", "groups:read"],
        ["member_left_channel"] = ["channels:read", "groups:read"],
        ["message.channels"] = ["channels:history"],
        ["message.groups"] = ["groups:history"],
        ["message.im"] = ["im:history"],
        ["pin_added"] = ["pins:read"],
        ["pin_removed"] = ["pins:read"],
        ["reaction_added"] = ["reactions:read"],
        ["reaction_removed"] = ["reactions:read"],
        ["tokens_revoked"] = [],
        ["user_change"] = ["users:read"],
    }.ToImmutableSortedDictionary();

    /// <summary>The workspace for which an event was delivered.</summary>
    public static string? Workspace(JsonElement envelope)
    {
        var authorization = envelope.Items("authorizations").FirstOrDefault();
        return authorization.ValueKind != JsonValueKind.Object ? envelope.Text("team_id") ?? envelope.Text("event", "team") ?? envelope.Text("enterprise_id")
            // The envelope's own team is, in a channel that organisations share, the one from which the event comes.
            : (authorization.Flag("is_enterprise_install") ? envelope.Text("context_team_id") : authorization.Text("team_id"))
                ?? envelope.Text("team_id") ?? authorization.Text("enterprise_id");
    }

    /// <summary>The organisation for which an event was delivered.</summary>
    public static string? Enterprise(JsonElement envelope)
    {
        var authorization = envelope.Items("authorizations").FirstOrDefault();
        return authorization.ValueKind == JsonValueKind.Object ? authorization.Text("enterprise_id") : envelope.Text("enterprise_id");
    }

    /// <summary>When Slack sent an event first; retries say the same.</summary>
    public static DateTimeOffset? SentAt(JsonElement envelope) => envelope.Number("event_time") is > 0 and var seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <returns>What was seen; null when it is nothing of use, such as the bot's own messages.</returns>
    public Observation? Translate(InboxRow row)
    {
        using var json = JsonDocument.Parse(row.Body);
        var envelope = json.RootElement;
        if (envelope.At("event") is not { ValueKind: JsonValueKind.Object } e)
        {
            return null;
        }

        var authorization = envelope.Items("authorizations").FirstOrDefault();
        var self = new Self(authorization.ValueKind == JsonValueKind.Object && authorization.Flag("is_bot") ? authorization.Text("user_id") : null, envelope.Text("api_app_id"));
        var seen = new Seen(row.Workspace, envelope.Text("event_id") ?? row.DeliveryId, SlackTime.Read(e.Text("event_ts")) ?? SentAt(envelope) ?? row.ReceivedAt, self, Commands: !envelope.Flag(Outbound.Reread.Old));
        return e.Text("type") switch
        {
            "message" => Message(e, seen),
            // The same message comes by itself too, and is the command; here it only makes sure that the words are kept.
            "app_mention" => self.Wrote(e) ? null : Posted(e, seen with { Commands = false }) is MessagePosted named ? named with { NamesTheBot = true } : null,
            "reaction_added" => Reaction(e, seen, true),
            "reaction_removed" => Reaction(e, seen, false),
            "pin_added" => Pin(e, seen, true),
            "pin_removed" => Pin(e, seen, false),
            "member_joined_channel" => Member(e, seen) is (var by, { } place) ? new MemberJoined(by, place, seen.At, seen.Id) : null,
            "member_left_channel" => Member(e, seen) is (var by, { } place) ? new MemberLeft(by, place, seen.At, seen.Id) : null,
            "channel_rename" or "group_rename" => e.Text("channel", "id") is { } id ? new RoomChanged(seen.Nobody, seen.In(id), seen.At, seen.Id, Name: e.Text("channel", "name")) : null,
            "channel_archive" or "group_archive" => Archived(e, seen, true),
            "channel_unarchive" or "group_unarchive" => Archived(e, seen, false),
            "channel_id_changed" => e.Text("old_channel_id") is { } old ? new RoomChanged(seen.Nobody, seen.In(old), seen.At, seen.Id, Channel: e.Text("new_channel_id")) : null,
            "user_change" => e.At("user") is { } user && user.Text("id") is { } id
                ? new PersonChanged(seen.Nobody, seen.In(""), seen.At, seen.Id, seen.By(id), Outbound.SlackPeople.Facts(user, row.Workspace, Enterprise(envelope))) : null,
            "app_home_opened" => e.Text("tab") is "home" && e.Text("user") is { } who ? new HomeOpened(seen.By(who), seen.In(e.Text("channel") ?? who), seen.At, seen.Id) : null,
            "app_uninstalled" => new AppRemoved(seen.Nobody, seen.In(""), seen.At, seen.Id, Enterprise(envelope)),
            "tokens_revoked" => e.Items("tokens", "bot").Any() ? new AppRemoved(seen.Nobody, seen.In(""), seen.At, seen.Id, Enterprise(envelope)) : null,
            _ => null,
        };
    }

    private Observation? Message(JsonElement e, Seen seen)
    {
        switch (e.Text("subtype"))
        {
            case null or "" or "file_share" or "thread_broadcast" or "me_message" or "bot_message":
                return seen.Self.Wrote(e) ? null : Posted(e, seen);
            case "message_changed" when e.At("message") is { } message && e.Text("channel") is { } channel && message.Text("ts") is { } ts:
                if (seen.Self.Wrote(message))
                {
                    return null;
                }

                var place = seen.In(channel, Thread(message, ts));
                if (message.Text("subtype") == "tombstone")
                {
                    return new MessageDeleted(seen.By(e.Text("previous_message", "user") ?? ""), place, seen.At, ts);
                }

                // Unfurled links and detected languages are no edits.
                return message.At("edited") is null && SlackBlocksText.Of(message) == (e.At("previous_message") is { } before ? SlackBlocksText.Of(before) : null)
                    ? null : new MessageEdited(seen.By(message.Text("edited", "user") ?? message.Text("user") ?? ""), place, SlackTime.Read(message.Text("edited", "ts")) ?? seen.At, ts, Words(message, seen.Workspace));
            case "message_deleted" when e.Text("deleted_ts") is { } deleted && e.Text("channel") is { } channel:
                return e.At("previous_message") is { } gone && seen.Self.Wrote(gone) ? null
                    : new MessageDeleted(seen.By(e.Text("previous_message", "user") ?? ""), seen.In(channel, e.At("previous_message") is { } p ? Thread(p, deleted) : null), seen.At, deleted);
            default:
                return null;
        }
    }

    private Observation? Posted(JsonElement e, Seen seen)
    {
        if (e.Text("ts") is not { } ts || e.Text("channel") is not { } channel || SlackTime.Read(ts) is not { } at)
        {
            return null;
        }

        var place = seen.In(channel, Thread(e, ts));
        var by = seen.By(e.Text("user") ?? "");
        var text = Words(e, seen.Workspace);
        var address = link(seen.Workspace, channel, ts, place.Thread);
        var files = Files(e, seen.Workspace);
        if (seen.Commands && by.UserId.Length > 0 && e.Text("bot_id") is null && Spoken(e, seen.Self.UserId) is { } spoken)
        {
            return new Mentioned(by, place, at, ts, text, SlackText.Read(spoken, id => name(seen.Workspace, id)), IsDirect(e), address, files);
        }

        return new MessagePosted(by, place, at, ts, text, address, null, files, by.UserId.Length > 0 ? null : e.Text("username") ?? e.Text("bot_profile", "name") ?? "an app")
        {
            NamesTheBot = !seen.Commands && Spoken(e, seen.Self.UserId) is not null,
        };
    }

    // What is said to the bot: all of a direct message, else what follows its name at the beginning. In the middle of a sentence people speak about it.
    private static string? Spoken(JsonElement e, string? bot)
    {
        var text = (e.Text("text") ?? "").Trim();
        var named = bot is not null && text.StartsWith($"<@{bot}", StringComparison.Ordinal) && text.IndexOf('>') is > 0 and var end ? text[(end + 1)..].Trim() : null;
        return named ?? (IsDirect(e) && text.Length > 0 ? text : null);
    }

    private static bool IsDirect(JsonElement e) => e.Text("channel_type") == "im" || (e.Text("channel_type") is null && e.Text("channel") is ['D', ..]);

    private PinChanged? Reaction(JsonElement e, Seen seen, bool added)
    {
        var reaction = e.Text("reaction")?.Split("::")[0];
        return reaction is not null && settings.PinEmoji.Contains(reaction) && e.Text("item", "type") == "message" && e.Text("item", "channel") is { } channel
            && e.Text("item", "ts") is { } ts && e.Text("user") is { } user && user != seen.Self.UserId
            ? new PinChanged(seen.By(user), seen.In(channel, thread(seen.Workspace, channel, ts)), seen.At, ts, added, $"{reaction}:{user}") : null;
    }

    // The bot pins its own live card; that is no news.
    private PinChanged? Pin(JsonElement e, Seen seen, bool added) =>
        e.Text("item", "type") == "message" && e.At("item", "message") is { } message && !seen.Self.Wrote(message) && message.Text("ts") is { } ts
        && (e.Text("channel_id") ?? e.Text("item", "channel")) is { } channel && e.Text("user") is { } user && user != seen.Self.UserId
            ? new PinChanged(seen.By(user), seen.In(channel, Thread(message, ts)), seen.At, ts, added, "pin") : null;

    private static (PersonRef By, Place? Place) Member(JsonElement e, Seen seen) =>
        e.Text("user") is { } user && user != seen.Self.UserId && e.Text("channel") is { } channel ? (seen.By(user), seen.In(channel)) : (seen.Nobody, null);

    private static RoomChanged? Archived(JsonElement e, Seen seen, bool archived) =>
        e.Text("channel") is { } channel ? new(seen.By(e.Text("user") ?? ""), seen.In(channel), seen.At, seen.Id, Archived: archived) : null;

    private RichText Words(JsonElement message, string workspace) => SlackText.Read(SlackBlocksText.Of(message), id => name(workspace, id));

    private static List<SharedFile> Files(JsonElement e, string workspace) =>
        [.. e.Items("files").Where(f => f.Text("id") is not null && f.Text("mode") is not ("tombstone" or "hidden_by_limit")).Select(f => new SharedFile(
            $"slack-{workspace}-{f.Text("id")}", f.Text("name") ?? f.Text("title") ?? f.Text("id")!, f.Text("mimetype") ?? "application/octet-stream", f.Number("size") ?? 0, f.Text("id")!, f.Text("permalink")))];

    // A parent of replies names itself as its thread.
    private static string? Thread(JsonElement message, string ts) => message.Text("thread_ts") is { } parent && parent != ts ? parent : null;

    /// <summary>The bot's own id and app, by which its own messages are known.</summary>
    private sealed record Self(string? UserId, string? AppId)
    {
        public bool Wrote(JsonElement message) =>
            (UserId is not null && message.Text("user") == UserId)
            || (AppId is not null && (message.Text("app_id") == AppId || message.Text("bot_profile", "app_id") == AppId));
    }

    /// <summary>Where and when an event was seen.</summary>
    /// <param name="Commands">False for what must not be done again, such as an old message that is read because somebody pins it.</param>
    private sealed record Seen(string Workspace, string Id, DateTimeOffset At, Self Self, bool Commands)
    {
        public PersonRef Nobody => By("");

        public PersonRef By(string user) => new(SlackServices.Platform, Workspace, user);

        public Place In(string channel, string? thread = null) => new(SlackServices.Platform, Workspace, channel, thread);
    }
}
