using IncidentBot.Core;
using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Tests.Facilitation;

/// <summary>The table from what the documents print to how it comes in: a question of a review, a verb of the chat, a field of an action or of a service.</summary>
public sealed class DocumentFieldsTests
{
    private static readonly ScriptShelf Shelf = new(new Installation());

    [Theory]
    [InlineData("Severity and its reason", "sev")]
    [InlineData("Services affected", "start")]
    [InlineData("Commander and responders, with their roles", "role")]
    [InlineData("Detection, triage, escalation, investigation, monitoring", "status")]
    [InlineData("Mitigation", "mitigated")]
    [InlineData("Resolution", "resolve")]
    [InlineData("Event", "log")]
    [InlineData("Event, decision", "decision")]
    [InlineData("Impact in numbers", "impact")]
    [InlineData("Logs, metrics, graphs, screenshots", "log")]
    [InlineData("Service, its purpose, architecture, traffic, SLA targets, on-call response", "service")]
    [InlineData("Updates to customers and stakeholders", "update")]
    public void What_is_captured_live_has_a_verb(string printed, string verb) => Assert.True(Routes.Table().Verbs.Contains(verb), printed);

    [Theory]
    [InlineData("Start, detection, acknowledgement, mitigation, end", "markers.markers")]
    [InlineData("What happened in a gap of the timeline", "gap.entry")]
    [InlineData("System state", "decision.state")]
    [InlineData("Team action", "decision.team")]
    [InlineData("Relevant logs and metrics", "proof.proof")]
    [InlineData("Who was paged, which teams were engaged", "escalation.reached")]
    [InlineData("Communication", "escalation.told")]
    [InlineData("User experience", "impact.experience")]
    [InlineData("Users affected", "impact.users")]
    [InlineData("Requests affected", "impact.requests")]
    [InlineData("Revenue impact", "impact.revenue")]
    [InlineData("SLA impact", "impact.sla")]
    [InlineData("Support tickets", "impact.tickets")]
    [InlineData("Customer escalations", "impact.escalations")]
    [InlineData("Engineering time", "impact.hours")]
    [InlineData("Data loss", "impact.data")]
    [InlineData("Reputation", "impact.reputation")]
    [InlineData("Downstream systems", "impact.downstream")]
    [InlineData("Immediate cause", "proximate.cause")]
    [InlineData("Type of cause", "proximate.type")]
    [InlineData("Technical details", "proximate.detail")]
    [InlineData("How it was resolved", "resolution.resolution")]
    [InlineData("Five whys", "why.why")]
    [InlineData("Why it was not caught", "not-caught.gap")]
    [InlineData("Missing alert", "not-caught.alert")]
    [InlineData("Dashboard update", "not-caught.dashboard")]
    [InlineData("Threshold adjustment", "not-caught.threshold")]
    [InlineData("Missing test scenario", "not-caught.test")]
    [InlineData("Load condition", "not-caught.load")]
    [InlineData("Failure mode to inject", "not-caught.chaos")]
    [InlineData("Mitigating factors", "limited.limit")]
    [InlineData("What would have halved the time to recovery", "limited.half")]
    [InlineData("Contributing factors and how they contributed", "factors.factor")]
    [InlineData("What went well", "went-well.well")]
    [InlineData("Where we were lucky", "lucky.luck")]
    [InlineData("Surprises", "surprised.surprise")]
    [InlineData("Assumptions", "surprised.assumed")]
    [InlineData("What could be improved", "improve.improve")]
    [InlineData("Quality of the response", "quality.why")]
    [InlineData("Root cause", "statement.root")]
    [InlineData("Root cause in business terms", "statement.business")]
    [InlineData("Action items", "actions.action")]
    [InlineData("Cost of prevention and its basis", "cost.prevention")]
    [InlineData("Cost of recurrence and its basis", "cost.recurrence")]
    [InlineData("Lessons learned", "lessons.taught")]
    [InlineData("How it changes our thinking", "lessons.thinking")]
    [InlineData("What others should know", "lessons.others")]
    [InlineData("Why it matters", "lessons.matters")]
    [InlineData("What has changed", "lessons.changed")]
    [InlineData("Questions to ask", "checklist.questions")]
    [InlineData("Checks to perform", "checklist.checks")]
    [InlineData("Signs of risk", "checklist.signs")]
    [InlineData("Executive summary", "words.summary")]
    [InlineData("Statement for customers", "words.customers")]
    [InlineData("Related incidents", "similar.related")]
    [InlineData("Pattern identified", "similar.pattern")]
    [InlineData("Classification", "classification.class", "security")]
    [InlineData("Attack vector", "vector.vector", "security")]
    [InlineData("Indicators of compromise", "indicators.ioc", "security")]
    [InlineData("Data exposure", "exposure.exposure", "security")]
    [InlineData("Effectiveness of containment", "containment.containment", "security")]
    [InlineData("Regulatory notification", "notification.notification", "security")]
    [InlineData("Safeguard that worked", "safeguard.held", "near-miss")]
    [InlineData("What could have made it worse", "worse.worse", "near-miss")]
    [InlineData("Reliability of safeguards", "reliable.reliable", "near-miss")]
    [InlineData("Common factors", "common.common", "recurring")]
    [InlineData("Why earlier fixes did not hold", "fixes.fixes", "recurring")]
    [InlineData("Systemic issue", "enabler.enabler", "recurring")]
    [InlineData("Fundamental change", "change.change", "recurring")]
    public void What_people_find_out_together_is_asked_for(string printed, string field, string script = "outage")
    {
        var questions = script switch
        {
            "security" => Shelf.Choose(IncidentKind.Security, 1),
            "near-miss" => Shelf.Choose(IncidentKind.NearMiss, 3),
            "recurring" => Shelf.Choose(IncidentKind.Outage, 1, ScriptShelf.Recurring),
            _ => Shelf.Choose(IncidentKind.Outage, 1),
        };
        var (prompt, key) = (field.Split('.')[0], field.Split('.')[1]);
        var asked = questions.Prompt(prompt)?.Fields.Find(f => f.Key == key);
        Assert.True(asked is not null && Filling.IsKnown(asked.Fills), printed);
    }

    [Theory]
    [InlineData("Action", nameof(DescribeItem.Text))]
    [InlineData("Owner", nameof(DescribeItem.Owner))]
    [InlineData("Team", nameof(DescribeItem.Team))]
    [InlineData("Deadline", nameof(DescribeItem.Due))]
    [InlineData("Priority", nameof(DescribeItem.Priority))]
    [InlineData("Prevention, mitigation, detection", nameof(DescribeItem.Type))]
    [InlineData("Preventive category", nameof(DescribeItem.Category))]
    [InlineData("Cause that it serves", nameof(DescribeItem.Serves))]
    [InlineData("Success criteria", nameof(DescribeItem.Success))]
    [InlineData("Verification", nameof(DescribeItem.Verification))]
    [InlineData("Implementation", nameof(DescribeItem.Implementation))]
    [InlineData("Why", nameof(DescribeItem.Why))]
    [InlineData("Effort", nameof(DescribeItem.Effort))]
    [InlineData("Value", nameof(DescribeItem.Value))]
    [InlineData("Tracking", nameof(DescribeItem.Ticket))]
    public async Task What_stands_in_an_action_has_a_field_in_its_form(string printed, string field)
    {
        await using var chat = new Fakes.WebChatDriver(await Fakes.BotUnderTest.StartAsync());
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 checkout is down");
        await chat.CommandAsync("ann", "resolve", room);
        await chat.CommandAsync("priya", "review start", room);
        await chat.CommandAsync("ann", "review why the pool is shared", room);
        var kept = await chat.CommandAsync("ann", "action Limit connections to 20 per service @ann P2 prevent", room);
        var form = (await chat.PressAsync("ann", kept.Button("All fields"), room)).Form!;
        Assert.True(form.Fields.Any(f => f.Id == (string)typeof(DescribeItem).GetField(field)!.GetRawConstantValue()!), printed);
    }
}
