using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Respond;

/// <summary>Asks for the impact, and keeps what is known of it.</summary>
public sealed class RecordImpact(FindIncident find, ReviewPolicy reviews) : IHandle<CommandInvoked>, IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    public const string OpenKey = "respond.open-impact";
    public const string FormKey = "respond.impact";
    public const string Services = "services";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        // What was typed behind the verb stands in the form already.
        var form = Form(incident);
        return new OpenFormAnswer(e.Text.IsBlank ? form
            : form with { Fields = [.. form.Fields.Select(f => f.Id == "userExperience" ? f with { Value = string.Join('\n', new[] { f.Value, e.Text.Plain }.Where(v => v is not null)) } : f)] });
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var found = await find.ByIdAsync(e.Value, turn.By, stop);
        return found.Missed(out var incident) ? found.Answer : new OpenFormAnswer(Form(incident));
    }

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        var shown = ShownValues.Read(e.Context);
        var found = turn.By.Id == 0 ? await find.ByFileAsync(shown.Id, turn, stop) : await find.ByIdAsync(shown.Id, turn.By, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        var (before, after) = (new List<string>(), new List<string>());
        foreach (var field in Impact.Fields.Where(f => shown.Changed(e, f.Key)))
        {
            before.Add($"{field.Label}: {field.Get(incident.Impact) ?? "not known"}");
            field.Set(incident.Impact, e.Value(field.Key));
            after.Add($"{field.Label}: {e.Value(field.Key) ?? "not known"}");
        }

        if (shown.Changed(e, Services))
        {
            before.Add($"Services: {string.Join(", ", incident.Services)}");
            incident.Services = [.. ServiceNames.Read(e.Value(Services), asLines: false)];
            after.Add($"Services: {string.Join(", ", incident.Services)}");
        }

        if (after.Count > 0)
        {
            incident.Record(new Acting(turn.By, turn.Now).System($"Impact recorded – {string.Join("; ", after)}", string.Join("; ", before), string.Join("; ", after)));
            await reviews.ReconsiderAsync(incident, turn.Now, stop);
        }

        return Answer.Private(RespondWording.ImpactKept(incident));
    }

    private static Form Form(Incident incident)
    {
        ImmutableArray<FormField> fields =
        [
            .. Impact.Fields.Select(f => new FormField(
                f.Key, f.Label, f.Key is "userExperience" or "downstream" ? FieldKind.Paragraph : FieldKind.Line, f.Get(incident.Impact), Hint: RespondWording.ImpactHint(f.Key))),
            new(Services, "Services affected", Value: string.Join(", ", incident.Services), Hint: "Separate several with commas."),
        ];
        return new(FormKey, $"Impact of {incident.Code}", "Save", fields, ShownValues.Context(incident.Id.ToString(), fields));
    }
}
