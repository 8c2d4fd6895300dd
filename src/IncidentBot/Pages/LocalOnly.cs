using System.Net;

namespace IncidentBot.Pages;

/// <summary>Decides whether a request comes from this very machine, without anything in between.</summary>
public static class LocalOnly
{
    private static readonly string[] Forwarding = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"];

    /// <summary>False for a foreign address, a foreign Host, forwarding headers, or a page of another site.</summary>
    public static bool IsLocal(HttpContext http)
    {
        var request = http.Request;
        return http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && (request.Host.Host is "localhost" || (IPAddress.TryParse(request.Host.Host.Trim('[', ']'), out var host) && IPAddress.IsLoopback(host)))
            && Forwarding.All(h => !request.Headers.ContainsKey(h))
            && (!request.Headers.TryGetValue("Sec-Fetch-Site", out var site) || site.ToString() is "same-origin" or "none" || HttpMethods.IsGet(request.Method))
            && (!request.Headers.TryGetValue("Origin", out var origin) || origin.ToString() == $"{request.Scheme}://{request.Host}");
    }
}
