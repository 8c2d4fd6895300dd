using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Home;

/// <summary>Shows a person on the bot's own page what is open, what is theirs to do, and what waits for their answer.</summary>
public sealed class ShowHome(BotDb db, Permissions permissions) : IHandle<HomeOpened>
{
    private const int Most = 10;

    public async Task<Answer> HandleAsync(HomeOpened e, Turn turn, CancellationToken stop)
    {
        var visible = permissions.Visible(turn.By).Where(i => !i.Replayed && !i.Imported);
        var mine = turn.By.IsGuest ? [] : await visible.Where(Incident.StillOpen)
            .OrderByDescending(i => db.Participants.Any(p => p.IncidentId == i.Id && p.PersonId == turn.By.Id)).ThenByDescending(i => i.DeclaredAt).Take(Most).ToListAsync(stop);
        var roles = await db.RoleAssignments.AsNoTracking().Where(r => r.PersonId == turn.By.Id && r.To == null).ToListAsync(stop);
        var items = await db.ActionItems.Include(a => a.Incident).Where(ActionItem.StillOpen).Where(a => a.OwnerId == turn.By.Id && visible.Any(i => i.Id == a.IncidentId))
            .OrderBy(a => a.Due == null).ThenBy(a => a.Due).ThenBy(a => a.Id).Take(Most).ToListAsync(stop);
        var doubts = await db.Entries.AsNoTracking().Where(x => x.Doubt != null && x.RemovedAt == null && x.RedactedAt == null && (x.ActorId == turn.By.Id || x.AddedById == turn.By.Id))
            .Join(visible, x => x.IncidentId, i => i.Id, (x, i) => new HomeWording.Doubt(i.Year, i.Number, i.Id, x.Seq, x.TimeSaid, x.Text)).Take(Most).ToListAsync(stop);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(turn.Now, turn.By.Zone).DateTime);
        db.Outbox.Add(OutboxRow.HomePage(turn.By.Ref, HomeWording.Page(turn.By, mine, roles, items, doubts, today, turn.Now)));
        return Answer.None;
    }
}
