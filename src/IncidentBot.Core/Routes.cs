using IncidentBot.Core.ActionItems;
using IncidentBot.Core.ActionItems.Handling;
using IncidentBot.Core.ActionItems.Policy;
using IncidentBot.Core.Catalogue;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Declare;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Facilitation.Causes;
using IncidentBot.Core.Facilitation.Coach;
using IncidentBot.Core.Home;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Insights;
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
        .On<ButtonPressed, FinishItem>(FinishItem.PickKey, FinishItem.OpenKey)
        .On<FormSubmitted, FinishItem>(FinishItem.FormKey)
        .On<CommandInvoked, VerifyItem>(VerifyItem.Verb, VerifyItem.AgainVerb)
        .On<ButtonPressed, VerifyItem>(VerifyItem.Key, VerifyItem.OpenNotYetKey)
        .On<FormSubmitted, VerifyItem>(VerifyItem.FormKey)
        .On<CommandInvoked, WorkOnItem>(WorkOnItem.ProgressVerb, WorkOnItem.BlockVerb, WorkOnItem.SnoozeVerb)
        .On<ButtonPressed, WorkOnItem>(WorkOnItem.ProgressKey, WorkOnItem.OpenBlockKey, WorkOnItem.SnoozeKey)
        .On<FormSubmitted, WorkOnItem>(WorkOnItem.BlockKey)
        .On<CommandInvoked, MoveDate>(MoveDate.Verb)
        .On<ButtonPressed, MoveDate>(MoveDate.OpenKey, MoveDate.DayBeforeKey)
        .On<FormSubmitted, MoveDate>(MoveDate.FormKey)
        .On<CommandInvoked, HandOver>(HandOver.Verb, HandOver.TakeVerb)
        .On<ButtonPressed, HandOver>(HandOver.OpenKey, HandOver.AcceptKey, HandOver.DeclineKey, HandOver.AdoptKey)
        .On<FormSubmitted, HandOver>(HandOver.FormKey)
        .On<CommandInvoked, DropItem>(DropItem.Verb)
        .On<ButtonPressed, DropItem>(DropItem.OpenKey, DropItem.ApproveKey, DropItem.RefuseKey)
        .On<FormSubmitted, DropItem>(DropItem.FormKey)
        .On<CommandInvoked, ShowHistory>(ShowHistory.Verb)
        .On<ButtonPressed, PickItem>(PickItem.Key)
        .On<ButtonPressed, RewriteItem>(RewriteItem.Key)
        .On<ButtonPressed, FillItem>(FillItem.Key)
        .On<CommandInvoked, SetPolicy>(SetPolicy.Verb)
        .On<ButtonPressed, SetPolicy>(SetPolicy.SetKey, SetPolicy.SetAndMoveKey)
        .On<ButtonPressed, DescribeItem>(DescribeItem.OpenKey)
        .On<FormSubmitted, DescribeItem>(DescribeItem.FormKey)

        // The review; the words behind "review" are verbs of their own
        .On<AlarmRang, OfferReview>(OfferReview.Key)
        .On<CommandInvoked, LeadReview>("review", "postmortem", "retro", "pir", "next", "skip")
        .On<CommandInvoked, StartReview>(StartReview.Verb, StartReview.LeadVerb)
        .On<ButtonPressed, StartReview>(StartReview.Key, StartReview.FacilitateKey)
        .On<CommandInvoked, MoveReview>(MoveReview.NextVerb, MoveReview.SkipVerb, MoveReview.ReopenVerb, MoveReview.CloseVerb)
        .On<ButtonPressed, MoveReview>(MoveReview.NextKey, MoveReview.OpenSkipKey, MoveReview.CloseKey)
        .On<FormSubmitted, MoveReview>(MoveReview.SkipKey)
        .On<CommandInvoked, ShowReview>(ShowReview.StatusVerb, ShowReview.FindingsVerb, ShowReview.ScoreVerb)
        .On<ButtonPressed, ShowReview>(ShowReview.ScoreKey)
        .On<CommandInvoked, AskPeople>(AskPeople.AskVerb, AskPeople.JoinVerb)
        .On<ButtonPressed, AskPeople>(AskPeople.JoinKey)
        .On<ButtonPressed, AnswerPrompt>(AnswerPrompt.OpenKey)
        .On<FormSubmitted, AnswerPrompt>(AnswerPrompt.FormKey)
        .On<CommandInvoked, AnswerPrompt>(AnswerPrompt.AddVerb)
        .On<ButtonPressed, WithdrawAnswer>(WithdrawAnswer.Key)
        .On<CommandInvoked, AcceptItem>(AcceptItem.Verb)
        .On<CommandInvoked, WriteUp>(WriteUp.SummaryVerb, WriteUp.EditVerb, WriteUp.DropVerb, WriteUp.MergeVerb, WriteUp.AcceptVerb, WriteUp.StatementVerb)
        .On<CommandInvoked, ShowTree>(ShowTree.Verb)
        .On<ButtonPressed, ShowTree>(ShowTree.Key)
        .On<CommandInvoked, GrowTree>(GrowTree.Verb)
        .On<ButtonPressed, EndCause>(EndCause.OpenKey)
        .On<FormSubmitted, EndCause>(EndCause.FormKey)
        .On<CommandInvoked, PlanReview>(PlanReview.DueVerb, PlanReview.MeetingVerb, PlanReview.HoldVerb, PlanReview.ReleaseVerb, PlanReview.NotNeededVerb)
        .On<ButtonPressed, VoteInPoll>(VoteInPoll.Key)
        .On<CommandInvoked, ParkIdea>("park")
        .On<AlarmRang, RemindTheSilent>(RemindTheSilent.Key)
        .On<AlarmRang, RemindOfDeadline>(RemindOfDeadline.Key)
        .On<ButtonPressed, RewordAnswer>(RewordAnswer.OpenKey, RewordAnswer.ParkKey, RewordAnswer.KeepKey, RewordAnswer.TakeKey)
        .On<FormSubmitted, RewordAnswer>(RewordAnswer.FormKey)
        .On<CommandInvoked, SwitchRule>("coach")

        // What else is known
        .On<CommandInvoked, KeepCatalogue>("service")
        .On<FormSubmitted, KeepCatalogue>(KeepCatalogue.FormKey)
        .On<CommandInvoked, ShowSimilar>("similar")

        // Reports
        .On<CommandInvoked, PostReport>("report")
        .On<ButtonPressed, PostReport>(PostReport.Key)
        .On<CommandInvoked, LinkDocuments>("export")

        // People
        .On<CommandInvoked, SetAway>(SetAway.Verb)
        .On<CommandInvoked, SendWebLink>("web")
        .On<PersonChanged, FollowPerson>()

        // The bot's own page
        .On<HomeOpened, ShowHome>()

        // Replay
        .On<FileFacts, KeepFileFacts>()
        .On<ReviewOfFile, KeepFileReview>()

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
