using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Respond;

/// <summary>Asks, once, who takes command of an incident that nobody has taken.</summary>
public sealed class AskForCommander(BotDb db) : IHandle<AlarmRang>
{
    public const string Key = "respond.ask-for-commander";

    /// <summary>How long an incident may be without a commander before the bot asks.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The alarm of a new incident, or null for one that happens nowhere but on paper.</summary>
    public static Alarm? For(Incident incident, DateTimeOffset now) =>
        incident.Replayed || incident.Imported || incident.Backfilled ? null : new() { IncidentId = incident.Id, Key = Key, DueAt = now + Patience };

    public async Task<Answer> HandleAsync(AlarmRang e, Turn turn, CancellationToken stop)
    {
        var incident = await db.Incidents.FirstAsync(i => i.Id == e.IncidentId, stop);
        if (!incident.IsOpen || await db.RoleAssignments.AnyAsync(r => r.IncidentId == incident.Id && r.Role == Role.Commander && r.To == null, stop))
        {
            return Answer.None;
        }

        db.Outbox.Add(OutboxRow.ToRoom(incident, RespondWording.NobodyCommands(incident)));
        var room = await db.Rooms.AsNoTracking().FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop);
        if (!incident.Private && room?.IsThread != true)
        {
            db.Outbox.Add(OutboxRow.ToRoom(incident, RespondWording.NobodyCommands(incident), home: true));
        }

        return Answer.None;
    }
}
