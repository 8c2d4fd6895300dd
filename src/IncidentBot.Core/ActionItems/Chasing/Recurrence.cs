using IncidentBot.Core.ActionItems.Policy;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems.Chasing;

/// <summary>When a class of incidents comes again: its open prevention becomes urgent and is named in both rooms; at the third time those who lead hear of it.</summary>
public sealed class Recurrence(BotDb db, Policies policies, Installation installation)
{
    private const int ForManagement = 3;

    private const int Urgent = 1;

    /// <summary>Looks once at an incident that is over; what has been said about it is not said again.</summary>
    public async Task LookAsync(Incident incident, DateTimeOffset now, CancellationToken stop)
    {
        if (incident.Class is not { } of || incident.Private || incident.Drill || incident.Replayed || incident.Imported)
        {
            return;
        }

        var since = incident.DeclaredAt - ReviewPolicy.Memory;
        var earlier = await db.Incidents.Where(i => i.Workspace == incident.Workspace && i.Class == of && i.Id != incident.Id && i.DeclaredAt >= since && i.DeclaredAt <= incident.DeclaredAt
            && !i.Drill && !i.Replayed && !i.Private && i.Status != Status.Cancelled && i.Status != Status.Merged).OrderBy(i => i.DeclaredAt).ToListAsync(stop);
        var kind = $"recurrence:{incident.Code}:{of}";
        if (earlier.Count == 0 || await db.Overviews.AnyAsync(o => o.Platform == incident.Platform && o.Workspace == incident.Workspace && o.Kind == kind, stop))
        {
            return;
        }

        db.Overviews.Add(new Overview { Platform = incident.Platform, Workspace = incident.Workspace, Kind = kind, Period = $"{now:yyyy-MM-dd}", At = now });
        var ids = earlier.ConvertAll(i => i.Id);
        var open = await db.ActionItems.Include(a => a.Incident).Where(ActionItem.StillOpen).Where(a => ids.Contains(a.IncidentId)).OrderBy(a => a.Id).ToListAsync(stop);
        var (bot, book) = (Person.Bot(incident.Platform, incident.Workspace), await policies.OfAsync(incident.Workspace, stop));
        var owned = open.Select(i => i.OwnerId).OfType<long>().Distinct().ToList();
        var zones = (await db.People.Where(p => owned.Contains(p.Id)).ToListAsync(stop)).ToDictionary(p => p.Id, p => p.Zone);
        foreach (var (then, items) in open.Where(a => a.Type == ActionType.Prevent).GroupBy(a => a.IncidentId).Select(g => (earlier.First(i => i.Id == g.Key), g.ToList())))
        {
            foreach (var item in items.Where(i => i.Priority != Urgent))
            {
                item.Priority = Urgent;
                // What is urgent now is due earlier, unless people have named a day.
                if ((item.Due is null || item.DueByPolicy) && book.DateFor(then, item, zones.GetValueOrDefault(item.OwnerId ?? 0, TimeZoneInfo.Utc), now) is { } due && !(item.Due <= due))
                {
                    item.SetDue(due, now, byPolicy: true);
                }

                item.Note(ChaseWording.UrgentNote(item, incident), null, bot, now);
            }

            var card = ChaseWording.WouldHavePrevented(incident, then, items, earlier.Count + 1);
            db.Outbox.Add(OutboxRow.ToRoom(incident, card));
            if (!then.Imported)
            {
                db.Outbox.Add(OutboxRow.ToRoom(then, card));
            }

            var owners = items.Select(i => i.OwnerId).OfType<long>().Distinct().ToList();
            foreach (var owner in await db.People.Where(p => owners.Contains(p.Id) && !p.IsGone).ToListAsync(stop))
            {
                db.Outbox.Add(OutboxRow.ToPerson(owner.Ref, ChaseWording.WouldHavePrevented(incident, then, [.. items.Where(i => i.OwnerId == owner.Id)], earlier.Count + 1), then.Id, installation.WorkingDay.NextWorking(now, owner.Zone)));
            }
        }

        if (earlier.Count + 1 >= ForManagement)
        {
            var card = ChaseWording.Management(incident, earlier.Count + 1, open.Count);
            incident.Record(new Acting(bot, now).InReview(ChaseWording.ManagementEntry(card)));
            db.Outbox.Add(installation.FollowUps.Leadership is { } channel ? OutboxRow.ToChannelOf(incident.Platform, incident.Workspace, [channel], card) : OutboxRow.ToRoom(incident, card));
        }
    }
}
