using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems;

/// <summary>Makes an action item out of a message, in a form that asks for owner and date.</summary>
public sealed class ProposeByShortcut(FindIncident find, Permissions permissions, PeopleDirectory people, QuotedMessages quoted, Proposals proposals, Installation installation) : IHandle<ShortcutUsed>, IHandle<FormSubmitted>
{
    public const string Key = "action-items.from-message";
    public const string FormKey = "action-items.propose";
    private const string Incident = "incident";
    private const int LongestText = 500;

    public async Task<Answer> HandleAsync(ShortcutUsed e, Turn turn, CancellationToken stop)
    {
        var here = await find.HereAsync(turn, stop);
        var some = here is not null ? [here] : await permissions.Visible(turn.By).Where(i => !i.Imported && !i.Replayed && i.Status != Status.Merged && i.Status != Status.Cancelled)
            .OrderByDescending(i => i.DeclaredAt).Take(25).ToListAsync(stop);
        if (some.Count == 0 || e.Message is null)
        {
            return new NothingOpen();
        }

        return new OpenFormAnswer(new Form(FormKey, "Make an action item", "Keep", [
            .. some is [_] ? [] : new[] { new FormField(Incident, "Which incident?", FieldKind.Choice, Required: true, Options: [.. some.Select(i => new FormOption(i.Id.ToString(), $"{i.Code} {RichText.Briefly(i.Title, 50)}"))]) },
            new(ProposeItem.Text, "What is to be done?", FieldKind.Paragraph, RichText.Briefly(e.Message.Text.Plain, LongestText), Required: true),
            new(ProposeItem.Owner, "Owner", FieldKind.Person, Hint: "One person."),
            new(ProposeItem.Due, "Due", Hint: "friday, in two weeks, 30 Nov or 2026-11-30."),
            new(ProposeItem.Priority, "Priority", FieldKind.Choice, Options: [new("P1", "P1"), new("P2", "P2"), new("P3", "P3")]),
            new(ProposeItem.Type, "Type", FieldKind.Choice, Options: [.. Words.Of<ActionType>().Select(w => new FormOption(w, w))]),
        ], quoted.Hold(e.Message, turn, some is [var only] ? only.Id.ToString() : "")));
    }

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        if (await quoted.HeldAsync(e.Context, turn, stop) is not { } held)
        {
            return new NoLongerWorks();
        }

        var found = await find.ByIdAsync(held.About.Length > 0 ? held.About : e.Value(Incident), turn.By, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        if (e.Value(ProposeItem.Text) is not { } text)
        {
            return Wrong(ProposeItem.Text, new ActionWhat().Sentence);
        }

        var said = e.Value(ProposeItem.Due);
        var due = said is null ? null : SpokenDate.Read(said, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(turn.Now, turn.By.Zone).DateTime));
        if (said is not null && due is null)
        {
            return Wrong(ProposeItem.Due, ActionWording.DateNotUnderstood);
        }

        var owner = e.Value(ProposeItem.Owner) is { } who ? await people.FindOrAddAsync(new(turn.By.Platform, turn.By.Workspace, who), stop) : null;
        var words = new ActionWords(RichText.Of(text), null, null, due, null, e.Value(ProposeItem.Priority) is ['P', var p] ? p - '0' : null, Words.TryRead<ActionType>(e.Value(ProposeItem.Type), out var type) ? type : null);
        var item = Proposals.Of(incident, words, owner, turn.Now);
        var advice = await proposals.KeepAsync(incident, item, turn.By, turn.Now, stop);
        incident.Record(new Acting(turn.By, turn.Now).System(ActionWording.Kept(item)));
        return Answer.Private(ActionWording.Receipt(incident, item, null, advice, installation.WorkingDay));
    }

    private static FieldErrorsAnswer Wrong(string field, string what) => new(ImmutableDictionary<string, string>.Empty.Add(field, what));
}
