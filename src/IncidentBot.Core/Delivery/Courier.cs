using IncidentBot.Core.ActionItems.Chasing;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Facilitation.Answers;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Core.Delivery;

/// <summary>Sends what the outbox owes, in order for each lane and several lanes at once.</summary>
public sealed partial class Courier(
    IServiceScopeFactory scopes, IEnumerable<IChat> chats, Installation installation, Signals signals, Meters meters, TimeProvider time, ILogger<Courier> log) : ILoop
{
    private const int MostAtOnce = 8;

    private readonly Dictionary<string, IChat> _chats = chats.ToDictionary(c => c.Platform);

    public string Name => "outbox";

    public async Task<int> RunOnceAsync(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        await using var lead = await db.TryLeadAsync("courier", stop);
        if (lead is null)
        {
            return 0;
        }

        var now = time.GetUtcNow();
        var (posts, digests) = (scope.ServiceProvider.GetRequiredService<ReviewPosts>(), scope.ServiceProvider.GetRequiredService<DigestPosts>());
        var jobs = await AimAsync(db, posts, digests, now, stop);
        await Task.WhenAll(jobs.Select(j => RunAsync(j, stop)));

        foreach (var job in jobs)
        {
            await SettleAsync(db, posts, digests, scope.ServiceProvider.GetRequiredService<TakeReplies>(), job, now, stop);
        }

        if (jobs.Count > 0)
        {
            // One commit: what a crash takes with it is looked for on the platform before it is sent again.
            await db.SaveChangesAsync(stop);
            signals.Changed();
        }

        return jobs.Count;
    }

    public async Task<TimeSpan?> UntilNextAsync(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        var platforms = _chats.Keys.ToList();
        var now = time.GetUtcNow();
        return await db.Outbox.Where(r => platforms.Contains(r.Platform) && r.State == RowState.Pending && r.NotBefore > now
            && !db.Outbox.Any(o => o.Lane == r.Lane && o.State == RowState.Pending && o.Id < r.Id)).MinAsync(r => r.NotBefore, stop) - now;
    }

    // The first row of each lane, marked as begun before anything leaves: after a crash the platform is asked first whether it was sent.
    private async Task<List<Job>> AimAsync(BotDb db, ReviewPosts posts, DigestPosts digests, DateTimeOffset now, CancellationToken stop)
    {
        var platforms = _chats.Keys.ToList();
        // What an incident waits for goes before the weekly messages, however many there are.
        // A lane whose head waits, for its time or for its place, is left out whole, so that no number of waiting rows stops the others.
        var rows = await db.Outbox.Where(r => platforms.Contains(r.Platform) && r.State == RowState.Pending && (r.NotBefore == null || r.NotBefore <= now)
            && !db.Outbox.Any(o => o.Lane == r.Lane && o.State == RowState.Pending && o.Id < r.Id)
            && (r.DirectTo != null || r.Channel != null || r.Kind == OutboxKind.Retraction || !db.Rooms.Any(x => x.IncidentId == r.IncidentId
                && ((x.State == RoomState.Pending && !r.Home)
                    || (x.AnnouncementId == null && (r.Home || x.State == RoomState.InThread || (x.State == RoomState.Failed && !db.Incidents.Any(i => i.Id == x.IncidentId && i.Private)))))))).OrderBy(r => r.Kind == OutboxKind.Digest).ThenBy(r => r.Id).Take(MostAtOnce).ToListAsync(stop);
        var begun = rows.ToDictionary(r => r.Id, r => r.BegunAt);
        foreach (var row in rows)
        {
            row.BegunAt ??= now;
        }

        await db.SaveChangesAsync(stop);
        var jobs = new List<Job>();
        foreach (var row in rows)
        {
            if (row.Body.Length > 0)
            {
                // A redaction may have come in between.
                await db.Entry(row).ReloadAsync(stop);
            }

            if (row.State == RowState.Pending && begun[row.Id] is null && await IsOvertakenAsync(db, row, stop))
            {
                jobs.Add(new(row, _ => Task.FromResult(""), true));
            }
            else if (row.State == RowState.Pending && await AimAsync(db, posts, digests, row, begun[row.Id], stop) is { } send)
            {
                jobs.Add(new(row, send, begun[row.Id] is null));
            }
            else
            {
                row.BegunAt = begun[row.Id];
            }
        }

        await db.SaveChangesAsync(stop);
        return jobs;
    }

    private async Task<Func<CancellationToken, Task<string>>?> AimAsync(BotDb db, ReviewPosts posts, DigestPosts digests, OutboxRow row, DateTimeOffset? begun, CancellationToken stop)
    {
        var chat = _chats[row.Platform];
        var sending = new Sending($"outbox-{row.Id}", begun);
        PersonRef Person(string id) => new(row.Platform, row.Workspace, id);
        if (row.Kind == OutboxKind.HomePage)
        {
            return async s =>
            {
                await chat.ShowHomeAsync(Person(row.DirectTo!), Card.FromJson(row.Body), s);
                return "";
            };
        }

        if (row.Kind == OutboxKind.Digest)
        {
            return await DrawAsync("list of actions", async () => await digests.RenderAsync(row, stop) is { } post ? s => DigestPosts.PutAsync(chat, Person(row.DirectTo!), post, sending, s) : _ => Task.FromResult(""));
        }

        if (row.DirectTo is not null)
        {
            return s => chat.PostDirectAsync(Person(row.DirectTo), Card.FromJson(row.Body), sending, s);
        }

        if (row.Channel is { } channel)
        {
            return async s =>
            {
                var id = channel.StartsWith('#') ? null : channel;
                foreach (var name in channel.StartsWith('#') ? channel.Split(',') : [])
                {
                    id ??= await chat.FindChannelAsync(row.Workspace, name.TrimStart('#'), s);
                }

                var at = new Place(row.Platform, row.Workspace, id ?? throw new ChatFault($"there is no channel {channel}", permanent: true), row.Thread);
                return row.OnlyFor is { } one ? await chat.PostPrivatelyAsync(at, Person(one), Card.FromJson(row.Body), sending, s) : await chat.PostAsync(at, Card.FromJson(row.Body), sending, s);
            };
        }

        var room = await db.Rooms.AsNoTracking().FirstOrDefaultAsync(r => r.IncidentId == row.IncidentId, stop);
        if (row.Kind == OutboxKind.Retraction)
        {
            var what = await WhatToRetractAsync(db, row, room, stop);
            return async s =>
            {
                await chat.RetractAsync(what, s);
                return "";
            };
        }

        if (room is null || (room.State == RoomState.Failed && await db.Incidents.AnyAsync(i => i.Id == row.IncidentId && i.Private, stop)))
        {
            return _ => throw new ChatFault("the incident has no room", permanent: true);
        }

        if ((row.Home ? room.Home : room.Here) is not { } place)
        {
            return null;
        }

        if (row.Kind == OutboxKind.Review)
        {
            return await DrawAsync("review", async () => await posts.RenderAsync(row, stop) is { } post ? s => ReviewPosts.PutAsync(chat, place, post, sending, s) : _ => Task.FromResult(""));
        }

        if (row.PromptId is { } prompt)
        {
            // Where the room is a thread itself, it is the only one.
            place = place.Thread is not null ? place : place with { Thread = await db.Prompts.Where(p => p.Id == prompt).Select(p => p.MessageId).FirstOrDefaultAsync(stop) };
        }

        return row.Kind == OutboxKind.Document ? s => PutDocumentAsync(chat, place, room.DocumentId, row.Body, sending, s)
            : row.OnlyFor is { } only ? s => chat.PostPrivatelyAsync(place, Person(only), Card.FromJson(row.Body), sending, s)
            : s => chat.PostAsync(place, Card.FromJson(row.Body), sending, s);
    }

    // What cannot be drawn is tried again by itself, and must not hold up everybody's posts.
    private static async Task<Func<CancellationToken, Task<string>>> DrawAsync(string what, Func<Task<Func<CancellationToken, Task<string>>>> draw)
    {
        try
        {
            return await draw();
        }
        catch (Exception fault) when (fault is FormatException or InvalidOperationException or ArgumentException or NullReferenceException or KeyNotFoundException)
        {
            return _ => throw new ChatFault($"the {what} cannot be drawn ({fault.GetType().Name})", fault);
        }
    }

    private static async Task<Retraction> WhatToRetractAsync(BotDb db, OutboxRow row, Room? room, CancellationToken stop)
    {
        var declared = await db.Incidents.Where(i => i.Id == row.IncidentId).Select(i => i.DeclaredAt).FirstAsync(stop);
        var direct = await db.Outbox.AsNoTracking().Where(r => r.IncidentId == row.IncidentId && r.State == RowState.Done && r.DirectTo != null && r.MessageId != null && r.MessageId != "").ToListAsync(stop);
        // Overviews of all incidents may hold the words too.
        var elsewhere = await db.Outbox.AsNoTracking().Where(r => (r.IncidentId == row.IncidentId || (r.IncidentId == null && r.Platform == row.Platform && r.Workspace == row.Workspace && r.Lane.StartsWith("channel:") && r.CreatedAt >= declared)) && r.State == RowState.Done && r.Channel != null && r.MessageId != null && r.MessageId != "").ToListAsync(stop);
        return new(
            $"outbox-{row.Id}",
            row.Workspace,
            [.. new[] { room?.State == RoomState.Ready ? room.Here : null, room?.Home }.OfType<Place>()],
            [.. direct.Select(d => (new PersonRef(d.Platform, d.Workspace, d.DirectTo!), d.MessageId!))],
            [.. elsewhere.SelectMany(e => e.Channel!.Split(',').Select(c => (c, e.MessageId!)))], [.. new[] { room?.CardId, room?.AnnouncementId }.OfType<string>()], room?.DocumentId, declared, Timeline.RedactedWords.FromJson(row.Body).Holds);
    }

    private static async Task<string> PutDocumentAsync(IChat chat, Place place, string? documentId, string body, Sending sending, CancellationToken stop) =>
        await chat.PutDocumentAsync(place, documentId, System.Text.Json.JsonSerializer.Deserialize<ChatDocument>(body)!, sending, stop) ?? "";

    private static async Task RunAsync(Job job, CancellationToken stop)
    {
        using var span = Tracing.Source.StartActivity("send");
        try
        {
            job.MessageId = await job.Send(stop);
        }
        catch (ChatFault fault)
        {
            job.Fault = fault;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // Whatever else went wrong, one row must not hold up the others.
            job.Fault = new ChatFault(fault.GetType().Name, fault);
        }
    }

    private async Task SettleAsync(BotDb db, ReviewPosts posts, DigestPosts digests, TakeReplies replies, Job job, DateTimeOffset now, CancellationToken stop)
    {
        var row = job.Row;
        if (job.Fault is { } fault)
        {
            // Only what is certain not to have left need not be looked for.
            row.BegunAt = job.IsFirst && fault.NothingSent ? null : row.BegunAt;
            await FailAsync(db, row, fault, now, stop);
            return;
        }

        (row.State, row.MessageId, row.Body, row.NotBefore) = (RowState.Done, job.MessageId, "", null);
        if (row.Kind == OutboxKind.Document && job.MessageId is { Length: > 0 } document
            && await db.Rooms.FirstOrDefaultAsync(r => r.IncidentId == row.IncidentId, stop) is { } room)
        {
            room.DocumentId = document;
        }

        if (row.Kind == OutboxKind.Digest)
        {
            await digests.SentAsync(row, stop);
        }

        if (row.Kind == OutboxKind.Review)
        {
            if (await posts.PostedAsync(row, stop) is { } prompt)
            {
                await replies.AdoptAsync(prompt, stop);
            }
        }

        meters.Sent(row.Platform);
    }

    // A later row shows the same, newer: ten changes cost one update.
    private static Task<bool> IsOvertakenAsync(BotDb db, OutboxRow row, CancellationToken stop) => row.Kind == OutboxKind.Digest ? db.Outbox.AnyAsync(r => r.DigestId == row.DigestId && r.State == RowState.Pending && r.Id > row.Id, stop)
        : row.Kind != OutboxKind.Review ? Task.FromResult(false)
        : db.Outbox.AnyAsync(r => r.Kind == OutboxKind.Review && r.IncidentId == row.IncidentId && r.PromptId == row.PromptId && r.State == RowState.Pending && r.Id > row.Id, stop);

    private async Task FailAsync(BotDb db, OutboxRow row, ChatFault fault, DateTimeOffset now, CancellationToken stop)
    {
        // To wait as long as the platform asks is no failed try.
        row.Attempts += fault.RetryAfter is null ? 1 : 0;
        row.Fault = fault.Message;
        if (!fault.Permanent && row.Attempts < Backoff.Tries)
        {
            row.NotBefore = now + (fault.RetryAfter ?? Backoff.After(row.Attempts));
            meters.Failed("out", givenUp: false);
            Log.Fault(log, row.Lane, fault.Permanent, fault.Message);
            return;
        }

        // The words of a redaction must not lie about for ever.
        (row.State, row.Body) = (RowState.Dead, row.Kind == OutboxKind.Retraction ? "" : row.Body);
        meters.Failed("out", givenUp: true);
        Log.Dead(log, row.Id, row.Lane, fault.Message);
        if (row is { IncidentId: null, Channel: { } channel, OnlyFor: null })
        {
            // Nobody would miss what never came.
            var admins = installation.Administrators;
            var told = await db.People.Where(p => p.Platform == row.Platform && p.Workspace == row.Workspace && admins.Contains(p.UserId) && !p.IsGone).ToListAsync(stop);
            db.Outbox.AddRange(told.Select(p => OutboxRow.ToPerson(p.Ref, DeliveryWording.NoOverview(channel, fault.Message), null)));
        }

        if (row.IncidentId is not { } id || row.OnlyFor is not null || await db.Incidents.FirstOrDefaultAsync(i => i.Id == id, stop) is not { } incident)
        {
            return;
        }

        var words = row.Kind == OutboxKind.Retraction ? DeliveryWording.NotRetracted(fault.Message) : DeliveryWording.NotDelivered(fault.Message);
        incident.Record(new Acting(People.Person.Bot(incident.Platform, incident.Workspace), now).System(words));
        if (row.DirectTo is null && await db.People.FirstOrDefaultAsync(p => p.Id == incident.DeclaredById, stop) is { } declarer)
        {
            db.Outbox.Add(OutboxRow.ToPerson(declarer.Ref, Card.Words(incident.Code, words), id));
        }
    }

    /// <summary>One row on its way.</summary>
    private sealed class Job(OutboxRow row, Func<CancellationToken, Task<string>> send, bool isFirst)
    {
        public OutboxRow Row => row;

        public bool IsFirst => isFirst;

        public Func<CancellationToken, Task<string>> Send => send;

        public string? MessageId { get; set; }

        public ChatFault? Fault { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Could not send to {Lane} (permanent: {Permanent}): {Fault}")]
        public static partial void Fault(ILogger log, string lane, bool permanent, string fault);

        [LoggerMessage(Level = LogLevel.Error, Message = "Post {Id} to {Lane} is given up: {Fault}")]
        public static partial void Dead(ILogger log, long id, string lane, string fault);
    }
}
