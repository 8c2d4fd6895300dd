using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems;

/// <summary>Lists action items: of this incident, or mine, open, overdue or all of the workspace.</summary>
public sealed class ShowItems(BotDb db, FindIncident find, Permissions permissions) : IHandle<CommandInvoked>
{
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
                items = items.Where(a => a.OwnerId == turn.By.Id && a.State != ActionState.Done);
                break;
            case "open":
                items = items.Where(a => a.State != ActionState.Done && !a.Incident!.Replayed);
                break;
            case "overdue":
                items = items.Where(a => a.State != ActionState.Done && a.Due < today && !a.Incident!.Replayed);
                break;
            case "all":
                items = items.Where(a => !a.Incident!.Replayed);
                break;
            default:
                return new WhichItems(which);
        }

        var listed = await items.OrderBy(a => a.State == ActionState.Done).ThenBy(a => a.Due == null).ThenBy(a => a.Due).ThenBy(a => a.Id).Take(50).ToListAsync(stop);
        return Answer.Private(ActionWording.List(which, listed, today));
    }
}

/// <summary>Marks an action item as done.</summary>
public sealed partial class FinishItem(BotDb db, FindIncident find, Permissions permissions) : IHandle<CommandInvoked>, IHandle<ButtonPressed>
{
    public const string PickKey = "action-items.done";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var match = Code().Match(e.Text.Plain);
        if (!match.Success)
        {
            return new DoneWhat();
        }

        var number = int.Parse(match.Groups["n"].Value);
        var link = e.Text.From(match.Length).Trim().Plain;
        var code = match.Groups["code"].Success ? CommandReader.NormaliseCode(match.Groups["code"].Value.TrimEnd('/')) : e.In;
        // A number counts within its own incident: it is never led on to the one that a merged incident has become a part of.
        code = code is null ? (await find.HereAsync(turn, stop, follow: false))?.Code : (await find.ByCodeAsync(code, turn.By, stop, follow: false)).Incident?.Code ?? code;
        var candidates = await OpenAsync(number, code, turn, stop);

        return candidates switch
        {
            [] => new NoSuchItem($"{(code is null ? "" : code + "/")}AI-{number}"),
            [var item] => Finish(item, link, turn),
            _ => Answer.Private(ActionWording.Which(number, candidates, link)),
        };
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var parts = (e.Value ?? "").Split('|', 2);
        var id = long.TryParse(parts[0], out var key) ? key : 0;
        var item = await db.ActionItems.Include(a => a.Incident)
            .FirstOrDefaultAsync(a => a.Id == id && permissions.Visible(turn.By).Any(i => i.Id == a.IncidentId), stop);
        return item is null ? new NoLongerWorks() : Finish(item, parts.ElementAtOrDefault(1) ?? "", turn);
    }

    private Task<List<ActionItem>> OpenAsync(int number, string? code, Turn turn, CancellationToken stop)
    {
        var (year, n) = CommandReader.ReadCode(code ?? "") ?? default;
        return db.ActionItems.Include(a => a.Incident)
            .Where(a => a.Number == number && permissions.Visible(turn.By).Any(i => i.Id == a.IncidentId)
                && (code == null ? a.State != ActionState.Done && !a.Incident!.Replayed : a.Incident!.Year == year && a.Incident.Number == n))
            .OrderByDescending(a => a.CreatedAt).Take(10).ToListAsync(stop);
    }

    private static Answer Finish(ActionItem item, string link, Turn turn)
    {
        if (item.State == ActionState.Done)
        {
            return new AlreadyDone($"{item.Incident!.Code}/{item.Code}", item.CompletedAt);
        }

        var was = item.State;
        (item.State, item.CompletedAt, item.CompletedLink) = (ActionState.Done, turn.Now, link.Length == 0 ? null : link);
        item.Incident!.Record(new Acting(turn.By, turn.Now).System(ActionWording.DoneEntry(item), was.Word(), ActionState.Done.Word()));
        return Answer.Private(ActionWording.Done(item));
    }

    [GeneratedRegex(@"^\s*(?<code>INC-\d{4}-\d{1,7}/)?(?:AI-?)?(?<n>\d{1,5})\b\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Code();
}

/// <summary>No such list of items.</summary>
public sealed record WhichItems(string Word) : Refusal
{
    public override string Sentence => $"I know no list `{RichText.Briefly(Word, 30)}`. Type `/incident actions mine`, `open`, `overdue` or `all`; alone it shows those of this incident.";
}

/// <summary>Which item is done?</summary>
public sealed record DoneWhat : Refusal
{
    public override string Sentence => "Which action is done? Type `/incident done AI-2 LINK`. `/incident actions` shows them.";
}

/// <summary>No such open item.</summary>
public sealed record NoSuchItem(string Code) : Refusal
{
    public override string Sentence => $"There is no open action {Code} that you can see. `/incident actions open` lists them.";
}

/// <summary>The item is done already.</summary>
public sealed record AlreadyDone(string Code, DateTimeOffset? At) : Refusal
{
    public override string Sentence => $"{Code} was already marked as done{(At is { } at ? $" on {at:yyyy-MM-dd}" : "")}.";
}
