using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Respond;

namespace IncidentBot.Core.Declare;

/// <summary>Opens the details of an incident, and keeps what was changed in them.</summary>
public sealed class DescribeIncident(FindIncident find, Installation installation, UpdateClock clock, ReviewPolicy reviews) : IHandle<CommandInvoked>, IHandle<ButtonPressed>, IHandle<FormSubmitted>
{
    public const string Key = "declare.open-details";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var found = await find.ForAsync(e, turn, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        // A title typed along stands in the form already; nothing is changed before it is sent.
        var form = DeclareForm.Details(installation, incident);
        return new OpenFormAnswer(e.Text.IsBlank ? form
            : form with { Fields = [.. form.Fields.Select(f => f.Id == DeclareForm.Title ? f with { Value = e.Text.Brief(Declaring.LongestTitle) } : f)] });
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var found = await find.ByIdAsync(e.Value, turn.By, stop);
        return found.Missed(out var incident) ? found.Answer : new OpenFormAnswer(DeclareForm.Details(installation, incident));
    }

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        var shown = ShownValues.Read(e.Context);
        var found = await find.ByIdAsync(shown.Id, turn.By, stop);
        if (found.Missed(out var incident))
        {
            return found.Answer;
        }

        if (e.Value(DeclareForm.Title) is not { } title)
        {
            return new FieldErrorsAnswer(ImmutableDictionary<string, string>.Empty.Add(DeclareForm.Title, DeclareWording.TitleMissing));
        }

        var acting = new Acting(turn.By, turn.Now);
        title = RichText.Briefly(title, Declaring.LongestTitle);
        if (shown.Changed(e, DeclareForm.Title) && title != incident.Title)
        {
            incident.Record(acting.System($"Title changed from “{incident.Title}” to “{title}”", incident.Title, title));
            incident.Title = title;
        }

        var reason = shown.Changed(e, DeclareForm.SeverityReason) ? e.Value(DeclareForm.SeverityReason) : null;
        if (Severity.Read(e.Value(DeclareForm.Severity)) is { } severity && (shown.Changed(e, DeclareForm.Severity) || reason is not null || incident.SeverityAssumed))
        {
            incident.ChangeSeverity(severity, reason, acting);
            await clock.RestartAsync(incident, turn.Now, stop);
        }

        if (shown.Changed(e, DeclareForm.Kind) && Words.TryRead<IncidentKind>(e.Value(DeclareForm.Kind), out var kind))
        {
            incident.Kind = kind;
        }

        if (shown.Changed(e, DeclareForm.Class))
        {
            incident.Class = e.Value(DeclareForm.Class);
        }

        var services = ServiceNames.Read(e.Value(DeclareForm.Services), asLines: false);
        if (shown.Changed(e, DeclareForm.Services) && !services.SequenceEqual(incident.Services))
        {
            incident.Record(acting.System(
                $"Services affected: {(services.Count == 0 ? "none named" : string.Join(", ", services))}", string.Join(", ", incident.Services), string.Join(", ", services)));
            incident.Services = [.. services];
        }

        await reviews.ReconsiderAsync(incident, turn.Now, stop);
        return Answer.Private(DeclareWording.DetailsKept(incident));
    }
}
