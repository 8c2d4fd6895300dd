namespace IncidentBot.Core.Chat;

/// <summary>What each verb does, for the help and for what completes a command while it is typed.</summary>
public static class CommandHelp
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
        new("details", ["title", "rename"], "details", "opens title, severity, kind, class and services"),
        new("invite", [], "invite @priya", "brings someone into the incident; the way into a private one"),
        new("impact", [], "impact", "opens the impact form"),
        new("mitigated", [], "mitigated 15:30", "marks when the impact stopped growing"),
        new("resolve", ["close", "end"], "resolve", "ends the incident and says what the post-mortem still misses"),
        new("reopen", [], "reopen", "opens it again"),
        new("cancel", [], "cancel false alarm", "calls it off"),
        new("merge", [], "merge INC-2026-0001", "makes this incident a part of another: entries, actions and people go over, links lead there"),
        new("action", ["follow-up", "followup", "todo"], "action Add an alert at 80% pool use @sarah due friday P1 detect", "keeps an action item; several lines make several. With its number: action AI-2 blocked by the vendor, in progress, new date friday because …, hand over @person, take, not doing because …, snooze, verify HOW, reopen WHY, history, or words, @owner, date and priority to change it"),
        new("actions", [], "actions mine", "lists action items: mine, open, overdue or all"),
        new("done", [], "done AI-2 https://…", "marks an action item as done; somebody else is asked whether it works"),
        new("policy", [], "policy complete 10d for SEV1 P1", "shows how action items are followed up: dates, reminders, escalation; administrators change it, and see first which dates would move"),
        new("away", [], "away until 30 Nov", "keeps me quiet towards you until that day; away off ends it"),
        new("review", ["postmortem", "retro", "pir"], "review start", "leads the review: start, next, skip REASON, status, close; also facilitate @person, reopen PHASE, ask @person, join, add @person TEXT, tree, why 1.2 TEXT, statement TEXT, findings, edit F3 TEXT, drop F3 REASON, merge F4 F3, accept F3 REASON, summary TEXT, score, due DATE, meeting DAY 14:00 45m, hold, release, not-needed REASON"),
        new("next", [], "next", "in a thread of the review, to the bot: the next question"),
        new("skip", [], "skip nobody was there then", "in a thread of the review, to the bot: passes the open question, with a reason"),
        new("park", [], "park limit connections per service", "keeps a proposed fix until the review asks for actions"),
        new("coach", [], "coach off S6", "lists the rules of the coach; switches one off or on for this workspace"),
        new("similar", [], "similar", "lists earlier incidents that are like this one"),
        new("service", [], "service payments", "opens what is known of a service: purpose, traffic, SLA, on-call, owners; alone it lists them"),
        new("report", [], "report", "posts the post-mortem report as it stands"),
        new("export", [], "export", "links to the documents"),
        new("summary", ["catchup", "info"], "summary", "tells you, privately, where things stand"),
        new("list", [], "list", "lists incidents"),
        new("show", [], "show INC-2026-0001", "shows one incident"),
        new("web", [], "web", "sends you a single-use link into the web pages"),
        new("help", [], "help log", "this, or more on one verb"),
    ];
}

/// <summary>One verb of the help.</summary>
public sealed record HelpLine(string Verb, IReadOnlyList<string> Aliases, string Example, string Does);
