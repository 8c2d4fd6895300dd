using System.Globalization;
using System.Text.Json;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Replay;
using IncidentBot.Fakes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentBot.Tests.Facilitation;

/// <summary>Scripts, meetings, services, mending of findings, redaction, and reviews that come from files.</summary>
public sealed class ReviewEdgesTests : ReviewScene
{
    [Fact]
    public async Task A_script_of_ones_own_is_kept_by_the_review_that_began_with_it()
    {
        var database = await TestDatabase.CreateAsync(IncidentBot.Storage.DatabaseProvider.Sqlite);
        var folder = Directory.CreateDirectory(Path.Combine(database.DataDirectory, "scripts")).FullName;
        var file = Path.Combine(folder, "outage-sev1.yaml");
        await File.WriteAllTextAsync(file, "name: Ours\nphases:\n  - key: one\n    title: One\n    prompts:\n      - { key: first, title: First, ask: What was first?, fields: [{ key: a, label: A, fills: lesson }] }\n      - { key: second, title: Second, ask: What was second?, fields: [{ key: b, label: B, fills: lesson }] }\n");
        var (chat, code, room) = await StartedAsync(database: database);
        await using var _ = chat;
        var first = (await AskedAsync(chat, room)).Words;
        Assert.Contains("What was first?", first, StringComparison.Ordinal);
        Assert.Contains("about 1 more question after this", first, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "name: Other\nextends: default\nphases: []\n");
        await chat.CommandAsync("priya", "review next", room);
        await chat.SettleAsync();
        var second = (await AskedAsync(chat, room)).Words;
        Assert.Contains("What was second?", second, StringComparison.Ordinal);
        Assert.DoesNotContain("after this", second, StringComparison.Ordinal);
        Assert.Equal("One", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/review")).GetProperty("phases").EnumerateArray().Single().GetProperty("title").GetString());
    }

    [Theory]
    [InlineData("scripts/default.yaml", "name: x\nphases:\n  - { key: a, title: A, prompts: [{ key: q, title: Q, ask: Why?, fields: [{ key: f, label: F, fills: nothing }] }] }\n", "“nothing” is not known")]
    [InlineData("scripts/sev1.yaml", "name: x\nextends: nobody\nphases: []\n", "there is no script “nobody”")]
    [InlineData("scripts/sev1.yaml", "name: [", "Line ")]
    [InlineData("services.yaml", "- nam: x\n", "services.yaml, line 1")]
    public async Task What_is_wrong_with_a_file_of_the_administrators_is_said_at_start(string name, string text, string says)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "scripts"));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, name), text);
            var fault = Assert.Throws<SettingsFault>(() => BotApp.Build([$"--DataDirectory={folder.FullName}"], BotApp.Mode.Tool));
            Assert.Contains(says, fault.Message, StringComparison.Ordinal);
            Assert.Contains(Path.GetFileName(name), fault.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Services_are_kept_and_their_owners_are_asked()
    {
        var database = await TestDatabase.CreateAsync(IncidentBot.Storage.DatabaseProvider.Sqlite);
        await File.WriteAllTextAsync(Path.Combine(database.DataDirectory, "services.yaml"), "- name: payments\n  purpose: takes money\n  owners: [marcus]\n");
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(database: database));
        await chat.CommandAsync("marcus", "list");
        var form = (await chat.CommandAsync("ann", "service Payments")).Form!;
        Assert.Equal("takes money", form.Fields.Single(f => f.Id == "purpose").Value);
        await chat.SubmitAsync("ann", form, form.Fields.ToDictionary(f => f.Id, f => f.Id == "slaTargets" ? "99.9 % a month" : f.Value ?? ""));
        Assert.Contains("payments takes money · owned by marcus", (await chat.CommandAsync("bob", "service")).Words, StringComparison.Ordinal);
        var (code, room) = await chat.DeclaresAsync("ann", "sev2 payments are slow --service PAYMENTS");
        await chat.CommandAsync("ann", "resolve", room);
        await chat.CommandAsync("priya", "review start", room);
        Assert.Contains(("Marcus Johnson", "owner of payments"), (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/review")).GetProperty("asked").EnumerateArray().Select(a => (a.GetProperty("person").GetString(), a.GetProperty("because").GetString())));
    }

    [Fact]
    public async Task A_live_meeting_has_a_plan_an_invitation_and_a_scribe()
    {
        var (chat, code, room) = await StartedAsync();
        await using var _ = chat;
        foreach (var bad in new[] { "review meeting", "review meeting yesterday 10:00", "review meeting 2026-03-12 10:00 90m", "review meeting 2026-03-12 25:00" })
        {
            Assert.Equal("refused", (await chat.CommandAsync("priya", bad, room)).Kind);
        }

        // 15:00 in Kolkata.
        var set = await chat.CommandAsync("priya", "review meeting 2026-03-12 15:00 45m", room);
        Assert.Contains("2026-03-12 09:30 UTC, 45 minutes", set.Words, StringComparison.Ordinal);
        var plan = set.Card!.Parts.OfType<RowsPart>().Single().Rows;
        Assert.Equal(45, plan.Sum(r => int.Parse(r.Label.Split(' ')[0], CultureInfo.InvariantCulture)));
        using (var response = await chat.Bot.Browser.GetAsync($"/reviews/{code}/meeting.ics?as=sarah"))
        {
            var calendar = await response.Content.ReadAsStringAsync();
            Assert.Equal("text/calendar", response.Content.Headers.ContentType!.MediaType);
            Assert.Contains("DTSTART:20260312T093000Z\r\nDTEND:20260312T101500Z\r\n", calendar, StringComparison.Ordinal);
            Assert.All(calendar.Split("\r\n"), l => Assert.True(System.Text.Encoding.UTF8.GetByteCount(l) <= 75));
        }

        var asked = await GoToAsync(chat, room, "surprised");
        await chat.SaysAsync("ann", "@sarah did you see that too?", room, asked.Id);
        Assert.Equal("refused", (await chat.CommandAsync("ann", "review add @bob the graph was flat", room)).Kind);
        await chat.Bot.PassAsync(TimeSpan.FromHours(43.1));
        await chat.SaysAsync("ann", "@sarah: the restart changed nothing", room, asked.Id);
        await chat.CommandAsync("ann", "review add @bob the graph was flat", room);
        await chat.SettleAsync();
        var answers = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/review")).GetProperty("phases").EnumerateArray().SelectMany(p => p.GetProperty("prompts").EnumerateArray()).SelectMany(p => p.GetProperty("answers").EnumerateArray())
            .Select(a => (a.GetProperty("person").GetString(), a.GetProperty("writtenBy").GetString(), a.GetProperty("text").GetString()));
        Assert.Equal([("Ann Field", null, "@sarah did you see that too?"), ("Sarah Chen", "Ann Field", "the restart changed nothing"), ("Bob Lin", "Ann Field", "the graph was flat")], answers);
        Assert.Contains("is off", (await chat.CommandAsync("priya", "review meeting off", room)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Findings_are_edited_merged_dropped_and_accepted_and_the_score_says_what_is_missing()
    {
        var (chat, code, room) = await StartedAsync();
        await using var _ = chat;
        var factors = await GoToAsync(chat, room, "more likely");
        await chat.SaysAsync("sarah", "process: nobody has to review batch jobs\nprocess: batch jobs need no review — so the leak was not seen #3\nteam habits: friday deploys", room, factors.Id);
        await chat.SettleAsync();
        Assert.Equal("refused", (await chat.CommandAsync("sarah", "review edit F1 other words", room)).Kind);
        Assert.Equal("refused", (await chat.CommandAsync("priya", "review edit F99 x", room)).Kind);
        var list = (await chat.CommandAsync("priya", "review findings", room)).Words;
        string Number(string text) => list.Split('\n').First(l => l.Contains(text, StringComparison.Ordinal)).Split(' ')[0];
        var (first, second, third) = (Number("nobody has to review"), Number("need no review"), Number("friday deploys"));
        await chat.CommandAsync("priya", $"review merge {first} {second}", room);
        await chat.CommandAsync("priya", $"review edit {second} no review is required of batch jobs", room);
        Assert.Equal("refused", (await chat.CommandAsync("sarah", $"review accept {third}", room)).Kind);
        await chat.CommandAsync("sarah", $"review accept {third} because the week is short", room);
        var report = await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md");
        Assert.Contains("- no review is required of batch jobs — *how it contributed:* so the leak was not seen", report, StringComparison.Ordinal);
        Assert.Contains("**Team habits**\n\n- friday deploys → accepted by Sarah Chen: the week is short", report, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody has to review", report, StringComparison.Ordinal);
        Assert.Contains("| Sarah Chen, words mended by Priya Nair |", report, StringComparison.Ordinal);
        await chat.CommandAsync("priya", $"review drop {second} it was reviewed after all", room);
        Assert.DoesNotContain("no review is required", await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md"), StringComparison.Ordinal);

        Assert.Equal("refused", (await chat.CommandAsync("sarah", "review score", room)).Kind);
        var score = (await chat.CommandAsync("priya", "review score", room)).Words;
        Assert.Contains("of 95", score, StringComparison.Ordinal);
        Assert.Contains("−20 there is no tree of causes", score, StringComparison.Ordinal);
        var parts = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/review")).GetProperty("score");
        Assert.Equal(95, parts.GetProperty("of").GetInt32());
        Assert.Equal(parts.GetProperty("points").GetInt32(), parts.GetProperty("parts").EnumerateArray().Sum(p => p.GetProperty("points").GetInt32()));
    }

    [Fact]
    public async Task A_redaction_reaches_what_a_review_says_again()
    {
        var (chat, code, room) = await StartedAsync();
        await using var _ = chat;
        var asked = await GoToAsync(chat, room, "surprised");
        await chat.SaysAsync("sarah", "I saw that tenant Hemlock cannot pay, and nobody else", room, asked.Id);
        await chat.CommandAsync("sarah", "park tell tenant Hemlock cannot pay earlier", room);
        await chat.CommandAsync("priya", "review summary tenant Hemlock cannot pay was the first sign", room);
        await chat.SettleAsync();
        var seq = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray().Single(e => e.GetProperty("text").GetString() == "tenant Hemlock cannot pay").GetProperty("seq").GetInt32();
        await chat.CommandAsync("sarah", $"redact {seq} a customer's name", room);
        await chat.SettleAsync();
        Assert.Empty(await DatabaseDump.TablesWithAsync(chat.Bot, "Hemlock cannot pay"));
    }

    [Fact]
    public async Task In_a_room_that_is_a_thread_a_reply_counts_for_the_question_that_is_asked_now()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync(settings: new() { ["Incidents:Room"] = "Thread" }));
        await chat.CommandAsync("ann", "start sev1 checkout is down");
        await chat.SettleAsync();
        var root = (await chat.SeesAsync("ann")).Last(m => m.Card is not null && m.Thread is null).Id;
        await chat.CommandAsync("bob", "resolve", thread: root);
        await chat.SettleAsync();
        await chat.CommandAsync("priya", "review start", thread: root);
        await chat.SettleAsync();
        await chat.SaysAsync("bob", "said before it was asked", "incidents", root);
        for (var i = 0; i < 20 && !(await chat.SeesAsync("bob")).Any(m => m.Card?.Title.Contains("surprised", StringComparison.Ordinal) == true); i++)
        {
            await chat.CommandAsync("priya", "review next", thread: root);
            await chat.SettleAsync();
        }

        await chat.SaysAsync("bob", "The restart changed nothing", "incidents", root);
        await chat.SettleAsync();
        Assert.All((await chat.SeesAsync("bob")).Where(m => m.Card?.Title.Contains(". ", StringComparison.Ordinal) == true), m => Assert.Equal(root, m.Thread));
        var question = (await chat.SeesAsync("bob")).Single(m => m.Card?.Title.Contains("surprised", StringComparison.Ordinal) == true);
        Assert.Contains("Answered: Bob Lin", question.Words, StringComparison.Ordinal);
        var form = (await chat.PressAsync("ann", question.Card!.Buttons[0])).Form!;
        await chat.SubmitAsync("ann", form, new() { ["surprise"] = "So did I" });
        Assert.Equal(["The restart changed nothing", "So did I"], await chat.Bot.InDatabaseAsync(db => db.Findings.Where(f => f.Kind == FindingKind.Surprise).OrderBy(f => f.Number).Select(f => f.Text).ToListAsync()));
    }

    [Fact]
    public async Task A_reopened_incident_rests_its_review_until_it_is_resolved_again()
    {
        var (chat, code, room) = await StartedAsync();
        await using var _ = chat;
        await chat.CommandAsync("bob", "reopen", room);
        await chat.SettleAsync();
        var reply = await chat.CommandAsync("priya", "review next", room);
        Assert.Equal(("refused", true), (reply.Kind, reply.Words.Contains("first end it", StringComparison.Ordinal)));
        await chat.Bot.PassAsync(TimeSpan.FromDays(3));
        Assert.DoesNotContain(await chat.SeesAsync("sarah", chat.DirectRoom("sarah")), m => m.Words.Contains("Still open for you", StringComparison.Ordinal));
        await chat.CommandAsync("bob", "resolve", room);
        await chat.SettleAsync();
        Assert.Equal("private", (await chat.CommandAsync("priya", "review next", room)).Kind);
        Assert.Equal("running", (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/review")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task The_sample_with_its_review_yields_its_whys_its_factors_and_its_statement()
    {
        await using var bot = await BotUnderTest.StartAsync();
        var text = Sample.Json.TrimEnd().TrimEnd('}') + """
            , "review": { "facilitator": "Priya", "answers": [ { "phase": "story", "person": "Sarah", "text": "the pool looked full" }, { "phase": "nonsense", "person": "Marcus", "text": "kept all the same" } ],
              "whys": { "text": "services were unavailable", "children": [ { "text": "The database connection pool was exhausted, preventing new connections.", "evidence": [0], "children": [ { "text": "A batch job opened thousands of connections and didn't close them.", "children": [ { "text": "The new version (v2.3.1) had a connection leak bug", "children": [
                { "text": "The batch job was not load tested.", "children": [ { "text": "There's no automated gate for batch jobs requiring load testing.", "ending": "systemic", "children": [ { "text": "the checklist is optional" } ] }, { "text": "Unit tests didn't test concurrent execution" } ] } ] } ] } ] } ] },
              "factors": [ { "category": "People", "text": "Developer was unaware of connection pooling requirements for batch jobs", "how": "nobody to ask" }, { "category": "People", "text": "Reviewer focused on business logic, not resource management" }, { "category": "People", "text": "No ownership of \"batch job best practices\" documentation" },
                { "category": "Process", "text": "No mandatory load testing gate for batch deployments" }, { "category": "Process", "text": "Deployment checklist treats load testing as optional" }, { "category": "Process", "text": "No review of resource usage patterns in code review" }, { "category": "Process", "text": "Deployment during peak hours (9 AM) is allowed" },
                { "category": "Technology", "text": "Batch system doesn't have connection limits configured" }, { "category": "Technology", "text": "Monitoring alerts at exhaustion (500/500), not warning level (400/500)" }, { "category": "Technology", "text": "No automated rollback when connection usage spikes" }, { "category": "Technology", "text": "No isolation between batch and web application connection pools" },
                { "category": "Environment", "text": "Shared database connection pool between batch and web" }, { "category": "Environment", "text": "Peak usage time increased impact" } ],
              "went_well": ["alerting fired"], "lucky": ["not at month's end"], "could_improve": ["earlier warning"], "root_cause": "our deployment process allows batch jobs to reach production without verifying their database connection behavior under load", "lessons": ["isolate shared resources"],
              "action_items": [ { "text": "Add an alert at 80 %", "owner": "SRE", "type": "detect", "priority": "P1" } ], "mood": "calm" } }
            """;
        var code = await bot.Services.GetRequiredService<FilePlayer>().PlayAsync(IncidentFileReader.Read(text), import: false, null, default, review: true);
        var review = await bot.GetAsync($"/api/v1/incidents/{code}/review");
        Assert.Equal("closed", review.GetProperty("state").GetString());
        var depth = 0;
        for (var node = review.GetProperty("whys")[0]; ; node = node.GetProperty("children")[0])
        {
            if (node.GetProperty("children").GetArrayLength() == 0)
            {
                break;
            }

            depth++;
        }

        Assert.Equal(6, depth);
        Assert.Equal([("Environment", 2), ("People", 3), ("Process", 4), ("Technology", 4)],
            review.GetProperty("factors").EnumerateArray().GroupBy(f => f.GetProperty("category").GetString()).Where(g => g.Key is not null).Select(g => (g.Key!, g.Count())).OrderBy(g => g.Item1, StringComparer.Ordinal));
        Assert.Equal("our deployment process allows batch jobs to reach production without verifying their database connection behavior under load", review.GetProperty("rootCause").GetString());
        var report = await bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md");
        foreach (var part in new[] { "**Why** did this happen: services were unavailable", "- Because There's no automated gate for batch jobs requiring load testing.", "**People**", "*how it contributed:* nobody to ask", "- alerting fired", "isolate shared resources", "Add an alert at 80 %", "kept all the same", "**review mood**: calm" })
        {
            Assert.Contains(part, report, StringComparison.Ordinal);
        }

        var html = await bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.html");
        Assert.Contains("<svg class=\"tree\"", html, StringComparison.Ordinal);
        Assert.Contains("<rect class=\"systemic\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("why-tree", html, StringComparison.Ordinal);
        Assert.Equal(1, await bot.InDatabaseAsync(db => db.Reviews.CountAsync()));
        Assert.Equal(0, await bot.InDatabaseAsync(db => db.Outbox.CountAsync(r => r.DirectTo != null)));
    }

    [Fact]
    public async Task Every_finding_has_a_question_or_is_captured_and_every_question_fills_something_that_is_printed()
    {
        var shelf = new ScriptShelf(new Installation());
        var filled = new[] { IncidentKind.Outage, IncidentKind.Security, IncidentKind.NearMiss }.Select(k => shelf.Choose(k, 1)).Append(shelf.Choose(IncidentKind.Outage, 1, ScriptShelf.Recurring))
            .SelectMany(s => s.Phases).SelectMany(p => p.Prompts).SelectMany(p => p.Fields).Select(f => f.Fills).ToHashSet();
        // Written only by incident files; people answer it as proximate cause, technical details and summary.
        FindingKind[] elsewhere = [FindingKind.WhatHappened];
        Assert.All(Enum.GetValues<FindingKind>().Except(elsewhere), k => Assert.Contains(k.Word(), filled));
        Assert.All(Impact.Fields, f => Assert.Contains($"impact.{f.Key}", filled));

        // And each of them is printed: one finding of every kind, and its words are in the document.
        var (chat, code, room) = await StartedAsync();
        await using var _ = chat;
        await chat.Bot.InDatabaseAsync(async db =>
        {
            var incident = await db.Incidents.SingleAsync();
            var answer = new IncidentBot.Core.Facilitation.ReviewAnswer { IncidentId = incident.Id, PromptId = (await db.Prompts.FirstAsync()).Id, PersonName = "Ann Field", Text = RichText.Of("x"), At = incident.DeclaredAt };
            db.ReviewAnswers.Add(answer);
            var root = new Finding { IncidentId = incident.Id, Number = incident.NextFinding(), Kind = FindingKind.Why, Text = "root of all" };
            db.Findings.Add(root);
            foreach (var kind in Enum.GetValues<FindingKind>())
            {
                db.Findings.Add(new Finding { IncidentId = incident.Id, Number = incident.NextFinding(), Kind = kind, Text = $"words of {kind.Word()}.", Parent = kind == FindingKind.Why ? root : null, AnswerId = answer.Id, SaidBy = "Ann Field", SaidAt = incident.DeclaredAt });
            }

            return await db.SaveChangesAsync();
        });
        await chat.CommandAsync("priya", "review close anyway a test", room);
        var report = await chat.Bot.Api.GetStringAsync($"/api/v1/incidents/{code}/documents/report.md");
        Assert.All(Enum.GetValues<FindingKind>(), k => Assert.Contains($"words of {k.Word()}.", report, StringComparison.Ordinal));
    }

    [Theory]
    // Before work, at work, after work, a weekend, a holiday, the night of a clock change.
    [InlineData("2026-03-10T06:00:00Z", "Europe/Berlin", "2026-03-10T08:00:00Z")]
    [InlineData("2026-03-10T10:00:00Z", "Europe/Berlin", "2026-03-10T10:00:00Z")]
    [InlineData("2026-03-10T16:00:00Z", "Europe/Berlin", "2026-03-11T08:00:00Z")]
    [InlineData("2026-03-27T17:00:00Z", "Europe/Berlin", "2026-03-30T07:00:00Z")]
    [InlineData("2026-12-24T18:00:00Z", "America/New_York", "2026-12-24T18:00:00Z")]
    [InlineData("2026-12-24T22:30:00Z", "America/New_York", "2026-12-28T14:00:00Z")]
    [InlineData("2026-04-02T23:00:00Z", "Asia/Kolkata", "2026-04-06T03:30:00Z")]
    public void People_are_reminded_when_they_work(string at, string zone, string expected)
    {
        var day = WorkingDay.Usual with { Holidays = [new(2026, 4, 3)], EveryYear = [(12, 25)] };
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), day.NextWorking(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById(zone)));
    }

    [Fact]
    public void A_clock_time_that_is_skipped_is_the_moment_the_clocks_go_on_and_one_that_comes_twice_is_the_first()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        Assert.Equal(new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero), WorkingDay.At(new(2026, 3, 29), new(2, 30), berlin));
        Assert.Equal(new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero), WorkingDay.At(new(2026, 10, 25), new(2, 30), berlin));
        Assert.Equal(new DateOnly(2026, 4, 7), (WorkingDay.Usual with { Holidays = [new(2026, 4, 3), new(2026, 4, 6)] }).AddWorkingDays(new(2026, 4, 2), 1));
    }
}
