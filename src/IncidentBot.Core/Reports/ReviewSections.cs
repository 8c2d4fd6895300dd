using System.Text;
using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Reports;

/// <summary>The parts of a document that a review fills, as Markdown.</summary>
internal static class ReviewSections
{
    /// <summary>Findings that have no heading of their own in the format, in the order in which they are printed, with their labels.</summary>
    public static IReadOnlyList<(FindingKind Kind, string Label)> Further { get; } =
    [
        (FindingKind.Classification, "Classification"),
        (FindingKind.AttackVector, "Attack vector"),
        (FindingKind.Indicator, "Indicators of compromise"),
        (FindingKind.DataExposure, "Data exposure"),
        (FindingKind.Containment, "Effectiveness of containment"),
        (FindingKind.RegulatoryNotification, "Regulatory notification"),
        (FindingKind.SafeguardThatWorked, "The safeguard that worked"),
        (FindingKind.CouldHaveBeenWorse, "What could have made it worse"),
        (FindingKind.SafeguardReliability, "How reliable our safeguards are"),
        (FindingKind.CommonFactor, "What these incidents have in common"),
        (FindingKind.WhyFixesFailed, "How the fixes so far did not hold"),
        (FindingKind.SystemicEnabler, "What makes recurrence possible"),
        (FindingKind.FundamentalChange, "The fundamental change that is needed"),
        (FindingKind.CostOfPrevention, "Cost of prevention"),
        (FindingKind.CostOfRecurrence, "Cost of recurrence"),
        (FindingKind.BusinessCause, "The root cause in business terms"),
        (FindingKind.CustomerStatement, "For customers"),
        (FindingKind.QuestionToAsk, "Questions to ask before such a change"),
        (FindingKind.CheckToPerform, "Checks to perform"),
        (FindingKind.SignOfRisk, "Signs of risk"),
        (FindingKind.Escalation, "How the right people were reached"),
        (FindingKind.Communication, "How customers and stakeholders were told"),
    ];

    private static readonly (FindingKind Kind, string Label)[] Defences =
    [
        (FindingKind.MissingAlert, "Missing alert"), (FindingKind.MissingDashboard, "Dashboard update"), (FindingKind.ThresholdChange, "Threshold adjustment"),
        (FindingKind.MissingTest, "Test scenario"), (FindingKind.LoadCondition, "Load testing"), (FindingKind.FailureMode, "Failure to inject regularly"),
    ];

    /// <summary>How far the review is, for the table at the head; null without one.</summary>
    public static string? Status(PostMortem p) => p.Review?.Review is { } review ? ReviewStanding.Of(review) : null;

    /// <summary>What broke in particular, and of which kind that was; null when nobody has said.</summary>
    public static string? Technical(PostMortem p) => Lines(p, (FindingKind.CauseType, "Type of cause"), (FindingKind.TechnicalDetail, "Technical details"));

    public static string? Drawing(PostMortem p) => WhyTree.Drawing(p.Causes, p.FileName);

    /// <summary>What of the causes is open, a line; null when nothing is, or when they have not been asked about.</summary>
    public static string? OpenCauses(PostMortem p)
    {
        var coverage = Coverage.Of(p.Findings, p.ActionItems);
        if (p.Causes.All.Count() < 2 || p.Review is null)
        {
            return null;
        }

        var parts = new List<string>();
        Add(coverage.WithoutEvidence.Count, "end of the tree shows", "ends of the tree show", "no evidence");
        Add(coverage.Bare.Count, "cause or factor has", "causes and factors have", "neither an action nor an acceptance");
        return parts.Count == 0 ? null : $"*Open point: {string.Join("; ", parts)}.*";

        void Add(int n, string one, string many, string what)
        {
            if (n > 0)
            {
                parts.Add($"{n} {(n == 1 ? one : many)} {what}");
            }
        }
    }

    /// <summary>What kept it from being caught, and which alert, dashboard, threshold or test was missing.</summary>
    public static string? NotCaught(PostMortem p)
    {
        var said = p.Of(FindingKind.WhyNotCaught).Select(f => MarkdownText.Escape(f.Text)).ToList();
        var gaps = Lines(p, Defences);
        return said.Count == 0 && gaps is null ? null : string.Join("\n\n", new[] { said.Count == 0 ? null : string.Join("\n\n", said), gaps }.OfType<string>());
    }

    /// <summary>The factors by their categories, each with how it contributed; null without any.</summary>
    public static string? Factors(PostMortem p)
    {
        var factors = p.Of(FindingKind.Factor).ToList();
        if (factors.Count == 0)
        {
            return null;
        }

        var text = ByCategory(factors, ["people", "process", "technology", "environment"], f => $"{MarkdownText.Escape(f.Text)}{How(f, "how it contributed")}{Fate(p, f)}");
        var limited = Lines(p, (FindingKind.MitigatingFactor, "What limited it"), (FindingKind.HalfTheTime, "What would have halved the time to recovery"));
        text += factors.Count >= 3 && p.Review?.Script is not null ? "\n\n*Each of these was a hole in a defence; they had to line up for this to happen, and closing any of them would have stopped or limited it.*" : "";
        return limited is null ? text : $"{text}\n\n{limited}";
    }

    public static string? WentWell(PostMortem p) => Both(
        ByCategory([.. p.Of(FindingKind.WentWell)], ["detection", "response", "communication", "recovery"], f => $"{MarkdownText.Escape(f.Text)}{How(f, "it made possible")}"),
        Lines(p, (FindingKind.Lucky, "Where we were lucky")));

    public static string? CouldImprove(PostMortem p) => Both(
        ByCategory([.. p.Of(FindingKind.CouldImprove)], ["detection", "response", "communication", "recovery"], f => $"{MarkdownText.Escape(f.Text)}{How(f, "consequence")}"),
        Lines(p, (FindingKind.Surprise, "What surprised us"), (FindingKind.Assumption, "What we assumed"), (FindingKind.ResponseQuality, "How the response went")));

    public static string? Lessons(PostMortem p)
    {
        var lessons = ByCategory([.. p.Of(FindingKind.Lesson)], [], f => MarkdownText.Escape(f.Text));
        var paragraph = string.Join(" ", p.Of(FindingKind.WhyItMatters).Concat(p.Of(FindingKind.WhatChanged)).Select(f => MarkdownText.Escape(Sentence(f.Text))));
        return Both(lessons, paragraph.Length == 0 ? null : $"**In short:** {MarkdownText.Escape(ReportWording.Summary(p))} {paragraph}");
    }

    /// <summary>What the actions say beyond their table.</summary>
    public static string? ActionDetails(PostMortem p)
    {
        var text = new StringBuilder();
        foreach (var item in p.ActionItems)
        {
            (string Label, string? Value)[] details =
            [
                ("type", item.Type?.Word()), ("kind of measure", item.Category?.Word().Replace('-', ' ')), ("serves", item.Serves.Count == 0 ? null : string.Join(", ", item.Serves.Select(n => $"F{n}"))), ("why", item.Why),
                ("implementation", item.Implementation), ("success criterion", item.SuccessCriteria), ("verification", item.Verification), ("effort", item.Effort), ("value", item.Value),
                ("horizon", p.Milestones.Resolved is { } resolved ? item.Horizon(DateOnly.FromDateTime(resolved.UtcDateTime)) : null), ("with", item.Collaborators.Count == 0 ? null : string.Join(", ", item.Collaborators)),
                ("not done because", item.NotDoingBecause), ("accepted as it is", item.AcceptedBecause),
            ];
            var known = details.Where(d => d.Value is not null && !(d.Label is "type" or "horizon" && !details.Any(x => x.Value is not null && x.Label is not ("type" or "horizon")))).Select(d => $"{d.Label}: {MarkdownText.Escape(d.Value!)}").ToList();
            if (known.Count > 0)
            {
                text.Append($"- **{item.Code}** {string.Join("; ", known)}\n");
            }
        }

        foreach (var parked in p.Review?.Parked.Where(x => x.ActionNumber is null) ?? [])
        {
            text.Append($"- *Parked, not taken up:* {MarkdownText.Escape(parked.Text)} ({MarkdownText.Escape(parked.ByName)})\n");
        }

        return text.Length == 0 ? null : text.ToString().TrimEnd();
    }

    public static IEnumerable<string> Related(PostMortem p) =>
        p.Similar.Select(s => $"{s.Incident.Code} {s.Incident.Title} ({s.Incident.DeclaredAt:yyyy-MM-dd}): {s.Because}").Concat(p.Of(FindingKind.Pattern).Select(f => $"Pattern: {f.Text}"));

    public static string? FurtherFindings(PostMortem p) => Lines(p, [.. Further]);

    /// <summary>What people told of it, by whom who wanted to be named.</summary>
    public static string? Recollections(PostMortem p)
    {
        if (p.Review is not { } facts)
        {
            return null;
        }

        var told = facts.Findings.Where(f => f.Kind == FindingKind.Recollection && f.AnswerId is not null)
            .Where(f => facts.Answers.FirstOrDefault(a => a.Id == f.AnswerId) is { } answer && facts.Prompts.FirstOrDefault(x => x.Id == answer.PromptId) is { } prompt && facts.Shown(prompt).Contains(answer))
            .Select(f => $"- **{MarkdownText.Escape(f.SaidBy ?? "Without a name")}:** {MarkdownText.Escape(f.Text)}").ToList();
        return told.Count == 0 ? null : string.Join("\n", told);
    }

    /// <summary>The phases with their summaries, and what was skipped and for which reason.</summary>
    public static string? Phases(PostMortem p)
    {
        if (p.Review is not { Script: { } script } facts)
        {
            return null;
        }

        var lines = new List<string>();
        foreach (var phase in script.Phases)
        {
            var state = facts.Phases.FirstOrDefault(s => s.Key == phase.Key);
            var skipped = facts.Prompts.Where(q => q.Phase == phase.Key && q.State == PhaseState.Skipped && q.Reason is not null && q.Reason != state?.Reason).Select(q => $"“{q.Title}” was skipped: {q.Reason}");
            var said = new[] { state?.Summary, state is { State: PhaseState.Skipped } ? $"skipped: {state.Reason}" : state?.Reason }.Concat(skipped).OfType<string>().ToList();
            if (said.Count > 0)
            {
                lines.Add($"- **{MarkdownText.Escape(phase.Title)}:** {MarkdownText.Escape(string.Join("; ", said))}");
            }
        }

        lines.AddRange(facts.Votes.GroupBy(v => v.Question).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"- **{(g.Key == "learned" ? "Learned something that changes their work" : "Would come to another review")}:** {g.Count(v => v.Yes)} of {g.Count()}"));
        return lines.Count == 0 ? null : string.Join("\n", lines);
    }

    /// <summary>Who said what, and what shows it; of answers without a name only that there was one.</summary>
    public static string? Sources(PostMortem p)
    {
        if (p.Review is null)
        {
            return null;
        }

        var rows = p.Findings.Where(f => f.Kind is not FindingKind.Recollection && (f.SaidAt is not null || f.AnswerId is not null) && (f.SaidBy is not null || f.AnswerId is not null || f.HasEvidence)).Select(f =>
            $"| F{f.Number} {f.Kind.Word().Replace('-', ' ')} | {MarkdownText.Escape(f.SaidBy ?? (f.AnswerId is null ? "the tree" : "without a name"))}{Scribe(p, f)}{(f.EditedBy is { } by ? $", words mended by {MarkdownText.Escape(by)}" : "")} | {(f.SaidBy is null ? $"{f.SaidAt:yyyy-MM-dd}" : $"{f.SaidAt:yyyy-MM-dd HH:mm}")} | {Evidence(p, f)} |").ToList();
        return rows.Count == 0 ? null : "| Finding | Said by | When (UTC) | Shown by |\n|---|---|---|---|\n" + string.Join("\n", rows);
    }

    private static string Scribe(PostMortem p, Finding f) => p.Review?.Answers.FirstOrDefault(a => a.Id == f.AnswerId)?.WrittenBy is { } by ? $", written down by {MarkdownText.Escape(by)}" : "";

    private static string Evidence(PostMortem p, Finding f) => !f.HasEvidence ? "—"
        : string.Join(", ", f.Entries.Select(e => $"entry {e}").Concat(f.Links.Select(l => MarkdownText.Link(null, l))).Concat(f.Files.Select(id => p.FileLink($"F{f.Number}", id, p.FileName(id)))));

    private static string Fate(PostMortem p, Finding factor)
    {
        var served = p.ActionItems.Where(i => i.Serves.Contains(factor.Number)).Select(i => i.Code).ToList();
        return served.Count > 0 ? $" → {string.Join(", ", served)}"
            : factor.Ending == CauseEnding.Accepted ? $" → accepted by {MarkdownText.Escape(factor.EndedBy ?? "")}: {MarkdownText.Escape(factor.EndingReason ?? "")}" : "";
    }

    private static string How(Finding f, string label) => f.How is { } how ? $" — *{label}:* {MarkdownText.Escape(how)}" : "";

    private static string? ByCategory(IReadOnlyList<Finding> findings, string[] order, Func<Finding, string> write)
    {
        if (findings.Count == 0)
        {
            return null;
        }

        var groups = findings.GroupBy(f => f.Category?.ToLowerInvariant()).OrderBy(g => g.Key is null ? -1 : Array.IndexOf(order, g.Key) is >= 0 and var at ? at : order.Length).ToList();
        return string.Join("\n\n", groups.Select(g => $"{(g.Key is null ? "" : $"**{MarkdownText.Escape(Capital(g.First().Category!))}**\n\n")}{string.Join("\n", g.Select(f => $"- {write(f)}"))}"));
    }

    private static string? Lines(PostMortem p, params (FindingKind Kind, string Label)[] kinds)
    {
        var lines = kinds.Select(k => (k.Label, Found: p.Of(k.Kind).ToList())).Where(k => k.Found.Count > 0).Select(k =>
            k.Found is [var only] ? $"- **{k.Label}:** {Said(only)}" : $"- **{k.Label}:**\n{string.Join("\n", k.Found.Select(f => $"    - {Said(f)}"))}").ToList();
        return lines.Count == 0 ? null : string.Join("\n", lines);

        static string Said(Finding f) => $"{(f.Category is { } c ? $"{MarkdownText.Escape(c)}: " : "")}{MarkdownText.Escape(f.Text)}{How(f, "basis")}";
    }

    private static string? Both(string? one, string? other) => one is null ? other : other is null ? one : $"{one}\n\n{other}";

    private static string Sentence(string text) => text.TrimEnd().EndsWith('.') ? text : text.TrimEnd() + ".";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
