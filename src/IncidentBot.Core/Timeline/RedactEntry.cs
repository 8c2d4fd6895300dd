using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Timeline;

/// <summary>Overwrites the words of an entry everywhere the bot keeps them, leaving who did it, when and why.</summary>
public sealed partial class RedactEntry(BotDb db, FindIncident find, Permissions permissions, IEnumerable<IInbound> platforms) : IHandle<CommandInvoked>
{
    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var match = Number().Match(e.Text.Plain);
        if (!match.Success)
        {
            return new RedactWhat();
        }

        var found = await find.ForAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        var seq = int.Parse(match.Groups[1].Value);
        var entry = await db.Entries.Include(x => x.Revisions).Include(x => x.Evidence)
            .FirstOrDefaultAsync(x => x.IncidentId == incident.Id && x.Seq == seq, stop);
        if (entry is null)
        {
            return new NoSuchEntry(match.Groups[1].Value, incident.Code);
        }

        if (!await permissions.MayAmendAsync(turn.By, incident, entry, stop))
        {
            return new OnlyItsAuthorMay("redact", entry.Seq, entry.ActorName);
        }

        var why = e.Text.From(match.Length).Trim().Plain;
        var words = RedactedWords.Of(entry);
        Overwrite(entry, why, turn);
        incident.Version++;
        var others = await OverwriteCopiesAsync(incident, entry, words, turn, stop);
        return Answer.Private(TimelineWording.Redacted(incident, entry, others, words.Holds(incident.Title)));
    }

    private static void Overwrite(TimelineEntry entry, string why, Turn turn)
    {
        entry.Revise(turn.By.Name, turn.Now, why.Length == 0 ? "redacted" : $"redacted: {why}");
        foreach (var revision in entry.Revisions)
        {
            revision.Text = TimelineWording.RedactedText;
        }

        entry.Text = TimelineWording.RedactedText;
        entry.Evidence.Clear();
        (entry.SystemState, entry.TeamAction, entry.Context, entry.TimeSaid, entry.OldValue) = (null, null, null, null, null);
        entry.NewValue = entry.NewValue == Respond.PostUpdate.Sent ? entry.NewValue : null;
        entry.RedactedAt = turn.Now;
    }

    /// <returns>The numbers of people's entries that hold the same words and stay, to be redacted by those who may.</returns>
    private async Task<IReadOnlyList<int>> OverwriteCopiesAsync(Incident incident, TimelineEntry entry, RedactedWords words, Turn turn, CancellationToken stop)
    {
        if (incident.SeverityReason is { } reason && words.Contain(reason))
        {
            incident.ForgetSeverityReason();
        }

        foreach (var item in await db.ActionItems.Where(a => a.IncidentId == incident.Id).ToListAsync(stop))
        {
            item.Text = words.Contain(item.Text) || words.Holds(item.Text) ? TimelineWording.RedactedText.Plain : item.Text;
        }

        foreach (var note in await db.Notes.Where(n => n.IncidentId == incident.Id).ToListAsync(stop))
        {
            note.Text = note.Seq == entry.Seq || words.Holds(note.Text) ? TimelineWording.RedactedText.Plain : note.Text;
        }

        foreach (var message in await db.Transcript.Where(m => m.IncidentId == incident.Id && m.RedactedAt == null).ToListAsync(stop))
        {
            if (message.MessageId == entry.MessageId || words.Holds(message.Text.Plain))
            {
                (message.Text, message.RedactedAt) = (TimelineWording.RedactedText, turn.Now);
            }
        }

        foreach (var row in await db.Outbox.Where(r => r.IncidentId == incident.Id && r.State != RowState.Done).ToListAsync(stop))
        {
            row.Body = words.OverwriteCard(row.Body);
        }

        db.HeldCommands.RemoveRange((await db.HeldCommands.ToListAsync(stop)).Where(h => words.Holds(h.Text.Plain)));
        foreach (var platform in platforms)
        {
            await platform.RedactAsync(db, incident, entry.MessageId, words, stop);
        }

        var same = (await db.Entries.Include(x => x.Revisions).Where(x => x.IncidentId == incident.Id && x.RedactedAt == null && x.Id != entry.Id).ToListAsync(stop))
            .Where(x => words.Holds(x.Text.Plain) || words.Contain(x.NewValue) || words.Contain(x.OldValue) || x.Revisions.Exists(r => words.Holds(r.Text.Plain))).ToList();
        foreach (var automatic in same.Where(x => x.Kind == EntryKind.System))
        {
            Overwrite(automatic, $"holds the words of entry {entry.Seq}", turn);
        }

        return [.. same.Where(x => x.Kind != EntryKind.System).Select(x => x.Seq)];
    }

    [GeneratedRegex(@"^\s*#?(\d{1,6})\b[:.]?\s*")]
    private static partial Regex Number();
}

/// <summary>A redaction needs an entry.</summary>
public sealed record RedactWhat : Refusal
{
    public override string Sentence => "Which entry? Type `/incident redact 4 REASON`. `/incident timeline` shows the numbers.";
}
