using System.Collections.Concurrent;
using System.Text.Json;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Storage;
using IncidentBot.Slack.Install;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentBot.Slack.Outbound;

/// <summary>Makes and furnishes the channels of incidents, and finds channels by name.</summary>
public sealed class SlackRooms(SlackApi api, SlackPosts posts, IServiceScopeFactory scopes, TimeProvider time)
{
    private const int LongestName = 80;
    private const int MostTwins = 20;
    private const int MostInvited = 100;
    private const int LongestTopic = 250;

    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Workspace, string Name), (string? Id, DateTimeOffset At)> _channels = new();

    /// <summary>A channel by name or id, joined so that its threads are heard; null when the bot cannot see it.</summary>
    public async Task<string?> FindAsync(Installed where, string name, CancellationToken stop)
    {
        if (_channels.TryGetValue((where.Workspace, name), out var known) && time.GetUtcNow() - known.At < Fresh)
        {
            return known.Id;
        }

        var isId = name.Length > 8 && name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));
        if (isId && name[0] is 'U' or 'W')
        {
            // Declared where there is no channel: the person's direct messages.
            return await posts.DirectAsync(where, name, stop);
        }

        // Most workspaces have far more channels than the bot is in.
        var joined = isId ? null : await ByNameAsync(where, "users.conversations", name, stop);
        var channel = joined ?? (isId ? await ByIdAsync(where, name, stop) : await ByNameAsync(where, "conversations.list", name, stop));
        if (joined is null && channel is { } found && !found.Flag("is_member") && !found.Flag("is_private") && !found.Flag("is_im"))
        {
            await api.CallAsync(where, "conversations.join", new Dictionary<string, object?> { ["channel"] = found.Text("id") }, stop);
        }

        var id = channel?.Text("id");
        _channels[(where.Workspace, name)] = (id, time.GetUtcNow());
        return id;
    }

    /// <summary>Makes a channel; where the name is taken by another, living or archived, a number is put behind it.</summary>
    public async Task<RoomMade> MakeAsync(Installed where, RoomWanted wanted, CancellationToken stop)
    {
        var name = Trim(wanted.Name, LongestName);
        if (wanted.Since is not null && await OwnAsync(where, name, wanted, stop) is { } made)
        {
            return made;
        }

        for (var n = 1; n <= MostTwins; n++)
        {
            var candidate = n == 1 ? name : $"{Trim(name, LongestName - 4)}-{n}";
            try
            {
                var answer = await api.CallAsync(where, "conversations.create", new Dictionary<string, object?>
                {
                    ["name"] = candidate,
                    ["is_private"] = wanted.Private,
                    ["team_id"] = where.IsOrganisation ? where.Workspace : null,
                }, stop);
                return Made(where, answer.At("channel")!.Value, candidate);
            }
            catch (SlackFault fault) when (fault.Error == "name_taken")
            {
                // By another; or, when the answer to an earlier try was lost, perhaps by the bot itself.
                if (n > 1 && wanted.Since is not null && await OwnAsync(where, candidate, wanted, stop) is { } own)
                {
                    return own;
                }
            }
        }

        throw new SlackFault(SlackTrouble.Refused, "name_taken", $"{MostTwins} channels are named like {name}");
    }

    public async Task<IReadOnlyList<NotInvited>> InviteAsync(Installed where, Place room, IReadOnlyList<PersonRef> people, CancellationToken stop)
    {
        var refused = new List<NotInvited>();
        foreach (var some in people.Where(p => p.UserId.Length > 0 && p.UserId != where.BotUserId).Chunk(MostInvited))
        {
            try
            {
                await api.CallAsync(where, "conversations.invite", new Dictionary<string, object?> { ["channel"] = room.Channel, ["users"] = string.Join(',', some.Select(p => p.UserId)), ["force"] = true }, stop);
            }
            catch (SlackFault fault) when (fault.Trouble == SlackTrouble.Refused && fault.Error is "already_in_channel" or "cant_invite_self")
            {
                // There already; of several, each by itself.
                refused.AddRange(some.Length == 1 ? [] : await OneByOneAsync(where, room, some, stop));
            }
            catch (SlackFault fault) when (fault.Trouble == SlackTrouble.Refused)
            {
                refused.AddRange(some.Length == 1 ? [new NotInvited(some[0], fault.Error)] : await OneByOneAsync(where, room, some, stop));
            }
        }

        return refused;
    }

    /// <summary>Topic, bookmark and pin; what a workspace does not allow is passed over, since the room works without.</summary>
    public async Task<bool> FurnishAsync(Installed where, string channel, RoomLook look, CancellationToken stop)
    {
        await TryAsync("conversations.setTopic", new() { ["channel"] = channel, ["topic"] = RichText.Briefly(look.Topic, LongestTopic) });
        if (look.CardId is { } card)
        {
            await TryAsync("pins.add", new() { ["channel"] = channel, ["timestamp"] = card });
        }

        if (look.DocumentUrl is { } url)
        {
            await TryAsync("bookmarks.add", new() { ["channel_id"] = channel, ["title"] = "Post-mortem", ["type"] = "link", ["link"] = url, ["emoji"] = ":memo:" });
        }

        return true;

        async Task TryAsync(string method, Dictionary<string, object?> arguments)
        {
            try
            {
                await api.CallAsync(where, method, arguments, stop);
            }
            catch (SlackFault fault) when (fault.Trouble == SlackTrouble.Refused || (fault.Trouble == SlackTrouble.Unknown && method == "bookmarks.add"))
            {
                // Logged where it was refused; a bookmark of which nobody knows is not added twice.
            }
        }
    }

    private async Task<List<NotInvited>> OneByOneAsync(Installed where, Place room, IEnumerable<PersonRef> people, CancellationToken stop)
    {
        var refused = new List<NotInvited>();
        foreach (var person in people)
        {
            refused.AddRange(await InviteAsync(where, room, [person], stop));
        }

        return refused;
    }

    // The answer to an earlier try was lost: a channel of that name, made by the bot since, that no incident has, is the one.
    private async Task<RoomMade?> OwnAsync(Installed where, string name, RoomWanted wanted, CancellationToken stop)
    {
        if (await ByNameAsync(where, "users.conversations", name, stop) is not { } channel || channel.Text("id") is not { } id
            || channel.Text("creator") != where.BotUserId || channel.Flag("is_private") != wanted.Private
            || DateTimeOffset.FromUnixTimeSeconds(channel.Number("created") ?? 0) < wanted.Since!.Value.AddMinutes(-10))
        {
            return null;
        }

        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<BotDb>().Rooms.AnyAsync(r => r.Workspace == where.Workspace && r.Channel == id && r.IncidentId != wanted.IncidentId, stop)
            ? null : Made(where, channel, name);
    }

    private async Task<JsonElement?> ByIdAsync(Installed where, string id, CancellationToken stop)
    {
        try
        {
            var found = (await api.CallAsync(where, "conversations.info", new Dictionary<string, object?> { ["channel"] = id }, stop)).At("channel");
            return found is { } channel && (channel.Flag("is_member") || channel.Flag("is_im") || !channel.Flag("is_private")) ? channel : null;
        }
        catch (SlackFault fault) when (fault.Trouble == SlackTrouble.Refused)
        {
            return null;
        }
    }

    private async Task<JsonElement?> ByNameAsync(Installed where, string method, string name, CancellationToken stop)
    {
        var channels = api.EachAsync(where, method, "channels", name, new Dictionary<string, object?>
        {
            ["types"] = "public_channel,private_channel",
            ["exclude_archived"] = true,
            ["limit"] = 999,
            ["team_id"] = where.IsOrganisation ? where.Workspace : null,
        }, stop);
        await foreach (var channel in channels)
        {
            if (channel.Text("name") is { } found && found.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return channel;
            }
        }

        return null;
    }

    // Cards name the channel by its id, which Slack shows by its name of the day.
    private static RoomMade Made(Installed where, JsonElement channel, string name) => new(channel.Text("id")!, channel.Text("name") ?? name, null);

    private static string Trim(string name, int most) => (name.Length <= most ? name : name[..most]).TrimEnd('-');
}
