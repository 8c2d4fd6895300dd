using IncidentBot.Core.ActionItems.Handling;
using IncidentBot.Core.ActionItems.Policy;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Facilitation.Coach;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems;

/// <summary>Keeps action items as they are said: proposed while something is missing, open once nothing is.</summary>
public sealed class Proposals(BotDb db, PeopleDirectory people, Handled handled, Coaching coaching, Policies policies, Installation installation)
{
    private const int Most = 2;
    private const int MostCompared = 2000;
    private const double Alike = 0.75;

    /// <summary>Keeps one typed line, read like the words behind <c>action</c>.</summary>
    /// <param name="whole">The message from which the line is, for the people whom it mentions.</param>
    /// <param name="answer">The answer of a review in which the line stands, so that the item follows its edits; null: it stands in none.</param>
    /// <returns>What could not be read; null when all is kept.</returns>
    public async Task<string?> FromLineAsync(Incident incident, RichText line, RichText whole, Person? by, DateTimeOffset now, long? answer, CancellationToken stop)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, by?.Zone ?? TimeZoneInfo.Utc).DateTime);
        var words = ActionWords.Read(WithMentions(line, whole), today);
        if (words.Text.IsBlank)
        {
            return new ActionWhat().Sentence;
        }

        if (!IsAction(words))
        {
            return ActionWording.NoAction(words.Text.Plain);
        }

        var owner = words.OwnerId is null || by is null ? null : await people.FindOrAddAsync(new(by.Platform, by.Workspace, words.OwnerId), stop);
        var item = Of(incident, words, owner, now);
        item.AnswerId = answer;
        await KeepAsync(incident, item, by ?? Person.Bot(incident.Platform, incident.Workspace), now, stop, ask: false);
        incident.Record(new Acting(by ?? Person.Bot(incident.Platform, incident.Workspace), now).InReview(ActionWording.Kept(item)));
        return words.DueNotUnderstood is { } said ? ActionWording.DateUnknown(item, said) : item.State == ActionState.Proposed ? ActionWording.StillNeeds(item) : null;
    }

    /// <summary>Follows the edit of the answer from which items came: equal lines stay and may add what was missing, changed ones change an item that nobody has begun on, and one whose line is gone goes.</summary>
    /// <param name="saidAt">When the answer was given: “friday” is that of its day, however late a slip is mended.</param>
    public async Task ReviseAsync(Incident incident, long answer, IReadOnlyList<string> lines, RichText whole, Person? by, DateTimeOffset saidAt, DateTimeOffset now, CancellationToken stop)
    {
        var actor = by ?? Person.Bot(incident.Platform, incident.Workspace);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(saidAt, actor.Zone).DateTime);
        var left = lines.Select(l => (Line: l, Words: ActionWords.Read(WithMentions(RichText.WithLinks(l), whole), today))).Where(l => IsAction(l.Words)).ToList();
        var waiting = new List<ActionItem>();
        foreach (var item in (await db.ActionItems.Where(a => a.IncidentId == incident.Id && a.AnswerId == answer).ToListAsync(stop)).OrderBy(a => a.Number))
        {
            var same = left.FindIndex(l => l.Words.Text.Plain == item.Text);
            if (same >= 0)
            {
                await FollowAsync(incident, item, left[same].Words with { Text = RichText.Empty }, by, actor, now, stop);
                left.RemoveAt(same);
            }
            else if (item.State is ActionState.Proposed or ActionState.Open)
            {
                waiting.Add(item);
            }
        }

        foreach (var item in waiting)
        {
            if (left.Count == 0)
            {
                await TakeBackAsync(incident, item, by, actor, now, stop);
                continue;
            }

            await FollowAsync(incident, item, left[0].Words, by, actor, now, stop);
            left.RemoveAt(0);
        }

        foreach (var (line, _) in left)
        {
            await FromLineAsync(incident, RichText.WithLinks(line), whole, by, now, answer, stop);
        }
    }

    // What people say to each other under the question is no action yet.
    private static bool IsAction(ActionWords words) =>
        !words.Text.IsBlank && (words is not { OwnerId: null, Due: null, Priority: null, Team: null } || CoachWords.English.BeginsWithVerb(words.Text.Plain));

    private async Task FollowAsync(Incident incident, ActionItem item, ActionWords words, Person? by, Person actor, DateTimeOffset now, CancellationToken stop)
    {
        if (item.State is not (ActionState.Proposed or ActionState.Open))
        {
            return;
        }

        var before = ActionWording.ChangedTo(item);
        var owner = words.OwnerId is null || by is null ? null : await people.FindOrAddAsync(new(by.Platform, by.Workspace, words.OwnerId), stop);
        Amend(item, words, owner, now);
        await DateAndLookAsync(incident, item, now, stop, ask: false);
        if (ActionWording.ChangedTo(item) != before)
        {
            item.Note(ActionWording.ChangedTo(item), ActionWording.AnswerEditedNote, actor, now);
            incident.Record(new Acting(actor, now).InReview(ActionWording.Changed(item)));
        }
    }

    /// <summary>Closes the items that came of a deleted answer, unless somebody has begun on them.</summary>
    public async Task TakeBackAsync(Incident incident, long answer, Person? by, DateTimeOffset now, CancellationToken stop)
    {
        foreach (var item in await db.ActionItems.Where(a => a.IncidentId == incident.Id && a.AnswerId == answer && (a.State == ActionState.Proposed || a.State == ActionState.Open)).ToListAsync(stop))
        {
            await TakeBackAsync(incident, item, by, by ?? Person.Bot(incident.Platform, incident.Workspace), now, stop);
        }
    }

    /// <summary>A new item, as it was said.</summary>
    public static ActionItem Of(Incident incident, ActionWords words, Person? owner, DateTimeOffset now)
    {
        var item = new ActionItem { IncidentId = incident.Id, Number = incident.NextAction(), Text = words.Text.Plain, CreatedAt = now };
        Amend(item, words, owner, now);
        return item;
    }

    /// <summary>Gives an item what was said of it; the rest stays.</summary>
    public static void Amend(ActionItem item, ActionWords words, Person? owner, DateTimeOffset now)
    {
        item.Text = words.Text.IsBlank ? item.Text : words.Text.Plain;
        (item.Team, item.Priority, item.Type) = (words.Team ?? item.Team, words.Priority ?? item.Priority, words.Type ?? item.Type);
        // Guests and people who have left could not do it; the item waits for somebody else.
        if (owner is { IsGone: false, IsGuest: false })
        {
            item.GiveTo(owner, now);
        }

        if (words.Due is not null)
        {
            item.SetDue(words.Due, now);
        }
    }

    /// <summary>Adds an item in the state that its words deserve, with the date of the policy where none was said.</summary>
    /// <param name="ask">False: nobody reads what the coach asks, as of one of many lines.</param>
    /// <returns>What the coach asks about it.</returns>
    public async Task<IReadOnlyList<LintFinding>> KeepAsync(Incident incident, ActionItem item, Person by, DateTimeOffset now, CancellationToken stop, bool ask = true)
    {
        db.ActionItems.Add(item);
        var advice = await DateAndLookAsync(incident, item, now, stop, ask);
        item.Note(ActionWording.KeptNote, null, by, now);
        return advice;
    }

    /// <summary>Gives an item without a date that of the policy, and looks at it.</summary>
    public async Task<IReadOnlyList<LintFinding>> DateAndLookAsync(Incident incident, ActionItem item, DateTimeOffset now, CancellationToken stop, bool ask = true)
    {
        if ((item.Due is null || item.DueByPolicy) && item.Priority is not null && !incident.Replayed && await ByPolicyAsync(incident, item, now, stop) is { } due)
        {
            item.SetDue(due, now, byPolicy: true);
        }

        return await LookAsync(incident, item, now, stop, ask);
    }

    /// <summary>Looks at an item: open once nothing stands in the way of its owner, proposed until then.</summary>
    /// <returns>What the coach asks about it, once the incident is over; nobody is asked to polish words during an outage.</returns>
    public async Task<IReadOnlyList<LintFinding>> LookAsync(Incident incident, ActionItem item, DateTimeOffset now, CancellationToken stop, bool ask = true)
    {
        var silenced = await coaching.SilencedAsync(incident.Workspace, stop);
        var onWords = ActionLint.Check(item.Text, CoachWords.English).Where(f => !silenced.Contains(f.Rule)).ToList();
        var onFields = ItemAdvice.OnFields(item, installation.WorkingDay, item.Due is null ? null : await ByPolicyAsync(incident, item, now, stop)).Where(f => !silenced.Contains(f.Rule)).ToList();
        item.State = item.State is not (ActionState.Proposed or ActionState.Open) ? item.State
            : item.AcceptedBecause is not null || onWords.Concat(onFields).All(f => f.Level < LintLevel.Error) ? ActionState.Open : ActionState.Proposed;
        if (incident.IsOpen || !ask)
        {
            return [];
        }

        var advice = onWords.Where(f => f.IsRaised || ItemAdvice.WholeOf(f) is not null).OrderByDescending(f => f.Level).Take(Most).ToList();
        advice.AddRange(onFields.Where(f => f.Rule is "A15-day" or "A15-late"));
        if (advice.Count == 0 && item.State == ActionState.Open && onFields.Find(f => f.Rule is "A17" or "A19") is { } question
            && (question.Rule != "A17" || await db.Findings.AnyAsync(f => f.IncidentId == incident.Id && f.RemovedAt == null && (f.Kind == FindingKind.Why || f.Kind == FindingKind.Factor), stop)))
        {
            // Nothing else is left to ask about it: what it serves, or how one checks it.
            advice.Add(question);
        }

        if (!silenced.Contains("A10-first") && item is { Priority: 1, Type: ActionType.Prevent } && ActionLint.Strength(item.Text, CoachWords.English) == ActionStrength.Weaker)
        {
            advice.Add(CoachWords.English.InPlace("A10-first"));
        }

        if (!silenced.Contains("A18") && await TwinAsync(incident, item, stop) is { } twin)
        {
            advice.Add(CoachWords.English.InPlace("A18") with { Message = ActionWording.Twin(twin) });
        }

        return advice;
    }

    private async Task<DateOnly?> ByPolicyAsync(Incident incident, ActionItem item, DateTimeOffset now, CancellationToken stop) =>
        (await policies.OfAsync(incident.Workspace, stop)).DateFor(incident, item, item.OwnerId is { } id && await db.People.FindAsync([id], stop) is { } owner ? owner.Zone : TimeZoneInfo.Utc, now);

    // What belongs to somebody else by now is theirs to decide about.
    private async Task TakeBackAsync(Incident incident, ActionItem item, Person? by, Person actor, DateTimeOffset now, CancellationToken stop)
    {
        if (item.OwnerId is { } id && id != by?.Id && item.State == ActionState.Open && await db.People.FindAsync([id], stop) is { IsGone: false } owner)
        {
            item.Note(ActionWording.AnswerGoneNote, null, actor, now);
            await handled.ToPersonAsync(item, owner, ActionWording.AnswerGone(incident, item), stop);
            return;
        }

        (item.NotDoingBecause, item.DroppedAt) = (ActionWording.AnswerGoneNote, now);
        item.Move(ActionState.NotDoing, ActionWording.TakenBackNote, item.NotDoingBecause, actor, now);
        incident.Record(new Acting(actor, now).InReview(ActionWording.TakenBack(item)));
    }

    // Nearly the same, open, in an incident that everybody here may know of.
    private async Task<ActionItem?> TwinAsync(Incident incident, ActionItem item, CancellationToken stop)
    {
        var open = await db.ActionItems.AsNoTracking().Include(a => a.Incident).Where(ActionItem.StillOpen).Where(a => a.Id != item.Id && a.Incident!.Workspace == incident.Workspace && !a.Incident.Private && !a.Incident.Drill && !a.Incident.Replayed)
            .OrderByDescending(a => a.CreatedAt).Take(MostCompared).ToListAsync(stop);
        return open.Find(a => TextWords.Overlap(a.Text, item.Text) >= Alike);
    }

    // A line that was cut out of a message has lost who is meant by its mentions.
    private static RichText WithMentions(RichText line, RichText whole)
    {
        var spans = new List<Span>();
        foreach (var span in line.Spans)
        {
            var rest = span.Text;
            while (span.Kind == SpanKind.Plain && whole.Spans.Where(s => s.Kind == SpanKind.User && s.Text.Length > 1).Select(s => (s, At: rest.IndexOf(s.Text, StringComparison.Ordinal))).Where(x => x.At >= 0).OrderBy(x => x.At).FirstOrDefault() is { s: { } user, At: var at })
            {
                spans.AddRange(RichText.Of(rest[..at]).Spans);
                spans.Add(user);
                rest = rest[(at + user.Text.Length)..];
            }

            spans.AddRange(rest.Length == 0 ? [] : [span with { Text = rest }]);
        }

        return new([.. spans]);
    }
}
