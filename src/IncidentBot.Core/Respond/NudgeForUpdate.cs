using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Respond;

/// <summary>Asks the room for a status update when none has come for a while, and keeps quiet while people are talking.</summary>
public sealed class NudgeForUpdate(BotDb db, FindIncident find, UpdateClock clock) : IHandle<AlarmRang>, IHandle<ButtonPressed>
{
    public const string Key = "respond.nudge-for-update";
    public const string LaterKey = "respond.nudge-later";

    /// <summary>A room in which something was written this recently is talking.</summary>
    public static readonly TimeSpan Talking = TimeSpan.FromMinutes(5);

    public async Task<Answer> HandleAsync(AlarmRang e, Turn turn, CancellationToken stop)
    {
        var incident = await db.Incidents.FirstAsync(i => i.Id == e.IncidentId, stop);
        if (clock.Interval(incident) is not { } every)
        {
            await clock.RestartAsync(incident, turn.Now, stop);
            return Answer.None;
        }

        var lastWord = await db.Transcript.Where(m => m.IncidentId == incident.Id && m.AuthorId != null).MaxAsync(m => m.PostedAt, stop);
        if (lastWord + Talking > turn.Now)
        {
            await clock.RestartAsync(incident, lastWord!.Value, stop, after: Talking);
            return Answer.None;
        }

        var since = await db.Entries.Where(x => x.IncidentId == incident.Id && x.Source == EntrySource.System
            && x.StatusTo == null && x.OldValue == null && x.NewValue == PostUpdate.Sent).MaxAsync(x => x.OccurredAt, stop);
        db.Outbox.Add(OutboxRow.ToRoom(incident, RespondWording.Nudge(incident, since ?? incident.DeclaredAt, since is null, turn.Now)));
        await clock.RestartAsync(incident, turn.Now, stop, after: every);
        return Answer.None;
    }

    /// <summary>“Nothing new”: the clock starts again.</summary>
    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var found = await find.ByIdAsync(e.Value, turn.By, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        await clock.RestartAsync(incident, turn.Now, stop);
        return clock.Interval(incident) is { } every ? Answer.Private(RespondWording.Later(every))
            : incident.IsOpen ? Answer.Private(RespondWording.NotAsked(incident))
            : new NotOpen(incident.Code, incident.Status);
    }
}
