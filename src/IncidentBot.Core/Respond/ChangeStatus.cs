using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Respond;

/// <summary>Moves an incident to another status, now or at a time that is said.</summary>
public sealed class ChangeStatus(BotDb db, FindIncident find, UpdateClock clock, RoomNews news) : IHandle<CommandInvoked>, IHandle<ButtonPressed>
{
    public const string MitigatedKey = "respond.mitigated";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var word = e.Verb == "mitigated" ? e.Verb : e.Text.Plain.Split([' ', '\n', ':'], 2)[0];
        var rest = e.Verb == "mitigated" ? e.Text : e.Text.From(word.Length).Trim();
        if (word.Length == 0)
        {
            return new GoOnAnswer(e with { Verb = "summary" });
        }

        if (!Words.TryRead<Status>(word, out var status) || status is Status.Cancelled or Status.Merged)
        {
            return new UnknownStatus(word);
        }

        if (status == Status.Resolved)
        {
            return new GoOnAnswer(e with { Verb = "resolve", Text = rest });
        }

        var found = await find.ForAsync(e, turn, stop);
        return found.Missed(out var incident) ? found.Answer : await MoveAsync(incident, status, rest, turn, stop);
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var found = await find.ByIdAsync(e.Value, turn.By, stop);
        return found.Missed(out var incident) ? found.Answer : await MoveAsync(incident, Status.Mitigated, RichText.Empty, turn, stop);
    }

    private async Task<Answer> MoveAsync(Incident incident, Status status, RichText note, Turn turn, CancellationToken stop)
    {
        var spoken = SpokenTime.Read(note, turn.Now, turn.By.Zone).CheckedAgainst(incident.Backfilled ? null : incident.DeclaredAt, turn.Now);
        if (incident.ChangeStatus(status, spoken.Text.Plain, new(turn.By, turn.Now, spoken.At)) is { } refusal)
        {
            return refusal;
        }

        var entry = incident.Entries[^1];
        entry.TimeSaid = spoken.Doubt is null ? null : spoken.Said;
        entry.Doubt = spoken.Doubt;
        if (spoken.Said is not null)
        {
            entry.OccurredAt = spoken.At;
        }

        if (turn.By.Id != 0 && entry.Marker is null && status is not Status.Detected
            && !await db.Entries.AnyAsync(x => x.IncidentId == incident.Id && x.Marker == Marker.Acknowledged && x.RemovedAt == null, stop))
        {
            entry.Marker = Marker.Acknowledged;
        }

        news.Tell(incident, entry, turn.By);
        await clock.RestartAsync(incident, turn.Now, stop);
        return spoken.Doubt is null
            ? Answer.Private(RespondWording.StatusSet(incident, entry))
            : Answer.Private(TimelineWording.Doubtful(incident, entry, spoken, turn.By.Zone));
    }
}

/// <summary>No such status.</summary>
public sealed record UnknownStatus(string Word) : Refusal
{
    public override string Sentence =>
        $"I know no status `{RichText.Briefly(Word, 30)}`. It can be detected, triage, investigating, identified, mitigated, monitoring or resolved: `/incident status investigating`.";
}
