using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Coach;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;

namespace IncidentBot.Core.ActionItems;

/// <summary>What an item lacks besides its words.</summary>
internal static class ItemAdvice
{
    /// <summary>An owner, a date on which people work, type and priority; and, as questions, what it serves and how one checks it.</summary>
    /// <param name="working">Null: any day will do.</param>
    /// <param name="byPolicy">The date that the policy gives it; null: any will do.</param>
    public static IReadOnlyList<LintFinding> OnFields(ActionItem item, WorkingDay? working, DateOnly? byPolicy = null)
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
        When(item.Due is { } day && working?.IsWorkingDay(day) == false, "A15-day");
        When(item.Due > byPolicy, "A15-late");
        When(item.Type is null || item.Priority is null, "A16");
        When(item.Serves.Count == 0, "A17");
        When(item.SuccessCriteria is null && item.Verification is null, "A19");
        return found;
    }

    /// <summary>A whole text that could stand instead; null when only the author can find the words.</summary>
    public static string? WholeOf(LintFinding finding) => finding.Rewrite is { } words && !words.Contains('…') ? words : null;
}

/// <summary>Takes the words that the coach has proposed for an item, at one press.</summary>
public sealed class RewriteItem(FindItem find, Proposals proposals, Installation installation) : IHandle<ButtonPressed>
{
    public const string Key = "action-items.rewrite";

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var item = await find.ByKeyAsync(e.Value, turn.By, stop);
        // The words may have changed since, so they are looked at again.
        if (item?.Incident is not { } incident || !item.IsOpen || (await proposals.LookAsync(incident, item, turn.Now, stop)).Select(ItemAdvice.WholeOf).OfType<string>().FirstOrDefault() is not { } words)
        {
            return new NoLongerWorks();
        }

        item.Text = words;
        var advice = await proposals.LookAsync(incident, item, turn.Now, stop);
        item.Note(ActionWording.ChangedTo(item), null, turn.By, turn.Now);
        incident.Record(new Acting(turn.By, turn.Now).OnItem(incident, ActionWording.Changed(item)));
        return Answer.Private(ActionWording.Receipt(incident, item, null, advice, installation.WorkingDay));
    }
}

/// <summary>Fills in what an item lacks and its words and the policy give: type, priority and date, at one press.</summary>
public sealed class FillItem(FindItem find, Proposals proposals, Installation installation) : IHandle<ButtonPressed>
{
    public const string Key = "action-items.fill";

    /// <summary>The rule about dates on which nobody works.</summary>
    public const string DayRule = "A15-day";

    // Neither at once nor some day.
    private const int UsualPriority = 2;

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var item = await find.ByKeyAsync(e.Value, turn.By, stop);
        if (item?.Incident is not { } incident || Missing(item) is null)
        {
            return new NoLongerWorks();
        }

        item.Type ??= ActionLint.TypeOf(item.Text, CoachWords.English);
        item.Priority ??= UsualPriority;
        var advice = await proposals.DateAndLookAsync(incident, item, turn.Now, stop);
        item.Note(ActionWording.ChangedTo(item), null, turn.By, turn.Now);
        incident.Record(new Acting(turn.By, turn.Now).OnItem(incident, ActionWording.Changed(item)));
        return Answer.Private(ActionWording.Receipt(incident, item, null, advice, installation.WorkingDay));
    }

    /// <summary>What would be filled in, as the button says it; null when nothing can be.</summary>
    public static string? Missing(ActionItem item)
    {
        var type = item.Type is null ? ActionLint.TypeOf(item.Text, CoachWords.English) : null;
        string?[] parts = [type?.Word(), item.Priority is null ? $"P{UsualPriority}" : null, item.Due is null ? "the date of the policy" : null];
        return item.IsOpen && (type is not null || item.Priority is null || item.Due is null) ? string.Join(", ", parts.OfType<string>()) : null;
    }
}
