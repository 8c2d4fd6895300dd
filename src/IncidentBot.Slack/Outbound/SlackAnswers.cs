using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentBot.Core.Chat;
using IncidentBot.Slack.Inbound;
using IncidentBot.Slack.Rendering;

namespace IncidentBot.Slack.Outbound;

/// <summary>Gives people their answers: in the response, through the response_url, in a window, and where nothing else is left by direct message.</summary>
public sealed class SlackAnswers(SlackApi api)
{
    /// <summary>Stands before what was not done, so that nobody takes it for done.</summary>
    public const string Warning = "⚠️ ";

    /// <summary>The body that answers a command; null when there is nothing to say.</summary>
    public string? InResponse(Answer answer, ReplyTo reply)
    {
        if (CardOf(answer) is not { } card)
        {
            return null;
        }

        var pages = BlockKit.Pages(card);
        if (pages.Count > 1)
        {
            _ = MoreAsync(pages, reply);
        }

        return Body(pages[0]);
    }

    /// <summary>Gives an answer to a button, a shortcut, or to what took longer than Slack waits.</summary>
    public async Task GiveAsync(Answer answer, ReplyTo reply, CancellationToken stop)
    {
        var card = answer is OpenFormAnswer form ? await OpenAsync(form.Form, reply, stop) : CardOf(answer);
        if (card is not null)
        {
            await TellAsync(card, reply, stop);
        }
    }

    /// <summary>The body that answers a submitted form, and what is told besides; an empty body closes the form.</summary>
    public (string? Body, Task Tell) ToSubmission(Answer answer, ReplyTo reply) => answer switch
    {
        FieldErrorsAnswer { Errors: var errors } => (Errors(errors.ToDictionary(e => reply.Fields.Contains(e.Key) ? e.Key : reply.FirstField ?? e.Key, e => e.Value)), Task.CompletedTask),
        // The form stays, with everything that was typed.
        RefusedAnswer { Refusal.Sentence: var sentence } when reply.FirstField is { } first => (Errors(new() { [first] = Warning + sentence }), Task.CompletedTask),
        Unexpected { Sentence: var sentence } when reply.FirstField is { } first => (Errors(new() { [first] = Warning + sentence }), Task.CompletedTask),
        OpenFormAnswer { Form: var next } when Modal.View(next, reply.Place) is { } view => (new JsonObject { ["response_action"] = "push", ["view"] = view }.ToJsonString(SlackJson.Options), Task.CompletedTask),
        _ => (null, CardOf(answer) is { } card ? TellAsync(card, reply, CancellationToken.None) : Task.CompletedTask),
    };

    /// <summary>Tells a view that was left waiting how it went.</summary>
    public async Task ToWaitingViewAsync(Answer answer, ReplyTo reply, CancellationToken stop)
    {
        var card = answer is FieldErrorsAnswer { Errors: var errors } ? Card.Words("Not taken", [.. errors.Values]) : CardOf(answer);
        if (card is null)
        {
            return;
        }

        if (answer is FieldErrorsAnswer or RefusedAnswer or Unexpected)
        {
            // The form itself is gone; what was typed into it is not.
            card = card with { Parts = [.. card.Parts, .. reply.Entered.Select(e => new TextPart($"{e.Label}: {e.Value}"))] };
        }

        try
        {
            await api.CallAsync(reply.Where, "views.update", new Dictionary<string, object?> { ["view_id"] = reply.ViewId, ["view"] = Modal.Words(card) }, stop);
        }
        catch (SlackFault)
        {
            await TellAsync(card, reply, stop);
        }
    }

    /// <summary>The view that stands while something takes longer than Slack waits.</summary>
    public static string Waiting() => new JsonObject
    {
        ["response_action"] = "update",
        ["view"] = Modal.Words(Card.Words("Working on it", "This takes a moment longer than usual. What you entered is not lost; this window says so when it is done.")),
    }.ToJsonString(SlackJson.Options);

    public static string Ephemeral(Card card) => Body(BlockKit.One(card));

    /// <summary>Tells one person something, where they are if that is possible.</summary>
    public async Task TellAsync(Card card, ReplyTo reply, CancellationToken stop)
    {
        var pages = BlockKit.Pages(card);
        var replace = reply.FromEphemeral;
        var sent = 0;
        foreach (var page in pages)
        {
            // Five times at most, and not where the address is used up.
            if (sent >= 4 || !await api.RespondAsync(reply.ResponseUrl, Body(page, replace && sent == 0, reply.Place.Thread), stop))
            {
                break;
            }

            sent++;
        }

        foreach (var page in pages.Skip(sent))
        {
            if (!await WhisperAsync(reply, page, stop))
            {
                await SayAsync(reply, page, stop);
            }
        }
    }

    /// <summary>Opens a window, when the trigger lives.</summary>
    /// <returns>Null when it stands open; else the words that do the same.</returns>
    public async Task<Card?> OpenAsync(Form form, ReplyTo reply, CancellationToken stop)
    {
        if (Modal.View(form, reply.Place) is not { } view || reply.TriggerId is null)
        {
            return Instead(form);
        }

        try
        {
            await api.CallAsync(reply.Where, "views.open", new Dictionary<string, object?> { ["trigger_id"] = reply.TriggerId, ["view"] = view }, stop);
            return null;
        }
        catch (SlackFault)
        {
            return Instead(form);
        }
    }

    private static Card Instead(Form form) => Card.Words(
        form.Title, "Slack did not open the form in time; nothing was changed. Do it once more, or type it in one line: /incident help shows how.");

    private async Task<bool> WhisperAsync(ReplyTo reply, SlackMessage page, CancellationToken stop)
    {
        if (reply.Place.Channel is not ['C' or 'G', ..])
        {
            return false;
        }

        try
        {
            await api.CallAsync(reply.Where, "chat.postEphemeral", new Dictionary<string, object?>
            {
                ["channel"] = reply.Place.Channel,
                ["user"] = reply.By.UserId,
                ["thread_ts"] = reply.Place.Thread,
                ["text"] = page.Text,
                ["blocks"] = page.Blocks,
            }, stop);
            return true;
        }
        catch (SlackFault)
        {
            return false;
        }
    }

    private async Task SayAsync(ReplyTo reply, SlackMessage page, CancellationToken stop)
    {
        try
        {
            await api.CallAsync(reply.Where, "chat.postMessage", new Dictionary<string, object?> { ["channel"] = reply.By.UserId, ["text"] = page.Text, ["blocks"] = page.Blocks }, stop);
        }
        catch (SlackFault)
        {
            // Said at most once; what was done is done, and stands on the card.
        }
    }

    private async Task MoreAsync(IReadOnlyList<SlackMessage> pages, ReplyTo reply)
    {
        foreach (var page in pages.Skip(1).Take(4))
        {
            await api.RespondAsync(reply.ResponseUrl, Body(page), CancellationToken.None);
        }

        if (pages.Count > 5)
        {
            await api.RespondAsync(reply.ResponseUrl, Body(new("More than fits", [BlockKit.Context("There is more than fits here: the web pages show all of it (/incident web).")])), CancellationToken.None);
        }
    }

    private static Card? CardOf(Answer answer) => answer switch
    {
        PrivateAnswer a => a.Card,
        RefusedAnswer a => Card.Words("", Warning + a.Refusal.Sentence),
        Unexpected a => Card.Words("", Warning + a.Sentence),
        FieldErrorsAnswer a => Card.Words("", [.. a.Errors.Values]),
        _ => null,
    };

    /// <summary>Errors beside the fields of a submitted form.</summary>
    public static string Errors(Dictionary<string, string> errors) =>
        new JsonObject { ["response_action"] = "errors", ["errors"] = new JsonObject(errors.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)e.Value))) }.ToJsonString(SlackJson.Options);

    private static string Body(SlackMessage page, bool replace = false, string? thread = null)
    {
        var body = new JsonObject { ["response_type"] = "ephemeral", ["text"] = page.Text, ["blocks"] = page.Blocks.DeepClone() };
        if (replace)
        {
            body["replace_original"] = true;
        }
        else if (thread is not null)
        {
            (body["replace_original"], body["thread_ts"]) = (false, thread);
        }

        return body.ToJsonString(SlackJson.Options);
    }
}
