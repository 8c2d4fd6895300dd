using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Coach;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems;

/// <summary>Keeps action items as they are said: proposed while something is missing, open once nothing is.</summary>
public sealed class Proposals(BotDb db, PeopleDirectory people, Coaching coaching, Installation installation)
{
    private const int Most = 2;
    private const int MostCompared = 2000;
    private const double Alike = 0.75;

    /// <summary>Keeps one typed line, read like the words behind <c>action</c>.</summary>
    /// <param name="whole">The message from which the line is, for the people whom it mentions.</param>
    /// <returns>What could not be read; null when all is kept.</returns>
    public async Task<string?> FromLineAsync(Incident incident, RichText line, RichText whole, Person? by, DateTimeOffset now, CancellationToken stop)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, by?.Zone ?? TimeZoneInfo.Utc).DateTime);
        var words = ActionWords.Read(WithMentions(line, whole), today);
        if (words.Text.IsBlank)
        {
            return new ActionWhat().Sentence;
        }

        if (words is { OwnerId: null, Due: null, Priority: null, Team: null } && !CoachWords.English.BeginsWithVerb(words.Text.Plain))
        {
            // What people say to each other under the question is no action yet.
            return $"“{RichText.Briefly(words.Text.Plain, 60)}” is kept as an answer and not as an action: an action begins with a verb, or names an owner or a date. For example: Add an alert at 80% pool use @sarah due friday P1 detect.";
        }

        var owner = words.OwnerId is null || by is null ? null : await people.FindOrAddAsync(new(by.Platform, by.Workspace, words.OwnerId), stop);
        var item = new ActionItem
        {
            IncidentId = incident.Id,
            Number = incident.NextAction(),
            Text = words.Text.Plain,
            OwnerId = owner?.Id,
            OwnerName = owner?.Name,
            Team = words.Team,
            Due = words.Due,
            Priority = words.Priority,
            Type = words.Type,
            CreatedAt = now,
        };
        await KeepAsync(incident, item, stop);
        incident.Record(new Acting(by ?? Person.Bot(incident.Platform, incident.Workspace), now).InReview(ActionWording.Kept(item)));
        return words.DueNotUnderstood is null ? item.State == ActionState.Proposed ? ActionWording.StillNeeds(item) : null : $"{item.Code} is kept, but I do not understand its date (“{RichText.Briefly(words.DueNotUnderstood, 40)}”). {ActionWording.DateNotUnderstood}";
    }

    /// <summary>Adds an item in the state that its words deserve.</summary>
    /// <returns>What the coach asks about it.</returns>
    public Task<IReadOnlyList<LintFinding>> KeepAsync(Incident incident, ActionItem item, CancellationToken stop)
    {
        db.ActionItems.Add(item);
        return LookAsync(incident, item, stop);
    }

    /// <summary>Looks at an item: open once nothing stands in the way of its owner, proposed until then.</summary>
    /// <returns>What the coach asks about it, once the incident is over; nobody is asked to polish words during an outage.</returns>
    public async Task<IReadOnlyList<LintFinding>> LookAsync(Incident incident, ActionItem item, CancellationToken stop)
    {
        var silenced = await coaching.SilencedAsync(incident.Workspace, stop);
        var onWords = ActionLint.Check(item.Text, CoachWords.English).Where(f => !silenced.Contains(f.Rule)).ToList();
        var onFields = ItemAdvice.OnFields(item, installation.WorkingDay).Where(f => !silenced.Contains(f.Rule)).ToList();
        item.State = item.State == ActionState.Done ? ActionState.Done
            : item.AcceptedBecause is not null || onWords.Concat(onFields).All(f => f.Level < LintLevel.Error) ? ActionState.Open : ActionState.Proposed;
        if (incident.IsOpen)
        {
            return [];
        }

        var advice = onWords.Where(f => f.IsRaised || ItemAdvice.WholeOf(f) is not null).OrderByDescending(f => f.Level).Take(Most).ToList();
        advice.AddRange(onFields.Where(f => f.Rule == "A15-day"));
        if (!silenced.Contains("A18") && await TwinAsync(incident, item, stop) is { } twin)
        {
            advice.Add(CoachWords.English.InPlace("A18") with { Message = ActionWording.Twin(twin) });
        }

        return advice;
    }

    // Nearly the same, open, in an incident that everybody here may know of.
    private async Task<ActionItem?> TwinAsync(Incident incident, ActionItem item, CancellationToken stop)
    {
        var open = await db.ActionItems.AsNoTracking().Include(a => a.Incident).Where(a => a.State != ActionState.Done && a.Id != item.Id && a.Incident!.Workspace == incident.Workspace && !a.Incident.Private && !a.Incident.Drill && !a.Incident.Replayed)
            .OrderByDescending(a => a.CreatedAt).Take(MostCompared).ToListAsync(stop);
        return open.Find(a => TextWords.Overlap(a.Text, item.Text) >= Alike);
    }

    // A line that was cut out of a message has lost who is meant by its mentions.
    private static RichText WithMentions(RichText line, RichText whole)
    {
        var spans = new List<Span>();
        foreach (var span in line.Spans)
        {
            var rest = span.Text;
            while (span.Kind == SpanKind.Plain && whole.Spans.Where(s => s.Kind == SpanKind.User && s.Text.Length > 1).Select(s => (s, At: rest.IndexOf(s.Text, StringComparison.Ordinal))).Where(x => x.At >= 0).OrderBy(x => x.At).FirstOrDefault() is { s: { } user, At: var at })
            {
                spans.AddRange(RichText.Of(rest[..at]).Spans);
                spans.Add(user);
                rest = rest[(at + user.Text.Length)..];
            }

            spans.AddRange(rest.Length == 0 ? [] : [span with { Text = rest }]);
        }

        return new([.. spans]);
    }
}
