using System.Collections.Immutable;
using IncidentBot.Core.ActionItems.Handling;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;

namespace IncidentBot.Core.ActionItems.Chasing;

/// <summary>The message to an owner: overdue first, then what is due within a week, then the rest, each with buttons to answer it in place.</summary>
internal static class DigestCard
{
    /// <summary>So many items have buttons; no platform shows more in one message.</summary>
    public const int Most = 9;

    private const int MostToVerify = 4;

    private const int SoonDays = 7;

    public static Card Render(Digest digest, Person person, IReadOnlyList<ActionItem> items, IReadOnlyList<ActionItem> toVerify, ILookup<long, ActionChange> answers, Installation installation)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(digest.At, person.Zone).DateTime);
        var parts = ImmutableArray.CreateBuilder<CardPart>();
        var left = Most;
        foreach (var (title, some) in Sections(items, today))
        {
            if (some.Count == 0 || left <= 0)
            {
                continue;
            }

            parts.Add(new HeadingPart(title));
            foreach (var incident in some.GroupBy(i => i.IncidentId))
            {
                if (left <= 0)
                {
                    break;
                }

                parts.Add(new TextPart($"{incident.First().Incident!.Code} · {incident.First().Incident!.Title}", Quiet: true));
                foreach (var item in incident.Take(left))
                {
                    left--;
                    parts.Add(new TextPart(Line(item, person, today)));
                    parts.Add(Below(item, person, [.. answers[item.Id]]));
                }
            }
        }

        if (items.Count > Most)
        {
            parts.Add(new TextPart($"and {items.Count - Most} more: /incident actions mine"));
        }

        if (toVerify.Count > 0)
        {
            parts.Add(new HeadingPart("Waits for your look"));
            foreach (var item in toVerify.Take(MostToVerify))
            {
                parts.Add(new TextPart($"{item.FullCode} {item.Text} — done by {item.OwnerName ?? "somebody"}{(item.CompletedLink is { } link ? $": {link}" : "")}"));
                parts.Add(item.State == ActionState.Done ? new ButtonsPart($"verify {item.FullCode}", HandlingWording.Verifying(item)) : new TextPart(Answered([.. answers[item.Id]], item), Quiet: true));
            }
        }

        parts.Add(new TextPart(digest.Kind == DigestKind.Weekly ? $"One message a week, {installation.FollowUps.Digest} your time; nothing when nothing is open. /incident away until friday keeps me quiet." : $"Recalled because of {(items.Count == 1 ? "its date" : "their dates")}. /incident away until friday keeps me quiet.", Quiet: true));
        return new() { Title = Title(digest, items, toVerify, today), Parts = parts.ToImmutable() };
    }

    /// <summary>Overdue, due within a week, later; within each by incident, the earliest first.</summary>
    public static IReadOnlyList<(string Title, IReadOnlyList<ActionItem> Items)> Sections(IReadOnlyList<ActionItem> items, DateOnly today) =>
    [
        ("Overdue", ByIncident(items.Where(i => i.Due < today))),
        ("Due within a week", ByIncident(items.Where(i => i.Due >= today && i.Due <= today.AddDays(SoonDays)))),
        ("Later", ByIncident(items.Where(i => i.Due is null || i.Due > today.AddDays(SoonDays)))),
    ];

    private static List<ActionItem> ByIncident(IEnumerable<ActionItem> items) =>
        [.. items.GroupBy(i => i.IncidentId).OrderBy(g => g.Min(i => i.Due ?? DateOnly.MaxValue)).ThenBy(g => g.Key).SelectMany(g => g.OrderBy(i => i.Due ?? DateOnly.MaxValue).ThenBy(i => i.Number))];

    private static string Title(Digest digest, IReadOnlyList<ActionItem> items, IReadOnlyList<ActionItem> toVerify, DateOnly today)
    {
        var sections = Sections(items, today);
        var counts = new[] { (sections[0].Items.Count, "overdue"), (sections[1].Items.Count, "due within a week"), (sections[2].Items.Count, "later"), (toVerify.Count, "to look at") }.Where(c => c.Count > 0).Select(c => $"{c.Count} {c.Item2}");
        var said = string.Join(", ", counts);
        return $"{(digest.Kind == DigestKind.Weekly ? "Your actions" : items.Count == 1 ? "An action of yours" : "Actions of yours")}{(said.Length == 0 ? "" : $": {said}")}";
    }

    private static RichText Line(ActionItem item, Person person, DateOnly today)
    {
        var due = item.Due is not { } day ? "no date" : day < today ? $"was due {day:ddd yyyy-MM-dd}, {Days(today.DayNumber - day.DayNumber)} ago" : day == today ? "due today" : $"due {day:ddd yyyy-MM-dd}";
        var state = item.State switch { ActionState.Blocked => $" · waits for {item.BlockedBy}", ActionState.InProgress => " · in progress", ActionState.Proposed => " · proposed", _ => "" } + (item.DropAsked is null ? "" : " · waits for a decision not to do it") + (item.OfferedToName is { } asked ? $" · offered to {asked}" : "");
        return RichText.WithLinks($"{item.Code} {item.Text} — {due}{(item.Priority is { } p ? $" · P{p}" : "")}{state}{(item.Moves > 0 ? $" · moved {item.Moves}×" : "")}");
    }

    private static string Days(int days) => days == 1 ? "1 day" : $"{days} days";

    // What was answered stands in the place of the buttons.
    private static CardPart Below(ActionItem item, Person person, IReadOnlyList<ActionChange> answers)
    {
        // What others do meanwhile is no answer of the owner's, and what they have given back asks for a new one.
        var back = answers.ToList().FindLastIndex(a => a.ById != person.Id && a.What is HandlingWording.AgainNote or HandlingWording.StillWantedNote or HandlingWording.DeclinedNote);
        var own = answers.Skip(back + 1).Where(a => a.ById == person.Id).ToList();
        if (!item.IsOpen || item.OwnerId != person.Id || own.Count > 0)
        {
            return new TextPart(Answered(own.Count > 0 && item.IsOpen && item.OwnerId == person.Id ? own : answers, item), Quiet: true);
        }

        return new ButtonsPart(item.FullCode, Buttons(item));
    }

    public static ImmutableArray<CardButton> Buttons(ActionItem item) =>
    [
        new(FinishItem.OpenKey, "Done", $"{item.Id}", Tone.Primary),
        new(MoveDate.OpenKey, "New date", $"{item.Id}"),
        .. item.State is ActionState.InProgress or ActionState.Proposed ? Array.Empty<CardButton>() : [new CardButton(WorkOnItem.ProgressKey, "In progress", $"{item.Id}")],
        .. item.State == ActionState.Proposed ? Array.Empty<CardButton>() : [new CardButton(WorkOnItem.OpenBlockKey, "Blocked", $"{item.Id}")],
        new(HandOver.OpenKey, "Hand over", $"{item.Id}"),
        new(DropItem.OpenKey, "Not doing", $"{item.Id}"),
        new(WorkOnItem.SnoozeKey, "Snooze", $"{item.Id}"),
    ];

    private static RichText Answered(IReadOnlyList<ActionChange> answers, ActionItem item)
    {
        var last = answers.Count == 0 ? null : answers[^1];
        return RichText.WithLinks(last is null ? $"✓ {ActionWording.State(item.State)}" : $"✓ {last.What}{(last.Why is null ? "" : $": {RichText.Briefly(last.Why, 160)}")} ({last.ByName})");
    }
}
