using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems;

/// <summary>The item that is meant, or what is said instead.</summary>
/// <param name="Rest">What followed its name.</param>
public sealed record FoundItem(ActionItem? Item, RichText Rest, Answer Otherwise);

/// <summary>Finds the action item that a person means, among those that they may see.</summary>
public sealed partial class FindItem(BotDb db, FindIncident find, Permissions permissions)
{
    private const int MostToPick = 10;

    /// <param name="key">Its id, or <see cref="ActionItem.Key"/>, as a button carries it.</param>
    public async Task<ActionItem?> ByKeyAsync(string? key, Person by, CancellationToken stop)
    {
        var (incident, number) = (key ?? "").Split(':') is [var i, var n] && long.TryParse(i, out var x) && int.TryParse(n, out var y) ? (x, y) : default;
        var id = number == 0 && long.TryParse(key, out var z) ? z : 0;
        return id == 0 && number == 0 ? null
            : await db.ActionItems.Include(a => a.Incident).FirstOrDefaultAsync(a => (number == 0 ? a.Id == id : a.IncidentId == incident && a.Number == number) && permissions.Visible(by).Any(v => v.Id == a.IncidentId), stop);
    }

    /// <summary>Reads “INC-2026-0001/AI-2 …” or “AI-2 …”; where several are meant their reader picks one, and the words are kept.</summary>
    /// <param name="open">True: only those that are still to be done come into question where no incident is named.</param>
    public async Task<FoundItem> NamedAsync(CommandInvoked e, Turn turn, bool open, CancellationToken stop)
    {
        var match = Code().Match(e.Text.Plain);
        if (!match.Success)
        {
            return new(null, e.Text, new WhichItem());
        }

        var number = int.Parse(match.Groups["n"].Value);
        var rest = e.Text.From(match.Length).Trim();
        var code = match.Groups["code"].Success ? CommandReader.NormaliseCode(match.Groups["code"].Value.TrimEnd('/')) : e.In;
        // A number counts within its own incident: it is never led on to the one that a merged incident has become a part of.
        code = code is null ? (await find.HereAsync(turn, stop, follow: false))?.Code : (await find.ByCodeAsync(code, turn.By, stop, follow: false)).Incident?.Code ?? code;
        var (year, n) = CommandReader.ReadCode(code ?? "") ?? default;
        var named = db.ActionItems.Include(a => a.Incident).Where(a => a.Number == number && permissions.Visible(turn.By).Any(i => i.Id == a.IncidentId));
        named = code is not null ? named.Where(a => a.Incident!.Year == year && a.Incident.Number == n)
            : open ? named.Where(ActionItem.StillOpen).Where(a => !a.Incident!.Replayed) : named.Where(a => !a.Incident!.Replayed);
        var candidates = await named.OrderByDescending(a => a.OwnerId == turn.By.Id).ThenByDescending(a => a.CreatedAt).Take(MostToPick).ToListAsync(stop);
        return candidates switch
        {
            [] => new(null, rest, new NoSuchItem($"{(code is null ? "" : code + "/")}AI-{number}")),
            [var item] => new(item, rest, Answer.None),
            _ => new(null, rest, Answer.Private(ActionWording.Which(e.Verb, number, candidates, string.Concat(rest.Spans.Select(s => s.Kind == SpanKind.User ? $"<@{s.Target}>" : s.Text))))),
        };
    }

    [GeneratedRegex(@"^\s*(?<code>INC-\d{4}-\d{1,7}/)?(?:AI-?)?(?<n>\d{1,5})\b[\s:]*", RegexOptions.IgnoreCase)]
    private static partial Regex Code();
}

/// <summary>Goes on with a command for the item that was picked.</summary>
public sealed partial class PickItem(FindItem find) : IHandle<ButtonPressed>
{
    public const string Key = "action-items.pick";

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop) =>
        (e.Value ?? "").Split('|', 3) is [var verb, var id, var rest] && await find.ByKeyAsync(id, turn.By, stop) is { } item
            ? new GoOnAnswer(new CommandInvoked(e.GestureId, e.By, e.Place, e.At, verb, WithMentions($"{item.FullCode} {rest}"))) : new NoLongerWorks();

    // A button carries plain words; who was meant stands in them by their id.
    private static RichText WithMentions(string text)
    {
        var spans = new List<Span>();
        var at = 0;
        foreach (Match match in Mention().Matches(text))
        {
            spans.AddRange(RichText.WithLinks(text[at..match.Index]).Spans);
            spans.Add(new(SpanKind.User, $"@{match.Groups[1].Value}", match.Groups[1].Value));
            at = match.Index + match.Length;
        }

        return new([.. spans, .. RichText.WithLinks(text[at..]).Spans]);
    }

    [GeneratedRegex(@"<@([^>\s]+)>")]
    private static partial Regex Mention();
}

/// <summary>Which item is meant?</summary>
public sealed record WhichItem : Refusal
{
    public override string Sentence => "Which action is meant? Name it: `/incident done AI-2 LINK`, or in full INC-2026-0001/AI-2. `/incident actions` shows them.";
}

/// <summary>No such open item.</summary>
public sealed record NoSuchItem(string Code) : Refusal
{
    public override string Sentence => $"There is no open action {Code} that you can see. `/incident actions open` lists them.";
}
