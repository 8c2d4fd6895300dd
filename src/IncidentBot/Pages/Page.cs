using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IncidentBot.Pages;

/// <summary>Answers with a page of the bot: nothing of others is loaded, framed or run.</summary>
public static class Page
{
    private const string Policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static RazorComponentResult<T> Of<T>(HttpContext http, Dictionary<string, object?>? values = null)
        where T : IComponent
    {
        Guard(http);
        return new(values ?? []) { StatusCode = http.Response.StatusCode };
    }

    /// <summary>Answers with another status than 200.</summary>
    public static HttpContext With(this HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return http;
    }

    /// <summary>The headers of everything that a person opens in a browser.</summary>
    public static void Guard(HttpContext http)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers.CacheControl = "no-store";
    }
}
