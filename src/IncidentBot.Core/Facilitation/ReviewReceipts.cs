using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Quality;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;

namespace IncidentBot.Core.Facilitation;

/// <summary>What people are told, privately, about what they have done in a review.</summary>
internal static partial class ReviewWording
{
    public const string StatementHasGaps = "There is still a “…” in it: say what belongs there, or leave that part of the sentence out.";
    public const string AnswerMissing = "Write a few words; one sentence is enough.";
    public const string Withdrawn = "Your answer is taken back, with everything that came of it.";
    public const string Voted = "Counted. Thank you.";
    public const string Stated = "That is the root cause now. What it said before is kept with who said it.";

    public static string Leading(Incident incident, Person whom, Person by, bool wasThere, Review review)
    {
        var who = whom.Id == by.Id ? "You lead" : $"{whom.Name} leads";
        var neutral = wasThere ? $" {(whom.Id == by.Id ? "You were" : "They were")} among the responders: if somebody neutral can do it, `/incident review facilitate @person` hands it over." : "";
        return $"{who} the review of {incident.Code}.{neutral}{(review.IsRunning ? "" : " `/incident review start`, or the button, begins it.")}";
    }

    public static Card Started(Incident incident, Person led, bool wasThere, IReadOnlyList<string> unmet) => new()
    {
        Title = $"The review of {incident.Code} has begun",
        Tone = Tone.Good,
        Parts =
        [
            new TextPart($"{led.Name} leads it. Everyone who was there has been asked for their own recollection; I put one question after the other in the room, and answers come in their threads, over days if need be."),
            .. wasThere ? new[] { new TextPart($"{led.Name} was among the responders; someone neutral sees more. /incident review facilitate @person hands it over.", Quiet: true) } : [],
            .. unmet.Count == 0 ? [] : new[] { new TextPart($"By the catalogue of services {string.Join(", ", unmet)} should be asked too, but nobody of that name has been seen here: /incident review ask @person brings them in.") },
            new TextPart("“Next question” under the open one goes on when you think it has been answered; “Skip” passes it with a reason. /incident review status shows who is waited for.", Quiet: true),
        ],
    };

    public static Card MovedOn(Prompt next, string? because) => Card.Words($"Asked now: {next.Number}. {next.Title}", because is null ? "It stands in the room. Earlier questions still take answers." : "The reason for skipping is kept. The next question stands in the room.");

    public static Card AllAsked(Incident incident) => new()
    {
        Title = "Everything has been asked",
        Tone = Tone.Good,
        Parts = [new TextPart("Look at the findings (/incident review findings) and at the score; when you are content, close the review.")],
        Buttons = [new(MoveReview.CloseKey, "Close the review", incident.Id.ToString(), Tone.Primary)],
    };

    public static Card NothingLeft(Incident incident) => AllAsked(incident) with { Title = "There is no further question" };

    public static Card Answered(Prompt prompt, ReviewAnswer answer, IReadOnlyList<string> doubts) => new()
    {
        Title = doubts.Count == 0 ? "Thank you, that is kept" : "Kept, with a question",
        Tone = doubts.Count == 0 ? Tone.Good : Tone.Neutral,
        Parts =
        [
            .. doubts.Select(d => new TextPart(d)),
            new TextPart(answer.IsAnonymous ? $"No name is stored with it, so I cannot change or remove it for you. It is shown once there are {ReviewFacts.MostHidden} such answers."
                : prompt.Silent ? "The others see it once the phase is over. You can answer again if something comes back to you." : "It counts at once. You can answer again if something comes back to you.", Quiet: true),
        ],
        Buttons = answer.IsAnonymous || answer.WrittenBy is not null ? [] : [new(WithdrawAnswer.Key, "Take it back", $"{prompt.IncidentId}:{answer.Id}")],
    };

    public static Card Status(ReviewFacts facts, bool leads)
    {
        var card = ReviewCard.Render(facts, 0);
        if (!leads || facts.Script is null)
        {
            return card with { Buttons = [] };
        }

        // For the facilitator alone: whose voices are heard, and whose are not.
        var balance = facts.People.Select(p => (p.Name, Count: facts.Answers.Count(a => a.PersonId == p.Id))).OrderByDescending(p => p.Count).ToList();
        var silent = balance.Where(b => b.Count == 0).Select(b => b.Name).ToList();
        var total = balance.Sum(b => b.Count);
        var loud = total >= 6 && balance.Count > 1 && balance[0].Count * 2 > total ? $" {balance[0].Name} has given more than half of all answers: ask the others by name." : "";
        return card with
        {
            Buttons = [],
            Parts =
            [
                .. card.Parts,
                new HeadingPart("Who is heard (only for you)"),
                new RowsPart([.. balance.Select(b => new Fact(b.Name, $"{b.Count} {(b.Count == 1 ? "answer" : "answers")}"))]),
                .. silent.Count + loud.Length == 0 ? [] : new[] { new TextPart($"{(silent.Count == 0 ? "" : $"Not heard by name yet: {string.Join(", ", silent)} (whoever answered without a name counts here too). /incident review ask @person puts the open question to them.")}{loud}", Quiet: true) },
            ],
        };
    }

    public static Card Findings(ReviewFacts facts) => facts.Findings.Count == 0
        ? Card.Words($"No findings yet in the review of {facts.Incident.Code}", "They come from the answers to its questions.")
        : new()
        {
            Title = $"Findings of {facts.Incident.Code}",
            Parts =
            [
                new RowsPart([.. facts.Findings.Where(f => f.Kind is not (FindingKind.Why or FindingKind.Recollection)).Take(80).Select(f =>
                    new Fact($"F{f.Number}", $"{f.Kind.Word().Replace('-', ' ')}{(f.Category is null ? "" : $" ({f.Category})")}: {RichText.Briefly(f.Text, 240)}{(f.How is null ? "" : $" — {RichText.Briefly(f.How, 160)}")}{(f.SaidBy is null ? "" : $" · {f.SaidBy}")}"))]),
                new TextPart("/incident review edit F3 new words · drop F3 REASON · merge F4 F3 · accept F3 because REASON", Quiet: true),
            ],
        };

    public static Card Score(ReviewFacts facts, QualityScore score) => new()
    {
        Title = $"Quality of the review of {facts.Incident.Code}: {score.Points} of {score.Most}",
        Parts =
        [
            new RowsPart([.. score.Parts.Select(p => new Fact($"{p.Points}/{p.Of}", p.Lost.Count == 0 ? $"{p.Name}: complete" : $"{p.Name}: {string.Join("; ", p.Lost.Select(l => $"−{l.Points} {l.Why}. {l.Mend}"))}"))]),
            new TextPart("Only for those who edit it: a help to see what is missing, never a measure of anybody. Points for an approved document come with approvals and are left out of the total.", Quiet: true),
        ],
    };

    public static string Asked(IReadOnlyList<Person> people, string question) =>
        $"{string.Join(", ", people.Select(p => p.Name))} {(people.Count == 1 ? "has" : "have")} been asked {(question.Length == 0 ? "the open question, by direct message" : "your question; it stands in the room and in their direct messages")}.";

    public static string Joined(Incident incident, bool isNew) => $"You are asked {(isNew ? "too" : "already")} in the review of {incident.Code}. Press Answer under the open question, or reply in its thread.";

    public static string Parked(string idea) => $"Kept for the actions: “{RichText.Briefly(idea, 200)}”. It comes back when they are asked about.";

    public static string Summarised(string phase) => $"The summary of “{phase}” is kept; it stands in the overview and in the document.";

    public static Card Statement(ReviewFacts facts) => Card.Words(
        "Root-cause statement",
        facts.Findings.LastOrDefault(f => f.Kind == FindingKind.RootCause) is { } root ? root.Text : $"Proposed from the tree: {RootCauseStatement.Compose(facts)}",
        "/incident review statement TEXT sets it.");

    public static string Edited(Finding finding) => $"F{finding.Number} says now: “{RichText.Briefly(finding.Text, 300)}”. The answer from which it came is kept as it was.";

    public static string Dropped(Finding finding) => $"F{finding.Number} is out of the findings. The answer from which it came is kept.";

    public static string Merged(Finding from, Finding into) => $"F{from.Number} is a part of F{into.Number} now, with its evidence.";

    public static string Accepted(Finding finding, Person by) => $"F{finding.Number} is accepted as it is, by {by.Name}: {finding.EndingReason}. It stands in the document so.";

    public static Card Closed(ReviewFacts facts, IReadOnlyList<string> open) => new()
    {
        Title = $"The review of {facts.Incident.Code} is closed",
        Tone = Tone.Good,
        Parts =
        [
            new TextPart($"The document counts as done{(facts.Review.DocumentInTime == false ? ", after its date" : "")}. `/incident report` posts it; `/incident review reopen` opens the review again."),
            .. open.Count == 0 ? [] : new CardPart[] { new HeadingPart("Before you leave the actions"), new RowsPart([.. open.Select((o, i) => new Fact($"{i + 1}", o))]) },
            .. CoverageLine(facts) is { } lacks ? new[] { new TextPart(lacks, Quiet: true) } : [],
        ],
        Buttons = [new(Reports.PostReport.Key, "Post-mortem report", facts.Incident.Id.ToString(), Tone.Primary)],
    };

    public static string DueSet(Incident incident, bool begin, DateOnly day, WorkingDay working)
    {
        var hint = working.IsWorkingDay(day) ? "" : $" Nobody works on that day; {working.LastWorkingDay(day):dddd yyyy-MM-dd} would be the working day before.";
        return $"{(begin ? $"The review of {incident.Code} begins" : $"The document of {incident.Code} is done")} by {day:dddd yyyy-MM-dd}, {working.Ends:HH:mm} in your time zone.{hint}";
    }

    public static string NoMeeting(Incident incident) => $"The meeting about {incident.Code} is off. The review goes on in its threads.";

    public static Card MeetingSet(ReviewFacts facts, string? invitation)
    {
        var review = facts.Review;
        var script = facts.Script;
        return new()
        {
            Title = $"Live review of {facts.Incident.Code}",
            Tone = Tone.Good,
            Parts =
            [
                new FactsPart(
                [
                    new("When", new RichText([RichText.Moment(review.MeetingAt!.Value), new(SpanKind.Plain, $", {review.MeetingMinutes} minutes")])),
                    .. invitation is null ? Array.Empty<Fact>() : [new("Invitation", new RichText([new(SpanKind.Link, "meeting.ics", invitation)]))],
                ]),
                .. script is null ? new CardPart[] { new TextPart("The plan follows when the review has begun.", Quiet: true) }
                    : [new HeadingPart("Plan"), new RowsPart([.. Meeting.Plan(script, review.MeetingMinutes).Select(p => new Fact($"{p.Minutes} min", p.Phase.Title))])],
                new TextPart("The same questions, aloud: a scribe replies in the threads, “@ann what she said” for each voice, or /incident review add @ann what she said. “Park it” (/incident park TEXT) moves a topic to the actions.", Quiet: true),
            ],
        };
    }

    public static string Held(Incident incident) => $"{incident.Code} is under legal hold: it is not reviewed. `/incident review release` lifts that.";

    public static string Released(Incident incident) => $"The legal hold on {incident.Code} is lifted. `/incident review start` begins its review.";

    public static string NotHeld(Incident incident) => $"{incident.Code} gets no review; the reason stands in the room and in the document.";
}
