using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Timeline;

/// <summary>Puts a message on the timeline from its menu: at the time it was written, with its author, after a look at time and kind.</summary>
public sealed class LogByShortcut(BotDb db, FindIncident find, Permissions permissions, QuotedMessages quoted) : IHandle<ShortcutUsed>, IHandle<FormSubmitted>
{
    public const string Key = "timeline.from-message";
    public const string FormKey = "timeline.log-message";
    public const string Incident = "incident";

    public async Task<Answer> HandleAsync(ShortcutUsed e, Turn turn, CancellationToken stop)
    {
        var here = await find.HereAsync(turn, stop);
        var open = here is not null ? [here] : await permissions.Visible(turn.By).Where(Incidents.Incident.StillOpen).OrderByDescending(i => i.DeclaredAt).Take(25).ToListAsync(stop);
        if (open.Count == 0 || e.Message is null)
        {
            return new NothingOpen();
        }

        var context = quoted.Hold(e.Message, turn, open is [var only] ? only.Id.ToString() : "");
        return new OpenFormAnswer(new Form(FormKey, "Add to the timeline", "Add", [
            .. open is [_] ? [] : new[] { new FormField(Incident, "Which incident?", FieldKind.Choice, Required: true, Options: [.. open.Select(i => new FormOption(i.Id.ToString(), $"{i.Code} {RichText.Briefly(i.Title, 50)}"))]) },
            new(LogForm.Time, "When did it happen?", Value: $"{e.Message.At:yyyy-MM-dd HH:mm} UTC", Hint: "The message was written then. 14:35, 5m ago or yesterday 23:50 if it happened at another time."),
            new(LogForm.Kind, "Kind", FieldKind.Choice, EntryKind.Event.Word(), Options: LogForm.Kinds),
        ], context, $"“{e.Message.Text.Brief(500)}” It stands on the timeline with its author, and follows edits of the message."));
    }

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        if (await quoted.HeldAsync(e.Context, turn, stop) is not { } held)
        {
            return new NoLongerWorks();
        }

        var message = held.Message;
        var found = await find.ByIdAsync(held.About.Length > 0 ? held.About : e.Value(Incident), turn.By, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        var said = e.Value(LogForm.Time);
        var written = said == $"{message.At:yyyy-MM-dd HH:mm} UTC";
        var spoken = said is null || written ? null : SpokenTime.ReadAlone(said, turn.Now, turn.By.Zone)?.CheckedAgainst(incident.Backfilled ? null : incident.DeclaredAt, turn.Now);
        if (said is not null && !written && spoken is null or { Doubt: TimeDoubt.Impossible })
        {
            return new FieldErrorsAnswer(ImmutableDictionary<string, string>.Empty.Add(LogForm.Time, TimelineWording.TimeNotUnderstood));
        }

        Words.TryRead<EntryKind>(e.Value(LogForm.Kind), out var kind);
        if (await quoted.IsGoneAsync(message, turn.Place, stop))
        {
            return new MessageIsGone();
        }

        if (await db.Entries.AnyAsync(x => x.IncidentId == incident.Id && x.MessageId == message.MessageId && x.RemovedAt == null, stop))
        {
            return new OnTimelineAlready(incident.Code);
        }

        var entry = await quoted.RecordAsync(incident, message, spoken, turn, stop);
        entry.Kind = kind == EntryKind.System ? EntryKind.Event : kind;
        return Answer.Private(TimelineWording.Logged(incident, [(entry, spoken ?? new SpokenTime(RichText.Empty, null, null, null, null, []))], turn.By.Zone));
    }
}

/// <summary>The message stands on the timeline.</summary>
public sealed record OnTimelineAlready(string Code) : Refusal
{
    public override string Sentence => $"That message is on the timeline of {Code} already. `/incident timeline` shows it with its number, `/incident edit N …` changes it.";
}

/// <summary>The message was deleted meanwhile.</summary>
public sealed record MessageIsGone : Refusal
{
    public override string Sentence => "That message was deleted meanwhile, so it is not put on the timeline. `/incident log TEXT` records what you know of it.";
}
