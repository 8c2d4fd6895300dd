using System.Text.Json;
using IncidentBot.Fakes;
using IncidentBot.Fakes.Slack;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentBot.Tests.Slack;

/// <summary>Rooms in Slack stay whole: whoever leaves, whatever somebody deletes, and whatever Slack refuses.</summary>
public sealed class RoomTests
{
    [Fact]
    public async Task Whoever_goes_out_of_a_private_room_sees_no_more_of_it_whatever_role_they_hold_and_in_whatever_order_that_is_heard()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (code, room) = await chat.DeclaresAsync("ann", "--private sev1 a leak");
        await chat.CommandAsync("ann", "role comms @bob", room);
        await chat.SettleAsync();
        Assert.Contains(code, (await chat.CommandAsync("bob", "list")).Words, StringComparison.Ordinal);
        chat.Workspace.Leave(chat.IdOf("bob"), chat.Channel(room).Id);
        await chat.SettleAsync();
        Assert.DoesNotContain("a leak", (await chat.CommandAsync("bob", $"summary --in {code}")).Words, StringComparison.Ordinal);
        Assert.Contains((await TimelineAsync(chat, code)), e => e.GetProperty("text").GetString()!.StartsWith("Bob Lin", StringComparison.Ordinal) && e.GetProperty("text").GetString()!.Contains("left", StringComparison.Ordinal));

        // Of someone who came and was sent away, the going is heard first.
        chat.Workspace.Join(chat.IdOf("marcus"), chat.Channel(room).Id);
        chat.Workspace.Owed.TryDequeue(out var joined);
        chat.Time.Advance(TimeSpan.FromMinutes(1));
        chat.Workspace.Leave(chat.IdOf("marcus"), chat.Channel(room).Id);
        await chat.SettleAsync();
        chat.Workspace.Owed.Enqueue(joined!);
        await chat.SettleAsync();
        Assert.DoesNotContain("a leak", (await chat.CommandAsync("marcus", $"summary --in {code}")).Words, StringComparison.Ordinal);

        // Whoever comes back is told nothing twice, and sees it again.
        chat.Time.Advance(TimeSpan.FromMinutes(1));
        await chat.JoinsAsync("bob", room);
        Assert.Contains("a leak", (await chat.CommandAsync("bob", $"summary --in {code}")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_left_a_room_is_brought_back_by_an_invitation_or_a_role()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        await chat.CommandAsync("ann", "invite @bob @marcus", room);
        await chat.SettleAsync();
        chat.Workspace.Leave(chat.IdOf("bob"), chat.Channel(room).Id);
        chat.Workspace.Leave(chat.IdOf("marcus"), chat.Channel(room).Id);
        await chat.SettleAsync();
        await chat.CommandAsync("ann", "invite @bob", room);
        await chat.CommandAsync("ann", "commander @marcus", room);
        await chat.SettleAsync();
        Assert.True(chat.Channel(room).Members.ContainsKey(chat.IdOf("bob")) && chat.Channel(room).Members.ContainsKey(chat.IdOf("marcus")));
    }

    [Fact]
    public async Task Nobody_whose_account_is_deactivated_is_given_a_role()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var bob = chat.Workspace.Users[chat.IdOf("bob")];
        bob.Deleted = true;
        chat.Workspace.Owe(new() { ["type"] = "user_change", ["user"] = bob.ToJson() });
        await chat.SettleAsync();
        foreach (var text in new[] { "commander @bob", "invite @bob" })
        {
            var reply = await chat.CommandAsync("ann", text, room);
            Assert.Equal(("refused", true), (reply.Kind, reply.Words.Contains("Bob Lin's account is deactivated", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_card_that_somebody_deletes_comes_back_and_is_pinned()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        var channel = chat.Channel(room);
        chat.Workspace.Delete(channel.Id, Assert.Single(channel.Pinned));
        chat.Workspace.Delete(chat.Channel("incidents").Id, (await chat.SeesAsync("ann"))[0].Id);
        await chat.CommandAsync("ann", "commander", room);
        await chat.SettleAsync();
        Assert.Contains("Commander: Ann Field", Assert.Single(await chat.SeesAsync("ann", room), m => m.Id == channel.Pinned[^1]).Words, StringComparison.Ordinal);
        Assert.Contains("Commander: Ann Field", Assert.Single(await chat.SeesAsync("ann")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_that_has_to_wait_is_set_later()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        chat.Workspace.Trouble("conversations.setTopic", new("ratelimited", RetryAfter: 20));
        await chat.CommandAsync("ann", "resolve", room);
        await chat.SettleAsync();
        Assert.DoesNotContain("resolved", chat.Channel(room).Topic, StringComparison.Ordinal);
        await chat.Bot.PassAsync(TimeSpan.FromSeconds(21));
        Assert.Contains("resolved", chat.Channel(room).Topic, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_announcement_that_went_out_before_its_room_names_the_room_later()
    {
        await using var chat = await SlackDriver.StartAsync();
        chat.Workspace.Trouble("conversations.create", new("ratelimited", RetryAfter: 20));
        await chat.CommandAsync("ann", "start sev1 down");
        await chat.SettleAsync();
        Assert.DoesNotContain("Room: ", (await chat.SeesAsync("ann"))[0].Words, StringComparison.Ordinal);
        await chat.Bot.PassAsync(TimeSpan.FromSeconds(21));
        Assert.Contains("Room: ", (await chat.SeesAsync("ann"))[0].Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_channels_may_not_be_made_the_thread_of_the_announcement_is_the_room()
    {
        await using var chat = await SlackDriver.StartAsync();
        chat.Workspace.Trouble("conversations.create", new("restricted_action"));
        await chat.CommandAsync("ann", "start sev1 down");
        await chat.SettleAsync();
        var root = (await chat.SeesAsync("ann"))[0].Id;
        await chat.CommandAsync("bob", "log 14:25 pool is exhausted", thread: root);
        await chat.SaysAsync("bob", "in the thread", thread: root);
        Assert.Contains(await TimelineAsync(chat, "INC-2026-0001"), e => e.GetProperty("text").GetString() == "pool is exhausted");
        Assert.Contains("restricted_action", (await TimelineAsync(chat, "INC-2026-0001")).Select(e => e.GetProperty("text").GetString()).Aggregate(string.Concat)!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_private_incident_without_a_room_gets_one_once_the_cause_is_mended()
    {
        await using var chat = await SlackDriver.StartAsync();
        chat.Workspace.Trouble("conversations.create", new("restricted_action"));
        await chat.CommandAsync("ann", "start --private sev1 a leak");
        await chat.SettleAsync();
        Assert.Contains("jobs --retry all", string.Join('\n', (await chat.SeesAsync("ann", "dm-ann")).Select(m => m.Words)), StringComparison.Ordinal);
        Assert.DoesNotContain(await chat.RoomsAsync("ann"), r => r.StartsWith("inc-", StringComparison.Ordinal));
        await using (var scope = chat.Bot.Services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope())
        {
            Assert.Equal(1, await scope.ServiceProvider.GetRequiredService<Jobs.DeadDeliveries>().RetryAsync("all", null, CancellationToken.None));
        }

        await chat.SettleAsync();
        Assert.Single(await chat.RoomsAsync("ann"), r => r.StartsWith("inc-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_thread_of_the_declaration_is_kept_after_the_incident_is_announced_elsewhere()
    {
        await using var chat = await SlackDriver.StartAsync();
        var talk = await chat.SaysAsync("bob", "checkout is slow for me", "general");
        await chat.CommandAsync("bob", "start sev1 checkout is slow", "general", talk);
        await chat.SettleAsync();
        await chat.SaysAsync("ann", "it is the pool", "general", talk);
        await chat.CommandAsync("ann", "log 14:25 pool is exhausted", "general", talk);
        Assert.Contains("it is the pool", (await chat.Bot.GetAsync("/api/v1/incidents/INC-2026-0001/transcript")).ToString(), StringComparison.Ordinal);
        Assert.Contains(await TimelineAsync(chat, "INC-2026-0001"), e => e.GetProperty("text").GetString() == "pool is exhausted");
    }

    [Fact]
    public async Task Where_incidents_live_in_threads_it_is_the_channel_of_the_declaration()
    {
        await using var chat = await SlackDriver.StartAsync(settings: new() { ["Incidents:Room"] = "Thread" });
        await chat.CommandAsync("ann", "start sev1 down", "general");
        await chat.SettleAsync();
        Assert.Contains("down", Assert.Single(await chat.SeesAsync("ann", "general"), m => m.Card is not null && !m.OnlyYou).Words, StringComparison.Ordinal);
        Assert.Empty(await chat.SeesAsync("ann"));
    }

    [Fact]
    public async Task Where_incidents_live_in_threads_one_declared_in_a_direct_message_is_announced_to_all()
    {
        await using var chat = await SlackDriver.StartAsync(settings: new() { ["Incidents:Room"] = "Thread" });
        _ = chat.Workspace.Direct(chat.IdOf("ann"));
        await chat.CommandAsync("ann", "start sev1 down", chat.DirectRoom("ann"));
        await chat.SettleAsync();
        Assert.Single(await chat.SeesAsync("bob"), m => m.Words.Contains("down", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_could_not_be_invited_is_tried_again_when_asked()
    {
        await using var chat = await SlackDriver.StartAsync();
        var (_, room) = await chat.DeclaresAsync("ann", "sev1 down");
        chat.Workspace.Trouble("conversations.invite", new("account_inactive"));
        await chat.CommandAsync("ann", "invite @bob", room);
        await chat.SettleAsync();
        Assert.False(chat.Channel(room).Members.ContainsKey(chat.IdOf("bob")));
        await chat.CommandAsync("ann", "invite @bob", room);
        await chat.SettleAsync();
        Assert.True(chat.Channel(room).Members.ContainsKey(chat.IdOf("bob")));
    }

    private static async Task<List<JsonElement>> TimelineAsync(RoomDriver chat, string code) =>
        [.. (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items").EnumerateArray()];
}
