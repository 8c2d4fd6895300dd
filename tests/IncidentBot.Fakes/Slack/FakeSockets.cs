using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IncidentBot.Fakes.Slack;

/// <summary>The sockets of an app: each payload goes to any one of them, and is acknowledged on it.</summary>
public sealed class FakeSockets(FakeWorkspace workspace)
{
    private readonly ConcurrentDictionary<int, WebSocket> _open = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<(int Socket, JsonElement? Payload)>> _waiting = new();
    private int _count;

    /// <summary>How many have been opened so far.</summary>
    public int Opened => _count;

    public int Open => _open.Count;

    /// <summary>The fewest that were open at once, since it was set.</summary>
    public int LeastOpen { get; set; } = int.MaxValue;

    /// <summary>How long Slack means to keep a socket, in seconds.</summary>
    public int Lasts { get; set; } = 3600;

    /// <summary>Sends a payload over one of the sockets and waits until it is acknowledged.</summary>
    /// <returns>What came back with the acknowledgement.</returns>
    public async Task<JsonElement?> SendAsync(string type, JsonObject payload, int? over = null)
    {
        var id = Guid.NewGuid().ToString();
        var acknowledged = _waiting[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var number = over ?? await AnyAsync();
        await WriteAsync(_open[number], new() { ["envelope_id"] = id, ["type"] = type, ["accepts_response_payload"] = type != "events_api", ["payload"] = payload.DeepClone(), ["retry_attempt"] = 0, ["retry_reason"] = "" });
        var (socket, answer) = await acknowledged.Task.WaitAsync(TimeSpan.FromSeconds(20));
        return socket == number ? answer : throw new InvalidOperationException("It was acknowledged on another socket.");
    }

    /// <summary>Waits for so many sockets.</summary>
    public async Task UntilOpenAsync(int count, int opened = 0)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_open.Count < count || _count < opened)
        {
            await Task.Delay(10, patience.Token);
        }
    }

    public Task DisconnectAsync(string reason, int number) => WriteAsync(_open[number], new() { ["type"] = "disconnect", ["reason"] = reason, ["debug_info"] = new JsonObject { ["host"] = "fake" } });

    public IReadOnlyCollection<int> Numbers => [.. _open.Keys.Order()];

    /// <summary>Closes a connection from Slack's side.</summary>
    public void Close(int number) => _ = _open[number].CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

    public async Task UntilClosedAsync(int number)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_open.ContainsKey(number))
        {
            await Task.Delay(10, patience.Token);
        }
    }

    /// <summary>Cuts a connection, as a failing network does.</summary>
    public void Cut(int number) => _open[number].Abort();

    internal async Task RunAsync(WebSocket socket)
    {
        var number = Interlocked.Increment(ref _count);
        await WriteAsync(socket, new() { ["type"] = "hello", ["num_connections"] = _open.Count + 1, ["connection_info"] = new JsonObject { ["app_id"] = workspace.AppId }, ["debug_info"] = new JsonObject { ["host"] = "fake", ["approximate_connection_time"] = Lasts } });
        _open[number] = socket;
        try
        {
            var buffer = new byte[256 * 1024];
            while (socket.State == WebSocketState.Open)
            {
                var count = 0;
                WebSocketReceiveResult received;
                do
                {
                    received = await socket.ReceiveAsync(new ArraySegment<byte>(buffer, count, buffer.Length - count), CancellationToken.None);
                    count += received.Count;
                }
                while (!received.EndOfMessage);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    break;
                }

                using var json = JsonDocument.Parse(buffer.AsMemory(0, count));
                if (_waiting.TryRemove(json.RootElement.GetProperty("envelope_id").GetString()!, out var waiting))
                {
                    waiting.TrySetResult((number, json.RootElement.TryGetProperty("payload", out var payload) ? payload.Clone() : null));
                }
            }
        }
        catch (Exception fault) when (fault is WebSocketException or ObjectDisposedException or OperationCanceledException or IOException)
        {
            // The other side is gone.
        }
        finally
        {
            _open.TryRemove(number, out _);
            LeastOpen = Math.Min(LeastOpen, _open.Count);
        }
    }

    private async Task<int> AnyAsync()
    {
        await UntilOpenAsync(1);
        return _open.Keys.Order().First();
    }

    private static Task WriteAsync(WebSocket socket, JsonObject frame) => socket.SendAsync(Encoding.UTF8.GetBytes(frame.ToJsonString()), WebSocketMessageType.Text, true, CancellationToken.None);
}
