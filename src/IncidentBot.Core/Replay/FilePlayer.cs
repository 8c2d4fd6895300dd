using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Declare;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Respond;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentBot.Core.Replay;

/// <summary>Plays an incident file through the handlers of a live incident, on the file's own clock.</summary>
public sealed class FilePlayer(Router router, IServiceScopeFactory scopes, PlayClocks clocks, TimeProvider time)
{
    private const string Platform = "webchat";
    private const string Workspace = Installation.Local;

    /// <summary>Plays the whole file.</summary>
    /// <param name="import">Real history, never posted, rather than a replay in the web chat.</param>
    /// <param name="speed">How many times real time, aloud in the incident's room, with the report posted at the end; or null for at once and quietly.</param>
    /// <param name="longestWait">A stretch in which nothing happens is played no longer than this; null: as long as it takes.</param>
    /// <param name="review">True: the review that the file tells is played too.</param>
    /// <param name="declared">Told the incident's id as soon as there is one.</param>
    /// <returns>The id of the incident that was made.</returns>
    /// <exception cref="IncidentFileFault">A step was refused; the incident is marked as cancelled.</exception>
    public async Task<string> PlayAsync(IncidentFile file, bool import, double? speed, CancellationToken stop, TimeSpan? longestWait = null, Action<string>? declared = null, bool review = false)
    {
        var steps = Score(file, aloud: speed is not null, review);
        var play = new Play(new PersonRef(Platform, Workspace, ""), new Place(Platform, Workspace, "incidents"), Random.Shared.NextInt64(1, long.MaxValue));
        await SendAsync(play.Form(DeclareForm.Key, file.DeclaredAt, new()
        {
            [DeclareForm.Id] = play.IncidentId.ToString(),
            [DeclareForm.Title] = file.Title,
            [DeclareForm.Severity] = file.Severity is { } s ? Severity.Name(s) : "",
            [DeclareForm.Kind] = file.Kind.Word(),
            [DeclareForm.Services] = string.Join('\n', file.Services),
            [import ? DeclareForm.Imported : DeclareForm.Replayed] = "yes",
            [DeclareForm.DeclaredBy] = "incident file",
        }, null), stop);
        var code = await CodeAsync(play.IncidentId, stop);
        try
        {
            var clock = file.DeclaredAt;
            var live = speed is { } times ? new PlayClock(file.DeclaredAt, times, longestWait, time) : null;
            if (live is not null)
            {
                clocks.Start(play.IncidentId, live);
            }

            declared?.Invoke(code);
            for (var i = 0; i < steps.Count; i++)
            {
                var step = steps[i];
                if (live is not null && step.At > clock)
                {
                    await live.WaitAsync(clock, step.At, stop);
                }

                live?.Progress = (i + 1.0) / steps.Count;
                clock = step.At > clock ? step.At : clock;
                await SendAsync(step.Event(play, code), stop);
            }

            var seqs = await SeqsAsync(play.IncidentId, stop);
            await SendAsync(new FileFacts(play.By, play.Place, clock, play.IncidentId, file, seqs, review), stop);
            if (review && file.Review is { } told)
            {
                await SendAsync(new ReviewOfFile(play.By, play.Place, clock, play.IncidentId, told, seqs), stop);
            }

            if (live is not null)
            {
                await SendAsync(play.Command("report", "", clock, code), stop);
            }

            return code;
        }
        catch (Exception fault)
        {
            await router.DispatchAsync(play.Command("cancel", $"the replay failed: {fault.Message}", file.DeclaredAt, code), CancellationToken.None);
            throw;
        }
        finally
        {
            clocks.Stop(play.IncidentId);
        }
    }

    /// <summary>Everything that is sent, in the order of the file's entries; what the file states beside them comes at its own time.</summary>
    private static List<Step> Score(IncidentFile file, bool aloud, bool review)
    {
        var declared = file.DeclaredAt;
        var resolved = file.ResolvedAt < declared ? declared : file.ResolvedAt;
        var stated = new List<Step>();
        foreach (var (name, role) in file.People)
        {
            stated.Add(new(declared, false, (p, _) => p.Form(TakeRole.FileKey, declared, new()
            {
                [TakeRole.PersonField] = name,
                [TakeRole.RoleField] = role.Contains(Role.Commander, StringComparison.OrdinalIgnoreCase) ? Role.Commander : role,
            })));
        }

        if (file.Impact.Count > 0)
        {
            stated.Add(new(declared, false, (p, _) => p.Form(RecordImpact.FormKey, declared, new(file.Impact))));
        }

        AddMarker(Marker.ImpactBegins, file.Known(KeyEvent.ImpactBegins), late: false);
        AddMarker(Marker.Detected, file.Known(KeyEvent.Detected), late: false);
        AddMarker(Marker.Acknowledged, file.Known(KeyEvent.Acknowledged), late: false);
        AddCommand("status", "investigating", file.Known(KeyEvent.Acknowledged) ?? declared, late: false);
        if (file.Known(KeyEvent.Mitigated) is { } mitigated && mitigated <= resolved)
        {
            AddCommand("mitigated", "", mitigated, late: false);
        }
        else
        {
            AddMarker(Marker.Mitigated, file.Known(KeyEvent.Mitigated), late: true);
        }

        var back = file.Known(KeyEvent.Restored) ?? file.Known(KeyEvent.Repaired);
        AddMarker(Marker.ImpactEnds, file.Known(KeyEvent.ImpactEnds) ?? back, late: true);
        if (back is { } since && since < resolved)
        {
            AddCommand("status", "monitoring", since, late: true);
        }

        foreach (var action in file.Actions.Concat(review ? file.Review?.Actions ?? [] : []))
        {
            stated.Add(new(resolved, true, (p, _) => p.Form(ProposeItem.FileKey, resolved, new()
            {
                [ProposeItem.Text] = action.Text,
                [ProposeItem.Owner] = action.Owner ?? "",
                [ProposeItem.Type] = action.Type ?? "",
                [ProposeItem.Priority] = action.Priority ?? "",
                [ProposeItem.Due] = action.Due ?? "",
                [ProposeItem.Ticket] = action.Ticket ?? "",
            })));
        }

        AddCommand("resolve", "", resolved, late: true);
        return Merge([.. stated.OrderBy(s => s.At)], file, aloud);

        void AddMarker(Marker marker, DateTimeOffset? at, bool late)
        {
            if (at is { } known)
            {
                stated.Add(new(known, late, (p, _) => p.Form(LogForm.Key, known, new()
                {
                    [LogForm.Text] = $"{marker.Word().Replace('-', ' ')} (stated in the file)",
                    [LogForm.Time] = known.ToString("O"),
                    [LogForm.Kind] = EntryKind.System.Word(),
                    [LogForm.Marker] = marker.Word(),
                })));
            }
        }

        void AddCommand(string verb, string text, DateTimeOffset at, bool late) =>
            stated.Add(new(at, late, (p, code) => p.Command(verb, text, at, code)));
    }

    private static List<Step> Merge(List<Step> stated, IncidentFile file, bool aloud)
    {
        var steps = new List<Step>();
        var next = 0;
        var clock = file.DeclaredAt;
        foreach (var entry in file.Entries)
        {
            clock = entry.At ?? clock;
            while (next < stated.Count && entry.At is { } at && (stated[next].At < at || (stated[next].At == at && !stated[next].Late)))
            {
                steps.Add(stated[next++]);
            }

            var recorded = clock;
            steps.Add(new(recorded, false, (p, _) => p.Form(LogForm.Key, recorded, new()
            {
                [LogForm.Text] = entry.Text,
                [LogForm.Time] = entry.At?.ToString("O") ?? "",
                [LogForm.End] = entry.End?.ToString("O") ?? "",
                [LogForm.TimeSaid] = entry.TimeSaid ?? "",
                [LogForm.Actor] = entry.Actor ?? "",
                [LogForm.Kind] = entry.Kind.Word(),
                [LogForm.State] = entry.State ?? "",
                [LogForm.Context] = entry.Context ?? "",
                [LogForm.Aloud] = aloud ? "yes" : "",
            })));
        }

        steps.AddRange(stated.Skip(next));
        return steps;
    }

    private async Task SendAsync(ChatEvent e, CancellationToken stop)
    {
        switch (await router.DispatchAsync(e, stop))
        {
            case Unexpected unexpected:
                throw new IncidentFileFault(unexpected.Sentence);
            // A file may state its milestones in an order that no incident can have; the entries count.
            case RefusedAnswer { Refusal: not (AlreadyThatStatus or NotOpen) } refused:
                throw new IncidentFileFault(refused.Refusal.Sentence);
        }
    }

    private async Task<string> CodeAsync(long id, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<BotDb>().Incidents.FirstAsync(i => i.Id == id, stop)).Code;
    }

    private async Task<Dictionary<int, int>> SeqsAsync(long id, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var seqs = await scope.ServiceProvider.GetRequiredService<BotDb>().Entries
            .Where(e => e.IncidentId == id && e.Source == EntrySource.File).OrderBy(e => e.Seq).Select(e => e.Seq).ToListAsync(stop);
        return seqs.Select((seq, i) => (seq, i)).ToDictionary(x => x.i + 1, x => x.seq);
    }

    private sealed record Step(DateTimeOffset At, bool Late, Func<Play, string, ChatEvent> Event);

    private sealed record Play(PersonRef By, Place Place, long IncidentId)
    {
        public FormSubmitted Form(string key, DateTimeOffset at, Dictionary<string, string> values, string? context = "") =>
            new(Guid.NewGuid().ToString("N"), By, Place, at, key, context == "" ? IncidentId.ToString() : context, values);

        public CommandInvoked Command(string verb, string text, DateTimeOffset at, string code) =>
            new(Guid.NewGuid().ToString("N"), By, Place, at, verb, RichText.Of(text), code);
    }
}
