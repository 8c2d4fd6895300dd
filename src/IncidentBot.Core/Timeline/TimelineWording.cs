using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Timeline;

/// <summary>Words around timeline entries.</summary>
public static class TimelineWording
{
    public const string TextMissing = "Say what happened.";
    public const string TimeNotUnderstood = "I do not understand this time. Give it like 14:35, 5m ago, 14:50-15:05 or 2026-11-12 14:23.";

    public static string RoomPutAway(string by, bool archived) => archived ? $"{by} archived the incident's room" : $"{by} brought the incident's room back";

    public static readonly RichText RedactedText = RichText.Of("[redacted]");

    /// <summary>The time as it stands in rows: minutes in UTC, the date where days differ, the end of a range, or an honest gap.</summary>
    public static string Time(TimelineEntry entry, bool withDate = false)
    {
        if (entry.OccurredAt is not { } at)
        {
            return entry.TimeSaid is null ? "time unknown" : $"time unknown (said: {entry.TimeSaid})";
        }

        var start = at.ToString(withDate ? "yyyy-MM-dd HH:mm" : "HH:mm");
        return entry.EndedAt is not { } end ? start
            : $"{start}–{end.ToString(end.UtcDateTime.Date == at.UtcDateTime.Date ? "HH:mm" : "yyyy-MM-dd HH:mm")}";
    }

    /// <summary>The words with their kind in front and the actor behind.</summary>
    public static RichText Row(TimelineEntry entry)
    {
        var kind = entry.Kind is EntryKind.Event or EntryKind.System or EntryKind.ImpactBegins or EntryKind.ImpactEnds ? "" : $"{entry.Kind.Word()}: ";
        var text = RichText.Of(kind).Append(entry.Text);
        return entry.ActorName is { Length: > 0 } actor && entry.Kind != EntryKind.System ? text.Append($" — {actor}") : text;
    }

    public static Card Logged(Incident incident, IReadOnlyList<(TimelineEntry Entry, SpokenTime Time)> logged, TimeZoneInfo zone)
    {
        if (logged is [var (only, spoken)] && spoken.Doubt is not null)
        {
            return Doubtful(incident, only, spoken, zone);
        }

        var doubts = logged.Where(l => l.Time.Doubt is not null).Select(l => Doubtful(incident, l.Entry, l.Time, zone)).ToList();
        return new()
        {
            Title = logged.Count == 1 ? $"On the timeline of {incident.Code}" : $"{logged.Count} entries on the timeline of {incident.Code}",
            Tone = doubts.Count == 0 ? Tone.Good : Tone.Danger,
            Parts =
            [
                new RowsPart([.. logged.Select(l => new Fact($"{l.Entry.Seq} · {Time(l.Entry, IsAnotherDay(l.Entry))} UTC{OwnClock(l.Entry, l.Time, zone)}", Row(l.Entry)))]),
                .. doubts.Select(d => new TextPart(d.Title)),
                .. logged.Where(l => l.Time.Said is null && EntryWords.HoldsAClock(l.Entry.Text)).Select(l =>
                    new TextPart($"Entry {l.Entry.Seq} is stamped now. If its words say when it happened, put the time first: /incident edit {l.Entry.Seq} HH:MM")),
                new TextPart(logged.Count == 1
                    ? $"Wrong time or words? /incident edit {logged[0].Entry.Seq} HH:MM new words · /incident undo"
                    : "Wrong time or words? /incident edit N HH:MM new words", Quiet: true),
            ],
            Buttons = [.. doubts.SelectMany(d => d.Buttons)],
        };
    }

    // A clock that somebody read off a wall is theirs; what stands on the timeline is UTC. Both are shown where they differ.
    private static string OwnClock(TimelineEntry entry, SpokenTime time, TimeZoneInfo zone) =>
        time.Said is null || entry.OccurredAt is not { } at || zone.GetUtcOffset(at) == TimeSpan.Zero ? "" : $" = {TimeZoneInfo.ConvertTime(at, zone):HH:mm} in {zone.Id}";

    /// <summary>True when it happened on another day, in UTC, than it was recorded.</summary>
    public static bool IsAnotherDay(TimelineEntry entry) => entry.OccurredAt is { } at && at.UtcDateTime.Date != entry.RecordedAt.UtcDateTime.Date;

    /// <summary>The entry is kept; its time is asked about.</summary>
    public static Card Doubtful(Incident incident, TimelineEntry entry, SpokenTime time, TimeZoneInfo zone) => time.Doubt switch
    {
        TimeDoubt.Ambiguous => Settle(incident, entry.Seq, time),
        TimeDoubt.Impossible => new()
        {
            Title = $"Kept as entry {entry.Seq} of {incident.Code}, but when was it?",
            Tone = Tone.Danger,
            Parts = [new TextPart($"“{time.Said}” does not exist in your zone ({zone.Id}). /incident edit {entry.Seq} HH:MM sets the time."), new TextPart(entry.Text)],
        },
        TimeDoubt.Future => new()
        {
            Title = $"Kept as entry {entry.Seq} of {incident.Code}, but {entry.EndedAt ?? entry.OccurredAt:yyyy-MM-dd HH:mm} UTC is in the future",
            Tone = Tone.Danger,
            Parts = [new TextPart($"If that is not meant, /incident edit {entry.Seq} HH:MM sets the time."), new TextPart(entry.Text)],
        },
        _ => new()
        {
            Title = $"Kept as entry {entry.Seq} of {incident.Code}, at {entry.OccurredAt:yyyy-MM-dd HH:mm} UTC",
            Parts = [new TextPart($"That is long before the declaration ({incident.DeclaredAt:yyyy-MM-dd HH:mm} UTC). If it is not meant, /incident edit {entry.Seq} HH:MM sets the time."), new TextPart(entry.Text)],
        },
    };

    public static Card Settle(Incident incident, int seq, SpokenTime time) => new()
    {
        Title = $"Entry {seq} of {incident.Code}: “{time.Said}” came twice that night. Which one?",
        Tone = Tone.Danger,
        Parts = [new TextPart("The clocks were put back. The words are kept; until you say, the time counts as unknown.", Quiet: true)],
        Buttons = [.. time.Choices.Select((at, i) => new CardButton(
            AmendEntry.SettleKey, $"Entry {seq}, the {(i == 0 ? "first" : "second")}: {at:HH:mm} UTC", $"{incident.Id}:{seq}:{at.UtcTicks}:{time.End?.UtcTicks}"))],
    };

    public static string Unchanged(TimelineEntry entry) => $"Entry {entry.Seq} stays as it is: nothing in the form was changed.";

    public static Card Amended(Incident incident, TimelineEntry entry) => new()
    {
        Title = $"Entry {entry.Seq} of {incident.Code} changed",
        Tone = Tone.Good,
        Parts =
        [
            new RowsPart([new Fact($"{Time(entry, withDate: true)} UTC", Row(entry))]),
            new TextPart(entry.PhaseSaid is { } phase ? $"Phase {phase}. What it said before is kept." : "What it said before is kept.", Quiet: true),
        ],
    };

    /// <summary>An entry of a file that is played live, as if it were said in the room.</summary>
    public static Card Aloud(TimelineEntry entry) => new()
    {
        Title = "",
        SaidBy = entry.ActorName is { Length: > 0 } actor ? actor : null,
        Parts = [new TextPart(entry.Text)],
    };

    public static Card Undone(Incident incident, TimelineEntry entry) => new()
    {
        Title = $"Entry {entry.Seq} is off the timeline",
        Parts = [new TextPart(entry.Text), new TextPart("It is kept in the history.", Quiet: true)],
        Buttons = [new(UndoEntry.RestoreKey, "Put it back", $"{incident.Id}:{entry.Seq}")],
    };

    public static Form RedactForm(Incident incident, TimelineEntry entry) =>
        new(RedactEntry.FormKey, $"Redact entry {entry.Seq} of {incident.Code} for good", "Redact", [
            new(RedactEntry.Why, "Why?", Hint: "Such as “customer name”. Who redacted it, when and why stays."),
        ], $"{incident.Id}:{entry.Seq}", $"“{entry.Text.Brief(300)}” goes, everywhere the bot keeps it, and cannot be brought back.", Grave: true);

    public static Card Redacted(Incident incident, TimelineEntry entry, IReadOnlyList<int> others, bool inTitle) => new()
    {
        Title = $"Entry {entry.Seq} is redacted",
        Tone = Tone.Good,
        Parts =
        [
            new TextPart("Its words are overwritten in the timeline, its history, the transcript, waiting posts and stored deliveries."),
            .. others.Count == 0 ? [] : new[] { new TextPart($"The same words stand in {(others.Count == 1 ? "entry" : "entries")} {string.Join(", ", others)}: redact {(others.Count == 1 ? "it" : "each")} too.") },
            .. inTitle ? new[] { new TextPart($"The title of {incident.Code} holds them too: change it under Details.") } : [],
            new TextPart("Out of my reach: backups made before now, files already exported, the name of the room, and the message on the chat platform itself. Remove those by hand.", Quiet: true),
        ],
    };
}
