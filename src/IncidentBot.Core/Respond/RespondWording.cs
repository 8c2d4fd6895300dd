using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Respond;

/// <summary>Words while an incident is worked on.</summary>
internal static class RespondWording
{
    public const string NothingLogged = "Nothing logged yet. Put 📌 on a message, or type /incident log TEXT.";
    public const string UpdateMissing = "Say how things stand, in a sentence or two.";

    public static Card Nudge(Incident incident, DateTimeOffset last, bool never, DateTimeOffset now) => new()
    {
        Title = never
            ? $"No status update yet, {Elapsed.Of(now - last)} after the declaration of {incident.Code}"
            : $"Last status update on {incident.Code} was {Elapsed.Of(now - last)} ago",
        Parts = [new TextPart("Tell those who wait how things stand: /incident update TEXT", Quiet: true)],
        Buttons = [new(PostUpdate.OpenKey, "Write an update", incident.Id.ToString(), Tone.Primary), new(NudgeForUpdate.LaterKey, "Nothing new", incident.Id.ToString())],
    };

    public static string Later(TimeSpan every) => $"Fine. I will ask again in {Elapsed.Of(every)}.";

    public static string NotAsked(Incident incident) => $"No updates are asked for on {incident.Code} while it is {incident.Status.Word()} at {(incident.Severity is { } s ? Severity.Name(s) : "no severity")}.";

    public static Card Update(Incident incident, RichText text, string by) => new()
    {
        Title = $"Status update · {incident.Code} · {incident.Title}",
        Tone = Tone.Primary,
        Parts = [new TextPart(text), new TextPart($"{by} · status {incident.Status.Word()} · {(incident.Severity is { } s ? Severity.Name(s) : "no severity")}", Quiet: true)],
    };

    public static string UpdatePosted(Incident incident, TimeSpan? every) =>
        $"Update posted for {incident.Code} and kept on the timeline." + (every is { } next ? $" I will ask for the next one in {Elapsed.Of(next)}." : "");

    public static Card Roles(Incident incident, IReadOnlyList<RoleAssignment> held, Installation installation) => new()
    {
        Title = $"Roles of {incident.Code}",
        Parts =
        [
            new FactsPart([.. installation.Roles.Concat(held.Select(h => h.Role)).Distinct().Select(r =>
                new Fact(r, held.FirstOrDefault(h => h.Role == r) is { } h ? $"{h.PersonName} since {h.From:HH:mm} UTC" : "nobody"))]),
            new TextPart("Take one with /incident role NAME, give one with /incident role NAME @person.", Quiet: true),
        ],
    };

    public static string RoleEntry(string role, Person person, string? before, Person by) => (before, Self: person.Id == by.Id) switch
    {
        (null, true) => $"{person.Name} took the role of {role}",
        (null, false) => $"{by.Name} gave the role of {role} to {person.Name}",
        (_, true) => $"{person.Name} took over the role of {role} from {before}",
        (_, false) => $"{by.Name} handed the role of {role} from {before} to {person.Name}",
    };

    public static string RoleTaken(string role, Person person, string? before, Person by)
    {
        var who = person.Id == by.Id ? "You are" : $"{person.Name} is";
        return before is null ? $"{who} {role} now." : $"{who} {role} now; {before} held the role until this moment.";
    }

    public static Card RoleGiven(Incident incident, Room? room, string role, Person by, RichText note) => new()
    {
        Title = $"You are {role} of {incident.Code} · {incident.Title}",
        Tone = Tone.Primary,
        Parts = [new TextPart(RichText.Of($"{by.Name} gave you the role{(note.IsBlank ? "." : ": ")}").Append(note)), new TextPart(Where(room)), new TextPart($"/incident summary --in {incident.Code} tells where it stands.", Quiet: true)],
    };

    public static Card Invited(Incident incident, Room? room, Person by) => new()
    {
        Title = $"{by.Name} brings you into {incident.Code} · {incident.Title}",
        Tone = Tone.Primary,
        Parts = [new TextPart(Where(room)), new TextPart($"/incident summary --in {incident.Code} tells where it stands.", Quiet: true)],
    };

    public static string InvitationSent(Incident incident, IReadOnlyList<Person> invited, IReadOnlyList<Person> before) => string.Join(' ', new[]
    {
        invited.Count == 0 ? null : $"{Names(invited)} {(invited.Count == 1 ? "was" : "were")} told of {incident.Code}{(incident.Private ? $", and {(invited.Count == 1 ? "sees" : "see")} it now" : "")}.",
        before.Count == 0 ? null : $"{Names(before)} {(before.Count == 1 ? "belongs" : "belong")} to it already.",
    }.Where(s => s is not null));

    private static string Names(IReadOnlyList<Person> people) => string.Join(", ", people.Select(p => p.Name));

    private static RichText Where(Room? room) => room switch
    {
        { State: RoomState.Ready, Channel: { } channel } => new RichText([new(SpanKind.Plain, "It is worked on in "), room.Url is { } url ? new(SpanKind.Link, $"#{room.Name}", url) : new(SpanKind.Room, $"#{room.Name}", channel), new(SpanKind.Plain, ".")]),
        { IsThread: true } => new RichText([new(SpanKind.Plain, "It is worked on in the thread of its announcement in "), new(SpanKind.Room, $"#{room.HomeChannel}", room.HomeChannel), new(SpanKind.Plain, ".")]),
        _ => RichText.Of("Its room appears in a moment."),
    };

    public static Card RoleGone(Incident incident, string role, Person now) =>
        Card.Words($"{now.Name} is {role} of {incident.Code} now", $"You held the role until this moment. {incident.Title}");

    /// <summary>The state of an incident for someone who has just come in.</summary>
    public static Card Welcome(Card state, Incident incident) => state with
    {
        Title = $"Where {incident.Code} stands · {incident.Title}",
        Tone = Tone.Neutral,
        Parts = [.. state.Parts, new TextPart("Write here what you see; 📌 puts a message on the timeline, /incident log TEXT does it at once.", Quiet: true)],
        Buttons = [],
    };

    public static Card News(TimelineEntry entry, Person by) => new()
    {
        Title = "",
        Tone = entry.StatusTo == Status.Resolved ? Tone.Good : Tone.Neutral,
        Parts = [new TextPart(entry.Text.Plain.Contains(by.Name, StringComparison.Ordinal) ? entry.Text : entry.Text.Append($" — {by.Name}"))],
    };

    public static string Left(string name, string role) => $"{name} ({role}) left the room";

    public static string Joined(string name, string role) => $"{name} ({role}) joined the room";

    public static string SeveritySet(Incident incident) =>
        $"{incident.Code} is {Severity.Full(incident.Severity)}. {Severity.Definition(incident.Severity ?? Severity.Assumed)}"
        + (incident.SeverityReason is null ? $" Add why: /incident sev {incident.Severity} REASON." : "");

    public static string StatusSet(Incident incident, TimelineEntry entry) =>
        $"{incident.Code} is {incident.Status.Word()} since {TimelineWording.Time(entry)} UTC (entry {entry.Seq}).";

    public static Card Resolved(Incident incident, Chronology timeline, Card? doubt)
    {
        var milestones = timeline.Milestones;
        var missing = Missing(incident, timeline).ToList();
        var parts = ImmutableArray.CreateBuilder<CardPart>();
        parts.Add(new TextPart(milestones.Duration is { } duration
            ? $"It lasted {Elapsed.Of(duration)}, from detection at {milestones.Detected:HH:mm} to {milestones.Resolved:HH:mm} UTC."
            : "Its end is kept on the timeline."));
        if (doubt is not null)
        {
            parts.Add(new TextPart(doubt.Title));
        }

        if (missing.Count > 0)
        {
            parts.Add(new TextPart("The post-mortem still misses:"));
            parts.Add(new RowsPart([.. missing.Select(m => new Fact("", $"• {m}"))]));
        }

        var id = incident.Id.ToString();
        return new()
        {
            Title = $"{incident.Code} resolved",
            Tone = Tone.Good,
            Parts = parts.ToImmutable(),
            Buttons = [.. doubt?.Buttons ?? [], new(RecordImpact.OpenKey, "Record the impact", id), new(Reports.PostReport.Key, "Show the report", id, Tone.Primary)],
        };
    }

    public static string Reopened(Incident incident) => $"{incident.Code} is open again, status {incident.Status.Word()}.";

    public static string Cancelled(Incident incident) => $"{incident.Code} is cancelled. /incident reopen --in {incident.Code} takes that back.";

    public static Card MergedAway(Incident incident, Incident survivor, Room? room) => new()
    {
        Title = $"{incident.Code} is a part of {survivor.Code} now · {survivor.Title}",
        Tone = Tone.Primary,
        Parts =
        [
            new TextPart(room is null ? RichText.Of("Please go on there.") : new RichText([
                new(SpanKind.Plain, "Please go on in "), new(SpanKind.Room, $"#{room.Name}", room.Channel ?? room.Name), new(SpanKind.Plain, ".")])),
            new TextPart($"What is still written here, and every command, goes to {survivor.Code}. Links to {incident.Code} lead there too.", Quiet: true),
        ],
    };

    public static Card MergedHere(Incident incident, int entries, IReadOnlyList<(string Before, string After)> actions) => new()
    {
        Title = $"{incident.Code} was merged into this incident · {incident.Title}",
        Tone = Tone.Primary,
        Parts = [new TextPart(WhatCameOver(entries, actions), Quiet: true)],
    };

    public static Card Merged(Incident incident, Incident survivor, int entries, IReadOnlyList<(string Before, string After)> actions) =>
        Card.Words($"{incident.Code} is merged into {survivor.Code}", WhatCameOver(entries, actions), $"Its room and its links lead to {survivor.Code} from now on.");

    private static string WhatCameOver(int entries, IReadOnlyList<(string Before, string After)> actions) =>
        (entries == 1 ? "1 timeline entry came over" : $"{entries} timeline entries came over")
        + (actions.Count == 0 ? "." : $", and {string.Join(", ", actions.Select(a => $"{a.Before} is {a.After} now"))}.");

    public static Card NobodyCommands(Incident incident) => new()
    {
        Title = $"Nobody is in command of {incident.Code} yet",
        Tone = Tone.Danger,
        Parts = [new TextPart($"It was declared at {incident.DeclaredAt:HH:mm} UTC. Whoever takes command decides who does what; it can be handed over at any time.")],
        Buttons = [new(TakeRole.Key, "Take command", $"{incident.Id}:{Role.Commander}", Tone.Primary)],
    };

    public static string ImpactKept(Incident incident) => $"Impact of {incident.Code} is kept; the report shows it.";

    public static string? ImpactHint(string key) => key switch
    {
        "usersAffected" => "A number or a share, and how you know: “about 12,000 active users (session count)”.",
        "revenue" => "Lost or at risk, if it can be said.",
        "sla" => "Budget used and left: “99.84 % this month, target 99.9 %”.",
        "dataLoss" => "Yes or no, and what.",
        _ => null,
    };

    public static Card List(IReadOnlyList<Incident> incidents) => incidents.Count == 0
        ? Card.Words("No incidents yet", "That is good news. /incident start TITLE declares one.")
        : new()
        {
            Title = incidents.Any(i => i.IsOpen) ? $"{incidents.Count(i => i.IsOpen)} open" : "Nothing is open",
            Parts = [new RowsPart([.. incidents.Select(i => new Fact(
                i.Code, $"{(i.Severity is { } s ? Severity.Name(s) : "no severity")} · {i.Status.Word()} · {i.Title} · {i.DeclaredAt:yyyy-MM-dd HH:mm} UTC{(i.Replayed ? " · replay" : i.Drill ? " · drill" : "")}"))])],
        };

    /// <summary>How far the review is, and until when its document is due.</summary>
    public static RichText? Review(Facilitation.Review review) => review switch
    {
        { LegalHold: true } => "none, under legal hold",
        { State: Facilitation.ReviewState.NotHeld } => "none",
        { State: Facilitation.ReviewState.Offered, DueAt: { } due, RequiredBecause: not null } => new RichText([new(SpanKind.Plain, "to begin by "), RichText.Moment(due)]),
        { State: Facilitation.ReviewState.Running } => review.DocumentDueAt is { } by ? new RichText([new(SpanKind.Plain, $"led by {review.FacilitatorName}, document due "), RichText.Moment(by)]) : $"led by {review.FacilitatorName}",
        { State: Facilitation.ReviewState.Closed } => $"closed on {review.ClosedAt:yyyy-MM-dd}{(review.DocumentInTime == false ? ", after its date" : "")}",
        _ => null,
    };

    private static IEnumerable<string> Missing(Incident incident, Chronology timeline)
    {
        var m = timeline.Milestones;
        var before = m.Resolved is not { } end ? null
            : end < m.Mitigated ? "the mitigation"
            : timeline.Entries.Any(x => x.Marker == Marker.Reopened && x.OccurredAt > end) ? "the reopening"
            : end < m.Detected ? "the detection"
            : end < incident.DeclaredAt && !incident.Backfilled ? "the declaration" : null;
        if (before is not null)
        {
            yield return $"a time of resolution that can be: {m.Resolved:HH:mm} UTC is before {before}. /incident edit {timeline.Entries.Last(x => x.Marker == Marker.Resolved).Seq} HH:MM";
        }

        if (m.Started is null)
        {
            yield return "when the impact began: /incident log 14:20 impact begins";
        }

        if (timeline.Milestones.DetectedAssumed)
        {
            yield return "when and how it was noticed: /incident log 14:23 detected: TEXT";
        }

        if (timeline.Milestones.Mitigated is null)
        {
            yield return "when the impact was mitigated: log it with its time, or correct the status";
        }

        if (timeline.Windows.Any(w => w.To is null))
        {
            yield return "when the impact ended: /incident log 16:10 impact ends";
        }

        if (incident.Impact.UsersAffected is null)
        {
            yield return "how many users were affected: /incident impact";
        }

        if (incident.SeverityAssumed || incident.SeverityReason is null)
        {
            yield return $"why it was {(incident.Severity is { } s ? Severity.Name(s) : "of its severity")}: /incident sev {incident.Severity ?? Severity.Assumed} REASON";
        }

        foreach (var entry in timeline.Entries.Where(e => e.Doubt is not null && e.RedactedAt is null))
        {
            yield return $"a sure time for entry {entry.Seq} (“{entry.TimeSaid}”): /incident edit {entry.Seq} HH:MM";
        }

        foreach (var gap in timeline.Gaps())
        {
            yield return $"what happened between {gap.From:HH:mm} and {gap.To:HH:mm} UTC";
        }
    }
}
