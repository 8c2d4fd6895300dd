using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Respond;

/// <summary>Asks for the impact, and keeps what is known of it.</summary>
public sealed class RecordImpact(FindIncident find) : IHandle<CommandInvoked>, IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    public const string OpenKey = "respond.open-impact";
    public const string FormKey = "respond.impact";
    public const string Services = "services";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e, turn, stop);
        return found.Missed(out var incident) ? found.Answer : new OpenFormAnswer(Form(incident));
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var found = await find.ByIdAsync(e.Value, turn.By, stop);
        return found.Missed(out var incident) ? found.Answer : new OpenFormAnswer(Form(incident));
    }

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        var found = turn.By.Id == 0 ? await find.ByFileAsync(e.Context, turn, stop) : await find.ByIdAsync(e.Context, turn.By, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        foreach (var field in Impact.Fields.Where(f => e.Values.ContainsKey(f.Key)))
        {
            field.Set(incident.Impact, e.Value(field.Key));
        }

        if (e.Values.ContainsKey(Services))
        {
            incident.Services = [.. ServiceNames.Read(e.Value(Services), asLines: false)];
        }

        incident.Record(new Acting(turn.By, turn.Now).System("Impact recorded"));
        return Answer.Private(RespondWording.ImpactKept(incident));
    }

    private static Form Form(Incident incident) =>
        new(FormKey, $"Impact of {incident.Code}", "Save",
            [.. Impact.Fields.Select(f => new FormField(
                f.Key, f.Label, f.Key is "userExperience" or "downstream" ? FieldKind.Paragraph : FieldKind.Line, f.Get(incident.Impact), Hint: RespondWording.ImpactHint(f.Key))),
                new(Services, "Services affected", Value: string.Join(", ", incident.Services), Hint: "Separate several with commas.")],
            incident.Id.ToString());
}
