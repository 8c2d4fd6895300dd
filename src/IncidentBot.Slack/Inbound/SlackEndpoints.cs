using System.Buffers;
using System.Text;
using System.Text.Json;
using IncidentBot.Core.Delivery;
using IncidentBot.Slack.Install;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace IncidentBot.Slack.Inbound;

/// <summary>Where Slack sends what happens, over HTTP: nothing is looked at before its signature is checked over the raw bytes.</summary>
internal static class SlackEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/slack/events", EventsAsync).ExcludeFromDescription();
        app.MapPost("/slack/commands", CommandsAsync).ExcludeFromDescription();
        app.MapPost("/slack/interactivity", InteractivityAsync).ExcludeFromDescription();
        OAuth.Map(app);
    }

    private static async Task EventsAsync(HttpContext http, SlackSettings settings, SlackDeliveries deliveries, TimeProvider time)
    {
        if (await AuthenticAsync(http, settings, time) is not { } body)
        {
            return;
        }

        using var json = Parse(body);
        if (json?.RootElement.ValueKind != JsonValueKind.Object)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (json.RootElement.Text("type") == "url_verification")
        {
            http.Response.ContentType = "text/plain";
            await http.Response.WriteAsync(json.RootElement.Text("challenge") ?? "");
            return;
        }

        await deliveries.TakeAsync(json.RootElement, body, http.RequestAborted);
    }

    private static async Task CommandsAsync(HttpContext http, SlackSettings settings, SlackGestures gestures, TimeProvider time)
    {
        if (await FieldsAsync(http, settings, time) is not { } fields)
        {
            return;
        }

        if (!fields.ContainsKey("command"))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        await WriteAsync(http, await gestures.CommandAsync(name => fields.TryGetValue(name, out var value) ? value.ToString() : null, http.RequestAborted));
    }

    private static async Task InteractivityAsync(HttpContext http, SlackSettings settings, SlackGestures gestures, TimeProvider time)
    {
        if (await FieldsAsync(http, settings, time) is not { } fields)
        {
            return;
        }

        using var payload = fields.TryGetValue("payload", out var text) ? Parse(Encoding.UTF8.GetBytes(text.ToString())) : null;
        if (payload?.RootElement.ValueKind != JsonValueKind.Object)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        await WriteAsync(http, await gestures.InteractiveAsync(payload.RootElement, http.RequestAborted));
    }

    /// <returns>The fields of a form; null when the request was answered.</returns>
    private static async Task<Dictionary<string, StringValues>?> FieldsAsync(HttpContext http, SlackSettings settings, TimeProvider time)
    {
        var fields = await AuthenticAsync(http, settings, time) is { } body ? QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body)) : null;
        // Slack looks now and then whether the address answers.
        return fields?.ContainsKey("ssl_check") == true ? null : fields;
    }

    /// <returns>The raw body; null when the request was answered with a refusal.</returns>
    private static async Task<byte[]?> AuthenticAsync(HttpContext http, SlackSettings settings, TimeProvider time)
    {
        var body = await ReadAsync(http);
        if (SlackSignature.IsAuthentic(settings.SigningSecret, http.Request.Headers["X-Slack-Request-Timestamp"], http.Request.Headers["X-Slack-Signature"], body, time.GetUtcNow()))
        {
            return body;
        }

        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return null;
    }

    private static async Task<byte[]> ReadAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static JsonDocument? Parse(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // An empty body closes a form; anything else in it would not.
    private static async Task WriteAsync(HttpContext http, string? body)
    {
        if (body is not null)
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            await http.Response.WriteAsync(body);
        }
    }
}
