using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Timeline;

/// <summary>Overwrites the words of an entry everywhere the bot keeps them, leaving who did it, when and why.</summary>
public sealed partial class RedactEntry(BotDb db, FindIncident find, Permissions permissions, IEnumerable<IInbound> platforms, Merges merges, StoredFiles files)
    : IHandle<CommandInvoked>, IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    /// <summary>Asks why before it redacts.</summary>
    public const string OpenKey = "timeline.open-redact";
    public const string FormKey = "timeline.redact";
    public const string Why = "why";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var match = Number().Match(e.Text.Plain);
        if (!match.Success)
        {
            return new RedactWhat();
        }

        var found = await find.ForEntryAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        return await RedactAsync(incident, match.Groups[1].Value, e.Text.From(match.Length).Trim().Plain, turn, stop);
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var parts = (e.Value ?? "").Split(':');
        var found = await find.ByIdAsync(parts[0], turn.By, stop, follow: false);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        var (entry, refusal) = await FindAsync(incident, parts.ElementAtOrDefault(1) ?? "", turn, stop);
        return entry is null ? refusal! : new OpenFormAnswer(TimelineWording.RedactForm(incident, entry));
    }

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        var parts = (e.Context ?? "").Split(':');
        var found = await find.ByIdAsync(parts[0], turn.By, stop, follow: false);
        return found.Missed(out var incident) ? found.Answer : await RedactAsync(incident, parts.ElementAtOrDefault(1) ?? "", e.Value(Why) ?? "", turn, stop);
    }

    private async Task<(TimelineEntry? Entry, Refusal? Refusal)> FindAsync(Incident incident, string number, Turn turn, CancellationToken stop)
    {
        var entry = int.TryParse(number, out var seq) ? await db.Entries.Include(x => x.Revisions).Include(x => x.Evidence)
            .FirstOrDefaultAsync(x => x.IncidentId == incident.Id && x.Seq == seq, stop) : null;
        return entry is null ? (null, new NoSuchEntry(number, incident.Code))
            : await permissions.MayAmendAsync(turn.By, incident, entry, stop) ? (entry, null)
            : (null, new OnlyItsAuthorMay("redact", entry.Seq, entry.ActorName));
    }

    private async Task<Answer> RedactAsync(Incident incident, string number, string why, Turn turn, CancellationToken stop)
    {
        var (entry, refusal) = await FindAsync(incident, number, turn, stop);
        if (entry is null)
        {
            return refusal!;
        }

        var words = RedactedWords.Of(entry);
        await OverwriteAsync(entry, why, turn, stop);
        incident.Version++;
        var others = await OverwriteCopiesAsync(incident, entry, words, turn, stop);
        return Answer.Private(TimelineWording.Redacted(incident, entry, others, words.Holds(incident.Title)));
    }

    private async Task OverwriteAsync(TimelineEntry entry, string why, Turn turn, CancellationToken stop)
    {
        await files.RemoveAsync([.. entry.Evidence.Where(v => v.FileId is not null).Select(v => v.FileId!)], turn.Now, stop);
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
        // A merge has copied the words into another incident; they are the same words there.
        var family = await merges.FamilyAsync(incident, stop);
        var ids = family.ConvertAll(i => i.Id);
        foreach (var relative in family.Where(i => i.SeverityReason is { } reason && words.Contain(reason)))
        {
            relative.ForgetSeverityReason();
        }

        foreach (var item in await db.ActionItems.Where(a => ids.Contains(a.IncidentId)).ToListAsync(stop))
        {
            item.Text = words.Contain(item.Text) || words.Holds(item.Text) ? TimelineWording.RedactedText.Plain : item.Text;
        }

        await OverwriteReviewAsync(ids, entry.Seq, words, stop);
        foreach (var note in await db.Notes.Where(n => ids.Contains(n.IncidentId)).ToListAsync(stop))
        {
            note.Text = (note.IncidentId == incident.Id && note.Seq == entry.Seq) || words.Holds(note.Text) ? TimelineWording.RedactedText.Plain : note.Text;
        }

        foreach (var message in await db.Transcript.Where(m => ids.Contains(m.IncidentId) && m.RedactedAt == null).ToListAsync(stop))
        {
            if (message.MessageId == entry.MessageId || words.Holds(message.Text.Plain))
            {
                await files.RemoveAsync(message.Files, turn.Now, stop);
                (message.Text, message.RedactedAt, message.Files) = (TimelineWording.RedactedText, turn.Now, []);
            }
        }

        foreach (var row in await db.Outbox.Where(r => r.IncidentId != null && ids.Contains(r.IncidentId.Value) && r.State != RowState.Done).ToListAsync(stop))
        {
            // A document that waits is as old as its words: it is not sent, and can be asked for again.
            (row.State, row.Body) = row.Kind switch
            {
                OutboxKind.Document => (RowState.Done, ""),
                OutboxKind.Retraction => (row.State, row.Body),
                _ => (row.State, words.OverwriteCard(row.Body)),
            };
        }

        // Answers to what was written to the bot, and the bot's own page, name no incident.
        foreach (var row in await db.Outbox.Where(r => r.IncidentId == null && r.Workspace == incident.Workspace && r.State != RowState.Done && r.Kind != OutboxKind.Document && r.Kind != OutboxKind.Retraction).ToListAsync(stop))
        {
            row.Body = words.OverwriteCard(row.Body);
        }

        foreach (var relative in family.Where(i => !i.Imported))
        {
            db.Outbox.Add(OutboxRow.Retraction(relative, words));
        }

        db.HeldCommands.RemoveRange((await db.HeldCommands.ToListAsync(stop)).Where(h => words.Holds(h.Text.Plain)));
        foreach (var (platform, relative) in platforms.SelectMany(p => family.Select(i => (p, i))))
        {
            await platform.RedactAsync(db, relative, entry.MessageId, words, stop);
        }

        var same = (await db.Entries.Include(x => x.Revisions).Include(x => x.Evidence).Where(x => ids.Contains(x.IncidentId) && x.RedactedAt == null && x.Id != entry.Id).ToListAsync(stop))
            .Where(x => words.Holds(x.Text.Plain) || words.Contain(x.NewValue) || words.Contain(x.OldValue) || x.Revisions.Exists(r => words.Holds(r.Text.Plain))).ToList();
        foreach (var copy in same.Where(x => x.Kind == EntryKind.System).Concat(await CopiesAsync(entry, ids, stop)))
        {
            await OverwriteAsync(copy, $"holds the words of entry {entry.Seq} of {incident.Code}", turn, stop);
            family.Find(i => i.Id == copy.IncidentId)!.Version++;
        }

        return [.. same.Where(x => x.Kind != EntryKind.System && x.RedactedAt is null && x.IncidentId == incident.Id).Select(x => x.Seq)];
    }

    // A review quotes the timeline, and people say again what stands there.
    private async Task OverwriteReviewAsync(List<long> ids, int seq, RedactedWords words, CancellationToken stop)
    {
        var gone = TimelineWording.RedactedText.Plain;
        string? Over(string? text) => text is not null && (words.Contain(text) || words.Holds(text)) ? gone : text;
        foreach (var answer in await db.ReviewAnswers.Where(a => ids.Contains(a.IncidentId)).ToListAsync(stop))
        {
            answer.Text = words.Overwrite(answer.Text);
        }

        foreach (var finding in await db.Findings.Where(f => ids.Contains(f.IncidentId)).ToListAsync(stop))
        {
            (finding.Text, finding.How, finding.EndingReason) = (Over(finding.Text)!, Over(finding.How), Over(finding.EndingReason));
        }

        foreach (var prompt in await db.Prompts.Where(p => ids.Contains(p.IncidentId)).ToListAsync(stop))
        {
            prompt.Reason = Over(prompt.Reason);
            if (prompt.EntrySeq == seq || words.Quoted(prompt.Question) || prompt.Quotes.Exists(words.Quoted))
            {
                (prompt.Question, prompt.Quotes) = (prompt.EntrySeq == seq || words.Quoted(prompt.Question) ? gone : prompt.Question, [.. prompt.Quotes.Select(q => words.Quoted(q) ? gone : q)]);
                db.Outbox.Add(OutboxRow.OfReview(await db.Incidents.FirstAsync(i => i.Id == prompt.IncidentId, stop), prompt.Id));
            }
        }

        foreach (var item in await db.ActionItems.Where(a => ids.Contains(a.IncidentId)).ToListAsync(stop))
        {
            (item.Why, item.Implementation, item.Verification, item.SuccessCriteria) = (Over(item.Why), Over(item.Implementation), Over(item.Verification), Over(item.SuccessCriteria));
            (item.Value, item.Effort, item.AcceptedBecause) = (Over(item.Value), Over(item.Effort), Over(item.AcceptedBecause));
            (item.NotDoingBecause, item.DropAsked, item.BlockedBy, item.VerifiedHow) = (Over(item.NotDoingBecause), Over(item.DropAsked), Over(item.BlockedBy), Over(item.VerifiedHow));
            (item.CompletedLink, item.Ticket) = (Over(item.CompletedLink), Over(item.Ticket));
        }

        foreach (var change in await db.ActionChanges.Where(c => db.ActionItems.Any(a => a.Id == c.ItemId && ids.Contains(a.IncidentId))).ToListAsync(stop))
        {
            (change.What, change.Why) = (Over(change.What)!, Over(change.Why));
        }

        // What has been sent to owners, or is on its way, is drawn anew from what there is now.
        var items = await db.ActionItems.Where(a => ids.Contains(a.IncidentId)).ToDictionaryAsync(a => a.Id, a => a.CreatedAt, stop);
        var since = items.Values.Append(DateTimeOffset.MaxValue).Min();
        foreach (var digest in (await db.Digests.Where(d => d.At >= since).ToListAsync(stop)).Where(d => d.Items.Concat(d.ToVerify).Any(items.ContainsKey)))
        {
            if (await db.People.FirstOrDefaultAsync(p => p.Id == digest.PersonId, stop) is { } owner)
            {
                db.Outbox.Add(OutboxRow.OfDigest(owner.Ref, digest.Id));
            }
        }

        foreach (var other in await db.Entries.Where(e => ids.Contains(e.IncidentId) && (e.Context != null || e.SystemState != null || e.TeamAction != null)).ToListAsync(stop))
        {
            (other.Context, other.SystemState, other.TeamAction) = (Over(other.Context), Over(other.SystemState), Over(other.TeamAction));
        }

        foreach (var about in await db.Incidents.Where(i => ids.Contains(i.Id)).ToListAsync(stop))
        {
            foreach (var field in Impact.Fields.Where(f => Over(f.Get(about.Impact)) == gone))
            {
                field.Set(about.Impact, gone);
            }
        }

        foreach (var idea in await db.ParkedIdeas.Where(p => ids.Contains(p.IncidentId)).ToListAsync(stop))
        {
            idea.Text = Over(idea.Text)!;
        }

        foreach (var phase in await db.ReviewPhases.Where(p => ids.Contains(p.IncidentId)).ToListAsync(stop))
        {
            (phase.Summary, phase.Reason) = (Over(phase.Summary), Over(phase.Reason));
        }
    }

    /// <summary>What a merge has copied from the entry, or the entry from it.</summary>
    private async Task<List<TimelineEntry>> CopiesAsync(TimelineEntry entry, List<long> family, CancellationToken stop)
    {
        var copied = await db.Entries.Include(x => x.Revisions).Include(x => x.Evidence)
            .Where(x => family.Contains(x.IncidentId) && (x.CopiedFromId != null || db.Entries.Any(c => c.CopiedFromId == x.Id))).ToListAsync(stop);
        var same = new List<TimelineEntry> { entry };
        for (var found = true; found;)
        {
            var more = copied.Where(x => !same.Contains(x) && same.Exists(s => s.CopiedFromId == x.Id || x.CopiedFromId == s.Id)).ToList();
            same.AddRange(more);
            found = more.Count > 0;
        }

        return [.. same.Skip(1).Where(x => x.RedactedAt is null)];
    }

    [GeneratedRegex(@"^\s*#?(\d{1,6})\b[:.]?\s*")]
    private static partial Regex Number();
}

/// <summary>A redaction needs an entry.</summary>
public sealed record RedactWhat : Refusal
{
    public override string Sentence => "Which entry? Type `/incident redact 4 REASON`. `/incident timeline` shows the numbers.";
}
