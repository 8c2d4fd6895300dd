using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Insights;

/// <summary>Lists, privately, the earlier incidents that are like this one.</summary>
public sealed class ShowSimilar(FindReview find, SimilarIncidents similar) : IHandle<CommandInvoked>
{
    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var named = e.Text.IsBlank ? e : e with { In = CommandReader.NormaliseCode(e.Text.Plain) };
        var found = await find.IncidentAsync(named, turn, stop);
        return found.Missed(out var incident) ? found.Answer : Answer.Private(List(incident, await similar.OfAsync(incident, stop)));
    }

    private static Card List(Incident incident, IReadOnlyList<Similar> found) => found.Count == 0
        ? Card.Words($"Nothing like {incident.Code} yet", "I compare class, services and words of what is public here. A class (/incident details) makes it sharper.")
        : new()
        {
            Title = $"Like {incident.Code}",
            Parts = [new RowsPart([.. found.Select(s => new Fact(s.Incident.Code, $"{s.Incident.Title} · {s.Incident.DeclaredAt:yyyy-MM-dd} · {s.Because}{(s.OpenItems == 0 ? "" : $" · {s.OpenItems} open {(s.OpenItems == 1 ? "action" : "actions")}")}"))])],
        };
}
