using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Facilitation.Coach;

/// <summary>Says to an author, privately and once, where their words put a cause on a person, and offers others.</summary>
public sealed class Coaching(BotDb db)
{
    /// <summary>The rules that a team has switched off.</summary>
    public async Task<IReadOnlyList<string>> SilencedAsync(string workspace, CancellationToken stop)
    {
        await db.SilencedRules.Where(r => r.Workspace == workspace).LoadAsync(stop);
        return [.. db.SilencedRules.Local.Where(r => r.Workspace == workspace && db.Entry(r).State != EntityState.Deleted).Select(r => r.Rule)];
    }

    /// <summary>What the people of an incident are called, whole and by their first names.</summary>
    private async Task<IReadOnlyCollection<string>> NamesAsync(Incident incident, CancellationToken stop)
    {
        var names = await db.RoleAssignments.Where(r => r.IncidentId == incident.Id).Select(r => r.PersonName).ToListAsync(stop);
        names.AddRange(await db.Entries.Where(e => e.IncidentId == incident.Id && e.ActorName != null && e.ActorId != null).Select(e => e.ActorName!).Distinct().ToListAsync(stop));
        return names.SelectMany(n => new[] { n, n.Split(' ')[0] }).Distinct().ToList();
    }

    /// <summary>One question about a cause that somebody has typed as a command, to be said with its receipt; null when there is none, and while the incident goes on.</summary>
    public async Task<string?> AskAboutAsync(Incident incident, string text, CauseContext context, CancellationToken stop)
    {
        if (incident.IsOpen)
        {
            return null;
        }

        var silenced = await SilencedAsync(incident.Workspace, stop);
        var found = BlameLint.Check(text, CoachWords.English, await NamesAsync(incident, stop)).Where(f => f.IsRaised).Concat(CauseLint.Check(text, CoachWords.English, context, silenced)).FirstOrDefault(f => f.IsRaised && !silenced.Contains(f.Rule));
        return found is null ? null : found.Rewrite is { } rewrite ? $"{found.Message} For example: {rewrite}" : found.Message;
    }

    /// <summary>Looks at a new answer; never while the incident goes on.</summary>
    /// <returns>True when something was said to its author.</returns>
    public async Task<bool> AdviseAsync(Incident incident, Prompt prompt, ReviewAnswer answer, Person author, CancellationToken stop)
    {
        if (incident.IsOpen)
        {
            return false;
        }

        var silenced = await SilencedAsync(incident.Workspace, stop);
        var found = BlameLint.Check(answer.Text.Plain, CoachWords.English, await NamesAsync(incident, stop)).Where(f => f.IsRaised && !silenced.Contains(f.Rule)).ToList();
        if (found.Count == 0)
        {
            return false;
        }

        var card = CoachWording.Advice(incident, answer, found[0]);
        db.Outbox.Add(prompt.Silent ? OutboxRow.ToPerson(author.Ref, card, incident.Id) : OutboxRow.UnderPrompt(incident, prompt.Id, card, author.Ref));
        return true;
    }
}
