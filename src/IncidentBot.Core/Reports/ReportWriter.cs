using HandlebarsDotNet;
using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Reports;

/// <summary>Writes the <c>report</c> format: every heading and table of it, with what is not known yet as an open point.</summary>
public sealed class ReportWriter
{
    public const string Format = "report";

    private readonly HandlebarsTemplate<object, object> _template;

    public ReportWriter()
    {
        var handlebars = Handlebars.Create(new HandlebarsConfiguration { TextEncoder = new MarkdownText() });
        _template = handlebars.Compile(Resources.Text("Reports.Templates.report.hbs"));
    }

    public string Markdown(PostMortem p) => _template(View(p));

    public string Html(PostMortem p) => HtmlWriter.Page($"{p.Incident.Code} {p.Incident.Title}", Markdown(p));

    private static Dictionary<string, object?> View(PostMortem p)
    {
        var incident = p.Incident;
        var notes = p.Notes.Where(n => n.Key != Note.ReviewKey).ToList();
        var days = p.Timeline.Printed.Where(e => e.OccurredAt is not null).Select(e => e.OccurredAt!.Value.UtcDateTime.Date).Distinct().Count();
        return new()
        {
            ["banner"] = ReportWording.Banner(incident),
            ["title"] = incident.Title,
            ["id"] = incident.Code,
            ["date"] = p.Day.ToString("yyyy-MM-dd"),
            ["duration"] = MarkdownText.Escape(ReportWording.Duration(p) ?? "") is { Length: > 0 } d ? d : Open(ReportWording.NotResolved(incident)),
            ["severity"] = Known(incident.Severity is null ? null : ReportWording.Severity(incident), "the severity has not been set."),
            ["services"] = Known(string.Join(", ", incident.Services), "the affected services are not named yet."),
            ["userImpact"] = Known(ReportWording.UserImpact(incident.Impact), "the effect on users is not recorded yet."),
            ["commander"] = Known(ReportWording.Commander(p), "nobody has taken command."),
            ["responders"] = Known(ReportWording.Responders(p), "no responders are recorded yet."),
            ["status"] = incident.Status is Status.Cancelled ? "Cancelled" : p.Review?.Review.State switch { ReviewState.Running => "In Review", ReviewState.Closed => "Final", _ => "Draft" },
            ["review"] = ReviewSections.Status(p) is { } review ? MarkdownText.Escape(review) : null,
            ["summary"] = MarkdownText.Escape(ReportWording.Summary(p)),
            ["rows"] = p.Timeline.Printed.Select(e => Row(p, e, days > 1)).ToList(),
            ["gaps"] = p.Timeline.Gaps().Select(g => ReportWording.Gap(g, days > 1)).ToList(),
            ["whatHappened"] = Known(ReportWording.WhatHappened(p), "the technical description is not written yet."),
            ["technical"] = ReviewSections.Technical(p),
            ["drawing"] = ReviewSections.Drawing(p),
            ["openCauses"] = ReviewSections.OpenCauses(p),
            ["notCaught"] = ReviewSections.NotCaught(p) ?? (p.Review?.Script is null ? null : Open("nobody has said yet why nothing caught it earlier.")),
            ["actionDetails"] = ReviewSections.ActionDetails(p),
            ["further"] = ReviewSections.FurtherFindings(p),
            ["recollections"] = ReviewSections.Recollections(p),
            ["phases"] = ReviewSections.Phases(p),
            ["sources"] = ReviewSections.Sources(p),
            ["whys"] = WhyTree.Markdown(p.Causes) ?? Open("the five whys have not been asked yet."),
            ["rootCause"] = Known(string.Join("\n", p.Said(FindingKind.RootCause)), "the root cause is not recorded yet."),
            ["factors"] = ReviewSections.Factors(p) ?? Open("no contributing factors are recorded yet."),
            ["impact"] = Impact(p).Select(r => new Dictionary<string, object?> { ["label"] = r.Label, ["value"] = r.Value }).ToList(),
            ["wentWell"] = ReviewSections.WentWell(p) ?? Open("what went well has not been gathered yet."),
            ["couldImprove"] = ReviewSections.CouldImprove(p) ?? Open("what could be improved has not been gathered yet."),
            ["actions"] = p.ActionItems.Select(a => ActionRow(p, a)).ToList(),
            ["lessons"] = ReviewSections.Lessons(p) ?? Open("the lessons have not been drawn yet."),
            ["logs"] = Logs(p),
            ["links"] = Links(p),
            ["related"] = List(p.Merged.Select(i => $"{i.Code} {i.Title} (merged into this incident)").Concat(p.Said(FindingKind.Related)).Concat(ReviewSections.Related(p)), "no related incidents are recorded."),
            ["notes"] = notes.Count == 0 ? null : string.Join("\n", notes.Select(n => $"- **{MarkdownText.Escape(n.Key)}**{(n.Seq is { } seq ? $" (entry {seq})" : "")}: {MarkdownText.Escape(n.Text)}")),
            ["open"] = new Dictionary<string, object?> { ["timeline"] = Open("nothing is on the timeline yet."), ["actions"] = Open("no action items are recorded yet.") },
        };
    }

    // What was done in the review stands in its course, and not among what happened.
    private static Dictionary<string, object?> Row(PostMortem p, TimelineEntry entry, bool withDate)
    {
        var text = MarkdownText.Escape(entry.Text.Plain);
        var actor = entry.ActorName is { Length: > 0 } name && entry.Kind != EntryKind.System ? $" — {MarkdownText.Escape(name)}" : "";
        var kind = entry.Kind switch
        {
            EntryKind.Decision => "Decision: ",
            EntryKind.Action => "Action: ",
            EntryKind.Evidence => "Evidence: ",
            EntryKind.Detected => "Detected: ",
            EntryKind.ImpactBegins when !entry.Text.Plain.StartsWith("impact", StringComparison.OrdinalIgnoreCase) => "Impact begins: ",
            EntryKind.ImpactEnds when !entry.Text.Plain.StartsWith("impact", StringComparison.OrdinalIgnoreCase) => "Impact ends: ",
            _ => "",
        };
        var more = string.Concat(new[] { entry.SystemState, entry.TeamAction, entry.Context }.Where(s => s is not null).Select(s => $" ({MarkdownText.Escape(s!)})"));
        more += string.Concat(entry.Evidence.Where(v => v.File is not null).Select(v => $" ({FileLink(p, entry, v)})"));
        var links = string.Concat(entry.Evidence.Where(v => v.Url is not null && !entry.Text.Plain.Contains(v.Url!, StringComparison.Ordinal)).Select(v => $" {MarkdownText.Link(v.Text, v.Url!)}"));
        return new()
        {
            ["time"] = TimelineWording.Time(entry, withDate),
            ["phase"] = p.Timeline.PhaseOf(entry)?.ToString(),
            ["event"] = $"{kind}{text}{more}{links}{actor}",
        };
    }

    private static Dictionary<string, object?> ActionRow(PostMortem p, ActionItem a) => new()
    {
        ["id"] = a.Code,
        ["text"] = a.Text,
        ["owner"] = Known(string.Join(" / ", new[] { a.OwnerName, a.Team }.Where(x => x is not null)), "no owner."),
        ["priority"] = Known(p.PriorityWord(a), "no priority."),
        ["deadline"] = Known(a.Due?.ToString("yyyy-MM-dd"), "no date."),
        ["status"] = ReportWording.State(a.State) + (a.Ticket is null ? "" : $" ({a.Ticket})"),
    };

    private static IEnumerable<(string Label, string Value)> Impact(PostMortem p)
    {
        var impact = p.Incident.Impact;
        yield return ("Total downtime", Known(ReportWording.Downtime(p), "it is not known when it ended."));
        yield return ("Requests affected", Known(impact.RequestsAffected, "not counted yet."));
        yield return ("Users affected", Known(impact.UsersAffected, "not counted yet."));
        yield return ("Revenue impact", Known(impact.Revenue, "not estimated yet."));
        yield return ("SLA impact", Known(impact.Sla, "not worked out yet."));
        yield return ("Data loss", Known(impact.DataLoss, "not stated yet."));
        foreach (var field in Incidents.Impact.Fields.Where(f => f.Key is not ("requestsAffected" or "usersAffected" or "revenue" or "sla" or "dataLoss") && f.Get(impact) is not null))
        {
            yield return (field.Label, MarkdownText.Escape(field.Get(impact)!));
        }

        foreach (var (label, value) in ReportWording.Durations(p))
        {
            yield return (label, MarkdownText.Escape(value));
        }
    }

    private static string Logs(PostMortem p)
    {
        var logs = p.Timeline.Printed.SelectMany(e => e.Evidence.Where(v => v.Text is not null && v.Url is null).Select(v => (e, v))).ToList();
        return logs.Count == 0 ? Open("no log excerpts were captured.")
            : string.Join("\n\n", logs.Select(l => $"Entry {l.e.Seq}, {TimelineWording.Time(l.e, true)} UTC:\n\n{MarkdownText.Fence(l.v.Text!)}"));
    }

    private static string Links(PostMortem p)
    {
        var links = p.Timeline.Printed.SelectMany(e => e.Evidence.Where(v => v.Url is not null || v.FileId is not null).Select(v => (e, v))).ToList();
        return links.Count == 0 ? Open("no links to graphs or dashboards were captured.")
            : string.Join("\n", links.Select(l =>
                $"- Entry {l.e.Seq}, {TimelineWording.Time(l.e, true)} UTC: {(l.v.Url is null ? FileLink(p, l.e, l.v) : MarkdownText.Link(l.v.Text, l.v.Url))}"));
    }

    private static string FileLink(PostMortem p, TimelineEntry entry, Evidence evidence) =>
        evidence.FileId is null ? MarkdownText.Escape(evidence.File!) : p.FileLink($"{entry.Seq}", evidence.FileId, evidence.File!);

    private static string Known(string? value, string otherwise) => string.IsNullOrWhiteSpace(value) ? Open(otherwise) : MarkdownText.Escape(value);

    private static string List(IEnumerable<string> items, string otherwise)
    {
        var lines = items.Select(i => $"- {MarkdownText.Escape(i)}").ToList();
        return lines.Count == 0 ? Open(otherwise) : string.Join("\n", lines);
    }

    private static string Open(string point) => $"*Open point: {point}*";
}
