using System.Diagnostics;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Reports;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Benchmarks;

/// <summary>Renders the report of a very long incident.</summary>
internal static class Render
{
    public static void Run(int entries)
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var incident = new Incident { Workspace = "local", Title = "A very long incident", Year = 2026, Number = 1, DeclaredAt = start, DeclaredByName = "ann", Platform = "webchat", DeclaredIn = "incidents" };
        for (var i = 0; i < entries; i++)
        {
            incident.Record(new TimelineEntry
            {
                OccurredAt = start.AddSeconds(30 * i),
                RecordedAt = start.AddSeconds(30 * i),
                Source = EntrySource.Command,
                ActorName = "Ann Field",
                Text = RichText.Of($"pool {i} is at 100 % | <defunct> workers `ps aux` says *{i % 97}*, see snake_case_name"),
            });
        }

        var report = new ReportWriter();
        foreach (var run in new[] { "first", "second" })
        {
            var watch = Stopwatch.StartNew();
            var post = new PostMortem(incident, Chronology.Of(incident, incident.Entries), [], [], [], []);
            var markdown = report.Markdown(post);
            var half = watch.Elapsed;
            var html = HtmlWriter.Page("x", markdown);
            Console.WriteLine($"report of {entries} entries, {run} run: Markdown {half.TotalMilliseconds:0} ms ({markdown.Length / 1024} KiB), with HTML {watch.Elapsed.TotalMilliseconds:0} ms ({html.Length / 1024} KiB)");
        }
    }
}
