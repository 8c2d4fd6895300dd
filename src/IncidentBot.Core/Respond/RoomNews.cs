using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Respond;

/// <summary>Tells the room in one line what has changed, so that nobody has to read it off the card.</summary>
public sealed class RoomNews(BotDb db)
{
    /// <summary>Says what an automatic entry records; nothing is said of what is played from a file or written down afterwards.</summary>
    public void Tell(Incident incident, TimelineEntry entry, Person by)
    {
        if (by.Id != 0 && !incident.Imported && !incident.Backfilled)
        {
            db.Outbox.Add(OutboxRow.ToRoom(incident, RespondWording.News(entry, by)));
        }
    }
}
