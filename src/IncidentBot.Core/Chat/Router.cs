using System.Data.Common;
using System.Diagnostics;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Core.Chat;

/// <summary>What wraps every handler: scope, person, guest rule, one save, a second try after contention, and words for what went wrong.</summary>
public sealed partial class Router(
    IServiceScopeFactory scopes, RouteTable routes, RoomLocks locks, Signals signals, Meters meters, PlayClocks plays, TimeProvider time, ILogger<Router> log)
{
    private const int Tries = 24;

    /// <summary>Handles one event in its own scope and saves once.</summary>
    /// <exception cref="StoreUnavailable">The database did not take the write; nothing was changed and nobody was told.</exception>
    public async Task<Answer> DispatchAsync(ChatEvent e, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        var answer = await TryAsync(e, stop);
        if (e is Gesture)
        {
            meters.Answered(routes.Find(e) is null ? null : e.Key, answer, time.GetElapsedTime(began));
        }

        return answer;
    }

    private async Task<Answer> TryAsync(ChatEvent e, CancellationToken stop)
    {
        using var span = Tracing.Source.StartActivity(routes.Find(e) is null ? e.GetType().Name : $"{e.GetType().Name} {e.Key}".TrimEnd());
        using var room = await locks.EnterAsync(e.Place, stop);
        for (var attempt = 1; ; attempt++)
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<BotDb>();
            try
            {
                var answer = await HandleAsync(scope.ServiceProvider, db, e, stop);
                if (answer is not (RefusedAnswer or FieldErrorsAnswer) && db.ChangeTracker.HasChanges())
                {
                    await db.SaveChangesAsync(stop);
                    signals.Changed();
                }

                return answer;
            }
            catch (DbUpdateException fault) when (db.IsContention(fault) && attempt < Tries)
            {
                Log.Again(log, e.GetType().Name, attempt);
            }
            catch (Exception fault) when (StoreUnavailable.IsCause(fault))
            {
                throw new StoreUnavailable(fault);
            }
            catch (Exception fault) when (e is Gesture && fault is not OperationCanceledException)
            {
                var reference = Reference();
                Log.Failed(log, fault, e.GetType().Name, e.Key, reference);
                return new Unexpected(reference);
            }
        }
    }

    /// <summary>Handles an event inside a scope whose owner saves.</summary>
    public async Task<Answer> HandleAsync(IServiceProvider services, BotDb db, ChatEvent e, CancellationToken stop)
    {
        if (e is Gesture again && await db.Gestures.AnyAsync(
            g => g.Platform == e.By.Platform && g.Workspace == e.By.Workspace && g.GestureId == again.GestureId, stop))
        {
            return ChatWording.AlreadyRecorded;
        }

        var by = await services.GetRequiredService<PeopleDirectory>().FindOrAddAsync(e.By, stop);
        var answer = Answer.None;
        for (ChatEvent? next = e; next is not null; next = (answer as GoOnAnswer)?.Next)
        {
            if (routes.Find(next) is not { } route)
            {
                return next is not CommandInvoked ? new NoLongerWorks()
                    : new UnknownVerb(next.Key, Words.TryRead<Status>(next.Key, out var status) && status < Status.Resolved ? $"status {next.Key}" : Nearest.Of(next.Key, routes.Verbs.Where(v => v.Length > 0 && v != "show-timeline")));
            }

            if (by.IsGuest && next is Gesture && !route.Guests)
            {
                return new GuestsMayOnlyLog();
            }

            if (next is CommandInvoked { Files.Count: > 0 } && !route.Files)
            {
                return new FilesGoWithLog(next.Key);
            }

            var now = route.InItsTime && plays.Any && next is not CommandInvoked { In: not null } ? await InPlayAsync(db, next, stop) : next.At;
            answer = await route.RunAsync(services, next, new Turn(by, now, next.Place), stop);
        }

        if (e is Gesture gesture && db.ChangeTracker.HasChanges())
        {
            db.Gestures.Add(new HandledGesture
            {
                Platform = e.By.Platform,
                Workspace = e.By.Workspace,
                GestureId = gesture.GestureId,
                At = e.At,
            });
        }

        return answer;
    }

    // In the room of an incident that is played from a file it is the file's time.
    private async Task<DateTimeOffset> InPlayAsync(BotDb db, ChatEvent e, CancellationToken stop)
    {
        var room = e.By.UserId.Length == 0 ? null : await db.Rooms.AsNoTracking().FirstOrDefaultAsync(
            r => r.Platform == e.Place.Platform && r.Workspace == e.Place.Workspace && r.Channel == e.Place.Channel, stop);
        return plays.Of(room?.IncidentId)?.Stamp() ?? e.At;
    }

    /// <summary>A short id that stands in the log and in what the person reads.</summary>
    public static string Reference() => Guid.NewGuid().ToString("N")[..8];

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "{Event} met another change and is handled again (attempt {Attempt})")]
        public static partial void Again(ILogger log, string @event, int attempt);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Event} {Key} failed, reference {Reference}")]
        public static partial void Failed(ILogger log, Exception fault, string @event, string key, string reference);
    }
}

/// <summary>The database cannot take a write at the moment; whoever sent the event should send it again.</summary>
public sealed class StoreUnavailable : Exception
{
    public StoreUnavailable()
    {
    }

    public StoreUnavailable(string message)
        : base(message)
    {
    }

    public StoreUnavailable(string message, Exception inner)
        : base(message, inner)
    {
    }

    public StoreUnavailable(Exception cause)
        : base("The database cannot take a write at the moment.", cause)
    {
    }

    /// <summary>True for faults of the database itself or of the way to it.</summary>
    public static bool IsCause(Exception fault) =>
        fault is DbException or TimeoutException || (fault is DbUpdateException or InvalidOperationException or IOException && fault.InnerException is { } inner && IsCause(inner));
}

/// <summary>Where trace spans come from.</summary>
public static class Tracing
{
    public static readonly ActivitySource Source = new("IncidentBot");
}
