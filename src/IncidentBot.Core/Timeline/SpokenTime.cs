using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;

namespace IncidentBot.Core.Timeline;

/// <summary>A time as someone said it, understood where that is possible and kept as said where it is not.</summary>
/// <param name="Text">The words without the time; with it, when the time makes no sense.</param>
/// <param name="At">When it happened, in UTC; null when no time was said or none could be understood for sure.</param>
/// <param name="End">The end of a range, in UTC.</param>
/// <param name="Said">The time in the speaker's words, when one was said.</param>
/// <param name="Choices">The moments between which an ambiguous time leaves the choice.</param>
public sealed record SpokenTime(
    RichText Text, DateTimeOffset? At, DateTimeOffset? End, string? Said, TimeDoubt? Doubt, IReadOnlyList<DateTimeOffset> Choices)
{
    /// <summary>Reads a time that leads the text, or follows a last <c>|</c>.</summary>
    /// <param name="zone">The speaker's time zone.</param>
    public static SpokenTime Read(RichText text, DateTimeOffset now, TimeZoneInfo zone)
    {
        var plain = text.Plain;
        var bar = plain.LastIndexOf('|');
        if (bar >= 0)
        {
            var tail = plain[(bar + 1)..];
            if (SpokenTimeGrammar.Match(tail) is { } trailing && trailing.Length == tail.Length && tail.Trim().Length > 0)
            {
                return Understand(trailing, text.Slice(0, bar).Trim(), text, now, zone);
            }
        }

        return SpokenTimeGrammar.Match(plain) is { } leading
            ? Understand(leading, text.From(leading.Length).Trim(), text, now, zone)
            : new(text, null, null, null, null, []);
    }

    /// <summary>Reads a text that is a time and nothing else.</summary>
    public static SpokenTime? ReadAlone(string said, DateTimeOffset now, TimeZoneInfo zone) =>
        SpokenTimeGrammar.Match(said) is { } match && match.Length == said.Length
            ? Understand(match, RichText.Empty, RichText.Of(said), now, zone)
            : null;

    /// <summary>Adds the doubts that depend on the incident: the future, and long before its declaration.</summary>
    /// <param name="declaredAt">Null where a time may be as old as it likes: of what is written down afterwards, or already corrected by a person.</param>
    public SpokenTime CheckedAgainst(DateTimeOffset? declaredAt, DateTimeOffset now) =>
        Doubt is not null || At is not { } at ? this
        : at > now.AddMinutes(10) || End > now.AddMinutes(10) ? this with { Doubt = TimeDoubt.Future }
        : at < declaredAt?.AddHours(-12) ? this with { Doubt = TimeDoubt.LongBefore }
        : this;

    private static SpokenTime Understand(SpokenTimeGrammar.Parsed parsed, RichText rest, RichText whole, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (parsed.Ago is { } ago)
        {
            return new(rest, ToMinute(now - ago), null, parsed.Said, null, []);
        }

        zone = parsed.Zone ?? zone;
        if (parsed.Start is not { } start)
        {
            return new(whole, null, null, parsed.Said, TimeDoubt.Impossible, []);
        }

        var from = Resolve(start, parsed, now, zone);
        if (from.Doubt is not null)
        {
            // The end of a range is kept, so that settling its beginning loses nothing.
            var last = from.Choices.Count > 0 && parsed.End is { } until ? ResolveEnd(until, from.Choices[0], parsed, zone).At : null;
            return new(rest, null, last, parsed.Said, from.Doubt, from.Choices);
        }

        if (parsed.End is not { } end)
        {
            return new(rest, from.At, null, parsed.Said, null, []);
        }

        var to = ResolveEnd(end, from.At!.Value, parsed, zone);
        return new(rest, from.At, to.At, parsed.Said, to.Doubt == TimeDoubt.Impossible ? to.Doubt : null, []);
    }

    private static Moment Resolve(TimeSpan clock, SpokenTimeGrammar.Parsed parsed, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (parsed.Offset is { } offset)
        {
            var there = now.ToOffset(offset);
            var day = parsed.Date ?? DateOnly.FromDateTime(there.DateTime).AddDays(parsed.DaysBack is { } back ? -back : 0);
            var at = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue) + clock, offset).ToUniversalTime();
            return parsed.Date is null && parsed.DaysBack is null && at > now.AddMinutes(10) ? new(at.AddDays(-1), null, []) : new(at, null, []);
        }

        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        if (parsed.Date is { } date)
        {
            return Local(date, clock, zone);
        }

        if (parsed.DaysBack is { } days)
        {
            return Local(today.AddDays(-days), clock, zone);
        }

        // The latest such moment not more than ten minutes ahead: tomorrow counts just after midnight's other side.
        foreach (var candidate in new[] { today.AddDays(1), today })
        {
            var moment = Local(candidate, clock, zone);
            var earliest = moment.At ?? (moment.Choices.Count > 0 ? moment.Choices[0] : Lenient(candidate, clock, zone));
            if (earliest <= now.AddMinutes(10))
            {
                return moment.Choices.Count > 0 && moment.Choices[1] > now.AddMinutes(10) ? new(moment.Choices[0], null, []) : moment;
            }
        }

        return Local(today.AddDays(-1), clock, zone);
    }

    private static Moment ResolveEnd(TimeSpan clock, DateTimeOffset from, SpokenTimeGrammar.Parsed parsed, TimeZoneInfo zone)
    {
        if (parsed.Offset is { } offset)
        {
            var day = from.ToOffset(offset);
            var at = new DateTimeOffset(day.Date + clock, offset).ToUniversalTime();
            return new(at < from ? at.AddDays(1) : at, null, []);
        }

        var start = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(from, zone).DateTime);
        foreach (var day in new[] { start, start.AddDays(1) })
        {
            var moment = Local(day, clock, zone);
            // An end that comes twice is taken as the first that is not before the beginning.
            var at = moment.At ?? moment.Choices.Cast<DateTimeOffset?>().FirstOrDefault(c => c >= from);
            if (moment.Doubt == TimeDoubt.Impossible || at >= from)
            {
                return moment with { At = at };
            }
        }

        return new(null, TimeDoubt.Impossible, []);
    }

    private static Moment Local(DateOnly day, TimeSpan clock, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue) + clock;
        if (zone.IsInvalidTime(local))
        {
            return new(null, TimeDoubt.Impossible, []);
        }

        if (zone.IsAmbiguousTime(local))
        {
            return new(null, TimeDoubt.Ambiguous, [.. zone.GetAmbiguousTimeOffsets(local).OrderDescending().Select(o => new DateTimeOffset(local, o).ToUniversalTime())]);
        }

        return new(new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime(), null, []);
    }

    private static DateTimeOffset Lenient(DateOnly day, TimeSpan clock, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue) + clock;
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    private static DateTimeOffset ToMinute(DateTimeOffset at) => new DateTimeOffset(at.Ticks - (at.Ticks % TimeSpan.TicksPerMinute), at.Offset).ToUniversalTime();

    private sealed record Moment(DateTimeOffset? At, TimeDoubt? Doubt, IReadOnlyList<DateTimeOffset> Choices);
}
