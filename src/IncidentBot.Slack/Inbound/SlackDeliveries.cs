using System.Text;
using System.Text.Json;
using IncidentBot.Core.Delivery;
using IncidentBot.Slack.Install;
using IncidentBot.Slack.Listening;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Slack.Inbound;

/// <summary>Stores what the Events API delivers, over HTTP or a socket, before it is acknowledged.</summary>
public sealed partial class SlackDeliveries(InboxIntake intake, Heard heard, SlackSettings settings, Installations installations, TimeProvider time, ILogger<SlackDeliveries> log)
{
    private static readonly HashSet<string> Types = [.. SlackEvents.Heard.Keys.Select(k => k.Split('.')[0])];

    /// <summary>Returns once the event is stored, or when there is nothing to store.</summary>
    /// <exception cref="Core.Chat.StoreUnavailable">It was not stored; Slack must send it again.</exception>
    public async Task TakeAsync(JsonElement envelope, ReadOnlyMemory<byte> raw, CancellationToken stop)
    {
        if (envelope.Text("type") == "app_rate_limited")
        {
            // What Slack holds back it does not send later: it is read again.
            heard.Missed(envelope.Text("team_id"), DateTimeOffset.FromUnixTimeSeconds(envelope.Number("minute_rate_limited") ?? time.GetUtcNow().AddMinutes(-1).ToUnixTimeSeconds()));
            Log.Limited(log, envelope.Text("team_id"));
            return;
        }

        if (envelope.Text("type") != "event_callback" || envelope.Text("event", "type") is not { } type || !Types.Contains(type) || SlackEvents.Workspace(envelope) is not { } workspace)
        {
            return;
        }

        // Slack's id of the event; an envelope without one is known by what it is about.
        var id = envelope.Text("event_id") ?? $"{type}-{envelope.Text("event", "channel")}-{envelope.Text("event", "event_ts") ?? envelope.Text("event", "ts")}-{envelope.Text("event", "subtype")}";
        try
        {
            await intake.StoreAsync(
                new InboxRow { Platform = SlackServices.Platform, Workspace = workspace, DeliveryId = id, Body = Encoding.UTF8.GetString(raw.Span), ReceivedAt = time.GetUtcNow() }, stop);
        }
        catch (Core.Chat.StoreUnavailable)
        {
            // Slack tries again for six minutes; what is away for longer is read again.
            heard.Missed(null, time.GetUtcNow().AddMinutes(-1));
            throw;
        }

        heard.Delivered(workspace, SlackEvents.SentAt(envelope) ?? time.GetUtcNow());
        if (settings.HasOAuth && SlackEvents.Enterprise(envelope) is { } enterprise)
        {
            await RecogniseAsync(workspace, enterprise, stop);
        }
    }

    // Only an envelope says to which organisation a workspace belongs; what is posted there later must know it.
    private async Task RecogniseAsync(string workspace, string enterprise, CancellationToken stop)
    {
        try
        {
            await installations.FindAsync(workspace, enterprise, stop);
        }
        catch (Exception fault) when (fault is Outbound.SlackFault || Core.Chat.StoreUnavailable.IsCause(fault))
        {
            // The next event tries again.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Slack holds back events of {Workspace}: more than 30,000 in an hour")]
        public static partial void Limited(ILogger log, string? workspace);
    }
}
