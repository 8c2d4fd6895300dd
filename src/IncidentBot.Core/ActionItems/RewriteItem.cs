using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Coach;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems;

/// <summary>What the coach asks about an item, once the incident is over; nobody is asked to polish words during an outage.</summary>
internal static class ItemAdvice
{
    private const int Most = 2;

    public static IReadOnlyList<LintFinding> On(Incident incident, ActionItem item) => incident.IsOpen ? []
        : [.. ActionLint.Check(item.Text, CoachWords.English).Where(f => f.IsRaised || WholeOf(f) is not null).OrderByDescending(f => f.Level).Take(Most)];

    /// <summary>What an item lacks besides its words: an owner, a date, type and priority; and, as questions, what it serves and how one checks it.</summary>
    public static IReadOnlyList<LintFinding> OnFields(ActionItem item)
    {
        var words = CoachWords.English;
        var found = new List<LintFinding>();
        void When(bool wrong, string rule)
        {
            if (wrong)
            {
                found.Add(words.InPlace(rule));
            }
        }

        When(item.OwnerName is null, "A14");
        When(item.Due is not { } due || due < DateOnly.FromDateTime(item.CreatedAt.UtcDateTime.AddDays(-1)), "A15");
        When(item.Type is null || item.Priority is null, "A16");
        When(item.Serves.Count == 0, "A17");
        When(item.SuccessCriteria is null && item.Verification is null, "A19");
        return found;
    }

    /// <summary>Open once nothing stands in the way of its owner; proposed until then.</summary>
    public static ActionState StateOf(Incident incident, ActionItem item) =>
        item.State == ActionState.Done ? ActionState.Done
        : item.AcceptedBecause is not null || ActionLint.Check(item.Text, CoachWords.English).Concat(OnFields(item)).All(f => f.Level < LintLevel.Error) ? ActionState.Open : ActionState.Proposed;

    /// <summary>A whole text that could stand instead; null when only the author can find the words.</summary>
    public static string? WholeOf(LintFinding finding) => finding.Rewrite is { } words && !words.Contains('…') ? words : null;
}

/// <summary>Takes the words that the coach has proposed for an item, at one press.</summary>
public sealed class RewriteItem(BotDb db, Permissions permissions) : IHandle<ButtonPressed>
{
    public const string Key = "action-items.rewrite";

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var parts = (e.Value ?? "").Split(':');
        var (id, number) = (long.TryParse(parts[0], out var key) ? key : 0, int.TryParse(parts.ElementAtOrDefault(1), out var n) ? n : 0);
        var item = await db.ActionItems.Include(a => a.Incident).FirstOrDefaultAsync(a => a.IncidentId == id && a.Number == number && permissions.Visible(turn.By).Any(i => i.Id == a.IncidentId), stop);
        // The words may have changed since, so they are looked at again.
        if (item?.Incident is not { } incident || ItemAdvice.On(incident, item).Select(ItemAdvice.WholeOf).OfType<string>().FirstOrDefault() is not { } words)
        {
            return new NoLongerWorks();
        }

        item.Text = words;
        item.State = ItemAdvice.StateOf(incident, item);
        incident.Record(new Acting(turn.By, turn.Now).System(ActionWording.Changed(item)));
        return Answer.Private(ActionWording.Receipt(incident, item, null));
    }
}
