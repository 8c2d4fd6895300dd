using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems;

/// <summary>Adds an action item in a form with all its fields: what it serves, how one checks it, by which kind of measure it prevents.</summary>
public sealed class DescribeItem(BotDb db, FindIncident find, PeopleDirectory people, Proposals proposals) : IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    public const string OpenKey = "action-items.open-describe";
    public const string FormKey = "action-items.describe";
    public const string Text = "text";
    public const string Owner = "owner";
    public const string Team = "team";
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

        var parked = long.TryParse(parts.ElementAtOrDefault(1), out var id) ? await db.ParkedIdeas.FirstOrDefaultAsync(p => p.Id == id && p.IncidentId == incident.Id, stop) : null;
        if (parked?.ActionNumber is { } taken)
        {
            return new AlreadyTakenUp($"{incident.Code}/AI-{taken}");
        }

        return new OpenFormAnswer(await FormAsync(incident, parked, stop));
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

        var said = e.Value(Due);
        var due = said is null ? null : SpokenDate.Read(said, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(turn.Now, turn.By.Zone).DateTime));
        if (said is not null && due is null)
        {
            return Wrong(Due, ActionWording.DateNotUnderstood);
        }

        var owner = e.Value(Owner) is { } who ? await people.FindOrAddAsync(new(turn.By.Platform, turn.By.Workspace, who), stop) : null;
        var item = proposals.Keep(incident, new ActionItem
        {
            IncidentId = incident.Id,
            Number = incident.NextAction(),
            Text = text,
            OwnerId = owner?.Id,
            OwnerName = owner?.Name,
            Team = e.Value(Team),
            Due = due,
            Priority = e.Value(Priority) is ['P', var p] ? p - '0' : null,
            Type = Words.TryRead<ActionType>(e.Value(Type), out var type) ? type : null,
            Category = Words.TryRead<PreventiveCategory>(e.Value(Category), out var category) ? category : null,
            Serves = e.Value(Serves) is { } serves && int.TryParse(serves, out var number) ? [number] : [],
            SuccessCriteria = e.Value(Success),
            Verification = e.Value(Verification),
            Implementation = e.Value(Implementation),
            Why = e.Value(Why),
            Effort = e.Value(Effort),
            Value = e.Value(Value),
            Ticket = e.Value(Ticket),
            CreatedAt = turn.Now,
        });
        incident.Record(new Acting(turn.By, turn.Now).System(ActionWording.Kept(item)));
        if (long.TryParse(parts.ElementAtOrDefault(1), out var id) && await db.ParkedIdeas.FirstOrDefaultAsync(x => x.Id == id && x.IncidentId == incident.Id, stop) is { } parked)
        {
            parked.ActionNumber = item.Number;
        }

        return Answer.Private(ActionWording.Receipt(incident, item, null));
    }

    private async Task<Form> FormAsync(Incident incident, Facilitation.ParkedIdea? parked, CancellationToken stop)
    {
        var causes = await db.Findings.AsNoTracking().Where(f => f.IncidentId == incident.Id && f.RemovedAt == null && (f.Kind == FindingKind.Why || f.Kind == FindingKind.Factor)).OrderBy(f => f.Number).Take(MostCauses).ToListAsync(stop);
        return new(FormKey, "Add an action", "Keep", [
            new(Text, "What is to be done?", FieldKind.Paragraph, parked?.Text, Required: true, Hint: "The verb first; say what is true when it is done."),
            .. causes.Count == 0 ? [] : new[] { new FormField(Serves, "Which cause or factor does it serve?", FieldKind.Choice, Options: [.. causes.Select(c => new FormOption($"{c.Number}", RichText.Briefly($"F{c.Number} {c.Text}", 70)))]) },
            new(Owner, "Owner", FieldKind.Person, Hint: "One person."),
            new(Team, "Team beside the owner"),
            new(Due, "Due", Hint: "friday, in two weeks, 30 Nov or 2026-11-30."),
            new(Priority, "Priority", FieldKind.Choice, Options: [new("P1", "P1: at once"), new("P2", "P2: within a month"), new("P3", "P3: within a quarter")]),
            new(Type, "Type", FieldKind.Choice, Options: [.. Words.Of<ActionType>().Select(w => new FormOption(w, w))]),
            new(Category, "By which kind of measure?", FieldKind.Choice, Options: [.. Words.Of<PreventiveCategory>().Select(w => new FormOption(w, w.Replace('-', ' ')))]),
            new(Success, "Success criterion", Hint: "How do we know that it is done?"),
            new(Verification, "Verification", Hint: "How does one check that it works?"),
            new(Implementation, "Implementation", FieldKind.Paragraph, Hint: "The exact change to make."),
            new(Why, "Why", Hint: "What it is good for."),
            new(Effort, "Effort"),
            new(Value, "Value"),
            new(Ticket, "Ticket", Hint: "A number or a link."),
        ], $"{incident.Id}:{parked?.Id}");
    }

    private static FieldErrorsAnswer Wrong(string field, string what) => new(ImmutableDictionary<string, string>.Empty.Add(field, what));
}

/// <summary>Somebody was quicker.</summary>
public sealed record AlreadyTakenUp(string Code) : Refusal
{
    public override string Sentence => $"This idea has been taken up already, as {Code}.";
}
