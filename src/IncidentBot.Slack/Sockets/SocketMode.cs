using System.Net.WebSockets;
using IncidentBot.Core.Delivery;
using IncidentBot.Slack.Outbound;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Slack.Sockets;

/// <summary>Keeps several sockets to Slack open, staggered, so that one is always there while another is renewed.</summary>
public sealed partial class SocketMode(
    SlackSettings settings, SlackApi api, SocketFrames frames, SocketHealth health, Signals signals, SlackPace pace, TimeProvider time, ILogger<SocketMode> log) : BackgroundService
{
    private const int Connections = 2;

    private static readonly TimeSpan Stagger = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    // Renewed before Slack says that it is time.
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(30);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, Connections).Select(n => KeepAsync(n, stoppingToken)));

    private async Task KeepAsync(int number, CancellationToken stop)
    {
        await Task.Delay(Stagger * number / pace.Scale, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            try
            {
                var ended = await RunAsync(number, stop);
                if (ended != SocketEnd.SwitchedOff)
                {
                    throw new SlackFault(SlackTrouble.Unknown, "closed", "the socket was closed");
                }

                if (ended == SocketEnd.SwitchedOff)
                {
                    health.Down(number, "Socket Mode is switched off in the app's settings");
                    Log.SwitchedOff(log);
                    await Task.Delay(Longest, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
            catch (Exception fault) when (!stop.IsCancellationRequested)
            {
                // What has worked for a while has not failed before.
                failures = time.GetElapsedTime(began) > Longest ? 1 : failures + 1;
                health.Down(number, fault is SlackFault slack ? slack.Error : fault.GetType().Name);
                Log.Broken(log, number, fault is SlackFault s ? s.Message : fault.GetType().Name);
                var wait = fault is SlackFault { RetryAfter: { } asked } ? asked : TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, 5 * failures * (0.75 + (Random.Shared.NextDouble() / 2))));
                await Task.Delay(wait / pace.Scale, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    // One socket from its opening to its end; its successor is opened before it closes.
    private async Task<SocketEnd> RunAsync(int number, CancellationToken stop)
    {
        ClientWebSocket? old = null;
        Task<SocketEnd>? oldReading = null;
        try
        {
            while (true)
            {
                ClientWebSocket socket;
                SocketLife life;
                Task<SocketEnd> reading;
                try
                {
                    (socket, life, reading) = await GreetedAsync(stop);
                }
                catch (Exception fault) when (oldReading is { IsCompleted: false } && !stop.IsCancellationRequested)
                {
                    // The old one still works: it is kept until it ends, or until another can be had.
                    Log.Broken(log, number, fault is SlackFault slack ? slack.Message : fault.GetType().Name);
                    await Task.WhenAny(oldReading, Task.Delay(Stagger / pace.Scale, time, stop));
                    continue;
                }

                var opened = time.GetTimestamp();
                health.Up(number);
                signals.Changed();
                if (old is not null)
                {
                    // What was on its way still arrives and is acknowledged on the old socket.
                    await CloseAsync(old, oldReading!, stop);
                }

                (old, oldReading) = (socket, reading);
                var due = life.Lasts is { } lasts ? lasts - Ahead : Timeout.InfiniteTimeSpan;
                using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop);
                var renew = Task.Delay(due < TimeSpan.Zero && due != Timeout.InfiniteTimeSpan ? TimeSpan.FromSeconds(5) : due, time, waiting.Token);
                var first = await Task.WhenAny(reading, life.Refresh.Task, renew);
                await waiting.CancelAsync();
                stop.ThrowIfCancellationRequested();
                if (first == reading || life.End == SocketEnd.SwitchedOff)
                {
                    var end = await reading;
                    health.Down(number, "renewing");
                    if (end != SocketEnd.Refreshed)
                    {
                        return end;
                    }

                    (old, oldReading) = (null, null);
                    socket.Dispose();
                }

                if (time.GetElapsedTime(opened) < Soon)
                {
                    // Slack that asks for another at once, as when there are too many, is not asked at once.
                    await Task.Delay(Stagger / pace.Scale, time, stop);
                }
            }
        }
        finally
        {
            health.Down(number, "closed");
            old?.Dispose();
        }
    }

    // A socket counts once Slack has greeted on it.
    private async Task<(ClientWebSocket Socket, SocketLife Life, Task<SocketEnd> Reading)> GreetedAsync(CancellationToken stop)
    {
        var socket = await OpenAsync(stop);
        var life = new SocketLife();
        var reading = frames.ReadAsync(socket, life, stop);
        if (await Task.WhenAny(life.Hello.Task, reading) == life.Hello.Task)
        {
            return (socket, life, reading);
        }

        socket.Dispose();
        await reading;
        throw new SlackFault(SlackTrouble.Unknown, "closed", "the socket was closed before Slack greeted on it");
    }

    private async Task<ClientWebSocket> OpenAsync(CancellationToken stop)
    {
        var answer = await api.CallAsync("app", settings.AppToken, "apps.connections.open", new Dictionary<string, object?>(), stop);
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(10);
        socket.Options.KeepAliveTimeout = Silence;
        try
        {
            await socket.ConnectAsync(new Uri(answer.Text("url") ?? throw new SlackFault(SlackTrouble.Unknown, "no_url")), stop);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task CloseAsync(ClientWebSocket socket, Task<SocketEnd> reading, CancellationToken stop)
    {
        try
        {
            if (socket.State == WebSocketState.Open)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
                patience.CancelAfter(TimeSpan.FromSeconds(10));
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
                await reading.WaitAsync(patience.Token);
            }
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or IOException)
        {
            // It was on its way out.
        }
        finally
        {
            socket.Dispose();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Slack socket {Number} is down: {Fault}")]
        public static partial void Broken(ILogger log, int number, string fault);

        [LoggerMessage(Level = LogLevel.Error, Message = "Socket Mode is switched off in the app's settings; switch it on, or set Slack:SigningSecret and let events come over HTTP")]
        public static partial void SwitchedOff(ILogger log);
    }
}

/// <summary>Why a socket ended.</summary>
public enum SocketEnd
{
    Closed,
    Refreshed,
    SwitchedOff,
}

/// <summary>What a socket has said of itself.</summary>
public sealed class SocketLife
{
    public TaskCompletionSource Hello { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when Slack asks for another socket in its place.</summary>
    public TaskCompletionSource Refresh { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How long Slack means to keep it.</summary>
    public TimeSpan? Lasts { get; set; }

    public SocketEnd End { get; set; }
}

/// <summary>How the sockets fare, for those who ask whether the bot is ready.</summary>
public sealed class SocketHealth
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<int, string?> _sockets = new();

    public void Up(int number) => _sockets[number] = null;

    public void Down(int number, string why) => _sockets[number] = why;

    /// <summary>How many are up, of how many, and why one is not.</summary>
    public (int Up, int All, string? Fault) State => (_sockets.Values.Count(v => v is null), _sockets.Count, _sockets.Values.FirstOrDefault(v => v is not null));
}
