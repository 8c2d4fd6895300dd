namespace IncidentBot.Core.Replay;

/// <summary>The outage that ships with the bot, as an incident file and as the raw text it was written from.</summary>
public static class Sample
{
    public static string Json => Resources.Text("Replay.Sample.outage.json");

    public static string Raw => Resources.Text("Replay.Sample.outage.txt");
}
