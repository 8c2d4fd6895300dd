using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Declare;

/// <summary>Words around a declaration.</summary>
internal static class DeclareWording
{
    public const string Untitled = "Untitled incident";
    public const string TitleMissing = "Say in a few words what is happening; you can change it later.";

    public static string Declared(Incident incident) => incident.Drill ? "Drill declared" : "Incident declared";

    public static Card Receipt(Incident incident) => new()
    {
        Title = $"{incident.Code} declared",
        Tone = Tone.Good,
        Parts =
        [
            new TextPart(RichText.Of(incident.Title)),
            new TextPart(RichText.Of(incident.SeverityAssumed
                ? $"No severity was given, so it stands at {Severity.Name(Severity.Assumed)} for now: /incident sev 1 changes it."
                : $"Severity {Severity.Full(incident.Severity)}."), Quiet: true),
            .. Marks(incident).Select(m => new TextPart(RichText.Of(m), Quiet: true)),
            .. incident.Title == Untitled ? new[] { new TextPart(RichText.Of("When you have a moment, give it a title under Details; everything else works already.")) } : [],
            new TextPart(RichText.Of("Log what you see with /incident log TEXT, take command with /incident commander."), Quiet: true),
        ],
        Buttons = [new(Respond.TakeRole.Key, "Take command", $"{incident.Id}:{Role.Commander}", Tone.Primary), new(DescribeIncident.Key, "Details", incident.Id.ToString())],
    };

    private static IEnumerable<string> Marks(Incident incident)
    {
        if (incident.Private)
        {
            yield return "Private: only you see it, and whoever you give a role or bring in with /incident invite @person.";
        }

        if (incident.Drill)
        {
            yield return "A drill: it counts in no figures.";
        }

        if (incident.Backfilled)
        {
            yield return "Written down afterwards: nobody is reminded of it. Log with times, such as /incident log 2026-03-09 23:50 TEXT.";
        }
    }

    public static string DetailsKept(Incident incident) => $"Details of {incident.Code} are kept.";
}
