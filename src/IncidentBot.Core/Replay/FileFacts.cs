using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Replay;

/// <summary>What a file concludes about its incident, and what it says beyond the format.</summary>
public sealed record FileFacts(PersonRef By, Place Place, DateTimeOffset At, long IncidentId, IncidentFile File, IReadOnlyDictionary<int, int> SeqOfEntry, bool PlaysReview = false)
    : ChatEvent(By, Place, At);

/// <summary>Keeps the findings and notes of a file.</summary>
public sealed class KeepFileFacts(BotDb db) : IHandle<FileFacts>
{
    public async Task<Answer> HandleAsync(FileFacts e, Turn turn, CancellationToken stop)
    {
        var incident = await db.Incidents.FirstAsync(i => i.Id == e.IncidentId, stop);
        foreach (var (kind, text) in e.File.Findings)
        {
            db.Findings.Add(new Finding { IncidentId = incident.Id, Number = incident.NextFinding(), Kind = kind, Text = text });
        }

        if (e.File.Whys is { } root)
        {
            Grow(incident, root, null);
        }

        if (e.File.ReviewText is { } review && !e.PlaysReview)
        {
            // Kept whole under its own key, and left out of the report's notes: it is no prose.
            db.Notes.Add(new Note { IncidentId = incident.Id, Key = Note.ReviewKey, Text = review });
        }

        foreach (var (entry, key, text) in e.File.Notes)
        {
            db.Notes.Add(new Note { IncidentId = incident.Id, Seq = entry is { } n ? e.SeqOfEntry[n] : null, Key = key, Text = text });
        }

        return Answer.None;
    }

    private void Grow(Incident incident, WhyNode node, Finding? parent)
    {
        var finding = new Finding { IncidentId = incident.Id, Number = incident.NextFinding(), Kind = FindingKind.Why, Text = node.Text, Parent = parent };
        db.Findings.Add(finding);
        foreach (var cause in node.Because)
        {
            Grow(incident, cause, finding);
        }
    }
}
