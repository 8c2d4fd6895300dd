using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Respond;

/// <summary>Ends an incident at once, and asks for what the post-mortem will miss.</summary>
public sealed class ResolveIncident(BotDb db, FindIncident find, UpdateClock clock, RoomNews news) : IHandle<CommandInvoked>, IHandle<ButtonPressed>
{
    public const string Key = "respond.resolve";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e, turn, stop);
        return found.Missed(out var incident) ? found.Answer : await ResolveAsync(incident, e.Text, turn, stop);
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var found = await find.ByIdAsync(e.Value, turn.By, stop);
        return found.Missed(out var incident) ? found.Answer : await ResolveAsync(incident, RichText.Empty, turn, stop);
    }

    private async Task<Answer> ResolveAsync(Incident incident, RichText note, Turn turn, CancellationToken stop)
    {
        var spoken = SpokenTime.Read(note, turn.Now, turn.By.Zone).CheckedAgainst(incident.Backfilled ? null : incident.DeclaredAt, turn.Now);
        if (incident.ChangeStatus(Status.Resolved, spoken.Text.Plain, new(turn.By, turn.Now, spoken.At)) is { } refusal)
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

        news.Tell(incident, entry, turn.By);
        await clock.RestartAsync(incident, turn.Now, stop);
        if (OfferReview.For(incident, turn.Now) is { } alarm && !await db.Alarms.AnyAsync(a => a.IncidentId == incident.Id && a.Key == OfferReview.Key, stop))
        {
            db.Alarms.Add(alarm);
        }

        var recorded = (await Chronology.LoadAsync(db, incident, stop)).Entries.Append(entry);
        return Answer.Private(RespondWording.Resolved(
            incident, Chronology.Of(incident, recorded), spoken.Doubt is null ? null : TimelineWording.Doubtful(incident, entry, spoken, turn.By.Zone)));
    }
}

/// <summary>Opens a closed incident again; its earlier resolution no longer counts.</summary>
public sealed class ReopenIncident(FindIncident find, Permissions permissions, UpdateClock clock, RoomNews news) : IHandle<CommandInvoked>, IHandle<ButtonPressed>
{
    public const string Key = "respond.reopen";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = e.In is null ? await find.LastClosedHereAsync(turn, stop) ?? await find.ForAsync(e, turn, stop) : await find.ForAsync(e, turn, stop);
        return found.Missed(out var incident) ? found.Answer : await ReopenAsync(incident, e.Text, turn, stop);
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var found = await find.ByIdAsync(e.Value, turn.By, stop);
        return found.Missed(out var incident) ? found.Answer : await ReopenAsync(incident, RichText.Empty, turn, stop);
    }

    private async Task<Answer> ReopenAsync(Incident incident, RichText note, Turn turn, CancellationToken stop)
    {
        if (!incident.IsOpen && !await permissions.MayCommandAsync(turn.By, incident, stop))
        {
            return new OnlyTheCommanderMay("reopen", incident.Code);
        }

        if (incident.Reopen(note.Plain, new(turn.By, turn.Now)) is { } refusal)
        {
            return refusal;
        }

        news.Tell(incident, incident.Entries[^1], turn.By);
        await clock.RestartAsync(incident, turn.Now, stop);
        return Answer.Private(RespondWording.Reopened(incident));
    }
}

/// <summary>Calls off an incident that was none.</summary>
public sealed class CancelIncident(FindIncident find, Permissions permissions, UpdateClock clock, RoomNews news) : IHandle<CommandInvoked>
{
    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        if (!await permissions.MayCommandAsync(turn.By, incident, stop))
        {
            return new OnlyTheCommanderMay("cancel", incident.Code);
        }

        if (incident.ChangeStatus(Status.Cancelled, e.Text.Plain, new(turn.By, turn.Now)) is { } refusal)
        {
            return refusal;
        }

        news.Tell(incident, incident.Entries[^1], turn.By);
        await clock.RestartAsync(incident, turn.Now, stop);
        return Answer.Private(RespondWording.Cancelled(incident));
    }
}
