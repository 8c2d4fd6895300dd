using System.Text.Json;
using IncidentBot.Core.Delivery;
using IncidentBot.Slack.Install;

namespace IncidentBot.Slack.Outbound;

/// <summary>Messages that were read again, as deliveries.</summary>
internal static class Reread
{
    /// <summary>The field of the envelope that says so.</summary>
    public const string Old = "old_message";

    /// <summary>The delivery that would have brought a message; the same message is the same delivery, however often it is read.</summary>
    /// <param name="old">True when what it tells the bot to do must not be done, since that is long past.</param>
    public static InboxRow Row(Installed where, string channel, JsonElement message, DateTimeOffset now, bool old)
    {
        var fields = message.EnumerateObject().ToDictionary(p => p.Name, p => (object)p.Value);
        fields["type"] = "message";
        fields["channel"] = channel;
        fields["event_ts"] = message.Text("ts") ?? "";
        return Row(where, $"reread-{channel}-{message.Text("ts")}", fields, now, old);
    }

    public static InboxRow Row(Installed where, string id, object e, DateTimeOffset now, bool old = false) => new()
    {
        Platform = SlackServices.Platform,
        Workspace = where.Workspace,
        DeliveryId = id,
        Body = JsonSerializer.Serialize(
            new
            {
                type = "event_callback",
                team_id = where.Workspace,
                api_app_id = where.AppId,
                event_id = id,
                authorizations = new[] { new { team_id = where.Workspace, user_id = where.BotUserId, is_bot = true, is_enterprise_install = false } },
                @event = e,
                old_message = old,
            },
            SlackJson.Options),
        ReceivedAt = now,
    };
}
