using System.Collections.Concurrent;
using System.Text.Json;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Slack.Install;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentBot.Slack.Outbound;

/// <summary>Knows the names and time zones of Slack's people, and the names of channels; what Slack does not tell in time is asked again later.</summary>
public sealed class SlackPeople(SlackApi api, Installations installations, IServiceScopeFactory scopes, TimeProvider time) : IPlatformPeople, ILoop
{
    /// <summary>How long a person who waits for an answer waits for a name.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1200);

    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(1);

    private static readonly DateTimeOffset ForGood = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentDictionary<(string Workspace, string Id), Entry> _known = new();
    private readonly ConcurrentDictionary<(string Workspace, string Id), bool> _supposed = new();
    private DateTimeOffset? _unnamedSince = DateTimeOffset.MinValue;

    public string Platform => SlackServices.Platform;

    string ILoop.Name => "names";

    /// <summary>The name of a person or channel, without @ or #; null while it is not known.</summary>
    public string? Name(string workspace, string id) => _known.TryGetValue((workspace, id), out var entry) ? entry.Facts?.Name : null;

    /// <summary>True when there is no use in asking now.</summary>
    public bool Knows(string workspace, string id) => _known.TryGetValue((workspace, id), out var entry) && (entry.Facts is not null || entry.AskAgainAt > time.GetUtcNow());

    /// <summary>What a request says of where someone belongs; it counts until Slack has been asked.</summary>
    public void Suppose(string workspace, string id, string? team)
    {
        if (team is not null && !_supposed.ContainsKey((workspace, id)))
        {
            _supposed[(workspace, id)] = team == workspace;
        }
    }

    public void Learn(string workspace, string id, PersonFacts facts) => _known[(workspace, id)] = new(facts, DateTimeOffset.MaxValue);

    public async Task<PersonFacts?> FindAsync(PersonRef who, CancellationToken stop)
    {
        if (!Knows(who.Workspace, who.UserId))
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(Patience);
            await AskAsync([(who.Workspace, who.UserId)], patience.Token);
        }

        // Someone of whom nothing can be had is a guest, unless the request itself says that they belong here.
        return _known.TryGetValue((who.Workspace, who.UserId), out var entry) && entry.Facts is { } facts ? facts : new(who.UserId, "UTC", IsGuest: !Belongs(who.Workspace, who.UserId));
    }

    /// <summary>Those whom neither memory nor the database knows.</summary>
    public async Task<IReadOnlyList<(string Workspace, string Id)>> UnknownAsync(BotDb db, IReadOnlyCollection<(string Workspace, string Id)> wanted, CancellationToken stop)
    {
        if (wanted.Count == 0)
        {
            return [];
        }

        var ids = wanted.Select(w => w.Id).ToList();
        foreach (var p in await db.People.AsNoTracking().Where(p => p.Platform == SlackServices.Platform && ids.Contains(p.UserId) && p.Name != p.UserId).ToListAsync(stop))
        {
            Learn(p.Workspace, p.UserId, new(p.Name, p.TimeZone, p.IsGuest, p.IsGone));
        }

        return [.. wanted.Where(w => !Knows(w.Workspace, w.Id))];
    }

    /// <summary>Makes names known before they are needed, for as long as someone may wait.</summary>
    public async Task KnowAsync(string workspace, IEnumerable<string> ids, CancellationToken stop)
    {
        var wanted = ids.Where(id => id.Length > 0 && !Knows(workspace, id)).Distinct().Select(id => (workspace, id)).ToList();
        if (wanted.Count == 0)
        {
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await AskAsync(await UnknownAsync(scope.ServiceProvider.GetRequiredService<BotDb>(), wanted, patience.Token), patience.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Without the names, then.
        }
    }

    /// <summary>Asks Slack; does not throw, since what people said counts more than their names.</summary>
    public Task AskAsync(IEnumerable<(string Workspace, string Id)> wanted, CancellationToken stop) =>
        Task.WhenAll(wanted.Take(50).Select(async w => await AskOneAsync(w.Workspace, w.Id, stop)));

    /// <summary>Names that could not be had when they were needed are asked for again, and put right where the person has written meanwhile.</summary>
    public async Task<int> RunOnceAsync(CancellationToken stop)
    {
        if (_unnamedSince is not { } since || since > time.GetUtcNow() - (since == DateTimeOffset.MinValue ? TimeSpan.Zero : AskAgain))
        {
            return 0;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        var unnamed = await db.People.AsNoTracking().Where(p => p.Platform == SlackServices.Platform && p.Name == p.UserId).Take(50).ToListAsync(stop);
        _unnamedSince = unnamed.Count == 0 ? null : time.GetUtcNow();
        var named = 0;
        foreach (var person in unnamed)
        {
            _known.TryRemove((person.Workspace, person.UserId), out _);
            await AskOneAsync(person.Workspace, person.UserId, stop);
            if (_known.TryGetValue((person.Workspace, person.UserId), out var entry) && entry.Facts is { } facts && facts.Name != person.UserId)
            {
                await scope.ServiceProvider.GetRequiredService<PeopleDirectory>().RefreshAsync(person.Ref, facts, stop);
                await db.SaveChangesAsync(stop);
                named++;
            }
        }

        return named;
    }

    public Task<TimeSpan?> UntilNextAsync(CancellationToken stop) => Task.FromResult(_unnamedSince is { } since ? since + AskAgain - time.GetUtcNow() : (TimeSpan?)null);

    /// <summary>What a user object of Slack says.</summary>
    /// <param name="workspace">The workspace that looks at them: whoever belongs to another, and to no organisation of both, is a guest.</param>
    public static PersonFacts Facts(JsonElement user, string workspace, string? enterprise)
    {
        string? Filled(params ReadOnlySpan<string> path) => user.Text(path) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
        var name = Filled("profile", "display_name") is null ? Filled("profile", "real_name") : Filled("profile", "real_name") ?? Filled("profile", "display_name");
        var team = user.Text("team_id");
        var foreign = team is not null && team != workspace && team != enterprise && (enterprise is null || user.Text("enterprise_user", "enterprise_id") != enterprise);
        return new(
            name ?? Filled("real_name") ?? Filled("name") ?? user.Text("id") ?? "",
            user.Text("tz") is { } tz && TimeZoneInfo.TryFindSystemTimeZoneById(tz, out _) ? tz : "UTC",
            foreign || user.Flag("is_stranger") || user.Flag("is_restricted") || user.Flag("is_ultra_restricted"),
            user.Flag("deleted"),
            AwayUntil(user));
    }

    // What Slack itself proposes for holidays and for being ill; without an end it lasts until the status changes, of which Slack tells.
    private static DateTimeOffset? AwayUntil(JsonElement user) => user.Text("profile", "status_emoji") is not (":palm_tree:" or ":face_with_thermometer:" or ":beach_with_umbrella:") ? null
        : user.At("profile", "status_expiration") is { ValueKind: JsonValueKind.Number } end && end.TryGetInt64(out var seconds) && seconds > 0 && seconds < ForGood.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : ForGood;

    private bool Belongs(string workspace, string id) => _supposed.TryGetValue((workspace, id), out var belongs) && belongs;

    private async Task AskOneAsync(string workspace, string id, CancellationToken stop)
    {
        try
        {
            var where = await installations.GetAsync(workspace, stop);
            if (id[0] is 'C' or 'G' or 'D')
            {
                var channel = await api.CallAsync(where, "conversations.info", new Dictionary<string, object?> { ["channel"] = id }, stop);
                Learn(workspace, id, new(channel.Text("channel", "name") ?? id, "UTC", false));
                return;
            }

            var answer = await api.CallAsync(where, "users.info", new Dictionary<string, object?> { ["user"] = id }, stop);
            Learn(workspace, id, Facts(answer.At("user") ?? default, workspace, where.EnterpriseId));
        }
        catch (SlackFault fault) when (fault.Trouble == SlackTrouble.Refused)
        {
            // Nobody of that id, or nobody that the bot may know of: the id stands for the name.
            Learn(workspace, id, new(id, "UTC", IsGuest: !Belongs(workspace, id)));
        }
        catch (Exception fault) when (fault is SlackFault or OperationCanceledException || Core.Chat.StoreUnavailable.IsCause(fault))
        {
            _known[(workspace, id)] = new(null, time.GetUtcNow() + AskAgain);
            _unnamedSince ??= time.GetUtcNow();
        }
    }

    /// <summary>What is known of an id, or when it may be asked for again.</summary>
    private sealed record Entry(PersonFacts? Facts, DateTimeOffset AskAgainAt);
}
