using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Timeline;

/// <summary>The form that changes an entry.</summary>
public static class AmendForm
{
    public const string Key = "timeline.amend";
    public const string Text = "text";
    public const string Time = "time";
    public const string Kind = "kind";
    public const string Phase = "phase";

    public static Form For(Incident incident, TimelineEntry entry, Phase? phase)
    {
        var automatic = entry.Kind == EntryKind.System;
        var time = entry.OccurredAt is { } at
            ? $"{at:yyyy-MM-dd HH:mm}{(entry.EndedAt is { } end && end.UtcDateTime.Date == at.UtcDateTime.Date ? $"-{end:HH:mm}" : "")} UTC"
            : "";
        FormField[] fields =
        [
            new(Time, "When?", Value: time, Hint: "14:35 in your own time zone, or with a date and zone; 14:50-15:05 for a range."),
            .. automatic ? [] : new[]
            {
                new FormField(Text, "What happened?", FieldKind.Paragraph, entry.Text.Plain, Required: true),
                new FormField(Kind, "Kind", FieldKind.Choice, entry.Kind.Word(), Options: LogForm.Kinds),
            },
            new(Phase, "Phase", FieldKind.Choice, phase?.Word(), Options: [.. Words.Of<Phase>().Select(w => new FormOption(w, w))]),
        ];
        return new(Key, $"Change entry {entry.Seq} of {incident.Code}", "Save", [.. fields], ShownValues.Context($"{incident.Id}:{entry.Seq}", [.. fields]));
    }
}
