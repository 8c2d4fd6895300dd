using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems;

/// <summary>Shows, privately, everything that has happened to an item.</summary>
public sealed class ShowHistory(BotDb db, FindItem find) : IHandle<CommandInvoked>
{
    public const string Verb = "action history";

    private const int Most = 50;

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.NamedAsync(e, turn, open: false, stop);
        if (found.Item is not { } item)
        {
            return found.Otherwise;
        }

        var changes = (await db.ActionChanges.AsNoTracking().Where(c => c.ItemId == item.Id).ToListAsync(stop)).OrderByDescending(c => c.At).ThenByDescending(c => c.Id).Take(Most).Reverse().ToList();
        return Answer.Private(ActionWording.History(item, changes));
    }
}
