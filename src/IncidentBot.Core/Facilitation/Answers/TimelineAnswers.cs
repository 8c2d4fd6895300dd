using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation.Answers;

/// <summary>Brings answers about the timeline onto it: what filled a gap, when a missing moment was, what was behind a decision, what shows an entry.</summary>
public sealed partial class TimelineAnswers(BotDb db)
{
    /// <returns>What could not be understood, and what to write instead; null when it has found its place.</returns>
    public async Task<string?> TakeAsync(Incident incident, Prompt prompt, ReviewAnswer answer, Said said, Speaker speaker, CancellationToken stop)
    {
        switch (said.Field.Fills)
        {
            case Filling.Entry:
                var (text, at, end) = Place(incident, prompt, said.Text, speaker);
                Record(incident, answer, EntryKind.Event, text, at, end, speaker, said);
                return at == prompt.From && end == prompt.To ? null : Echo(at, speaker);
            case Filling.Markers:
                // Several moments may stand in one line.
                var parts = Between().Split(said.Text);
                parts = parts.Length > 1 && parts.All(p => Which(p) is not null && At(incident, prompt, p, speaker) is not null) ? parts : [said.Text];
                return string.Join(' ', parts.Select(p => Mark(incident, prompt, answer, said with { Text = p.Trim() }, speaker)).OfType<string>()) is { Length: > 0 } told ? told : null;
            case Filling.Proof:
                return await ProveAsync(incident, said, stop);
            default:
                return await DescribeAsync(incident, prompt, answer, said, speaker, stop);
        }
    }

    /// <summary>Follows the edit of an answer.</summary>
    public async Task ReviseAsync(Incident incident, ReviewAnswer answer, IReadOnlyList<Said> said, Speaker speaker, CancellationToken stop)
    {
        var prompt = await db.Prompts.FirstAsync(p => p.Id == answer.PromptId, stop);
        var made = await db.Entries.Where(e => e.IncidentId == incident.Id && answer.Entries.Contains(e.Seq) && e.RedactedAt == null).OrderBy(e => e.Seq).ToListAsync(stop);
        foreach (var one in said)
        {
            if (one.Field.Fills is Filling.Entry or Filling.Markers && made.Count > 0)
            {
                var entry = made[0];
                made.RemoveAt(0);
                var (text, at, end) = Place(incident, prompt, one.Text, speaker);
                entry.Revise(speaker.Name ?? "", speaker.Now, "answer edited");
                (entry.Text, entry.OccurredAt, entry.EndedAt) = one.Field.Fills == Filling.Entry ? (text, at, end) : (text, At(incident, prompt, one.Text, speaker) ?? entry.OccurredAt, null);
            }
            else if (await TakeAsync(incident, prompt, answer, one, speaker, stop) is null)
            {
                incident.Version++;
            }
        }

        foreach (var gone in made)
        {
            TakeOff(gone, speaker, "answer edited");
        }

        incident.Version++;
    }

    /// <summary>Takes what a deleted answer has brought off the timeline; its history is kept.</summary>
    public async Task TakeBackAsync(Incident incident, ReviewAnswer answer, Speaker speaker, CancellationToken stop)
    {
        foreach (var entry in await db.Entries.Where(e => e.IncidentId == incident.Id && answer.Entries.Contains(e.Seq) && e.RemovedAt == null).ToListAsync(stop))
        {
            TakeOff(entry, speaker, "answer deleted");
        }

        if (await db.Prompts.FirstOrDefaultAsync(p => p.Id == answer.PromptId, stop) is { EntrySeq: { } seq } prompt
            && await db.Entries.FirstOrDefaultAsync(e => e.IncidentId == incident.Id && e.Seq == seq && e.RedactedAt == null, stop) is { } about)
        {
            await RewriteContextAsync(about, prompt, answer, null, stop);
        }

        incident.Version++;
    }

    private static void TakeOff(TimelineEntry entry, Speaker speaker, string why)
    {
        entry.Revise(speaker.Name ?? "", speaker.Now, why);
        entry.RemovedAt = speaker.Now;
    }

    private static void Record(Incident incident, ReviewAnswer answer, EntryKind kind, RichText text, DateTimeOffset? at, DateTimeOffset? end, Speaker speaker, Said said, Marker? marker = null)
    {
        var entry = incident.Record(new TimelineEntry
        {
            OccurredAt = at,
            EndedAt = end,
            RecordedAt = speaker.Now,
            Kind = kind,
            Marker = marker,
            Source = EntrySource.Review,
            Text = text,
            ActorName = speaker.Name,
            ActorId = speaker.Person?.Id,
            Link = answer.Link,
            Evidence = [.. said.Links.Select(l => new Evidence { Url = l })],
        });
        answer.Entries = [.. answer.Entries, entry.Seq];
    }

    // Without a time it stands for the whole stretch; a clock time means the day of the incident, not of the answer.
    private static (RichText Text, DateTimeOffset? At, DateTimeOffset? End) Place(Incident incident, Prompt prompt, string said, Speaker speaker)
    {
        var spoken = ReadNear(incident, prompt, said, speaker);
        return spoken is { At: { } at, Doubt: null } && !spoken.Text.IsBlank ? (RichText.WithLinks(spoken.Text.Plain), at, spoken.End) : (RichText.WithLinks(said), prompt.From, prompt.To);
    }

    // Within the stretch that was asked about, or else about the time of the incident.
    private static bool IsInside(Incident incident, SpokenTime spoken, Prompt prompt) =>
        spoken.At is { } at && at >= (prompt.From ?? incident.DeclaredAt.AddHours(-6)) && at <= (prompt.To ?? incident.DeclaredAt.AddHours(24));

    // The question speaks UTC, and so may its answer.
    private static SpokenTime ReadNear(Incident incident, Prompt prompt, string said, Speaker speaker)
    {
        var spoken = Read(incident, prompt, said, speaker);
        return !IsInside(incident, spoken, prompt) && Read(incident, prompt, said, speaker with { Zone = TimeZoneInfo.Utc }) is var utc && IsInside(incident, utc, prompt) ? utc : spoken;
    }

    // Whoever lives by another clock is told how it was understood.
    private static string? Echo(DateTimeOffset? at, Speaker speaker) => at is not { } known || speaker.Zone.GetUtcOffset(known) == TimeSpan.Zero ? null
        : $"I read that as {known:yyyy-MM-dd HH:mm} UTC, which is {TimeZoneInfo.ConvertTime(known, speaker.Zone):HH:mm} in {speaker.Zone.Id}. If it is not meant, edit your message: “14:20 UTC …”.";

    private static SpokenTime Read(Incident incident, Prompt prompt, string said, Speaker speaker)
    {
        // Read as if it were said at the end of the stretch, or of the day after the declaration.
        var then = prompt.To ?? incident.DeclaredAt.AddHours(12);
        var spoken = SpokenTime.Read(RichText.Of(said), then < speaker.Now ? then : speaker.Now, speaker.Zone);
        return spoken.CheckedAgainst(null, speaker.Now);
    }

    private static DateTimeOffset? At(Incident incident, Prompt prompt, string said, Speaker speaker)
    {
        // The time may stand before or behind what it is the time of.
        foreach (var words in new[] { said, Clock().Match(said) is { Success: true } clock ? said[clock.Index..] : said })
        {
            if (ReadNear(incident, prompt, words, speaker) is { At: { } at, Doubt: null })
            {
                return at;
            }
        }

        return null;
    }

    private static string? Mark(Incident incident, Prompt prompt, ReviewAnswer answer, Said said, Speaker speaker)
    {
        var marker = Which(said.Text);
        if (marker is null || At(incident, prompt, said.Text, speaker) is not { } at)
        {
            return $"I could not read “{RichText.Briefly(said.Text, 80)}” as a moment with its time. Write for example: impact began 14:20, detected 14:23, acknowledged 14:28, mitigated 15:30, impact ended 16:10.";
        }

        var kind = marker switch { Marker.ImpactBegins => EntryKind.ImpactBegins, Marker.ImpactEnds => EntryKind.ImpactEnds, Marker.Detected => EntryKind.Detected, _ => EntryKind.Event };
        Record(incident, answer, kind, RichText.WithLinks(said.Text), at, null, speaker, said, marker is Marker.Acknowledged or Marker.Mitigated ? marker : null);
        return Echo(at, speaker);
    }

    private static Marker? Which(string said) =>
        Ends().IsMatch(said) ? Marker.ImpactEnds : Begins().IsMatch(said) ? Marker.ImpactBegins : Detected().IsMatch(said) ? Marker.Detected
        : Acknowledged().IsMatch(said) ? Marker.Acknowledged : Mitigated().IsMatch(said) ? Marker.Mitigated : null;

    private async Task<string?> ProveAsync(Incident incident, Said said, CancellationToken stop)
    {
        var number = LeadingNumber().Match(said.Field.Fills == Filling.Proof ? said.Text : "");
        var seq = number.Success ? int.Parse(number.Groups[1].Value) : said.Entries.Count > 0 ? said.Entries[0] : 0;
        var entry = await db.Entries.Include(e => e.Evidence).FirstOrDefaultAsync(e => e.IncidentId == incident.Id && e.Seq == seq && e.RemovedAt == null && e.RedactedAt == null, stop);
        var rest = said.Text[number.Length..].Trim();
        if (entry is null || (said.Links.Count == 0 && rest.Length == 0))
        {
            return $"I could not read “{RichText.Briefly(said.Text, 80)}” as an entry and what shows it. Write its number first: 7 https://… (`/incident timeline` shows the numbers).";
        }

        entry.Evidence.AddRange(said.Links.Count > 0 ? said.Links.Where(l => !entry.Evidence.Exists(v => v.Url == l)).Select(l => new Evidence { Url = l }) : EntryWords.EvidenceOfLines(rest));
        incident.Version++;
        return null;
    }

    // What was behind a decision stands beside it, with whose words it is.
    private async Task<string?> DescribeAsync(Incident incident, Prompt prompt, ReviewAnswer answer, Said said, Speaker speaker, CancellationToken stop)
    {
        var entry = await db.Entries.FirstOrDefaultAsync(e => e.IncidentId == incident.Id && e.Seq == prompt.EntrySeq && e.RedactedAt == null, stop);
        if (entry is null)
        {
            return null;
        }

        switch (said.Field.Fills)
        {
            case Filling.State:
                entry.SystemState = said.Text;
                break;
            case Filling.TeamAction:
                entry.TeamAction = said.Text;
                break;
            default:
                await RewriteContextAsync(entry, prompt, answer, said.Text, stop);
                break;
        }

        incident.Version++;
        return null;
    }

    // All that still stands of what was said about it, in the order in which it was said.
    private async Task RewriteContextAsync(TimelineEntry entry, Prompt prompt, ReviewAnswer answer, string? now, CancellationToken stop)
    {
        await db.ReviewAnswers.Where(a => a.PromptId == prompt.Id).LoadAsync(stop);
        var said = db.ReviewAnswers.Local.Where(a => a.PromptId == prompt.Id && a.DeletedAt is null && a.Id != answer.Id).OrderBy(a => a.At).Select(a => FirstLines(a.Text.Plain)).Append(now).OfType<string>().Where(t => t.Length > 0);
        entry.Context = string.Join("; ", said) is { Length: > 0 } text ? text : null;
    }

    // Without the lines that say something of the system or the team, which have places of their own.
    private static string FirstLines(string text) => string.Join(' ', text.Split('\n').TakeWhile(l => !Labelled().IsMatch(l))).Trim();

    [GeneratedRegex(@"^\s*(?:state|team|what (?:state|the team)[^:]*)\s*:", RegexOptions.IgnoreCase)]
    private static partial Regex Labelled();

    [GeneratedRegex(@"\bimpact\b.*\b(?:ends?|ended|over|gone|stopped)\b|\b(?:ended|end of (?:the )?impact|restored|recovered)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Ends();

    [GeneratedRegex(@"\bimpact\b.*\b(?:beg[aiu]ns?|started?|starts)\b|\b(?:began|begun|begin|started)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Begins();

    [GeneratedRegex(@"\b(?:detect\w*|notic\w*|alert\w*|first seen)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Detected();

    [GeneratedRegex(@"\b(?:acknowledg\w*|taken up|picked up|ack(?:ed)?|responded)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Acknowledged();

    [GeneratedRegex(@"\s*(?:[,;]|\band\b)\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Between();

    [GeneratedRegex(@"\bmitigat\w*\b", RegexOptions.IgnoreCase)]
    private static partial Regex Mitigated();

    [GeneratedRegex(@"(?:\d{4}-\d{2}-\d{2}[ T])?\b\d{1,2}:\d{2}\b")]
    private static partial Regex Clock();

    [GeneratedRegex(@"^\s*(?:#|entry )?(\d{1,6})\b[:.]?\s*", RegexOptions.IgnoreCase)]
    private static partial Regex LeadingNumber();
}
