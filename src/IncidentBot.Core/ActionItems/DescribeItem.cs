using System.Collections.Immutable;
using IncidentBot.Core.ActionItems.Chasing;
using IncidentBot.Core.ActionItems.Handling;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems;

/// <summary>Adds an action item in a form with all its fields: what it serves, how one checks it, by which kind of measure it prevents.</summary>
public sealed class DescribeItem(BotDb db, FindIncident find, PeopleDirectory people, Proposals proposals, DigestPosts digests, Installation installation) : IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    public const string OpenKey = "action-items.open-describe";
    public const string FormKey = "action-items.describe";
    public const string Text = "text";
    public const string Owner = "owner";
    public const string Team = "team";
    public const string With = "with";
    public const string Due = "due";
    public const string Priority = "priority";
    public const string Type = "type";
    public const string Category = "category";
    public const string Serves = "serves";
    public const string Success = "success";
    public const string Verification = "verification";
    public const string Implementation = "implementation";
    public const string Why = "why";
    public const string Effort = "effort";
    public const string Value = "value";
    public const string Ticket = "ticket";
    private const int MostCauses = 60;

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var parts = (e.Value ?? "").Split(':');
        var found = await find.ByIdAsync(parts[0], turn.By, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        if (await NamedAsync(incident, parts.ElementAtOrDefault(1), stop) is { } known)
        {
            return !known.IsOpen ? Settled(incident, known) : new OpenFormAnswer(await FormAsync(incident, null, known, stop));
        }

        var parked = long.TryParse(parts.ElementAtOrDefault(1), out var id) ? await db.ParkedIdeas.FirstOrDefaultAsync(p => p.Id == id && p.IncidentId == incident.Id, stop) : null;
        if (parked?.ActionNumber is { } taken)
        {
            return new AlreadyTakenUp($"{incident.Code}/AI-{taken}");
        }

        return new OpenFormAnswer(await FormAsync(incident, parked, null, stop));
    }

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        var parts = (e.Context ?? "").Split(':');
        var found = await find.ByIdAsync(parts[0], turn.By, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        if (e.Value(Text) is not { } text)
        {
            return Wrong(Text, new ActionWhat().Sentence);
        }

        var idea = long.TryParse(parts.ElementAtOrDefault(1), out var id) ? await db.ParkedIdeas.FirstOrDefaultAsync(x => x.Id == id && x.IncidentId == incident.Id, stop) : null;
        if (idea?.ActionNumber is { } taken)
        {
            return new AlreadyTakenUp($"{incident.Code}/AI-{taken}");
        }

        var said = e.Value(Due);
        var due = said is null ? null : SpokenDate.Read(said, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(turn.Now, turn.By.Zone).DateTime));
        if (said is not null && due is null)
        {
            return Wrong(Due, ActionWording.DateNotUnderstood);
        }

        var known = await NamedAsync(incident, parts.ElementAtOrDefault(1), stop);
        if (due != known?.Due && due < DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(turn.Now, turn.By.Zone).DateTime))
        {
            return Wrong(Due, HandlingWording.DateIsPast);
        }

        if (known is { Due: { } named, DueByPolicy: false, State: not ActionState.Proposed } && due != named)
        {
            return Wrong(Due, new NewDateWhen(known.Code).Sentence);
        }

        var owner = e.Value(Owner) is { } who ? await people.FindOrAddAsync(new(turn.By.Platform, turn.By.Workspace, who), stop) : null;
        if (known is { IsOpen: false })
        {
            return Settled(incident, known);
        }

        if (known?.OwnerId is { } holder && owner is not null && owner.Id != holder && known.State != ActionState.Proposed && await db.People.FindAsync([holder], stop) is { IsGone: false } has)
        {
            return Wrong(Owner, holder == turn.By.Id ? new OfferIt(known.Code, owner.Name).Sentence : new HasAnOwner($"{incident.Code}/{known.Code}", has.Name).Sentence);
        }

        var item = known ?? new ActionItem { IncidentId = incident.Id, Number = incident.NextAction(), Text = text, CreatedAt = turn.Now };
        (item.Text, item.Team) = (text, e.Value(Team));
        item.SetDue(due, turn.Now, byPolicy: item.DueByPolicy && due == item.Due);
        if (owner is { IsGone: false, IsGuest: false })
        {
            item.GiveTo(owner, turn.Now);
        }

        item.Priority = e.Value(Priority) is ['P', var p] ? p - '0' : null;
        item.Type = Words.TryRead<ActionType>(e.Value(Type), out var type) ? type : null;
        item.Category = Words.TryRead<PreventiveCategory>(e.Value(Category), out var category) ? category : null;
        item.Serves = e.Value(Serves) is { } serves && int.TryParse(serves, out var number) ? [.. item.Serves.Append(number).Distinct()] : item.Serves;
        (item.SuccessCriteria, item.Verification, item.Implementation) = (e.Value(Success), e.Value(Verification), e.Value(Implementation));
        (item.Why, item.Effort, item.Value, item.Ticket) = (e.Value(Why), e.Value(Effort), e.Value(Value), e.Value(Ticket));
        item.Collaborators = e.Value(With) is { } with ? [.. with.Split([',', ';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(w => w.TrimStart('@')).Distinct()] : [];
        var advice = known is null ? await proposals.KeepAsync(incident, item, turn.By, turn.Now, stop) : await proposals.DateAndLookAsync(incident, item, turn.Now, stop);
        if (known is not null)
        {
            item.Note(ActionWording.ChangedTo(item), null, turn.By, turn.Now);
            await digests.ShowAsync(item, turn.Now, stop);
        }

        incident.Record(new Acting(turn.By, turn.Now).InReview(known is null ? ActionWording.Kept(item) : ActionWording.Changed(item)));
        if (idea is not null)
        {
            idea.ActionNumber = item.Number;
        }

        return Answer.Private(ActionWording.Receipt(incident, item, null, advice, installation.WorkingDay));
    }

    private async Task<ActionItem?> NamedAsync(Incident incident, string? code, CancellationToken stop) =>
        code?.StartsWith("AI-", StringComparison.Ordinal) == true && int.TryParse(code[3..], out var number) ? await db.ActionItems.FirstOrDefaultAsync(a => a.IncidentId == incident.Id && a.Number == number, stop) : null;

    private async Task<Form> FormAsync(Incident incident, Facilitation.ParkedIdea? parked, ActionItem? item, CancellationToken stop)
    {
        var causes = await db.Findings.AsNoTracking().Where(f => f.IncidentId == incident.Id && f.RemovedAt == null && (f.Kind == FindingKind.Why || f.Kind == FindingKind.Factor)).OrderBy(f => f.Number).Take(MostCauses).ToListAsync(stop);
        var owner = item?.OwnerId is { } id ? await db.People.Where(p => p.Id == id).Select(p => p.UserId).FirstOrDefaultAsync(stop) : null;
        return new(FormKey, item is null ? "Add an action" : $"All fields of {item.Code}", "Keep", [
            new(Text, "What is to be done?", FieldKind.Paragraph, item?.Text ?? parked?.Text, Required: true, Hint: "The verb first; say what is true when it is done."),
            .. causes.Count == 0 ? [] : new[] { new FormField(Serves, "Which cause or factor does it serve?", FieldKind.Choice, item?.Serves.Count > 0 && causes.Exists(c => c.Number == item.Serves[0]) ? $"{item.Serves[0]}" : null, Options: [.. causes.Select(c => new FormOption($"{c.Number}", RichText.Briefly($"F{c.Number} {c.Text}", 70)))]) },
            new(Owner, "Owner", FieldKind.Person, owner, Hint: "One person."),
            new(Team, "Team beside the owner", Value: item?.Team),
            new(With, "Who works on it too", Value: item is null ? null : string.Join(", ", item.Collaborators), Hint: "Names, separated by commas."),
            new(Due, "Due", Value: item?.Due?.ToString("yyyy-MM-dd"), Hint: "friday, in two weeks, 30 Nov or 2026-11-30."),
            new(Priority, "Priority", FieldKind.Choice, item?.Priority is { } p ? $"P{p}" : null, Options: [new("P1", "P1: at once"), new("P2", "P2: within a month"), new("P3", "P3: within a quarter")]),
            new(Type, "Type", FieldKind.Choice, item?.Type?.Word(), Options: [.. Words.Of<ActionType>().Select(w => new FormOption(w, w))]),
            new(Category, "By which kind of measure?", FieldKind.Choice, item?.Category?.Word(), Options: [.. Words.Of<PreventiveCategory>().Select(w => new FormOption(w, w.Replace('-', ' ')))]),
            new(Success, "Success criterion", Value: item?.SuccessCriteria, Hint: "How do we know that it is done?"),
            new(Verification, "Verification", Value: item?.Verification, Hint: "How does one check that it works?"),
            new(Implementation, "Implementation", FieldKind.Paragraph, item?.Implementation, Hint: "The exact change to make."),
            new(Why, "Why", Value: item?.Why, Hint: "What it is good for."),
            new(Effort, "Effort", Value: item?.Effort),
            new(Value, "Value", Value: item?.Value),
            new(Ticket, "Ticket", Value: item?.Ticket, Hint: "A number or a link."),
        ], $"{incident.Id}:{item?.Code ?? $"{parked?.Id}"}");
    }

    private static AlreadyDone Settled(Incident incident, ActionItem item) => new($"{incident.Code}/{item.Code}", item.State, item.CompletedAt ?? item.DroppedAt);

    private static FieldErrorsAnswer Wrong(string field, string what) => new(ImmutableDictionary<string, string>.Empty.Add(field, what));
}

/// <summary>Somebody was quicker.</summary>
public sealed record AlreadyTakenUp(string Code) : Refusal
{
    public override string Sentence => $"This idea has been taken up already, as {Code}.";
}
