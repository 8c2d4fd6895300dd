using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentBot.Core.Chat;
using IncidentBot.Slack.Install;
using IncidentBot.Slack.Outbound;
using IncidentBot.Slack.Rendering;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Slack.Inbound;

/// <summary>Turns commands, buttons, forms and shortcuts of Slack into gestures, and gives their answers in the way that each wants.</summary>
public sealed partial class SlackGestures(
    Router router, SlackAnswers answers, SlackPeople people, Installations installations, ReceiptClock clock, TimeProvider time, ILogger<SlackGestures> log)
{
    /// <summary>Slack waits three seconds; what takes longer is answered afterwards.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2.4);

    /// <summary>A slash command.</summary>
    /// <param name="field">The fields of the request by name.</param>
    /// <returns>The body of the response; null for an empty one.</returns>
    public async Task<string?> CommandAsync(Func<string, string?> field, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        if (field("team_id") is not { Length: > 0 } team || field("user_id") is not { Length: > 0 } user || field("channel_id") is not { Length: > 0 } channel)
        {
            return null;
        }

        var workspace = await SpeaksForAsync(team, field("enterprise_id"), stop);
        if (workspace is null)
        {
            return SlackAnswers.Ephemeral(Card.Words("", NotInstalled));
        }

        // Only members can type a slash command; guests are told apart by what Slack says of them.
        people.Suppose(team, user, team);
        var text = field("text") ?? "";
        var by = new PersonRef(SlackServices.Platform, team, user);
        var trigger = field("trigger_id");
        var reply = new ReplyTo(workspace, by, new(SlackServices.Platform, team, channel), field("response_url"), trigger, Typed: text);
        var dispatched = DispatchAsync(
            reply,
            async () =>
            {
                await people.KnowAsync(team, SlackText.Named(text).Append(user), stop);
                var (verb, words, named) = CommandReader.Read(SlackText.Read(text, id => people.Name(team, id)));
                return new CommandInvoked(trigger ?? Guid.NewGuid().ToString("N"), by, reply.Place, clock.Next(), verb, words, named);
            });
        if (!await InTimeAsync(dispatched, began, stop))
        {
            Afterwards(dispatched, reply);
            return null;
        }

        var answer = await dispatched;
        if (answer is not OpenFormAnswer wanted)
        {
            return answers.InResponse(answer, reply);
        }

        var opening = answers.OpenAsync(wanted.Form, reply, CancellationToken.None);
        if (await InTimeAsync(opening, began, stop))
        {
            return await opening is { } instead ? SlackAnswers.Ephemeral(instead) : null;
        }

        Afterwards(async () =>
        {
            if (await opening is { } card)
            {
                await answers.TellAsync(card, reply, CancellationToken.None);
            }
        });
        return null;
    }

    /// <summary>A button, form or shortcut.</summary>
    /// <returns>The body of the response; null for an empty one.</returns>
    public async Task<string?> InteractiveAsync(JsonElement p, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        var user = p.Text("user", "id");
        var metadata = p.At("view") is { } v ? Modal.Read(v) : default;
        // A view knows where it was opened; in a channel that organisations share, the team is the other side's.
        // An app of a whole organisation gets no team: the person's own is where they are.
        var team = metadata.Workspace ?? p.Text("view", "app_installed_team_id") ?? p.Text("team", "id") ?? p.Text("user", "team_id") ?? p.Text("enterprise", "id");
        if (string.IsNullOrEmpty(user) || string.IsNullOrEmpty(team))
        {
            return null;
        }

        // In a channel that organisations share, what is named beside another team is the other side's.
        var workspace = await SpeaksForAsync(team, p.Text("team", "id") is { } other && other != team ? null : p.Text("team", "enterprise_id") ?? p.Text("enterprise", "id"), stop);
        if (workspace is null)
        {
            var first = p.Items("view", "blocks").Where(b => b.Text("type") == "input").Select(b => b.Text("block_id")).FirstOrDefault();
            return p.Text("type") == "view_submission" && first is not null ? SlackAnswers.Errors(new() { [first] = SlackAnswers.Warning + NotInstalled }) : null;
        }

        people.Suppose(team, user, p.Text("user", "team_id"));
        var by = new PersonRef(SlackServices.Platform, team, user);
        var reply = new ReplyTo(workspace, by, PlaceOf(p, team, user, metadata), p.Text("response_url"), p.Text("trigger_id"))
        {
            ViewId = p.Text("type") == "view_submission" ? p.Text("view", "id") : null,
            FirstField = p.Items("view", "blocks").Where(b => b.Text("type") == "input").Select(b => b.Text("block_id")).FirstOrDefault(),
            Entered = p.Text("type") == "view_submission" && p.At("view") is { } submitted ? Modal.Entered(submitted) : [],
            Fields = [.. p.Items("view", "blocks").Where(b => b.Text("type") == "input").Select(b => b.Text("block_id") ?? "")],
            FromHome = p.Text("view", "type") == "home",
            FromEphemeral = p.Flag("container", "is_ephemeral"),
        };
        if (Read(p, reply) is not { } gesture)
        {
            return null;
        }

        // What takes longer than Slack waits must not need the request any more.
        var quoted = p.At("message") is { } quotes ? SlackBlocksText.Of(quotes) : "";
        var named = SlackText.Named(p.Text("message", "text")).ToList();
        var dispatched = DispatchAsync(reply, async () =>
        {
            await people.KnowAsync(team, gesture is ShortcutUsed { Message: { } m } ? [.. named, user, m.AuthorId] : [user], stop);
            return gesture is ShortcutUsed { Message: { } message } shortcut ? shortcut with { Message = message with { Text = SlackText.Read(quoted, id => people.Name(team, id)) } } : gesture;
        });
        if (!await InTimeAsync(dispatched, began, stop))
        {
            Afterwards(dispatched, reply);
            return reply.ViewId is null ? null : SlackAnswers.Waiting();
        }

        var answer = await dispatched;
        if (reply.ViewId is not null)
        {
            var (body, tell) = answers.ToSubmission(answer, reply);
            await InTimeAsync(tell, began, stop);
            return body;
        }

        var given = GiveAsync(answer, reply);
        // Slack gets its answer in time, and the person theirs a moment later if need be.
        await InTimeAsync(given, began, stop);
        return null;
    }

    private const string NotInstalled = "IncidentBot is not installed in this workspace any more, or cannot reach Slack at the moment. Nothing was done. Try again; if it keeps failing, ask an administrator to run incidentbot doctor.";

    private Gesture? Read(JsonElement p, ReplyTo reply)
    {
        var now = clock.Next();
        var id = p.Text("trigger_id");
        switch (p.Text("type"))
        {
            case "block_actions" when p.Items("actions").FirstOrDefault() is { ValueKind: JsonValueKind.Object } action && action.Text("action_id") is { } key && action.Text("type") == "button":
                return new ButtonPressed(id ?? $"{p.Text("container", "message_ts")}-{action.Text("action_ts")}-{reply.By.UserId}", reply.By, reply.Place, now, BlockKit.KeyOf(key), action.Text("value"));
            case "view_submission" when p.At("view") is { } view && view.Text("callback_id") is { } form:
                // One person can send one view in one state once.
                return new FormSubmitted($"{view.Text("id")}-{view.Text("hash")}", reply.By, reply.Place, now, form, Modal.Read(view).Context, Modal.Values(view));
            case "shortcut" when p.Text("callback_id") is { } shortcut:
                return new ShortcutUsed(id ?? Guid.NewGuid().ToString("N"), reply.By, reply.Place, now, shortcut, null);
            case "message_action" when p.Text("callback_id") is { } onMessage && p.At("message") is { } message && (message.Text("ts") ?? p.Text("message_ts")) is { } ts && SlackTime.Read(ts) is { } at:
                return new ShortcutUsed(id ?? Guid.NewGuid().ToString("N"), reply.By, reply.Place, now, onMessage, new QuotedMessage(
                    ts, message.Text("bot_id") is null ? message.Text("user") ?? "" : "", at, RichText.Empty, SlackLinks.Message(reply.Where.Url, reply.Place.Channel, ts, reply.Place.Thread),
                    message.Text("bot_id") is null ? null : message.Text("username") ?? message.Text("bot_profile", "name") ?? "an app"));
            default:
                // A closed view, a link that was followed, kinds of old: nothing to do.
                return null;
        }
    }

    private static Place PlaceOf(JsonElement p, string team, string user, (string? Workspace, string Channel, string? Thread, string? Context) metadata)
    {
        if (p.At("view") is { } view && view.Text("type") != "home")
        {
            return new(SlackServices.Platform, team, metadata.Channel.Length > 0 ? metadata.Channel : user, metadata.Thread);
        }

        var channel = p.Text("channel", "id") ?? p.Text("container", "channel_id");
        var ts = p.Text("message", "ts") ?? p.Text("message_ts") ?? p.Text("container", "message_ts");
        var thread = p.Text("message", "thread_ts") ?? p.Text("container", "thread_ts");
        return new(SlackServices.Platform, team, channel ?? user, thread == ts ? null : thread);
    }

    private async Task GiveAsync(Answer answer, ReplyTo reply)
    {
        await answers.GiveAsync(answer, reply, CancellationToken.None);
        if (reply.FromHome && answer is not OpenFormAnswer)
        {
            await router.DispatchAsync(new HomeOpened(reply.By, reply.Place, time.GetUtcNow(), ""), CancellationToken.None);
        }
    }

    private async Task<Installed?> SpeaksForAsync(string team, string? enterprise, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Deadline / 2);
        try
        {
            return await installations.FindAsync(team, enterprise, patience.Token);
        }
        catch (Exception fault) when (fault is SlackFault || StoreUnavailable.IsCause(fault) || (fault is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return installations.Provisional(team);
        }
    }

    private async Task<Answer> DispatchAsync(ReplyTo reply, Func<Task<Gesture>> gesture)
    {
        try
        {
            // What was begun is finished, whether or not Slack still listens.
            return await router.DispatchAsync(await gesture(), CancellationToken.None);
        }
        catch (StoreUnavailable)
        {
            return new RefusedAnswer(new NothingSaved(reply.Typed));
        }
        catch (Exception fault)
        {
            var reference = Router.Reference();
            Log.Failed(log, fault, reference);
            return new Unexpected(reference);
        }
    }

    private async Task<bool> InTimeAsync(Task dispatched, long began, CancellationToken stop)
    {
        if (dispatched.IsCompleted)
        {
            return true;
        }

        var left = Deadline - time.GetElapsedTime(began);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(dispatched, Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, waiting.Token));
        await waiting.CancelAsync();
        return dispatched.IsCompleted;
    }

    private void Afterwards(Task<Answer> dispatched, ReplyTo reply) => Afterwards(async () =>
    {
        var answer = await dispatched;
        await (reply.ViewId is null ? GiveAsync(answer, reply) : answers.ToWaitingViewAsync(answer, reply, CancellationToken.None));
    });

    private void Afterwards(Func<Task> work) => _ = Task.Run(async () =>
    {
        try
        {
            await work();
        }
        catch (Exception fault)
        {
            Log.Failed(log, fault, Router.Reference());
        }
    });

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A gesture of Slack failed, reference {Reference}")]
        public static partial void Failed(ILogger log, Exception fault, string reference);
    }
}
