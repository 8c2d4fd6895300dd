using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Tests.Timeline;

/// <summary>The timeline as it is read.</summary>
public sealed class ChronologyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Ties_and_unknown_times_keep_the_order_of_recording()
    {
        var timeline = Of(Entry("late", 30), Entry("a", 10), Entry("unknown", null), Entry("b", 10), Entry("early", 0));
        Assert.Equal(["early", "a", "unknown", "b", "late"], timeline.Entries.Select(e => e.Text.Plain));
    }

    [Fact]
    public void Overlapping_impact_windows_are_merged()
    {
        var range = Entry("impact", 50, EntryKind.ImpactBegins);
        range.EndedAt = Noon.AddMinutes(80);
        var timeline = Of(Entry("on", 0, EntryKind.ImpactBegins), Entry("off", 20, EntryKind.ImpactEnds), Entry("on", 40, EntryKind.ImpactBegins), range, Entry("off", 60, EntryKind.ImpactEnds));
        Assert.Equal([(0, 20), (40, 80)], timeline.Windows.Select(w => ((int)(w.From - Noon).TotalMinutes, (int)(w.To!.Value - Noon).TotalMinutes)));
        Assert.Equal(TimeSpan.FromMinutes(60), ImpactWindows.Total(timeline.Windows));
    }

    [Fact]
    public void An_open_window_has_no_total() => Assert.Null(ImpactWindows.Total(Of(Entry("on", 0, EntryKind.ImpactBegins)).Windows));

    [Fact]
    public void A_gap_is_longer_than_half_an_hour_and_than_four_times_the_median()
    {
        Assert.Equal([(20, 100)], Minutes(Of(Entry("a", 0), Entry("b", 10), Entry("c", 20), Entry("d", 100), Entry("e", 110))));
        Assert.Empty(Minutes(Of(Entry("a", 0), Entry("b", 20), Entry("c", 40), Entry("d", 80), Entry("e", 100))));
        Assert.Empty(Minutes(Of(Entry("a", 0))));
    }

    [Fact]
    public void Offsets_count_from_the_beginning_of_the_impact()
    {
        var before = Entry("deploy", -90);
        var after = Entry("alert", 12);
        var timeline = Of(before, Entry("on", 0, EntryKind.ImpactBegins), after);
        Assert.Equal(("T-01:30", "T+00:12"), (timeline.Offset(before), timeline.Offset(after)));
    }

    private static (int, int)[] Minutes(Chronology timeline) => [.. timeline.Gaps().Select(g => ((int)(g.From - Noon).TotalMinutes, (int)(g.To - Noon).TotalMinutes))];

    private static TimelineEntry Entry(string text, int? minute, EntryKind kind = EntryKind.Event) => new()
    {
        Text = RichText.Of(text),
        OccurredAt = minute is { } m ? Noon.AddMinutes(m) : null,
        RecordedAt = Noon,
        Kind = kind,
        Source = EntrySource.Command,
    };

    private static Chronology Of(params TimelineEntry[] entries)
    {
        var incident = new Incident { Workspace = "local", Title = "t", Year = 2026, Number = 1, DeclaredAt = Noon.AddHours(-2), DeclaredByName = "ann", Platform = "webchat", DeclaredIn = "incidents" };
        return Chronology.Of(incident, entries.Select(incident.Record).ToList());
    }
}
