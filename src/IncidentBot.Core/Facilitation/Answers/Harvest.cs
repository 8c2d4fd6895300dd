using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation.Answers;

/// <summary>Who says something in a review, and when.</summary>
/// <param name="Person">Null for someone without an account, and where nobody is to be named.</param>
/// <param name="Name">Null where nobody is to be named.</param>
public sealed record Speaker(Person? Person, string? Name, DateTimeOffset Now, TimeZoneInfo Zone)
{
    /// <summary>Ids of the stored files that came with the words.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];
}

/// <summary>Brings what an answer says to where it belongs: findings, the impact, the timeline, the tree of causes, action items.</summary>
public sealed class Harvest(BotDb db, TimelineAnswers timeline, Proposals proposals, ReviewPolicy reviews)
{
    // Of these the incident has one; a later answer takes the place of the earlier, which stays among the answers.
    private static readonly HashSet<FindingKind> Single =
        [FindingKind.RootCause, FindingKind.BusinessCause, FindingKind.CauseType, FindingKind.Summary, FindingKind.CustomerStatement, FindingKind.WhatChanged, FindingKind.WhyItMatters, FindingKind.CostOfPrevention, FindingKind.CostOfRecurrence, FindingKind.ResponseQuality];

    private const int FewestWords = 6;

    /// <summary>Brings in a new answer.</summary>
    /// <returns>What could not be understood, to be said to its author; empty when everything has found its place.</returns>
    public async Task<IReadOnlyList<string>> TakeAsync(Incident incident, Prompt prompt, ReviewAnswer answer, IReadOnlyList<Said> said, Speaker speaker, CancellationToken stop)
    {
        var doubts = new List<string>();
        foreach (var one in said.SelectMany(Apart))
        {
            if (await TakeAsync(incident, prompt, answer, one, speaker, stop) is { } doubt)
            {
                doubts.Add(doubt);
            }
        }

        return doubts;
    }

    /// <summary>Follows the edit of an answer: what it said stays where it is, with the new words.</summary>
    public async Task ReviseAsync(Incident incident, Prompt prompt, ReviewAnswer answer, IReadOnlyList<Said> said, Speaker speaker, CancellationToken stop)
    {
        var old = await AllOfAsync(answer, stop);
        var left = said.SelectMany(Apart).ToList();
        // Equal words first, so that a line put in before them moves nothing.
        var pairs = old.Select(f => (Finding: f, Said: left.Find(s => KindOf(s) == f.Kind && s.Text == f.Text))).ToList();
        left.RemoveAll(s => pairs.Exists(p => p.Said == s));
        foreach (var (finding, equal) in pairs)
        {
            var same = equal ?? left.Find(s => KindOf(s) == finding.Kind);
            if (same is not null)
            {
                left.Remove(same);
            }

            // What the facilitator has mended, dropped or replaced stays as it is.
            if (finding.RemovedAt is not null || finding.EditedBy is not null)
            {
                continue;
            }

            if (same is null)
            {
                await RemoveAsync(finding, speaker.Now, stop);
                continue;
            }

            if (await PlantedAsync(finding, stop) is { } planted)
            {
                planted.Text = same.Text;
            }

            (finding.Text, finding.Category, finding.How, finding.Entries, finding.Links) =
                (same.Text, same.Category ?? same.Field.Category, same.How ?? finding.How, [.. finding.Entries.Union(same.Entries)], [.. finding.Links.Union(same.Links)]);
        }

        await proposals.ReviseAsync(incident, answer.Id, [.. left.Where(s => s.Field.Fills == Filling.Action).Select(s => s.Text)], answer.Text, speaker.Person, answer.At, speaker.Now, stop);

        left.RemoveAll(s => s.Field.Fills == Filling.Action);
        await timeline.ReviseAsync(incident, answer, [.. left.Where(s => KindOf(s) is null)], speaker, stop);
        foreach (var more in left.Where(s => KindOf(s) is not null || Filling.ImpactField(s.Field.Fills) is not null))
        {
            await TakeAsync(incident, prompt, answer, more, speaker, stop);
        }
    }

    /// <summary>Takes back what a deleted answer has brought; causes that others have built upon move up.</summary>
    public async Task TakeBackAsync(Incident incident, ReviewAnswer answer, ScriptPrompt prompt, Speaker speaker, CancellationToken stop)
    {
        foreach (var finding in await OfAsync(answer, stop))
        {
            await RemoveAsync(finding, speaker.Now, stop);
            if (Single.Contains(finding.Kind))
            {
                await RestoreAsync(incident, finding, stop);
            }
        }

        foreach (var said in ReadAnswer.Read(prompt, answer.Text))
        {
            if (Filling.ImpactField(said.Field.Fills) is { } field && field.Get(incident.Impact) == said.Text)
            {
                field.Set(incident.Impact, null);
            }
        }

        await proposals.TakeBackAsync(incident, answer.Id, speaker.Person, speaker.Now, stop);
        await timeline.TakeBackAsync(incident, answer, speaker, stop);
    }

    /// <summary>Adds a finding of its own, such as a cause in the tree.</summary>
    public Finding Add(Incident incident, FindingKind kind, Said said, ReviewAnswer? answer, Speaker speaker, Finding? parent = null)
    {
        var finding = new Finding
        {
            IncidentId = incident.Id,
            Number = incident.NextFinding(),
            Kind = kind,
            Text = said.Text,
            Category = said.Category ?? said.Field.Category,
            How = said.How,
            Parent = parent,
            ParentId = parent?.Id,
            Entries = [.. said.Entries],
            Links = [.. said.Links],
            Files = [.. speaker.Files],
            AnswerId = answer?.Id,
            SaidBy = speaker.Name,
            SaidAt = answer?.At ?? speaker.Now,
        };
        db.Findings.Add(finding);
        return finding;
    }

    private async Task<string?> TakeAsync(Incident incident, Prompt prompt, ReviewAnswer answer, Said said, Speaker speaker, CancellationToken stop)
    {
        if (Filling.ImpactField(said.Field.Fills) is { } field)
        {
            var before = field.Get(incident.Impact);
            field.Set(incident.Impact, said.Text);
            incident.Record(new Acting(speaker.Person ?? Person.Bot(incident.Platform, incident.Workspace), speaker.Now).InReview(
                $"Impact recorded in the review – {field.Label}: {said.Text}", before is null ? null : $"{field.Label}: {before}", $"{field.Label}: {said.Text}"));
            await reviews.ReconsiderAsync(incident, speaker.Now, stop);
            return null;
        }

        switch (said.Field.Fills)
        {
            case Filling.Why:
                await GrowAsync(incident, prompt, answer, said, speaker, stop);
                return null;
            case Filling.Action:
                return await proposals.FromLineAsync(incident, RichText.WithLinks(said.Text), answer.Text, speaker.Person, speaker.Now, answer.Id, stop);
            case var fills when Filling.Kind(fills) is { } kind:
                await FindAsync(incident, kind, answer, said, speaker, stop);
                return null;
            default:
                return await timeline.TakeAsync(incident, prompt, answer, said, speaker, stop);
        }
    }

    private async Task FindAsync(Incident incident, FindingKind kind, ReviewAnswer answer, Said said, Speaker speaker, CancellationToken stop)
    {
        // A remark on the statement is no statement; the answer is kept.
        if (kind == FindingKind.RootCause && Coach.CoachWords.Count(said.Text) < FewestWords)
        {
            return;
        }

        if (Single.Contains(kind))
        {
            var known = await KnownAsync(incident, kind, stop);
            if (known.Find(k => k.AnswerId == answer.Id) is { } own)
            {
                own.Text = $"{own.Text}\n{said.Text}";
                return;
            }

            known.ForEach(k => k.RemovedAt = speaker.Now);
        }

        Add(incident, kind, said, answer, speaker);
    }

    // "Code: the job leaks" says a cause, and of which type it is.
    private static IEnumerable<Said> Apart(Said said)
    {
        if (Filling.Kind(said.Field.Fills) != FindingKind.ProximateCause || said.Category is not { } type)
        {
            return [said];
        }

        return [said with { Category = null }, new Said(new ScriptField { Key = "type", Label = "Type of cause", Fills = FindingKind.CauseType.Word() }, type)];
    }

    private async Task GrowAsync(Incident incident, Prompt prompt, ReviewAnswer answer, Said said, Speaker speaker, CancellationToken stop)
    {
        var under = await db.Findings.FirstOrDefaultAsync(f => f.Id == prompt.FindingId, stop);
        if (said.Sibling && under?.ParentId is { } above)
        {
            under = await db.Findings.FirstOrDefaultAsync(f => f.Id == above, stop);
        }

        while (under?.RemovedAt is not null)
        {
            // What the question was about has been taken back: the answer explains what that explained.
            under = under.ParentId is { } higher ? await db.Findings.FirstOrDefaultAsync(f => f.Id == higher, stop) : null;
        }

        if (under?.Text.Trim().Equals(said.Text.Trim(), StringComparison.OrdinalIgnoreCase) == true)
        {
            // The same again is no step further; the question that is asked back says so.
            return;
        }

        Add(incident, FindingKind.Why, said, answer, speaker, under);
    }

    // What a deleted answer had taken the place of counts again, if its own answer still stands.
    private async Task RestoreAsync(Incident incident, Finding gone, CancellationToken stop)
    {
        await db.Findings.Where(f => f.IncidentId == incident.Id && f.Kind == gone.Kind).LoadAsync(stop);
        foreach (var earlier in db.Findings.Local.Where(f => f.IncidentId == incident.Id && f.Kind == gone.Kind && f.Number < gone.Number).OrderByDescending(f => f.Number).ToList())
        {
            if (earlier.RemovedAt is not null && earlier.RemovedAt != gone.SaidAt)
            {
                // Somebody has dropped it by itself.
                continue;
            }

            if (earlier.AnswerId is null || await db.ReviewAnswers.AnyAsync(a => a.Id == earlier.AnswerId && a.DeletedAt == null, stop))
            {
                earlier.RemovedAt = null;
                return;
            }
        }
    }

    private async Task RemoveAsync(Finding finding, DateTimeOffset now, CancellationToken stop)
    {
        if (await PlantedAsync(finding, stop) is { } planted)
        {
            await RemoveAsync(planted, now, stop);
        }

        finding.RemovedAt = now;
        foreach (var below in (await db.Findings.Where(f => f.ParentId == finding.Id).ToListAsync(stop)).Where(f => f.RemovedAt is null))
        {
            below.ParentId = finding.ParentId;
        }
    }

    private async Task<List<Finding>> OfAsync(ReviewAnswer answer, CancellationToken stop) => [.. (await AllOfAsync(answer, stop)).Where(f => f.RemovedAt is null)];

    private async Task<List<Finding>> AllOfAsync(ReviewAnswer answer, CancellationToken stop) => [.. (await db.Findings.Where(f => f.AnswerId == answer.Id).ToListAsync(stop)).OrderBy(f => f.Number)];

    // An immediate cause stands in the tree too, as its first step.
    private async Task<Finding?> PlantedAsync(Finding cause, CancellationToken stop) => cause.Kind != FindingKind.ProximateCause ? null
        : (await db.Findings.Where(f => f.IncidentId == cause.IncidentId && f.Kind == FindingKind.Why && f.AnswerId == null).ToListAsync(stop)).Find(f => f.RemovedAt is null && f.EditedBy is null && f.Text == cause.Text);

    private async Task<List<Finding>> KnownAsync(Incident incident, FindingKind kind, CancellationToken stop)
    {
        await db.Findings.Where(f => f.IncidentId == incident.Id && f.Kind == kind).LoadAsync(stop);
        return [.. db.Findings.Local.Where(f => f.IncidentId == incident.Id && f.Kind == kind && f.RemovedAt is null)];
    }

    private static FindingKind? KindOf(Said said) => said.Field.Fills == Filling.Why ? FindingKind.Why : Filling.Kind(said.Field.Fills);
}
