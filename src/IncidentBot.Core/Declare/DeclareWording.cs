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
            .. incident.Title == Untitled ? new[] { new TextPart(RichText.Of("When you have a moment, give it a title under Details; everything else works already.")) } : [],
            new TextPart(RichText.Of("Log what you see with /incident log TEXT, take command with /incident commander."), Quiet: true),
        ],
        Buttons = [new(DescribeIncident.Key, "Details", incident.Id.ToString())],
    };

    public static string DetailsKept(Incident incident) => $"Details of {incident.Code} are kept.";
}
