using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Respond;

/// <summary>Tells whoever asks, privately, where an incident stands.</summary>
public sealed class CatchUp(BotDb db, FindIncident find, TimeProvider time) : IHandle<CommandInvoked>
{
    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var named = e.Verb == "show" && !e.Text.IsBlank ? e with { In = CommandReader.NormaliseCode(e.Text.Plain) } : e;
        var found = await find.ForAsync(named, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        var state = await IncidentCard.LoadAsync(db, incident, stop);
        return Answer.Private(IncidentCard.Render(state, time.GetUtcNow(), rows: 10) with { Buttons = [] });
    }
}

/// <summary>Lists the open incidents that a person may see, then the latest closed ones.</summary>
public sealed class ListIncidents(Permissions permissions) : IHandle<CommandInvoked>
{
    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var recent = await permissions.Visible(turn.By).Where(i => !i.Imported)
            .OrderBy(i => i.Status == Status.Resolved || i.Status == Status.Cancelled || i.Status == Status.Merged)
            .ThenByDescending(i => i.DeclaredAt).Take(20).ToListAsync(stop);
        return Answer.Private(RespondWording.List(recent));
    }
}

/// <summary>Says what the bot understands.</summary>
public sealed class ShowHelp : IHandle<CommandInvoked>
{
    public Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop) =>
        Task.FromResult(Answer.Private(HelpWording.For(e.Text.Plain.Trim().ToLowerInvariant())));
}
