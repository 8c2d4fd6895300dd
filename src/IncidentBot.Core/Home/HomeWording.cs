using System.Collections.Immutable;
using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;

namespace IncidentBot.Core.Home;

/// <summary>Words of the bot's own page.</summary>
internal static class HomeWording
{
    /// <summary>An entry whose time is unsure.</summary>
    public sealed record Doubt(int Year, int Number, long IncidentId, int Seq, string? TimeSaid, RichText Text)
    {
        public string Code => $"INC-{Year:0000}-{Number:0000}";
    }

    public static Card Page(
        Person person, IReadOnlyList<Incident> open, IReadOnlyList<RoleAssignment> roles, IReadOnlyList<ActionItem> items, IReadOnlyList<Doubt> doubts, DateOnly today, DateTimeOffset now)
    {
        var parts = ImmutableArray.CreateBuilder<CardPart>();
        parts.Add(new HeadingPart("Open incidents"));
        parts.Add(person.IsGuest ? new TextPart("Guests see an incident in its room.", Quiet: true) : open.Count == 0 ? new TextPart("Nothing is open. That is good news.", Quiet: true)
            : new RowsPart([.. open.Select(i => new Fact(i.Code, $"{(i.Severity is { } s ? Severity.Name(s) : "no severity")} · {i.Status.Word()} · {i.Title}{Role(roles, i)} · since {i.DeclaredAt:yyyy-MM-dd HH:mm} UTC"))]));
        foreach (var incident in open.Take(5))
        {
            parts.Add(new ButtonsPart(incident.Code, [new(Timeline.LogEvent.OpenKey, $"Log on {incident.Code}", incident.Id.ToString()), new(Respond.PostUpdate.OpenKey, "Update", incident.Id.ToString())]));
        }

        parts.Add(new HeadingPart("My action items"));
        parts.Add(items.Count == 0 ? new TextPart("Nothing is yours to do.", Quiet: true)
            : new RowsPart([.. items.Select(a => new Fact($"{a.Incident!.Code}/{a.Code}", $"{a.Text} · {(a.Due is { } due ? $"due {due:yyyy-MM-dd}{(due < today ? ", overdue" : "")}" : "no date")}"))]));
        foreach (var item in items.Take(5))
        {
            parts.Add(new ButtonsPart($"{item.Incident!.Code}/{item.Code}", [new(ActionItems.Handling.FinishItem.OpenKey, $"Done: {item.Code} of {item.Incident.Code}", $"{item.Id}")]));
        }

        parts.Add(new HeadingPart("Waits for your answer"));
        parts.Add(doubts.Count == 0 ? new TextPart("Nothing waits for you.", Quiet: true)
            : new RowsPart([.. doubts.Select(d => new Fact($"{d.Code}, entry {d.Seq}", $"When was it? You said “{d.TimeSaid}”: {d.Text.Brief(200)}"))]));
        foreach (var doubt in doubts.Take(5))
        {
            parts.Add(new ButtonsPart($"{doubt.Code}-{doubt.Seq}", [new(Timeline.AmendEntry.OpenKey, $"Set the time of {doubt.Code} entry {doubt.Seq}", $"{doubt.IncidentId}:{doubt.Seq}")]));
        }

        parts.Add(new TextPart($"As of {now:yyyy-MM-dd HH:mm} UTC; opening this page again brings it up to date.", Quiet: true));
        return new()
        {
            Title = "IncidentBot",
            Parts = parts.ToImmutable(),
            Buttons = person.IsGuest ? [] : [new(Declare.DeclareByShortcut.ButtonKey, "Declare an incident", null, Tone.Danger)],
        };
    }

    private static string Role(IReadOnlyList<RoleAssignment> roles, Incident incident) =>
        roles.FirstOrDefault(r => r.IncidentId == incident.Id) is { } held ? $" · you are {held.Role}" : "";
}
