using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using IncidentBot.Slack.Install;
using IncidentBot.Slack.Outbound;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Slack.Inbound;

/// <summary>Turns stored deliveries of Slack into events, and asks Slack for the names that they want.</summary>
public sealed class SlackInbound(SlackSettings settings, SlackPeople people, SlackThreads threads, Installations installations) : IInbound
{
    private readonly SlackEvents _events = new(settings, people.Name, threads.Of, (workspace, channel, ts, thread) => SlackLinks.Message(installations.Peek(workspace)?.Url, channel, ts, thread));

    public string Platform => SlackServices.Platform;

    public Observation? Translate(InboxRow row) => row.Body.Length == 0 ? null : _events.Translate(row);

    public async ValueTask<Func<CancellationToken, Task>?> WantsAsync(BotDb db, IReadOnlyList<Observation> events, CancellationToken stop)
    {
        var wanted = new HashSet<(string Workspace, string Id)>();
        foreach (var e in events)
        {
            Want(e.Place.Workspace, e.By.UserId);
            foreach (var span in (e switch { MessagePosted p => p.Text, MessageEdited m => m.Text, _ => RichText.Empty }).Spans)
            {
                if (span is { Kind: SpanKind.User or SpanKind.Room, Target: { } id } && (span.Kind == SpanKind.User || span.Text == $"#{id}"))
                {
                    Want(e.Place.Workspace, id);
                }
            }
        }

        var unknown = await people.UnknownAsync(db, wanted, stop);
        var pins = await UnplacedAsync(db, events, stop);
        var doubtful = new List<(string Organisation, DateTimeOffset At)>();
        foreach (var removed in events.OfType<AppRemoved>())
        {
            if (await installations.DoubtfulAsync(db, removed.Place.Workspace, removed.Enterprise, removed.At, stop) is { } organisation)
            {
                doubtful.Add((organisation, removed.At));
            }
        }

        return unknown.Count == 0 && pins.Count == 0 && doubtful.Count == 0 ? null : async s =>
        {
            await people.AskAsync(unknown, s);
            await threads.AskAsync(pins, s);
            foreach (var (organisation, at) in doubtful)
            {
                await installations.AskStillAsync(organisation, at, s);
            }
        };

        void Want(string workspace, string id)
        {
            if (id.Length > 0 && !people.Knows(workspace, id))
            {
                wanted.Add((workspace, id));
            }
        }
    }

    public async Task AbsorbAsync(BotDb db, IReadOnlyList<Observation> events, CancellationToken stop)
    {
        foreach (var removed in events.OfType<AppRemoved>())
        {
            await installations.EndAsync(db, removed.Place.Workspace, removed.At, stop);
        }

        foreach (var changed in events.OfType<PersonChanged>())
        {
            people.Learn(changed.Who.Workspace, changed.Who.UserId, changed.Facts);
        }
    }

    public async Task RedactAsync(BotDb db, Incident incident, string? messageId, RedactedWords words, CancellationToken stop)
    {
        foreach (var row in await db.Inbox.Where(r => r.Platform == Platform && r.Workspace == incident.Workspace && r.State != RowState.Done).ToListAsync(stop))
        {
            if (Read(row) is { } e && Text(e) is { } text && (e.MessageId == messageId || words.Holds(text)))
            {
                // What it would have said is gone for good; its place in the transcript is not needed.
                (row.State, row.Body) = (RowState.Done, "");
            }
        }
    }

    // A row that cannot be read is dead, and must not keep a redaction from the others.
    private Observation? Read(InboxRow row)
    {
        try
        {
            return Translate(row);
        }
        catch (Exception fault) when (fault is System.Text.Json.JsonException or FormatException or NotYet)
        {
            return null;
        }
    }

    private static string? Text(Observation e) => e switch { MessagePosted p => p.Text.Plain, MessageEdited m => m.Text.Plain, _ => null };

    // A pin names its message and not the thread of it; where incidents live in threads, the thread must be asked for.
    private async Task<List<(string Workspace, string Channel, string Ts)>> UnplacedAsync(BotDb db, IReadOnlyList<Observation> events, CancellationToken stop)
    {
        var pins = events.OfType<PinChanged>().Where(p => p.Place.Thread is null && !threads.Knows(p.Place.Workspace, p.Place.Channel, p.MessageId)).ToList();
        var unplaced = new List<(string, string, string)>();
        foreach (var pin in pins)
        {
            if (!await db.Transcript.AnyAsync(m => m.Platform == Platform && m.Workspace == pin.Place.Workspace && m.Channel == pin.Place.Channel && m.MessageId == pin.MessageId && m.PostedAt != null, stop)
                && await db.Rooms.AnyAsync(r => r.Platform == Platform && r.Workspace == pin.Place.Workspace && (r.HomeChannel == pin.Place.Channel || r.DeclaredChannel == pin.Place.Channel), stop)
                && !await db.Rooms.AnyAsync(r => r.Platform == Platform && r.Workspace == pin.Place.Workspace && r.Channel == pin.Place.Channel, stop))
            {
                unplaced.Add((pin.Place.Workspace, pin.Place.Channel, pin.MessageId));
            }
        }

        return unplaced;
    }
}

/// <summary>Addresses of messages.</summary>
internal static class SlackLinks
{
    public static string? Message(string? workspaceUrl, string channel, string ts, string? thread) =>
        workspaceUrl is null ? null : $"{workspaceUrl}archives/{channel}/p{ts.Replace(".", "")}{(thread is null ? "" : $"?thread_ts={thread}&cid={channel}")}";
}
