using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IncidentBot.WebChat.Rendering;

/// <summary>The page itself, built into the assembly so that it is there wherever the program is started.</summary>
internal static class PageEndpoints
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/", (HttpContext http) => File(http, "index.html", "text/html; charset=utf-8"));
        app.MapGet("/chat/app.js", (HttpContext http) => File(http, "app.js", "text/javascript; charset=utf-8"));
        app.MapGet("/chat/render.js", (HttpContext http) => File(http, "render.js", "text/javascript; charset=utf-8"));
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
