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
public sealed record Speaker(Person? Person, string? Name, DateTimeOffset Now, TimeZoneInfo Zone);

/// <summary>Brings what an answer says to where it belongs: findings, the impact, the timeline, the tree of causes, action items.</summary>
public sealed class Harvest(BotDb db, TimelineAnswers timeline, Proposals proposals)
{
    // Of these the incident has one; a later answer takes the place of the earlier, which stays among the answers.
    private static readonly HashSet<FindingKind> Single =
        [FindingKind.RootCause, FindingKind.BusinessCause, FindingKind.CauseType, FindingKind.Summary, FindingKind.CustomerStatement, FindingKind.WhatChanged, FindingKind.WhyItMatters, FindingKind.CostOfPrevention, FindingKind.CostOfRecurrence, FindingKind.ResponseQuality];

    /// <summary>Brings in a new answer.</summary>
    /// <returns>What could not be understood, to be said to its author; empty when everything has found its place.</returns>
    public async Task<IReadOnlyList<string>> TakeAsync(Incident incident, Prompt prompt, ReviewAnswer answer, IReadOnlyList<Said> said, Speaker speaker, CancellationToken stop)
    {
        var doubts = new List<string>();
        foreach (var one in said)
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
        var old = await OfAsync(answer, stop);
        var left = said.ToList();
        foreach (var finding in old)
        {
            var same = left.Find(s => KindOf(s) == finding.Kind);
            if (same is null)
            {
                await RemoveAsync(finding, speaker.Now, stop);
                continue;
            }

            left.Remove(same);
            (finding.Text, finding.Category, finding.How, finding.Entries, finding.Links, finding.EditedBy) =
                (same.Text, same.Category ?? same.Field.Category, same.How ?? finding.How, [.. same.Entries], [.. same.Links], null);
        }

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
        }

        foreach (var said in ReadAnswer.Read(prompt, answer.Text))
        {
            if (Filling.ImpactField(said.Field.Fills) is { } field && field.Get(incident.Impact) == said.Text)
            {
                field.Set(incident.Impact, null);
            }
        }

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
            incident.Record(new Acting(speaker.Person ?? Person.Bot(incident.Platform, incident.Workspace), speaker.Now).System(
                $"Impact recorded in the review – {field.Label}: {said.Text}", before is null ? null : $"{field.Label}: {before}", $"{field.Label}: {said.Text}"));
            return null;
        }

        switch (said.Field.Fills)
        {
            case Filling.Why:
                await GrowAsync(incident, prompt, answer, said, speaker, stop);
                return null;
            case Filling.Action:
                return await proposals.FromLineAsync(incident, RichText.WithLinks(said.Text), answer.Text, speaker.Person, speaker.Now, stop);
            case var fills when Filling.Kind(fills) is { } kind:
                await FindAsync(incident, kind, answer, said, speaker, stop);
                return null;
            default:
                return await timeline.TakeAsync(incident, prompt, answer, said, speaker, stop);
        }
    }

    private async Task FindAsync(Incident incident, FindingKind kind, ReviewAnswer answer, Said said, Speaker speaker, CancellationToken stop)
    {
        if (Single.Contains(kind))
        {
            foreach (var earlier in await KnownAsync(incident, kind, stop))
            {
                earlier.RemovedAt = speaker.Now;
            }
        }

        var finding = Add(incident, kind, said, answer, speaker);
        if (kind == FindingKind.ProximateCause && said.Category is { } type)
        {
            await FindAsync(incident, FindingKind.CauseType, answer, said with { Text = type, Category = null, Entries = [], Links = [] }, speaker, stop);
            finding.Category = null;
        }
    }

    private async Task GrowAsync(Incident incident, Prompt prompt, ReviewAnswer answer, Said said, Speaker speaker, CancellationToken stop)
    {
        var under = await db.Findings.FirstOrDefaultAsync(f => f.Id == prompt.FindingId, stop);
        if (said.Sibling && under?.ParentId is { } above)
        {
            under = await db.Findings.FirstOrDefaultAsync(f => f.Id == above, stop);
        }

        Add(incident, FindingKind.Why, said, answer, speaker, under);
    }

    private async Task RemoveAsync(Finding finding, DateTimeOffset now, CancellationToken stop)
    {
        finding.RemovedAt = now;
        foreach (var below in (await db.Findings.Where(f => f.ParentId == finding.Id).ToListAsync(stop)).Where(f => f.RemovedAt is null))
        {
            below.ParentId = finding.ParentId;
        }
    }

    private async Task<List<Finding>> OfAsync(ReviewAnswer answer, CancellationToken stop) =>
        [.. (await db.Findings.Where(f => f.AnswerId == answer.Id).ToListAsync(stop)).Where(f => f.RemovedAt is null && f.EditedBy is null).OrderBy(f => f.Number)];

    private async Task<List<Finding>> KnownAsync(Incident incident, FindingKind kind, CancellationToken stop)
    {
        await db.Findings.Where(f => f.IncidentId == incident.Id && f.Kind == kind).LoadAsync(stop);
        return [.. db.Findings.Local.Where(f => f.IncidentId == incident.Id && f.Kind == kind && f.RemovedAt is null)];
    }

    private static FindingKind? KindOf(Said said) => said.Field.Fills == Filling.Why ? FindingKind.Why : Filling.Kind(said.Field.Fills);
}
