using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace IncidentBot.Fakes.Slack;

/// <summary>Requests as Slack sends them to an app, signed.</summary>
public static class SlackRequests
{
    public static HttpRequestMessage WithSignature(string path, byte[] body, string mediaType, string secret, DateTimeOffset at)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString();
        byte[] basis = [.. Encoding.ASCII.GetBytes($"v0:{timestamp}:"), .. body];
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), basis);
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new(mediaType);
        request.Headers.Add("X-Slack-Request-Timestamp", timestamp);
        request.Headers.Add("X-Slack-Signature", "v0=" + Convert.ToHexStringLower(hash));
        return request;
    }

    public static HttpRequestMessage Event(JsonObject envelope, string secret, DateTimeOffset at, int retry = 0)
    {
        var request = WithSignature("/slack/events", Encoding.UTF8.GetBytes(envelope.ToJsonString()), "application/json", secret, at);
        if (retry > 0)
        {
            request.Headers.Add("X-Slack-Retry-Num", retry.ToString());
            request.Headers.Add("X-Slack-Retry-Reason", "http_timeout");
        }

        return request;
    }

    public static HttpRequestMessage Form(string path, IEnumerable<KeyValuePair<string, string>> fields, string secret, DateTimeOffset at) =>
        WithSignature(path, Encoding.UTF8.GetBytes(string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value)}"))), "application/x-www-form-urlencoded", secret, at);
}
