using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentBot.Core.Chat;
using IncidentBot.Slack.Inbound;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Slack.Sockets;

/// <summary>Reads the frames of one socket and acknowledges each on the socket that it came on, once it is stored or answered.</summary>
public sealed partial class SocketFrames(SlackDeliveries deliveries, SlackGestures gestures, ILogger<SocketFrames> log)
{
    private const int LargestFrame = 1024 * 1024;

    public async Task<SocketEnd> ReadAsync(WebSocket socket, SocketLife life, CancellationToken stop)
    {
        using var writing = new SemaphoreSlim(1, 1);
        var work = new List<Task>();
        var chunk = new byte[16 * 1024];
        try
        {
            while (socket.State is WebSocketState.Open or WebSocketState.CloseSent)
            {
                using var frame = new MemoryStream();
                WebSocketReceiveResult received;
                do
                {
                    received = await socket.ReceiveAsync(chunk, stop);
                    frame.Write(chunk, 0, received.Count);
                }
                while (!received.EndOfMessage && frame.Length <= LargestFrame);
                if (received.MessageType == WebSocketMessageType.Close || frame.Length > LargestFrame)
                {
                    break;
                }

                work.RemoveAll(t => t.IsCompleted);
                work.Add(HandleAsync(socket, frame.ToArray(), life, writing, stop));
            }
        }
        finally
        {
            await Task.WhenAll(work).WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return life.End;
    }

    private async Task HandleAsync(WebSocket socket, byte[] bytes, SocketLife life, SemaphoreSlim writing, CancellationToken stop)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            var frame = json.RootElement;
            switch (frame.Text("type"))
            {
                case "hello":
                    life.Lasts = frame.Number("debug_info", "approximate_connection_time") is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
                    life.Hello.TrySetResult();
                    return;
                case "disconnect":
                    life.End = frame.Text("reason") == "link_disabled" ? SocketEnd.SwitchedOff : SocketEnd.Refreshed;
                    life.Refresh.TrySetResult();
                    return;
            }

            if (frame.Text("envelope_id") is not { } envelope || frame.At("payload") is not { } payload)
            {
                return;
            }

            string? answer = null;
            switch (frame.Text("type"))
            {
                case "events_api":
                    await deliveries.TakeAsync(payload, Encoding.UTF8.GetBytes(payload.GetRawText()), stop);
                    break;
                case "slash_commands":
                    answer = await gestures.CommandAsync(name => payload.At(name) is { } value ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText() : null, stop);
                    break;
                case "interactive":
                    answer = await gestures.InteractiveAsync(payload, stop);
                    break;
            }

            var acknowledgement = new JsonObject { ["envelope_id"] = envelope };
            if (answer is not null && frame.Flag("accepts_response_payload"))
            {
                acknowledgement["payload"] = JsonNode.Parse(answer);
            }

            await SendAsync(socket, acknowledgement.ToJsonString(SlackJson.Options), writing, stop);
        }
        catch (StoreUnavailable)
        {
            // Not stored, so not acknowledged: Slack sends it again.
            Log.NotStored(log);
        }
        catch (Exception fault) when (fault is JsonException or WebSocketException or ObjectDisposedException or IOException)
        {
            Log.Frame(log, fault.GetType().Name);
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            // Not acknowledged: Slack sends events again.
            Log.Failed(log, fault, Router.Reference());
        }
    }

    private static async Task SendAsync(WebSocket socket, string text, SemaphoreSlim writing, CancellationToken stop)
    {
        await writing.WaitAsync(stop);
        try
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, stop);
        }
        finally
        {
            writing.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "An event was not stored, and so not acknowledged to Slack")]
        public static partial void NotStored(ILogger log);

        [LoggerMessage(Level = LogLevel.Error, Message = "A frame of Slack failed, reference {Reference}")]
        public static partial void Failed(ILogger log, Exception fault, string reference);

        [LoggerMessage(Level = LogLevel.Warning, Message = "A frame of Slack could not be handled ({Fault})")]
        public static partial void Frame(ILogger log, string fault);
    }
}
