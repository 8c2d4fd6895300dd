using System.Text.RegularExpressions;
using IncidentBot.Core.ActionItems.Chasing;
using IncidentBot.Core.ActionItems.Handling;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Coach;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems;

/// <summary>Keeps an action item as it is typed.</summary>
public sealed partial class ProposeItem(BotDb db, FindIncident find, PeopleDirectory people, Proposals proposals, DigestPosts digests, Installation installation) : IHandle<CommandInvoked>, IHandle<FormSubmitted>
{
    public const string FileKey = "action-items.from-file";
    public const string Text = "text";
    public const string Owner = "owner";
    public const string Type = "type";
    public const string Priority = "priority";
    public const string Due = "due";
    public const string Ticket = "ticket";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        if (e.Text.IsBlank)
        {
            return new ActionWhat();
        }

        if (ItemActs.Read(e) is { } act)
        {
            return new GoOnAnswer(act);
        }

        if (Lines(e.Text) is { Count: > 1 } lines)
        {
            return await ManyAsync(e, lines, turn, stop);
        }

        var code = Known().Match(e.Text.Plain);
        e = code.Groups["in"].Success ? e with { In = CommandReader.NormaliseCode(code.Groups["in"].Value) } : e;
        var found = code.Success ? await find.ForEntryAsync(e, turn, stop) : await find.ForAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        var number = code.Success ? int.Parse(code.Groups["n"].Value) : 0;
        var amended = code.Success ? await db.ActionItems.FirstOrDefaultAsync(a => a.IncidentId == incident.Id && a.Number == number, stop) : null;
        if (code.Success && amended is null)
        {
            return new NoSuchItem($"{incident.Code}/AI-{number}");
        }

        var typed = e.Text.From(code.Length);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(turn.Now, turn.By.Zone).DateTime);
        var words = ActionWords.Read(typed, today);
        if (amended is null && !words.Text.Plain.Any(char.IsLetter))
        {
            return new ActionWhat();
        }

        if (amended is not null && words is { Text.IsBlank: true, OwnerId: null, Team: null, Due: null, DueNotUnderstood: null, Priority: null, Type: null })
        {
            return new GoOnAnswer(e with { Verb = ShowHistory.Verb, Text = RichText.Of(amended.Code), In = incident.Code });
        }

        // A slip in a word such as “blocked” must not take the place of what is to be done.
        if (amended is not null && !words.Text.IsBlank && !IsWhole(words.Text.Plain))
        {
            return new NotOfItem(amended.Code, words.Text.Plain);
        }

        var owner = words.OwnerId is null ? null : await people.FindOrAddAsync(new(turn.By.Platform, turn.By.Workspace, words.OwnerId), stop);
        if (amended is not null)
        {
            return await AmendAsync(incident, amended, words, owner, turn, stop);
        }

        var item = Proposals.Of(incident, words, owner, turn.Now);
        var advice = await proposals.KeepAsync(incident, item, turn.By, turn.Now, stop);
        incident.Record(new Acting(turn.By, turn.Now).OnItem(incident, ActionWording.Kept(item)));
        return Answer.Private(ActionWording.Receipt(incident, item, words.DueNotUnderstood, advice, installation.WorkingDay));
    }

    /// <summary>An item of an incident file stands as written.</summary>
    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        var found = await find.ByFileAsync(e.Context, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        var item = new ActionItem
        {
            IncidentId = incident.Id,
            Number = incident.NextAction(),
            Text = e.Values.GetValueOrDefault(Text) ?? "",
            OwnerName = e.Value(Owner),
            Type = Words.TryRead<ActionType>(e.Value(Type), out var type) ? type : null,
            Priority = ReadPriority(e.Value(Priority)),
            Ticket = e.Value(Ticket),
            State = ActionState.Open,
            CreatedAt = turn.Now,
        };
        item.SetDue(SpokenDate.Read(e.Value(Due) ?? "", DateOnly.FromDateTime(turn.Now.UtcDateTime)), turn.Now);
        db.ActionItems.Add(item);
        return Answer.None;
    }

    // "action AI-2 @bob due friday" gives an item what it still wants.
    private async Task<Answer> AmendAsync(Incident incident, ActionItem item, ActionWords words, Person? owner, Turn turn, CancellationToken stop)
    {
        if (!item.IsOpen)
        {
            return new AlreadyDone($"{incident.Code}/{item.Code}", item.State, item.CompletedAt ?? item.DroppedAt);
        }

        // Nothing is taken from somebody who is there without their having offered it.
        if (owner is not null && item.State != ActionState.Proposed && item.OwnerId is { } has && has != owner.Id && has != turn.By.Id && await db.People.FindAsync([has], stop) is { IsGone: false } holder)
        {
            return new HasAnOwner($"{incident.Code}/{item.Code}", holder.Name);
        }

        // One's own is offered, and theirs once they accept.
        if (owner is { IsGone: false } && owner.Id != turn.By.Id && item.OwnerId == turn.By.Id && item.State != ActionState.Proposed)
        {
            return new OfferIt(item.Code, owner.Name);
        }

        // A date that somebody has named is moved for a reason.
        if (words.Due is { } day && item is { Due: { } named, DueByPolicy: false } && day != named && item.State != ActionState.Proposed)
        {
            return new NewDateWhen(item.Code);
        }

        Proposals.Amend(item, words, owner, turn.Now);
        var advice = await proposals.DateAndLookAsync(incident, item, turn.Now, stop);
        item.Note(ActionWording.ChangedTo(item), null, turn.By, turn.Now);
        incident.Record(new Acting(turn.By, turn.Now).OnItem(incident, ActionWording.Changed(item)));
        await digests.ShowAsync(item, turn.Now, stop);
        return Answer.Private(ActionWording.Receipt(incident, item, words.DueNotUnderstood, advice, installation.WorkingDay));
    }

    // A pasted list is as many items as it has lines.
    private async Task<Answer> ManyAsync(CommandInvoked e, IReadOnlyList<RichText> lines, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        var (today, kept) = (DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(turn.Now, turn.By.Zone).DateTime), new List<ActionItem>());
        foreach (var words in lines.Select(l => ActionWords.Read(l, today)).Where(w => !w.Text.IsBlank))
        {
            var owner = words.OwnerId is null ? null : await people.FindOrAddAsync(new(turn.By.Platform, turn.By.Workspace, words.OwnerId), stop);
            kept.Add(Proposals.Of(incident, words, owner, turn.Now));
            await proposals.KeepAsync(incident, kept[^1], turn.By, turn.Now, stop, ask: false);
            incident.Record(new Acting(turn.By, turn.Now).OnItem(incident, ActionWording.Kept(kept[^1])));
        }

        return Answer.Private(ActionWording.Several(incident, kept, today));
    }

    // As long as what one can do, and begun as one, or a sentence.
    private static bool IsWhole(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length is var words && (words >= 5 || (words >= 3 && CoachWords.English.BeginsWithVerb(text)));

    private static List<RichText> Lines(RichText text) => [.. text.Lines().Select(l => l.From(Bullet().Match(l.Plain).Length).Trim()).Where(l => !l.IsBlank)];

    [GeneratedRegex(@"^\s*(?:[-*•–]|\d{1,2}[.)])\s+(?:\[[ xX]?\]\s+)?")]
    private static partial Regex Bullet();

    [GeneratedRegex(@"^\s*(?:(?<in>INC-\d{4}-\d{1,7})/)?AI-(?<n>\d{1,5})\b\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Known();

    private static int? ReadPriority(string? word) => word?.Trim().ToLowerInvariant() switch
    {
        "p1" or "1" or "critical" or "high" or "highest" => 1,
        "p2" or "2" or "medium" or "normal" => 2,
        "p3" or "3" or "p4" or "low" or "lowest" => 3,
        _ => null,
    };
}

/// <summary>Neither an act on an item nor words that could stand for it.</summary>
public sealed record NotOfItem(string Code, string Said) : Refusal
{
    private static readonly string[] Acts = ["done", "in progress", "blocked", "snooze", "date", "hand over", "take", "not doing", "verify", "reopen", "history"];

    public override string Sentence => $"I do not understand “{RichText.Briefly(Said, 40)}” of {Code}{(Acts.FirstOrDefault(a => Nearest.Of(Said.ToLowerInvariant(), [a]) is not null) is { } meant ? $". Did you mean `{meant}`?" : ".")} It can be: {string.Join(", ", Acts)}. Other words for it begin with a verb: `/incident action {Code} Add an alert at 80% pool use`. Nothing was changed.";
}

/// <summary>An action needs words.</summary>
public sealed record ActionWhat : Refusal
{
    public override string Sentence => "What is to be done? For example `/incident action Add an alert at 80% pool use @sarah due friday P1 detect`.";
}
