using System.Security.Claims;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Pages;

/// <summary>Sessions of the web pages: a single-use link opens one as its person, a cookie keeps it, the database ends it.</summary>
public static class Sessions
{
    private const string SessionClaim = "session";
    private const string CookieName = "incidentbot";

    public static IServiceCollection AddSessions(this IServiceCollection services, Settings settings)
    {
        var secure = settings.Installation.PublicUrl.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(o =>
        {
            // The prefix makes browsers refuse a cookie that is not secure, or that another host of the domain has set.
            o.Cookie.Name = secure ? $"__Host-{CookieName}" : CookieName;
            o.Cookie.HttpOnly = true;
            o.Cookie.SameSite = SameSiteMode.Lax;
            o.Cookie.SecurePolicy = secure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            o.Cookie.Path = "/";
            o.ExpireTimeSpan = WebSession.Lasts;
            o.SlidingExpiration = false;
            o.Events.OnValidatePrincipal = ValidateAsync;
            o.Events.OnRedirectToLogin = context => SignInNeeded(context.HttpContext).ExecuteAsync(context.HttpContext);
            o.Events.OnRedirectToAccessDenied = context => SignInNeeded(context.HttpContext).ExecuteAsync(context.HttpContext);
        });
        services.AddAuthorization();
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = "incidentbot-form";
            o.Cookie.HttpOnly = true;
            o.Cookie.SameSite = SameSiteMode.Strict;
            o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            o.FormFieldName = "form-token";
        });
        return services;
    }

    /// <summary>What comes from outside came in by https when the public address says so, whatever a proxy in front makes of it.</summary>
    public static IApplicationBuilder UsePublicScheme(this IApplicationBuilder app, Settings settings)
    {
        var secure = settings.Installation.PublicUrl.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        return app.Use((http, next) =>
        {
            if (secure && !LocalOnly.IsLocal(http))
            {
                http.Request.Scheme = "https";
            }

            return next(http);
        });
    }

    public static void MapSessions(this IEndpointRouteBuilder app)
    {
        // Looking at the link spends nothing: chats fetch links to show a preview of them.
        app.MapGet("/session/{token}", AskAsync).ExcludeFromDescription();
        app.MapPost("/session/{token}", OpenAsync).ExcludeFromDescription();
        app.MapPost("/session/end", EndAsync).ExcludeFromDescription();
    }

    /// <summary>The person of the request's session, or null.</summary>
    public static async Task<Person?> PersonAsync(HttpContext http, BotDb db, CancellationToken stop) =>
        long.TryParse(http.User.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? await db.People.FirstOrDefaultAsync(p => p.Id == id, stop) : null;

    /// <summary>Says that a session is needed, and how to get one.</summary>
    public static IResult SignInNeeded(HttpContext http) => Page.Of<Views.SignInNeeded>(http.With(StatusCodes.Status401Unauthorized));

    private static async Task<IResult> AskAsync(string token, HttpContext http, BotDb db, TimeProvider time, CancellationToken stop)
    {
        var link = await FindAsync(db, token, time, stop);
        if (link is null)
        {
            return Page.Of<Views.LinkIsSpent>(http.With(StatusCodes.Status404NotFound));
        }

        var person = await db.People.FirstAsync(p => p.Id == link.PersonId, stop);
        return Page.Of<Views.OpenSession>(http, new() { ["Name"] = person.Name, ["Token"] = token });
    }

    private static async Task<IResult> OpenAsync(string token, HttpContext http, BotDb db, IAntiforgery antiforgery, TimeProvider time, CancellationToken stop)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return Results.BadRequest();
        }

        var now = time.GetUtcNow();
        var link = await FindAsync(db, token, time, stop);

        // Two clicks at once: the row is marked by one of them only.
        if (link is null || await db.WebLinks.Where(l => l.TokenHash == link.TokenHash && l.UsedAt == null).ExecuteUpdateAsync(l => l.SetProperty(x => x.UsedAt, now), stop) == 0)
        {
            return Page.Of<Views.LinkIsSpent>(http.With(StatusCodes.Status404NotFound));
        }

        var session = new WebSession { PersonId = link.PersonId, ExpiresAt = now + WebSession.Lasts };
        db.WebSessions.Add(session);
        await db.SaveChangesAsync(stop);
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.NameIdentifier, link.PersonId.ToString()), new(SessionClaim, session.Id)], CookieAuthenticationDefaults.AuthenticationScheme);
        await http.SignInAsync(new ClaimsPrincipal(identity), new AuthenticationProperties { IsPersistent = false, IssuedUtc = now, ExpiresUtc = session.ExpiresAt });
        return Results.Redirect("/");
    }

    private static async Task<IResult> EndAsync(HttpContext http, BotDb db, IAntiforgery antiforgery, TimeProvider time, CancellationToken stop)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return Results.BadRequest();
        }

        if (http.User.FindFirstValue(SessionClaim) is { } id && await db.WebSessions.FirstOrDefaultAsync(s => s.Id == id, stop) is { } session)
        {
            session.EndedAt = time.GetUtcNow();
            await db.SaveChangesAsync(stop);
        }

        await http.SignOutAsync();
        return Page.Of<Views.SignedOut>(http);
    }

    private static async Task<WebLink?> FindAsync(BotDb db, string token, TimeProvider time, CancellationToken stop)
    {
        var hash = SendWebLink.Hash(token);
        var now = time.GetUtcNow();
        return await db.WebLinks.AsNoTracking().FirstOrDefaultAsync(l => l.TokenHash == hash && l.UsedAt == null && l.ExpiresAt > now, stop);
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var db = services.GetRequiredService<BotDb>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var id = context.Principal?.FindFirstValue(SessionClaim);
        if (!await db.WebSessions.AnyAsync(s => s.Id == id && s.EndedAt == null && s.ExpiresAt > now, context.HttpContext.RequestAborted))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync();
        }
    }
}
