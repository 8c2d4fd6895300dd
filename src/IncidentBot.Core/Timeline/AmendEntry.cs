using System.Collections.Immutable;
using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Timeline;

/// <summary>Changes an entry's time, words, kind or phase; what it said before is kept.</summary>
public sealed partial class AmendEntry(BotDb db, FindIncident find, Permissions permissions, Merges merges)
    : IHandle<CommandInvoked>, IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    /// <summary>Settles an ambiguous time to one of its two moments.</summary>
    public const string SettleKey = "timeline.settle-time";

    /// <summary>Opens the form that changes an entry.</summary>
    public const string OpenKey = "timeline.open-amend";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var match = Number().Match(e.Text.Plain);
        var rest = e.Text.From(match.Success ? match.Length : 0).Trim();
        if (!match.Success || rest.IsBlank)
        {
            return new EditWhat();
        }

        var found = await find.ForEntryAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        var (entry, otherwise) = await EntryAsync(incident, match.Groups[1].Value, turn, stop);
        return entry is null ? otherwise : Amend(incident, entry, rest, turn);
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var parts = (e.Value ?? "").Split(':');
        var found = await find.ByIdAsync(parts[0], turn.By, stop, follow: false);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        var (entry, otherwise) = await EntryAsync(incident, parts.ElementAtOrDefault(1) ?? "", turn, stop);
        if (entry is null)
        {
            return otherwise;
        }

        if (e.ButtonKey == OpenKey)
        {
            return new OpenFormAnswer(AmendForm.For(incident, entry, (await Chronology.LoadAsync(db, incident, stop)).PhaseOf(entry)));
        }

        if (!long.TryParse(parts.ElementAtOrDefault(2), out var ticks))
        {
            return new NoLongerWorks();
        }

        entry.Revise(turn.By.Name, turn.Now);
        (entry.OccurredAt, entry.Doubt, entry.TimeSaid) = (new DateTimeOffset(ticks, TimeSpan.Zero), null, null);
        if (long.TryParse(parts.ElementAtOrDefault(3), out var end) && end >= ticks)
        {
            entry.EndedAt = new DateTimeOffset(end, TimeSpan.Zero);
        }

        incident.Version++;
        return Answer.Private(TimelineWording.Amended(incident, entry));
    }

    /// <summary>Keeps what the person changed in the form; what somebody else changed meanwhile stays.</summary>
    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        var shown = ShownValues.Read(e.Context);
        var parts = shown.Id.Split(':');
        var found = await find.ByIdAsync(parts[0], turn.By, stop, follow: false);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        var (entry, otherwise) = await EntryAsync(incident, parts.ElementAtOrDefault(1) ?? "", turn, stop);
        return entry is null ? otherwise : Amend(incident, entry, e, shown, turn);
    }

    private static Answer Amend(Incident incident, TimelineEntry entry, FormSubmitted e, ShownValues shown, Turn turn)
    {
        var automatic = entry.Kind == EntryKind.System;
        SpokenTime? time = null;
        if (shown.Changed(e, AmendForm.Time))
        {
            time = e.Value(AmendForm.Time) is { } said ? SpokenTime.ReadAlone(said, turn.Now, turn.By.Zone) : null;
            time = time is null ? null : OnOwnDay(time, entry, turn).CheckedAgainst(null, turn.Now);
            if (time is null or { Doubt: TimeDoubt.Impossible or TimeDoubt.Ambiguous })
            {
                return Wrong(AmendForm.Time, TimelineWording.TimeNotUnderstood);
            }
        }

        if (!automatic && shown.Changed(e, AmendForm.Text) && e.Value(AmendForm.Text) is null)
        {
            return Wrong(AmendForm.Text, TimelineWording.TextMissing);
        }

        if (!new[] { AmendForm.Time, AmendForm.Text, AmendForm.Kind, AmendForm.Phase }.Any(f => shown.Changed(e, f)))
        {
            return Answer.Private(TimelineWording.Unchanged(entry));
        }

        entry.Revise(turn.By.Name, turn.Now);
        if (time is not null)
        {
            // The form shows no end on another day, so it does not take one away either.
            var kept = entry.EndedAt is { } end && end.UtcDateTime.Date != entry.OccurredAt?.UtcDateTime.Date && end > time.At ? entry.EndedAt : null;
            (entry.OccurredAt, entry.EndedAt) = (time.At, time.End ?? kept);
            (entry.Doubt, entry.TimeSaid) = (time.Doubt, time.Doubt is null ? null : time.Said);
        }

        if (!automatic && shown.Changed(e, AmendForm.Text))
        {
            var text = RichText.WithLinks(e.Value(AmendForm.Text)!);
            EntryWords.ReplaceEvidence(entry, text);
            entry.Text = text;
        }

        if (!automatic && shown.Changed(e, AmendForm.Kind) && Words.TryRead<EntryKind>(e.Value(AmendForm.Kind), out var kind) && kind != EntryKind.System)
        {
            entry.Kind = kind;
        }

        if (shown.Changed(e, AmendForm.Phase) && Words.TryRead<Phase>(e.Value(AmendForm.Phase), out var phase))
        {
            entry.PhaseSaid = phase;
        }

        incident.Version++;
        return Answer.Private(TimelineWording.Amended(incident, entry));
    }

    private static FieldErrorsAnswer Wrong(string field, string what) => new(ImmutableDictionary<string, string>.Empty.Add(field, what));

    private static Answer Amend(Incident incident, TimelineEntry entry, RichText rest, Turn turn)
    {
        var phase = PhasePrefix().Match(rest.Plain);
        if (phase.Success)
        {
            if (!Words.TryRead<Phase>(phase.Groups[1].Value, out var value))
            {
                return new UnknownPhase(phase.Groups[1].Value);
            }

            entry.Revise(turn.By.Name, turn.Now);
            entry.PhaseSaid = value;
            incident.Version++;
            return Answer.Private(TimelineWording.Amended(incident, entry));
        }

        var kindPrefix = KindPrefix().Match(rest.Plain);
        if (kindPrefix.Success)
        {
            if (!Words.TryRead<EntryKind>(kindPrefix.Groups[1].Value, out var value) || value == EntryKind.System)
            {
                return new UnknownEntryKind(kindPrefix.Groups[1].Value);
            }

            entry.Revise(turn.By.Name, turn.Now);
            entry.Kind = value;
            incident.Version++;
            return Answer.Private(TimelineWording.Amended(incident, entry));
        }

        var timePrefix = TimePrefix().Match(rest.Plain);
        rest = rest.From(timePrefix.Length);
        var spoken = OnOwnDay(SpokenTime.Read(rest, turn.Now, turn.By.Zone), entry, turn).CheckedAgainst(null, turn.Now);
        if (spoken.Doubt is TimeDoubt.Impossible or TimeDoubt.Ambiguous)
        {
            return spoken.Doubt == TimeDoubt.Ambiguous
                ? Answer.Private(TimelineWording.Settle(incident, entry.Seq, spoken))
                : new ImpossibleTime(spoken.Said!);
        }

        if (timePrefix.Success && spoken.At is null)
        {
            return new ImpossibleTime(rest.Plain);
        }

        entry.Revise(turn.By.Name, turn.Now);
        if (spoken.At is not null)
        {
            entry.OccurredAt = spoken.At;
            entry.EndedAt = spoken.End;
            (entry.Doubt, entry.TimeSaid) = (spoken.Doubt, spoken.Doubt is null ? null : spoken.Said);
        }

        if (!spoken.Text.IsBlank)
        {
            EntryWords.ReplaceEvidence(entry, spoken.Text);
            // An automatic entry keeps saying what it marks.
            entry.Text = entry.Kind == EntryKind.System ? RichText.Of(entry.Text.Plain.Split(": ", 2)[0] + ": ").Append(spoken.Text) : spoken.Text;
        }

        incident.Version++;
        return Answer.Private(TimelineWording.Amended(incident, entry));
    }

    // A time without a date corrects the entry's own: the day on which it comes nearest to what stood there, and not in the future.
    private static SpokenTime OnOwnDay(SpokenTime spoken, TimelineEntry entry, Turn turn)
    {
        if (entry.OccurredAt is not { } was || spoken is not { At: not null, Doubt: null, Said: { } said } || WithDay().IsMatch(said))
        {
            return spoken;
        }

        var day = TimeZoneInfo.ConvertTime(was, turn.By.Zone);
        return new[] { 0, -1, 1 }.Select(d => SpokenTime.ReadAlone($"{day.AddDays(d):yyyy-MM-dd} {said}", turn.Now, turn.By.Zone))
            .Where(c => c?.At is { } at && at <= turn.Now.AddMinutes(10))
            .OrderBy(c => (c!.At!.Value - was).Duration()).Select(c => spoken with { At = c!.At, End = c.End }).FirstOrDefault() ?? spoken;
    }

    private async Task<(TimelineEntry? Entry, Answer Otherwise)> EntryAsync(Incident incident, string number, Turn turn, CancellationToken stop)
    {
        var entry = int.TryParse(number, out var seq)
            ? await db.Entries.Include(x => x.Evidence).FirstOrDefaultAsync(x => x.IncidentId == incident.Id && x.Seq == seq && x.RemovedAt == null, stop)
            : null;
        return entry is null ? (null, new NoSuchEntry(number, incident.Code))
            : incident.MergedIntoId is not null ? (null, new MendItThere(incident.Code, (await merges.SurvivorAsync(incident, stop)).Code))
            : entry.RedactedAt is not null ? (null, new EntryIsRedacted(entry.Seq))
            : await permissions.MayAmendAsync(turn.By, incident, entry, stop) ? (entry, Answer.None)
            : (null, new OnlyItsAuthorMay("change", entry.Seq, entry.ActorName));
    }

    [GeneratedRegex(@"^\s*#?(\d{1,6})\b[:.]?\s*")]
    private static partial Regex Number();

    [GeneratedRegex(@"^phase\s*[:=]?\s*([a-z]+)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex PhasePrefix();

    [GeneratedRegex(@"^kind\s*[:=]\s*([a-z-]+)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex KindPrefix();

    [GeneratedRegex(@"^(?:time\s*[:=]\s*|at\s+(?=\d))", RegexOptions.IgnoreCase)]
    private static partial Regex TimePrefix();

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}|\bago\b|yesterday|today|(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})$", RegexOptions.IgnoreCase)]
    private static partial Regex WithDay();
}
