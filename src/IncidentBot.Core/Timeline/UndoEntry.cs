using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Timeline;

/// <summary>Takes an entry of one's own off the timeline, the last one or the one that is named, and puts it back.</summary>
public sealed partial class UndoEntry(BotDb db, FindIncident find, Merges merges) : IHandle<CommandInvoked>, IHandle<ButtonPressed>
{
    public const string RestoreKey = "timeline.restore";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForEntryAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        if (incident.MergedIntoId is not null)
        {
            return new MendItThere(incident.Code, (await merges.SurvivorAsync(incident, stop)).Code);
        }

        var named = Number().Match(e.Text.Plain);
        if (!named.Success && !e.Text.IsBlank)
        {
            return new UndoWhat();
        }

        var mine = db.Entries.Where(x => x.IncidentId == incident.Id && x.RemovedAt == null && (x.ActorId == turn.By.Id || x.AddedById == turn.By.Id));
        var seq = named.Success ? int.Parse(named.Groups[1].Value) : 0;
        var entry = await mine.Where(x => seq == 0 || x.Seq == seq).OrderByDescending(x => x.Seq).FirstOrDefaultAsync(stop);
        if (entry is null)
        {
            return seq == 0 ? new NothingToUndo(incident.Code) : new NotYoursToUndo(seq);
        }

        if (entry.Kind == EntryKind.System)
        {
            var last = await mine.Where(x => x.Kind != EntryKind.System).MaxAsync(x => (int?)x.Seq, stop);
            return new ActIsNotUndone(entry.Text.Brief(80), seq == 0 ? last : null);
        }

        entry.Revise(turn.By.Name, turn.Now, "undone");
        entry.RemovedAt = turn.Now;
        incident.Version++;
        return Answer.Private(TimelineWording.Undone(incident, entry));
    }

    /// <summary>“Put it back.”</summary>
    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var parts = (e.Value ?? "").Split(':');
        var found = await find.ByIdAsync(parts[0], turn.By, stop, follow: false);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        if (incident.MergedIntoId is not null)
        {
            return new MendItThere(incident.Code, (await merges.SurvivorAsync(incident, stop)).Code);
        }

        var entry = int.TryParse(parts.ElementAtOrDefault(1), out var seq)
            ? await db.Entries.Include(x => x.Evidence).FirstOrDefaultAsync(x => x.IncidentId == incident.Id && x.Seq == seq && x.RemovedAt != null
                && x.RedactedAt == null && (x.ActorId == turn.By.Id || x.AddedById == turn.By.Id), stop)
            : null;
        if (entry is null)
        {
            return new NoLongerWorks();
        }

        entry.Revise(turn.By.Name, turn.Now, "put back");
        entry.RemovedAt = null;
        incident.Version++;
        return Answer.Private(TimelineWording.Amended(incident, entry));
    }

    [GeneratedRegex(@"^\s*#?(\d{1,6})\s*$")]
    private static partial Regex Number();
}

/// <summary>Nothing of one's own to take back.</summary>
public sealed record NothingToUndo(string Code) : Refusal
{
    public override string Sentence => $"You have added nothing to {Code} that could be taken back. `/incident edit N …` changes an entry.";
}

/// <summary>Only a number can follow.</summary>
public sealed record UndoWhat : Refusal
{
    public override string Sentence => "`/incident undo` takes back your last entry, `/incident undo 4` entry 4 if it is yours. `/incident timeline` shows the numbers.";
}

/// <summary>The named entry is somebody else's, or not there.</summary>
public sealed record NotYoursToUndo(int Seq) : Refusal
{
    public override string Sentence => $"You have no entry {Seq} on the timeline. Its author can undo it; the commander can change it with `/incident edit {Seq} …`.";
}

/// <summary>What the last act changed is set anew rather than undone.</summary>
public sealed record ActIsNotUndone(string Act, int? LastOwn) : Refusal
{
    public override string Sentence => $"Your last act was “{Act}”. A status, role or severity is not undone but set to what it should be, for example `/incident status investigating`."
        + (LastOwn is { } seq ? $" To take back what you logged before, type `/incident undo {seq}`." : "");
}
