using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using IncidentBot.Slack.Install;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Slack.Outbound;

/// <summary>Calls Slack's Web API: one way for all methods, within its limits, with typed faults.</summary>
public sealed partial class SlackApi(IHttpClientFactory http, SlackSettings settings, Pacer pacer, ILogger<SlackApi> log)
{
    public const string ClientName = "slack";

    /// <summary>How long an answer may take; after that nobody knows what has become of the call.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Download = TimeSpan.FromMinutes(2);

    private static readonly HashSet<string> Gone = ["invalid_auth", "account_inactive", "token_revoked", "not_authed", "team_access_not_granted"];
    private static readonly HashSet<string> Uncertain = ["internal_error", "fatal_error", "service_unavailable", "request_timeout", "token_expired", "team_added_to_org", "org_login_required"];

    private readonly System.Collections.Concurrent.ConcurrentDictionary<(string Workspace, string Method, string? Channel, string? Thread, string Walk), string> _walks = new();

    /// <summary>Calls a method in a workspace.</summary>
    /// <param name="arguments">Strings, numbers and booleans go as they are, anything else as JSON; nulls are left out.</param>
    /// <returns>Slack's answer, with <c>ok</c> true.</returns>
    /// <exception cref="SlackFault">It was not done, or nobody knows.</exception>
    public Task<JsonElement> CallAsync(Installed where, string method, IReadOnlyDictionary<string, object?> arguments, CancellationToken stop) =>
        CallAsync(where.Workspace, where.Token, method, arguments, stop);

    /// <summary>Calls a method page after page, for as long as the items are asked for.</summary>
    /// <param name="items">The name of the list in each answer.</param>
    /// <param name="walk">What the pages are read for: a walk that a limit has cut short goes on from there when it is begun again.</param>
    /// <exception cref="SlackFault">A page was refused, or nobody knows; what came before it has been given out.</exception>
    public async IAsyncEnumerable<JsonElement> EachAsync(
        Installed where, string method, string items, string walk, IReadOnlyDictionary<string, object?> arguments, [EnumeratorCancellation] CancellationToken stop)
    {
        var page = new Dictionary<string, object?>(arguments);
        var key = (where.Workspace, method, page.GetValueOrDefault("channel") as string, page.GetValueOrDefault("ts") as string, walk);
        page["cursor"] = _walks.TryRemove(key, out var left) ? left : null;
        do
        {
            JsonElement answer;
            try
            {
                answer = await CallAsync(where, method, page, stop);
            }
            catch (SlackFault fault) when (fault.Trouble is SlackTrouble.RateLimited or SlackTrouble.Unknown && page["cursor"] is string { Length: > 0 } at)
            {
                _walks[key] = at;
                throw;
            }
            catch (SlackFault fault) when (fault.Error == "invalid_cursor" && left is not null)
            {
                // What was left there was left too long ago.
                (left, page["cursor"]) = (null, null);
                answer = await CallAsync(where, method, page, stop);
            }

            foreach (var item in answer.Items(items))
            {
                yield return item;
            }

            left = null;
            page["cursor"] = answer.Text("response_metadata", "next_cursor");
        }
        while (page["cursor"] is string { Length: > 0 });
    }

    /// <summary>Calls a method with a token that belongs to no workspace, or with none.</summary>
    public async Task<JsonElement> CallAsync(string workspace, string? token, string method, IReadOnlyDictionary<string, object?> arguments, CancellationToken stop)
    {
        var known = SlackMethods.All[method];
        pacer.Take(workspace, known, arguments.TryGetValue("channel", out var channel) ? channel as string : null);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(settings.ApiBaseUrl, method)) { Content = Form(arguments) };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        HttpStatusCode status;
        JsonElement answer;
        try
        {
            using var response = await http.CreateClient(ClientName).SendAsync(request, stop);
            status = response.StatusCode;
            if (status == HttpStatusCode.TooManyRequests)
            {
                var wait = response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(30);
                pacer.Rest(workspace, known, wait);
                throw new SlackFault(SlackTrouble.RateLimited, "ratelimited", null, wait);
            }

            await using var body = await response.Content.ReadAsStreamAsync(stop);
            using var json = await JsonDocument.ParseAsync(body, cancellationToken: stop);
            answer = json.RootElement.Clone();
            if (response.Headers.TryGetValues("x-oauth-scopes", out var scopes) && method == "auth.test")
            {
                answer = WithScopes(answer, string.Join(',', scopes));
            }
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or JsonException || (fault is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new SlackFault(SlackTrouble.Unknown, "no_answer", $"{method} was not answered ({fault.GetType().Name})", inner: fault)
            {
                Unsent = fault is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError },
            };
        }

        if (answer.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.True)
        {
            return answer;
        }

        var error = answer.TryGetProperty("error", out var e) ? e.GetString() ?? "" : $"http_{(int)status}";
        var trouble = Gone.Contains(error) ? SlackTrouble.Revoked
            : Uncertain.Contains(error) || (int)status >= 500 ? SlackTrouble.Unknown
            : error is "ratelimited" or "rate_limited" or "message_limit_exceeded" ? SlackTrouble.RateLimited
            : SlackTrouble.Refused;
        var wrong = Detail(answer);
        Log.Refused(log, method, workspace, error, wrong);
        throw new SlackFault(trouble, error, wrong, trouble == SlackTrouble.RateLimited ? TimeSpan.FromSeconds(30) : null);
    }

    /// <summary>Posts JSON to a response_url.</summary>
    /// <returns>False when the address is used up, expired, or not one of Slack's.</returns>
    public async Task<bool> RespondAsync(string? url, string json, CancellationToken stop)
    {
        if (!Trusted(url, out var address))
        {
            return false;
        }

        try
        {
            using var content = new StringContent(json, Encoding.UTF8, "application/json");
            using var response = await http.CreateClient(ClientName).PostAsync(address, content, stop);
            return response.IsSuccessStatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Uploads bytes to the address that <c>files.getUploadURLExternal</c> gave.</summary>
    public async Task UploadAsync(string url, byte[] bytes, CancellationToken stop)
    {
        try
        {
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new("application/octet-stream");
            using var response = await http.CreateClient(ClientName).PostAsync(new Uri(url), content, stop);
            response.EnsureSuccessStatusCode();
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new SlackFault(SlackTrouble.Unknown, "no_answer", "the file was not uploaded", inner: fault);
        }
    }

    /// <summary>Downloads a file with the bot's token, which goes to Slack's own hosts alone.</summary>
    /// <exception cref="SlackFault">It is not there, too large, or no file of Slack's.</exception>
    public async Task<byte[]> DownloadAsync(Installed where, string url, long most, CancellationToken stop)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || !IsSlacks(address))
        {
            throw new SlackFault(SlackTrouble.Refused, "foreign_file", "the file does not lie with Slack");
        }

        // The client's own patience ends with the headers.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Download);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", where.Token);
            using var response = await http.CreateClient(ClientName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized
                || (response.Content.Headers.ContentType?.MediaType == "text/html" && !url.EndsWith(".html", StringComparison.OrdinalIgnoreCase)))
            {
                // Slack shows a page to sign in where the scope is missing.
                throw new SlackFault(SlackTrouble.Refused, "file_not_readable", $"http {(int)response.StatusCode}");
            }

            response.EnsureSuccessStatusCode();
            if (response.Content.Headers.ContentLength > most)
            {
                throw new SlackFault(SlackTrouble.Refused, "file_too_large");
            }

            await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
            using var bytes = new MemoryStream();
            var chunk = new byte[81920];
            for (int read; (read = await body.ReadAsync(chunk, patience.Token)) > 0;)
            {
                bytes.Write(chunk, 0, read);
                if (bytes.Length > most)
                {
                    throw new SlackFault(SlackTrouble.Refused, "file_too_large");
                }
            }

            return bytes.ToArray();
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException || (fault is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new SlackFault(SlackTrouble.Unknown, "no_answer", "the file was not downloaded", inner: fault);
        }
    }

    // A response_url comes out of a signed request, and is still not trusted with the bot's words unless its host is.
    private bool Trusted(string? url, out Uri? address) =>
        Uri.TryCreate(url, UriKind.Absolute, out address)
        && ((address.Scheme == "https" && settings.TrustedResponseHosts.Contains(address.Host)) || (address.Scheme == "http" && address.IsLoopback));

    private bool IsSlacks(Uri address) =>
        address.Host == settings.ApiBaseUrl.Host
        || (address.Scheme == "https" && (address.Host.EndsWith(".slack.com", StringComparison.Ordinal) || address.Host == "slack.com"
            || address.Host.EndsWith(".slack-files.com", StringComparison.Ordinal) || address.Host.EndsWith(".slack-gov.com", StringComparison.Ordinal)));

    private static FormUrlEncodedContent Form(IReadOnlyDictionary<string, object?> arguments) =>
        new(arguments.Where(a => a.Value is not null).Select(a => KeyValuePair.Create(a.Key, a.Value switch
        {
            string s => s,
            bool b => b ? "true" : "false",
            int or long => a.Value.ToString()!,
            _ => JsonSerializer.Serialize(a.Value, SlackJson.Options),
        })));

    private static JsonElement WithScopes(JsonElement answer, string scopes)
    {
        var all = answer.EnumerateObject().ToDictionary(p => p.Name, p => (object)p.Value);
        all["scopes"] = scopes;
        return JsonSerializer.SerializeToElement(all);
    }

    // What Slack says of the arguments names places in them, and none of their words.
    private static string? Detail(JsonElement answer)
    {
        var parts = new List<string>();
        if (answer.TryGetProperty("needed", out var needed) && needed.ValueKind == JsonValueKind.String)
        {
            parts.Add($"the scope {needed.GetString()} is missing; install the app again with the manifest");
        }

        if (answer.TryGetProperty("response_metadata", out var metadata) && metadata.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array)
        {
            parts.AddRange(messages.EnumerateArray().Select(m => m.GetString() ?? ""));
        }

        return parts.Count == 0 ? null : string.Join("; ", parts);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Slack refused {Method} in {Workspace}: {Error} {Detail}")]
        public static partial void Refused(ILogger log, string method, string workspace, string error, string? detail);
    }
}
