using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Insights;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Reports;

/// <summary>The post-mortem as data: everything that a document may print, before any wording or layout.</summary>
public sealed record PostMortem(
    Incident Incident,
    Chronology Timeline,
    IReadOnlyList<RoleAssignment> Roles,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<Note> Notes,
    IReadOnlyList<ActionItem> ActionItems)
{
    /// <summary>The incidents that have become parts of this one.</summary>
    public IReadOnlyList<Incident> Merged { get; init; } = [];

    /// <summary>The review as it stands; null while there is none.</summary>
    public ReviewFacts? Review { get; init; }

    /// <summary>Earlier incidents that are like this one.</summary>
    public IReadOnlyList<Similar> Similar { get; init; } = [];

    public CauseTree Causes => field ??= CauseTree.Of(Findings);

    /// <summary>The files whose content is there; of others, such as those that are too large, only the name is known.</summary>
    public IReadOnlySet<string> Kept { get; init; } = new HashSet<string>();

    /// <summary>Where a document finds a stored file, as an address that it can link, by the number of what it shows, its id and its name; null: it only names files.</summary>
    public Func<string, string, string, string>? FileAddress { get; init; }

    /// <summary>Every stored file that shows something: the number of the entry or finding, its id and its name.</summary>
    public IEnumerable<(string Shows, string Id, string Name)> Files =>
        Timeline.Printed.SelectMany(e => e.Evidence.Where(v => v.FileId is not null).Select(v => ($"{e.Seq}", v.FileId!, v.File ?? "file")))
            .Concat(Findings.SelectMany(f => f.Files.Select(id => ($"F{f.Number}", id, FileName(id)))));

    /// <summary>What a stored file that shows a finding is called.</summary>
    public string FileName(string id) => Review?.FileNames.GetValueOrDefault(id) ?? "file";

    /// <summary>A stored file as a document shows it: as a link where its content is there, else by its name.</summary>
    public string FileLink(string shows, string id, string name) => FileAddress is null ? MarkdownText.Escape(name)
        : !Kept.Contains(id) ? $"{MarkdownText.Escape(name)} (by name only: its content is not kept here)"
        : $"[{MarkdownText.Escape(name).Replace("]", "\\]")}](<{FileAddress(shows, id, name)}>)";

    public Milestones Milestones => Timeline.Milestones;

    /// <summary>The day under which the document is filed: the first day of the impact, else of detection, in UTC.</summary>
    public DateOnly Day => DateOnly.FromDateTime((Milestones.Started ?? Milestones.Detected ?? Incident.DeclaredAt).UtcDateTime);

    /// <summary>The title as part of a folder's name.</summary>
    public string Slug => SlugOf(Incident.Title, Incident.Code.ToLowerInvariant());

    public static string SlugOf(string title, string otherwise)
    {
        var name = new string([.. title.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);
        var slug = string.Join('-', name.Split('-', StringSplitOptions.RemoveEmptyEntries));
        return slug.Length == 0 ? otherwise : slug[..Math.Min(slug.Length, 80)].TrimEnd('-');
    }

    public IEnumerable<Finding> Of(FindingKind kind) => Findings.Where(f => f.Kind == kind);

    /// <summary>All findings of one kind.</summary>
    public IEnumerable<string> Said(FindingKind kind) => Findings.Where(f => f.Kind == kind).Select(f => f.Text);

    /// <summary>The word that a document prints for an item's priority: a P1 due within a week of resolution is Critical.</summary>
    public string? PriorityWord(ActionItem item)
    {
        var end = DateOnly.FromDateTime((Milestones.Resolved ?? Incident.DeclaredAt).UtcDateTime);
        return item.Priority switch
        {
            1 => item.Due is { } due && due.DayNumber - end.DayNumber <= 7 ? "Critical" : "High",
            2 => "Medium",
            3 => "Low",
            _ => null,
        };
    }
}
