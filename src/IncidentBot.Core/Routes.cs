using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Declare;
using IncidentBot.Core.Home;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Replay;
using IncidentBot.Core.Reports;
using IncidentBot.Core.Respond;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core;

/// <summary>The index: every command, button, form, observation and alarm with its handler.</summary>
public static class Routes
{
    public static RouteTable Table() => new RouteTable()
        // Declare
        .On<CommandInvoked, StartIncident>("start", "new", "create", "declare", "open")
        .On<FormSubmitted, DeclareIncident>(DeclareForm.Key)
        .On<CommandInvoked, DescribeIncident>("details", "title", "rename")
        .On<ShortcutUsed, DeclareByShortcut>(DeclareByShortcut.Key, DeclareByShortcut.FromMessageKey)
        .On<ButtonPressed, DeclareByShortcut>(DeclareByShortcut.ButtonKey)
        .On<ButtonPressed, DescribeIncident>(DescribeIncident.Key)
        .On<FormSubmitted, DescribeIncident>(DeclareForm.DetailsKey)

        // Which incident
        .On<ButtonPressed, PickIncident>(PickIncident.Key)

        // Respond
        .On<CommandInvoked, TakeRole>("role", "assign", "commander", "handoff")
        .On<ButtonPressed, TakeRole>(TakeRole.Key)
        .On<FormSubmitted, TakeRole>(TakeRole.FileKey)
        .On<CommandInvoked, ChangeSeverity>("sev", "severity", "p")
        .On<CommandInvoked, ChangeStatus>("status", "mitigated")
        .On<ButtonPressed, ChangeStatus>(ChangeStatus.MitigatedKey)
        .On<CommandInvoked, PostUpdate>("update")
        .On<ButtonPressed, PostUpdate>(PostUpdate.OpenKey)
        .On<FormSubmitted, PostUpdate>(PostUpdate.FormKey)
        .On<CommandInvoked, RecordImpact>("impact")
        .On<ButtonPressed, RecordImpact>(RecordImpact.OpenKey)
        .On<FormSubmitted, RecordImpact>(RecordImpact.FormKey)
        .On<CommandInvoked, ResolveIncident>("resolve", "close", "end")
        .On<ButtonPressed, ResolveIncident>(ResolveIncident.Key)
        .On<CommandInvoked, ReopenIncident>("reopen")
        .On<ButtonPressed, ReopenIncident>(ReopenIncident.Key)
        .On<CommandInvoked, CancelIncident>("cancel")
        .On<CommandInvoked, MergeIncident>("merge")
        .On<CommandInvoked, InvitePeople>("invite")
        .On<CommandInvoked, CatchUp>("summary", "catchup", "info", "show")
        .On<CommandInvoked, ListIncidents>("list")
        .On<CommandInvoked, ShowHelp>("help", "")
        .On<AlarmRang, NudgeForUpdate>(NudgeForUpdate.Key)
        .On<ButtonPressed, NudgeForUpdate>(NudgeForUpdate.LaterKey)
        .On<AlarmRang, AskForCommander>(AskForCommander.Key)
        .On<MemberJoined, NoteJoin>()
        .On<MemberLeft, NoteLeave>()

        // Timeline
        .On<CommandInvoked, LogEvent>("log", "event", "note", "timeline", "decision")
        .On<ButtonPressed, LogEvent>(LogEvent.OpenKey)
        .On<FormSubmitted, LogEvent>(LogForm.Key)
        .On<CommandInvoked, ShowTimeline>("show-timeline")
        .On<CommandInvoked, AmendEntry>("edit")
        .On<ButtonPressed, AmendEntry>(AmendEntry.SettleKey, AmendEntry.OpenKey)
        .On<FormSubmitted, AmendEntry>(AmendForm.Key)
        .On<CommandInvoked, UndoEntry>("undo")
        .On<ButtonPressed, UndoEntry>(UndoEntry.RestoreKey)
        .On<CommandInvoked, RedactEntry>("redact")
        .On<ButtonPressed, RedactEntry>(RedactEntry.OpenKey)
        .On<FormSubmitted, RedactEntry>(RedactEntry.FormKey)
        .On<ShortcutUsed, LogByShortcut>(LogByShortcut.Key)
        .On<FormSubmitted, LogByShortcut>(LogByShortcut.FormKey)
        .OnMany<MessagePosted, CaptureMessages>()
        .On<MessageEdited, CaptureEdit>()
        .On<MessageDeleted, CaptureDeletion>()
        .On<PinChanged, CapturePin>()
        .On<RoomChanged, FollowRoom>()

        // Action items
        .On<CommandInvoked, ProposeItem>("action", "follow-up", "followup", "todo")
        .On<FormSubmitted, ProposeItem>(ProposeItem.FileKey)
        .On<ShortcutUsed, ProposeByShortcut>(ProposeByShortcut.Key)
        .On<FormSubmitted, ProposeByShortcut>(ProposeByShortcut.FormKey)
        .On<CommandInvoked, ShowItems>("actions")
        .On<CommandInvoked, FinishItem>("done")
        .On<ButtonPressed, FinishItem>(FinishItem.PickKey)
        .On<ButtonPressed, RewriteItem>(RewriteItem.Key)

        // Reports
        .On<CommandInvoked, PostReport>("report")
        .On<ButtonPressed, PostReport>(PostReport.Key)
        .On<CommandInvoked, LinkDocuments>("export")

        // People
        .On<CommandInvoked, SendWebLink>("web")
        .On<PersonChanged, FollowPerson>()

        // The bot's own page
        .On<HomeOpened, ShowHome>()

        // Replay
        .On<FileFacts, KeepFileFacts>()

        // What may come with files
        .TakesFiles("log", "event", "note", "timeline", "decision")

        // What happens in an incident, and so in its time where it is played from a file
        .InItsTime<CommandInvoked>(
            "log", "event", "note", "timeline", "decision", "role", "assign", "commander", "handoff", "sev", "severity", "p", "status", "mitigated", "update", "resolve", "close", "end", "reopen",
            "edit", "cancel", "invite", "merge", "impact")
        .InItsTime<ButtonPressed>(TakeRole.Key, ChangeStatus.MitigatedKey, ResolveIncident.Key, ReopenIncident.Key, AmendEntry.SettleKey)
        .InItsTime<FormSubmitted>(LogForm.Key, PostUpdate.FormKey, AmendForm.Key, DeclareForm.DetailsKey, RecordImpact.FormKey)

        // Guests log, and nothing else
        .OpenToGuests<CommandInvoked>("log", "event", "note", "decision", "help", "")
        .OpenToGuests<ButtonPressed>(PickIncident.Key, LogEvent.OpenKey, AmendEntry.SettleKey)
        .OpenToGuests<FormSubmitted>(LogForm.Key, LogByShortcut.FormKey)
        .OpenToGuests<ShortcutUsed>(LogByShortcut.Key);
}
