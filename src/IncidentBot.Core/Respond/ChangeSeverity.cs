using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Respond;

/// <summary>Changes the severity, with a reason.</summary>
public sealed class ChangeSeverity(FindIncident find, UpdateClock clock, RoomNews news, ReviewPolicy reviews) : IHandle<CommandInvoked>
{
    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        var word = e.Text.Plain.Split([' ', '\n', ':'], 2)[0];
        if (Severity.Read(word) is not { } severity)
        {
            return new WhichSeverity();
        }

        var reason = e.Text.From(word.Length).Trim().Plain.TrimStart(':', '-', '–', '—', ' ');
        if (incident.ChangeSeverity(severity, reason.Length == 0 ? null : reason, new(turn.By, turn.Now)) is { } refusal)
        {
            return refusal;
        }

        news.Tell(incident, incident.Entries[^1], turn.By);
        await clock.RestartAsync(incident, turn.Now, stop);
        await reviews.ReconsiderAsync(incident, turn.Now, stop);
        return Answer.Private(RespondWording.SeveritySet(incident));
    }
}

/// <summary>No severity could be read.</summary>
public sealed record WhichSeverity : Refusal
{
    public override string Sentence => "Which severity? Type `/incident sev 1 REASON` (1 is the worst, 4 the least).\n"
        + string.Join("\n", Enumerable.Range(1, 4).Select(n => $"{Severity.Name(n)} – {Severity.Definition(n)}"));
}
