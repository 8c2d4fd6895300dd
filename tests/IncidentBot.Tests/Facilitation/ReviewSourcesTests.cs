using System.Text;
using IncidentBot.Core.Chat;
using IncidentBot.Fakes;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Tests.Facilitation;

/// <summary>What answers bring along and what becomes of it: files as evidence, actions that follow their lines, answers taken back, owners nobody has met.</summary>
public sealed class ReviewSourcesTests : ReviewScene
{
    [Fact]
    public async Task Files_in_a_thread_show_what_its_answers_say_in_tree_document_and_export()
    {
        var (chat, code, room) = await StartedAsync();
        await using var _ = chat;
        var cause = await GoToAsync(chat, room, "The immediate cause");
        var graph = await chat.BringsAsync("sarah", "pool at 500.png", "image/png", Encoding.UTF8.GetBytes("graph"), room);
        await chat.SaysAsync("sarah", "The new job leaks connections until the pool is empty", room, cause.Id, [graph]);
        await GoToAsync(chat, room, "One step further");
        var why = await AskedAsync(chat, room);
        await chat.SaysAsync("sarah", "The load test is optional for batch jobs", room, why.Id);
        var log = await chat.BringsAsync("sarah", "pipeline.log", "text/plain", Encoding.UTF8.GetBytes("no gate"), room);
        // The picture comes a moment after the words.
        await chat.SaysAsync("sarah", "", room, why.Id, [log]);
        await chat.SettleAsync();
        var tree = (await chat.CommandAsync("bob", "review tree", room)).Words;
        Assert.Contains("shown by pool at 500.png", tree, StringComparison.Ordinal);
        Assert.Contains("shown by pipeline.log", tree, StringComparison.Ordinal);
        var review = await chat.Bot.GetAsync($"/api/v1/incidents/{code}/review");
        var served = review.GetProperty("whys")[0].GetProperty("children")[0].GetProperty("files")[0].GetString()!;
        Assert.Equal("graph", await chat.Bot.Browser.GetStringAsync($"{served}?as=sarah"));
        var folder = await chat.Bot.ExportAsync(code, chat.Bot.Database.DataDirectory);
        Assert.Contains(Directory.GetFiles(Path.Combine(folder, "evidence")), f => Path.GetFileName(f).StartsWith('F') && f.EndsWith("pipeline.log", StringComparison.Ordinal));
        Assert.Contains("[pipeline.log](<evidence/F", await File.ReadAllTextAsync(Path.Combine(folder, "post-mortem.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Actions_follow_the_lines_from_which_they_came_until_somebody_begins_on_them()
    {
        var (chat, _, room) = await StartedAsync();
        await using var __ = chat;
        var actions = await GoToAsync(chat, room, "Actions");
        var said = await chat.SaysAsync("bob", "Add an alert at 80% pool use @sarah due 2026-03-20 P1 detect\nLimit connections to 20 per service @bob due 2026-03-20 P2 mitigate\nRemove the old pool setting from `app.yaml` @bob P3 prevent", room, actions.Id);
        await chat.SettleAsync();
        await chat.CommandAsync("bob", "action AI-2 in progress", room);
        await chat.EditsAsync("bob", said, "Add an alert at 80% pool use @sarah due 2026-03-20 P1 detect\nReject batch jobs without a load test @bob due 2026-03-27 P1 prevent", room);
        await chat.SettleAsync();
        async Task<List<(string Text, string State)>> ItemsAsync() => [.. (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items").EnumerateArray().Select(i => (i.GetProperty("text").GetString()!, i.GetProperty("state").GetString()!))];
        Assert.Equal([("Add an alert at 80% pool use", "open"), ("Limit connections to 20 per service", "in-progress"), ("Reject batch jobs without a load test", "open")], await ItemsAsync());
        await chat.DeletesAsync("bob", said, room);
        await chat.SettleAsync();
        // What is somebody else's by now is theirs to decide about.
        Assert.Equal(["open", "in-progress", "not-doing"], (await ItemsAsync()).Select(i => i.State));
        Assert.Single(await chat.SeesAsync("sarah", chat.DirectRoom("sarah")), m => m.Words.Contains("its proposal was taken back", StringComparison.Ordinal));
        Assert.Contains("the answer that proposed it was taken back", (await chat.CommandAsync("bob", "action AI-1 history", room)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_from_a_form_can_be_taken_back_by_its_author()
    {
        var (chat, code, room) = await StartedAsync();
        await using var _ = chat;
        var cause = await GoToAsync(chat, room, "The immediate cause");
        var form = (await chat.PressAsync("sarah", cause.Card!.Buttons[0], room)).Form!;
        var receipt = await chat.SubmitAsync("sarah", form, new() { [form.Fields[0].Id] = "The new job leaks connections until the pool is empty" }, room);
        Assert.Equal("refused", (await chat.PressAsync("bob", receipt.Button("Take it back"), room)).Kind);
        Assert.Contains("taken back", (await chat.PressAsync("sarah", receipt.Button("Take it back"), room)).Words, StringComparison.Ordinal);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/review")).GetProperty("proximateCause").ValueKind);
        Assert.Equal("refused", (await chat.PressAsync("sarah", receipt.Button("Take it back"), room)).Kind);
    }

    [Fact]
    public async Task What_is_learned_after_the_end_may_still_call_for_a_review()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var (code, room) = await chat.DeclaresAsync("ann", "sev3 a report is late");
        await chat.CommandAsync("ann", "log alert fired: report job failed", room);
        await chat.CommandAsync("ann", "resolve", room);
        await chat.SettleAsync();
        async Task<string?> BecauseAsync() => (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/review")).GetProperty("requiredBecause").GetString();
        var before = await BecauseAsync();
        Assert.DoesNotContain("data was lost", before ?? "", StringComparison.Ordinal);
        var form = (await chat.CommandAsync("ann", "impact", room)).Form!;
        await chat.SubmitAsync("ann", form, new() { ["dataLoss"] = "two days of orders" }, room);
        await chat.SettleAsync();
        Assert.Contains("data was lost", await BecauseAsync(), StringComparison.Ordinal);
        await chat.CommandAsync("ann", "sev 1 all orders", room);
        await chat.SettleAsync();
        Assert.Contains("SEV1", await BecauseAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Owners_of_services_are_asked_even_if_they_were_never_seen_and_unknown_ones_are_named()
    {
        await using var chat = new WebChatDriver(await BotUnderTest.StartAsync());
        var form = (await chat.CommandAsync("ann", "service checkout")).Form!;
        await chat.SubmitAsync("ann", form, new() { ["name"] = "checkout", ["purpose"] = "takes payments", ["owners"] = "marcus, carol of payments" });
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 checkout is down --service checkout");
        await chat.CommandAsync("ann", "resolve", room);
        var started = await chat.CommandAsync("ann", "review start", room);
        Assert.Contains("carol of payments (checkout) should be asked too", started.Words, StringComparison.Ordinal);
        await chat.SettleAsync();
        Assert.Contains((await chat.Bot.GetAsync($"/api/v1/incidents/{code}/review")).GetProperty("asked").EnumerateArray(), a => a.GetProperty("person").GetString() == "Marcus Johnson" && a.GetProperty("because").GetString() == "owner of checkout");
    }

    [Fact]
    public async Task The_coach_asks_one_question_about_causes_that_are_typed_as_commands()
    {
        var (chat, _, room) = await StartedAsync();
        await using var __ = chat;
        await GoToAsync(chat, room, "The immediate cause");
        Assert.Contains("?", (await chat.CommandAsync("sarah", "review why the engineer forgot to test the job", room)).Words, StringComparison.Ordinal);
        Assert.DoesNotContain("?", (await chat.CommandAsync("sarah", "review why 1 the pipeline has no gate that requires a load test of batch jobs https://ci.example.com/7", room)).Words, StringComparison.Ordinal);
        Assert.Contains("?", (await chat.CommandAsync("priya", "review statement Human error", room)).Words, StringComparison.Ordinal);
        await chat.CommandAsync("ann", "coach off R3", room);
    }
}
