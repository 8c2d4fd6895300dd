using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;

namespace IncidentBot.Core.ActionItems;

/// <summary>Keeps action items as they are said: proposed while something is missing, open once nothing is.</summary>
public sealed class Proposals(BotDb db, PeopleDirectory people)
{
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

        var owner = words.OwnerId is null || by is null ? null : await people.FindOrAddAsync(new(by.Platform, by.Workspace, words.OwnerId), stop);
        var item = Keep(incident, new ActionItem
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
        });
        incident.Record(new Acting(by ?? Person.Bot(incident.Platform, incident.Workspace), now).InReview(ActionWording.Kept(item)));
        return words.DueNotUnderstood is null ? null : $"{item.Code} is kept, but I do not understand its date (“{RichText.Briefly(words.DueNotUnderstood, 40)}”). {ActionWording.DateNotUnderstood}";
    }

    /// <summary>Adds an item in the state that its words deserve.</summary>
    public ActionItem Keep(Incident incident, ActionItem item)
    {
        item.State = ItemAdvice.StateOf(incident, item);
        db.ActionItems.Add(item);
        return item;
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
