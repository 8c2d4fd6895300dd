using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IncidentBot.WebChat.Rendering;

/// <summary>The page itself, built into the assembly so that it is there wherever the program is started.</summary>
public static class PageEndpoints
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly string[] Scripts = ["app.js", "compose.js", "connection.js", "draw.js", "completion.js", "panel.js", "messages.js", "forms.js"];

    /// <summary>The page that `/` shows to whoever has no session.</summary>
    public static IResult Page(HttpContext http) => File(http, "index.html", "text/html; charset=utf-8");

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/chat", (HttpContext http) => File(http, "index.html", "text/html; charset=utf-8"));
        foreach (var script in Scripts)
        {
            app.MapGet($"/chat/{script}", (HttpContext http) => File(http, script, "text/javascript; charset=utf-8"));
        }

        app.MapGet("/chat/chat.css", (HttpContext http) => File(http, "chat.css", "text/css; charset=utf-8"));
        app.MapGet("/favicon.ico", () => Results.NoContent());
    }

    private static IResult File(HttpContext http, string name, string type)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers.CacheControl = "no-cache";
        return Results.Stream(Assembly.GetExecutingAssembly().GetManifestResourceStream($"page/{name}") ?? throw new InvalidOperationException($"{name} is not built in."), type);
    }
}
