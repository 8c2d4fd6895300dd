using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Respond;

/// <summary>Sets and stops the alarm that asks for a status update.</summary>
public sealed class UpdateClock(BotDb db, Installation installation)
{
    /// <summary>The interval for an incident, or null when it is not nudged.</summary>
    public TimeSpan? Interval(Incident incident) =>
        incident.Replayed || incident.Imported || incident.Backfilled || !incident.IsOpen || incident.Status == Status.Monitoring
            ? null
            : installation.UpdateEvery.TryGetValue(incident.Severity ?? Severity.Assumed, out var every) ? every : null;

    /// <summary>Sets the first alarm of a new incident.</summary>
    public void Start(Incident incident, DateTimeOffset now)
    {
        if (Interval(incident) is { } every)
        {
            db.Alarms.Add(new Alarm { IncidentId = incident.Id, Key = NudgeForUpdate.Key, DueAt = now + every });
        }
    }

    /// <summary>Sets the alarm anew from <paramref name="now"/>, or takes it away when the incident is not nudged any more.</summary>
    public async Task RestartAsync(Incident incident, DateTimeOffset now, CancellationToken stop, TimeSpan? after = null)
    {
        var alarm = await db.Alarms.FirstOrDefaultAsync(a => a.IncidentId == incident.Id && a.Key == NudgeForUpdate.Key, stop);
        if (Interval(incident) is not { } every)
        {
            if (alarm is not null)
            {
                db.Alarms.Remove(alarm);
            }
        }
        else if (alarm is null)
        {
            db.Alarms.Add(new Alarm { IncidentId = incident.Id, Key = NudgeForUpdate.Key, DueAt = now + (after ?? every) });
        }
        else
        {
            alarm.DueAt = now + (after ?? every);
            alarm.Attempts = 0;
        }
    }
}
