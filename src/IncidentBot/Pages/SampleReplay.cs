using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Replay;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Pages;

/// <summary>Plays the sample outage live in the web chat, so that a visitor sees the whole product without typing.</summary>
public sealed partial class SampleReplay(
    FilePlayer player, PlayClocks plays, IServiceScopeFactory scopes, Signals signals, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<SampleReplay> log)
    : IDisposable
{
    /// <summary>Two hours and a quarter in about a minute and a half.</summary>
    private const double Speed = 90;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _starting = new(1, 1);

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/chat/sample", async (HttpContext http, SampleReplay replay) =>
        LocalOnly.IsLocal(http) ? Results.Json(new { room = await replay.StartAsync(http.RequestAborted) }) : Results.StatusCode(401)).ExcludeFromDescription();

    public void Dispose() => _starting.Dispose();

    /// <summary>Starts the play, or finds the one that runs; answers its room, null while that is not made yet.</summary>
    private async Task<string?> StartAsync(CancellationToken stop)
    {
        await _starting.WaitAsync(stop);
        try
        {
            if (plays.Playing.Count == 0)
            {
                var declared = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _ = Task.Run(() => PlayAsync(declared), CancellationToken.None);
                await declared.Task.WaitAsync(stop);
            }
        }
        finally
        {
            _starting.Release();
        }

        return await RoomAsync(stop);
    }

    private async Task PlayAsync(TaskCompletionSource declared)
    {
        try
        {
            await player.PlayAsync(IncidentFileReader.Read(Sample.Json), import: false, Speed, lifetime.ApplicationStopping, LongestWait, _ => declared.TrySetResult());
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            declared.TrySetCanceled(CancellationToken.None);
        }
        catch (Exception fault)
        {
            Log.Failed(log, fault);
            declared.TrySetException(fault);
        }
    }

    private async Task<string?> RoomAsync(CancellationToken stop)
    {
        // The courier makes the room in a moment; a page that has to wait longer finds it in its list.
        var until = time.GetUtcNow().AddSeconds(3);
        while (true)
        {
            var next = signals.NextToSee;
            await using (var scope = scopes.CreateAsyncScope())
            {
                var db = scope.ServiceProvider.GetRequiredService<BotDb>();
                var playing = plays.Playing;
                if (await db.Rooms.Where(r => playing.Contains(r.IncidentId) && r.Channel != null).Select(r => r.Channel).FirstOrDefaultAsync(stop) is { } room)
                {
                    return room;
                }
            }

            var left = until - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            await Task.WhenAny(next, Task.Delay(left, time, stop));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The sample could not be played to its end")]
        public static partial void Failed(ILogger log, Exception fault);
    }
}
