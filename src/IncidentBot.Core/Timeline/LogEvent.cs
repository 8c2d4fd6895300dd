using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;

namespace IncidentBot.Core.Timeline;

/// <summary>Puts what someone says on the timeline, at the time they say it happened.</summary>
public sealed class LogEvent(BotDb db, FindIncident find, StoredFiles files) : IHandle<CommandInvoked>, IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    public const string OpenKey = "timeline.open-log";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        if (e.Text.Plain.Trim() is "--help" or "-h")
        {
            return new GoOnAnswer(e with { Verb = "help", Text = RichText.Of(e.Verb) });
        }

        if (e.Verb == "timeline" && (e.Text.IsBlank || e.Text.Plain.Trim() is "all" || e.Text.Plain.Trim().All(char.IsAsciiDigit)))
        {
            return new GoOnAnswer(e with { Verb = "show-timeline" });
        }

        var found = await find.ForAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        var shared = await files.AttachAsync(e.Files, incident.Id, stop);
        if (e.Text.IsBlank && shared.Count == 0)
        {
            return new OpenFormAnswer(LogForm.For(incident));
        }

        var words = e.Text.IsBlank ? RichText.Of(string.Join(", ", shared.Select(v => v.File))) : e.Text;
        var logged = new List<(TimelineEntry Entry, SpokenTime Time)>();
        foreach (var line in HasCodeBlock(words) ? [words.Trim()] : words.Lines())
        {
            var spoken = SpokenTime.Read(line, turn.Now, turn.By.Zone).CheckedAgainst(incident.Backfilled ? null : incident.DeclaredAt, turn.Now);
            var (kind, text) = e.Verb == "decision" ? (EntryKind.Decision, spoken.Text) : EntryWords.ReadKind(spoken.Text);
            if (spoken.Said is null)
            {
                (spoken, text) = EntryWords.ReadTimeBehindKind(kind, text, spoken, turn);
                spoken = spoken.CheckedAgainst(incident.Backfilled ? null : incident.DeclaredAt, turn.Now);
            }

            var entry = Record(incident, kind, text.IsBlank ? line : text, spoken, turn);
            entry.Marker = EntryWords.SaysAlerted(text) ? Marker.Alerted : null;
            logged.Add((entry, spoken));
        }

        logged[0].Entry.Evidence.AddRange(shared);

        return Answer.Private(TimelineWording.Logged(incident, logged, turn.By.Zone));
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var found = await find.ByIdAsync(e.Value, turn.By, stop);
        return found.Missed(out var incident) ? found.Answer : new OpenFormAnswer(LogForm.For(incident));
    }

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        if (turn.By.Id == 0)
        {
            return await FromFileAsync(e, turn, stop);
        }

        var found = await find.ByIdAsync(e.Context, turn.By, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        if (e.Value(LogForm.Text) is not { } text)
        {
            return Wrong(LogForm.Text, TimelineWording.TextMissing);
        }

        var said = e.Value(LogForm.Time);
        var spoken = said is null ? null : SpokenTime.ReadAlone(said, turn.Now, turn.By.Zone)?.CheckedAgainst(incident.Backfilled ? null : incident.DeclaredAt, turn.Now);
        if (said is not null && spoken is null or { Doubt: TimeDoubt.Impossible })
        {
            return Wrong(LogForm.Time, TimelineWording.TimeNotUnderstood);
        }

        Words.TryRead<EntryKind>(e.Value(LogForm.Kind), out var kind);
        var time = spoken ?? new SpokenTime(RichText.Empty, null, null, null, null, []);
        var entry = Record(incident, kind == EntryKind.System ? EntryKind.Event : kind, RichText.WithLinks(text), time, turn, EntrySource.Shortcut);
        (entry.SystemState, entry.TeamAction, entry.Context) = (e.Value(LogForm.State), e.Value(LogForm.TeamAction), e.Value(LogForm.Context));
        entry.Evidence.AddRange(EntryWords.EvidenceOfLines(e.Value(LogForm.Evidence)));
        return Answer.Private(TimelineWording.Logged(incident, [(entry, time)], turn.By.Zone));
    }

    /// <summary>An entry of an incident file stands as written, at exactly its time, by whom the file names.</summary>
    private async Task<Answer> FromFileAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        var found = await find.ByFileAsync(e.Context, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        Words.TryRead<EntryKind>(e.Value(LogForm.Kind), out var kind);
        var entry = incident.Record(new TimelineEntry
        {
            OccurredAt = LogForm.ReadExact(e.Value(LogForm.Time)),
            EndedAt = LogForm.ReadExact(e.Value(LogForm.End)),
            TimeSaid = e.Value(LogForm.TimeSaid),
            RecordedAt = turn.Now,
            Kind = kind,
            Text = RichText.Of(e.Values.GetValueOrDefault(LogForm.Text)),
            ActorName = e.Values.GetValueOrDefault(LogForm.Actor) is { Length: > 0 } actor ? actor : null,
            Source = kind == EntryKind.System ? EntrySource.System : EntrySource.File,
            SystemState = e.Value(LogForm.State),
            Context = e.Value(LogForm.Context),
            Marker = Words.TryRead<Marker>(e.Value(LogForm.Marker), out var marker) ? marker : null,
        });
        if (e.Value(LogForm.Aloud) is not null && kind != EntryKind.System)
        {
            db.Outbox.Add(OutboxRow.ToRoom(incident, TimelineWording.Aloud(entry)));
        }

        return Answer.None;
    }

    private static TimelineEntry Record(
        Incident incident, EntryKind kind, RichText text, SpokenTime time, Turn turn, EntrySource source = EntrySource.Command) =>
        incident.Record(new TimelineEntry
        {
            OccurredAt = time.Said is null ? turn.Now : time.At,
            EndedAt = time.End,
            TimeSaid = time.Doubt is null ? null : time.Said,
            Doubt = time.Doubt,
            RecordedAt = turn.Now,
            Kind = kind,
            Text = text,
            ActorName = turn.By.Name,
            ActorId = turn.By.Id,
            Source = source,
            Evidence = [.. EntryWords.EvidenceIn(text)],
        });

    private static FieldErrorsAnswer Wrong(string field, string what) => new(ImmutableDictionary<string, string>.Empty.Add(field, what));

    private static bool HasCodeBlock(RichText text) => text.Spans.Any(s => s.Kind == SpanKind.CodeBlock);
}
