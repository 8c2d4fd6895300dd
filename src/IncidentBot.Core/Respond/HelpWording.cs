using IncidentBot.Core.Chat;

namespace IncidentBot.Core.Respond;

/// <summary>What each verb does, in one line.</summary>
public static class HelpWording
{
    /// <summary>Each verb with its other names, an example, and what it does.</summary>
    public static IReadOnlyList<HelpLine> Lines { get; } =
    [
        new("start", ["new", "create", "declare", "open"], "start sev2 checkout is down", "declares an incident at once. Options: --kind security, --service NAME, --private, --drill, --backfill, --form"),
        new("log", ["event", "note"], "log 14:35 pool is exhausted", "puts it on the timeline. A time in front (14:35, 5m ago, 14:50-15:05, yesterday 23:50) is when it happened; several lines make several entries. decision:, detected:, alerted:, action:, evidence:, impact begins, impact ends say what it is"),
        new("decision", [], "decision restart the cluster", "logs a decision"),
        new("timeline", [], "timeline", "shows the timeline with the numbers for edit and redact"),
        new("edit", [], "edit 4 14:40 pool was at 100 %", "changes an entry's time or words, or phase: and kind:; history is kept"),
        new("undo", [], "undo", "takes your last entry (or undo N: entry N) off the timeline; history is kept"),
        new("redact", [], "redact 4 customer name", "overwrites an entry's words for good"),
        new("commander", [], "commander @marcus", "makes someone (or you) commander"),
        new("role", ["assign"], "role comms @ann", "gives a role; alone it lists who holds which"),
        new("handoff", [], "handoff @ann", "hands command to someone else"),
        new("sev", ["severity", "p"], "sev 1 payments too", "changes the severity, with a reason"),
        new("status", [], "status investigating", "detected, triage, investigating, identified, mitigated, monitoring or resolved; a time may follow"),
        new("update", [], "update half of the shops are back", "tells stakeholders, and restarts the clock that asks for updates"),
        new("impact", [], "impact", "opens the impact form"),
        new("mitigated", [], "mitigated 15:30", "marks when the impact stopped growing"),
        new("resolve", ["close", "end"], "resolve", "ends the incident and says what the post-mortem still misses"),
        new("reopen", [], "reopen", "opens it again"),
        new("cancel", [], "cancel false alarm", "calls it off"),
        new("action", ["follow-up", "followup", "todo"], "action Add an alert at 80% pool use @sarah due friday P1 detect", "keeps an action item"),
        new("actions", [], "actions mine", "lists action items: mine, open, overdue or all"),
        new("done", [], "done AI-2 https://…", "marks an action item as done"),
        new("report", [], "report", "posts the post-mortem report as it stands"),
        new("export", [], "export", "links to the documents"),
        new("summary", ["catchup", "info"], "summary", "tells you, privately, where things stand"),
        new("list", [], "list", "lists incidents"),
        new("show", [], "show INC-2026-0001", "shows one incident"),
        new("help", [], "help log", "this, or more on one verb"),
    ];

    public static Card For(string verb)
    {
        var line = Lines.FirstOrDefault(l => l.Verb == verb || l.Aliases.Contains(verb));
        return line is null ? All() : new()
        {
            Title = $"/incident {line.Verb}",
            Parts =
            [
                new TextPart(char.ToUpperInvariant(line.Does[0]) + line.Does[1..] + "."),
                new FactsPart([new("Example", new RichText([new(SpanKind.Code, $"/incident {line.Example}")])), .. line.Aliases.Count == 0 ? [] : new[] { new Fact("Also", string.Join(", ", line.Aliases)) }]),
            ],
        };
    }

    private static Card All() => new()
    {
        Title = "What I understand",
        Parts =
        [
            new RowsPart([.. Lines.Select(l => new Fact(l.Verb, $"{l.Does}"))]),
            new TextPart("📌 on a message puts it on the timeline at the time it was written. --in INC-2026-0001 names another incident. /incident help VERB tells more.", Quiet: true),
        ],
    };
}

/// <summary>One verb of the help.</summary>
public sealed record HelpLine(string Verb, IReadOnlyList<string> Aliases, string Example, string Does);
