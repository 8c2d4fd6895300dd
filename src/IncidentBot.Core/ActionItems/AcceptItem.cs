using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems;

/// <summary>Accepts a proposed item in spite of what it lacks, for a reason that the document prints.</summary>
public sealed partial class AcceptItem(BotDb db, FindIncident find, Permissions permissions, Proposals proposals, Installation installation) : IHandle<CommandInvoked>
{
    public const string Verb = "review accept";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var match = Item().Match(e.Text.Plain);
        if (!match.Success)
        {
            return new GoOnAnswer(e with { Verb = "review accept-finding" });
        }

        var found = await find.ForEntryAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        var review = await db.Reviews.FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop);
        if (review?.FacilitatorId != turn.By.Id && !await permissions.MayCommandAsync(turn.By, incident, stop))
        {
            return new OnlyTheCommanderMay("accept unfinished actions of", incident.Code);
        }

        var number = int.Parse(match.Groups[1].Value);
        var why = e.Text.Plain[match.Length..].Trim(' ', ':');
        why = why.StartsWith("because ", StringComparison.OrdinalIgnoreCase) ? why["because ".Length..] : why;
        if (await db.ActionItems.FirstOrDefaultAsync(a => a.IncidentId == incident.Id && a.Number == number, stop) is not { IsOpen: true } item)
        {
            return new NoSuchItem($"{incident.Code}/AI-{number}");
        }

        if (why.Length == 0)
        {
            return new AcceptWhy(item.Code);
        }

        item.AcceptedBecause = $"{why} ({turn.By.Name})";
        var advice = await proposals.LookAsync(incident, item, turn.Now, stop);
        item.Note(ActionWording.AcceptedNote, why, turn.By, turn.Now);
        incident.Record(new Acting(turn.By, turn.Now).OnItem(incident, ActionWording.AcceptedEntry(item, why)));
        return Answer.Private(ActionWording.Receipt(incident, item, null, advice, installation.WorkingDay));
    }

    [GeneratedRegex(@"^\s*AI-?(\d{1,5})\b\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Item();
}

/// <summary>Acceptance wants a reason.</summary>
public sealed record AcceptWhy(string Code) : Refusal
{
    public override string Sentence => $"For which reason is {Code} accepted as it is? `/incident review accept {Code} because REASON`; the document prints it.";
}
