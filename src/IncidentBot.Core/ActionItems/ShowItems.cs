using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems;

/// <summary>Lists action items: of this incident, or mine, open, overdue or all of the workspace.</summary>
public sealed class ShowItems(BotDb db, FindIncident find, Permissions permissions) : IHandle<CommandInvoked>
{
    private const int MostListed = 50;

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var which = e.Text.Plain.Trim().ToLowerInvariant();
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(turn.Now, turn.By.Zone).DateTime);
        var items = db.ActionItems.Include(a => a.Incident).Where(a => permissions.Visible(turn.By).Any(i => i.Id == a.IncidentId));
        switch (which)
        {
            case "":
                var found = await find.ForAsync(e, turn, stop);
                if (found.Missed(out var incident))
                {
                    return found.Answer;
                }

                items = items.Where(a => a.IncidentId == incident.Id);
                which = incident.Code;
                break;
            case "mine":
                items = items.Where(ActionItem.StillOpen).Where(a => a.OwnerId == turn.By.Id);
                break;
            case "open":
                items = items.Where(ActionItem.StillOpen).Where(a => !a.Incident!.Replayed);
                break;
            case "overdue":
                items = items.Where(ActionItem.StillOpen).Where(a => a.Due < today && !a.Incident!.Replayed);
                break;
            case "all":
                items = items.Where(a => !a.Incident!.Replayed);
                break;
            default:
                return new WhichItems(which);
        }

        var all = await items.CountAsync(stop);
        var listed = await items.OrderBy(a => a.State == ActionState.Done || a.State == ActionState.Verified || a.State == ActionState.NotDoing).ThenBy(a => a.Due == null).ThenBy(a => a.Due).ThenBy(a => a.Id).Take(MostListed).ToListAsync(stop);
        return Answer.Private(ActionWording.List(which, listed, all, today));
    }
}

/// <summary>No such list of items.</summary>
public sealed record WhichItems(string Word) : Refusal
{
    public override string Sentence => $"I know no list `{RichText.Briefly(Word, 30)}`. Type `/incident actions mine`, `open`, `overdue` or `all`; alone it shows those of this incident.";
}
