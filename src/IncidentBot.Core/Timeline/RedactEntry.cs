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
        await OverwriteAsync(incident, entry, why, turn, stop);
        return Answer.Private(TimelineWording.Redacted(entry));
    }

    private async Task OverwriteAsync(Incident incident, TimelineEntry entry, string why, Turn turn, CancellationToken stop)
    {
        var words = entry.Revisions.Select(r => r.Text.Plain).Append(entry.Text.Plain).Where(w => w.Trim().Length > 0).ToHashSet();
        entry.Revise(turn.By.Name, turn.Now, why.Length == 0 ? "redacted" : $"redacted: {why}");
        foreach (var revision in entry.Revisions)
        {
            revision.Text = TimelineWording.RedactedText;
        }

        entry.Text = TimelineWording.RedactedText;
        entry.Evidence.Clear();
        (entry.SystemState, entry.TeamAction, entry.Context) = (null, null, null);
        entry.RedactedAt = turn.Now;
        incident.Version++;

        var messages = await db.Transcript.Where(m => m.IncidentId == incident.Id && m.RedactedAt == null).ToListAsync(stop);
        foreach (var message in messages.Where(m => m.MessageId == entry.MessageId || words.Any(w => m.Text.Plain.Contains(w, StringComparison.Ordinal))))
        {
            message.Text = TimelineWording.RedactedText;
            message.RedactedAt = turn.Now;
        }

        foreach (var row in await db.Outbox.Where(r => r.IncidentId == incident.Id && r.State == RowState.Pending).ToListAsync(stop))
        {
            row.Body = CardRedaction.Overwrite(row.Body, words);
        }

        foreach (var row in await db.Inbox.Where(r => r.State != RowState.Done && r.Workspace == incident.Workspace).ToListAsync(stop))
        {
            if (words.Any(w => row.Body.Contains(CardRedaction.InJson(w), StringComparison.Ordinal)))
            {
                (row.Body, row.State, row.Fault) = ("", RowState.Done, "redacted");
            }
        }

        foreach (var held in await db.HeldCommands.ToListAsync(stop))
        {
            if (words.Any(w => held.Text.Plain.Contains(w, StringComparison.Ordinal)))
            {
                db.HeldCommands.Remove(held);
            }
        }

        foreach (var platform in platforms)
        {
            await platform.RedactAsync(db, incident, entry.MessageId, words, stop);
        }
    }

    [GeneratedRegex(@"^\s*#?(\d{1,6})\b[:.]?\s*")]
    private static partial Regex Number();
}

/// <summary>Overwrites words in stored cards.</summary>
public static class CardRedaction
{
    /// <summary>The card as JSON, with every text that holds one of the words overwritten.</summary>
    public static string Overwrite(string cardJson, IReadOnlySet<string> words)
    {
        if (cardJson.Length == 0 || !words.Any(w => cardJson.Contains(InJson(w), StringComparison.Ordinal)))
        {
            return cardJson;
        }

        var card = Card.FromJson(cardJson);
        return (card with
        {
            Parts =
            [
                .. card.Parts.Select(part => part switch
                {
                    TextPart text => text with { Text = Clean(text.Text) },
                    FactsPart facts => facts with { Facts = [.. facts.Facts.Select(f => f with { Value = Clean(f.Value) })] },
                    RowsPart rows => rows with { Rows = [.. rows.Rows.Select(f => f with { Value = Clean(f.Value) })] },
                    _ => part,
                }),
            ],
        }).ToJson();

        RichText Clean(RichText text) => words.Any(w => text.Plain.Contains(w, StringComparison.Ordinal)) ? TimelineWording.RedactedText : text;
    }

    /// <summary>The words as they stand inside a JSON string.</summary>
    public static string InJson(string words) =>
        System.Text.Json.JsonSerializer.Serialize(words, CardJson.Options)[1..^1];
}

/// <summary>A redaction needs an entry.</summary>
public sealed record RedactWhat : Refusal
{
    public override string Sentence => "Which entry? Type `/incident redact 4 REASON`. `/incident timeline` shows the numbers.";
}
