using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;

namespace IncidentBot.Core.Timeline;

/// <summary>Shows the timeline, privately, with the numbers that edit and redact go by.</summary>
public sealed class ShowTimeline(BotDb db, FindIncident find) : IHandle<CommandInvoked>
{
    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e with { Verb = "timeline" }, turn, stop);
        return found.Missed(out var incident) ? found.Answer : Answer.Private(TimelineCard.Render(await Chronology.LoadAsync(db, incident, stop)));
    }
}

/// <summary>The timeline as a card.</summary>
public static class TimelineCard
{
    private const int Most = 60;

    public static Card Render(Chronology timeline)
    {
        var entries = timeline.Entries;
        var shown = entries.Skip(Math.Max(0, entries.Count - Most)).ToList();
        var days = entries.Where(e => e.OccurredAt is not null).Select(e => e.OccurredAt!.Value.Date).Distinct().Count();
        return new()
        {
            Title = $"Timeline of {timeline.Incident.Code} · times in UTC",
            Parts =
            [
                .. entries.Count > Most ? new[] { new TextPart($"The last {Most} of {entries.Count} entries; the report has all of them.", Quiet: true) } : [],
                new RowsPart([.. shown.Select(e => new Fact($"{e.Seq} · {TimelineWording.Time(e, days > 1)}{(timeline.Offset(e) is { } offset ? $" · {offset}" : "")}", TimelineWording.Row(e)))]),
            ],
        };
    }
}
