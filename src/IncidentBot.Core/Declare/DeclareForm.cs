using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Declare;

/// <summary>The form for those who would rather choose than type, and for the details afterwards.</summary>
public static class DeclareForm
{
    public const string Key = "declare.incident";
    public const string DetailsKey = "declare.details";

    public const string Title = "title";
    public const string Severity = "severity";
    public const string SeverityReason = "severity-reason";
    public const string Kind = "kind";
    public const string Class = "class";
    public const string Services = "services";
    public const string Private = "private";
    public const string Drill = "drill";

    // What only an incident file may say.
    public const string Id = "id";
    public const string Replayed = "replayed";
    public const string Imported = "imported";
    public const string DeclaredBy = "declared-by";

    /// <summary>The context of a form that writes an incident down after the fact.</summary>
    public const string Backfill = "backfill";

    /// <summary>The form, filled with what has been typed already.</summary>
    public static Form New(Installation installation, Declaration typed) =>
        new(Key, "Declare an incident", "Declare", [
            new(Title, "What is happening?", Value: typed.Words.Plain, Required: true),
            .. Common(installation, typed.Severity, typed.Kind, null, [.. typed.Services]),
            new(Private, "Who may see it?", FieldKind.Choice, typed.Private ? "yes" : "no", Options: [new("no", "Everyone here"), new("yes", "Only the people in it")]),
            new(Drill, "Is it real?", FieldKind.Choice, typed.Drill ? "yes" : "no", Options: [new("no", "Yes, it is real"), new("yes", "No, this is a drill")]),
        ], typed.Backfill ? Backfill : null);

    public static Form Details(Installation installation, Incident incident)
    {
        ImmutableArray<FormField> fields =
        [
            new(Title, "Title", Value: incident.Title, Required: true, Hint: "Say what users notice, not what you guess."),
            .. Common(installation, incident.Severity, incident.Kind, incident.Class, incident.Services),
            new(SeverityReason, "Why this severity?", Value: incident.SeverityReason),
        ];
        return new(DetailsKey, $"Details of {incident.Code}", "Save", fields, ShownValues.Context(incident.Id.ToString(), fields));
    }

    private static IEnumerable<FormField> Common(Installation installation, int? severity, IncidentKind kind, string? @class, List<string> services) =>
    [
        new(Severity, "Severity", FieldKind.Choice, severity is { } s ? Incidents.Severity.Name(s) : null, Options:
            [.. Enumerable.Range(1, 4).Select(n => new FormOption(Incidents.Severity.Name(n), $"{Incidents.Severity.Name(n)} – {Incidents.Severity.Definition(n)}"))]),
        new(Kind, "Kind", FieldKind.Choice, kind.Word(), Options: [.. Words.Of<IncidentKind>().Select(w => new FormOption(w, w))]),
        new(Class, "Class", FieldKind.Choice, @class, Options: [.. installation.Classes.Select(c => new FormOption(c, c))]),
        new(Services, "Services affected", Value: string.Join(", ", services), Hint: "Separate several with commas."),
    ];
}
