using System.Collections.Immutable;
using System.Globalization;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Timeline;

/// <summary>The form of a timeline entry; incident files are played through it too.</summary>
public static class LogForm
{
    public const string Key = "timeline.log";
    public const string Text = "text";
    public const string Time = "time";
    public const string Kind = "kind";
    public const string Evidence = "evidence";
    public const string State = "state";
    public const string TeamAction = "team-action";
    public const string Context = "context";

    // What only an incident file may say.
    public const string End = "end";
    public const string TimeSaid = "time-said";
    public const string Actor = "actor";
    public const string Marker = "marker";
    public const string Aloud = "aloud";

    /// <summary>The kinds that a person can choose.</summary>
    public static ImmutableArray<FormOption> Kinds { get; } =
        [.. Words.Of<EntryKind>().Where(w => w != EntryKind.System.Word()).Select(w => new FormOption(w, w.Replace('-', ' ')))];

    public static Form For(Incident incident) =>
        new(Key, $"Log on {incident.Code}", "Log", [
            new(Text, "What happened?", FieldKind.Paragraph, Required: true),
            new(Time, "When?", Hint: "14:35, 5m ago, 14:50-15:05, yesterday 23:50; empty is now."),
            new(Kind, "Kind", FieldKind.Choice, EntryKind.Event.Word(), Options: Kinds),
            new(State, "State of the system", Hint: "What it was like then, if that helps to understand it."),
            new(TeamAction, "What the team did"),
            new(Context, "Context"),
            new(Evidence, "Evidence", FieldKind.Paragraph, Hint: "A link, the name of a file, or a line of a log, on each line."),
        ], incident.Id.ToString());

    /// <summary>An exact moment as files are played with, in the round-trip format.</summary>
    public static DateTimeOffset? ReadExact(string? value) =>
        value is null ? null : DateTimeOffset.ParseExact(value, "O", CultureInfo.InvariantCulture);
}
