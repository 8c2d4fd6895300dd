using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Declare;

/// <summary>Declares an incident from the form; a player of incident files sends the same form.</summary>
public sealed class DeclareIncident(Declaring declaring, QuotedMessages quoted) : IHandle<FormSubmitted>
{
    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        var fromFile = turn.By.Id == 0;
        var title = e.Value(DeclareForm.Title);
        if (title is null && !fromFile)
        {
            return new FieldErrorsAnswer(ImmutableDictionary<string, string>.Empty.Add(DeclareForm.Title, DeclareWording.TitleMissing));
        }

        Words.TryRead<IncidentKind>(e.Value(DeclareForm.Kind), out var kind);
        var incident = await declaring.DeclareAsync(
            new()
            {
                Words = RichText.Of(title),
                Severity = Severity.Read(e.Value(DeclareForm.Severity)),
                Kind = kind,
                Class = e.Value(DeclareForm.Class),
                Services = ServiceNames.Read(e.Value(DeclareForm.Services), fromFile),
                Private = e.Value(DeclareForm.Private) == "yes",
                Drill = e.Value(DeclareForm.Drill) == "yes",
                Backfill = e.Context == DeclareForm.Backfill,
                Replayed = fromFile && e.Value(DeclareForm.Replayed) == "yes",
                Imported = fromFile && e.Value(DeclareForm.Imported) == "yes",
                Id = fromFile && long.TryParse(e.Value(DeclareForm.Id), out var id) ? id : null,
                DeclaredBy = fromFile ? e.Value(DeclareForm.DeclaredBy) : null,
            },
            turn,
            stop);
        if (await quoted.HeldAsync(e.Context, turn, stop) is { } from && !await quoted.IsGoneAsync(from.Message, turn.Place, stop))
        {
            await quoted.RecordAsync(incident, from.Message, null, turn, stop);
        }

        return Answer.Private(DeclareWording.Receipt(incident));
    }
}
