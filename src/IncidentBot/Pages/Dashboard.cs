using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using IncidentBot.Jobs;
using IncidentBot.WebChat.Rendering;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Pages;

/// <summary>The pages of signed-in people: what is open, what is theirs to do, what has been written; and each incident at its permanent address.</summary>
public static class Dashboard
{
    private const int MostRecent = 12;

    private const string Jobs = "/jobs";

    public static void MapDashboard(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", HomeAsync).ExcludeFromDescription();
        app.MapGet("/incidents/{id}", IncidentAsync).ExcludeFromDescription();
        app.MapPost("/action-items/{id}/{number:int}/done", DoneAsync).ExcludeFromDescription();
        app.MapGet(Jobs, JobsAsync).ExcludeFromDescription();
        app.MapPost("/deliveries/retry", RetryAsync).ExcludeFromDescription();
        app.MapFallback(NotThere);
        app.MapGet("/pages.css", (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-cache";
            http.Response.Headers.XContentTypeOptions = "nosniff";
            return Results.Stream(typeof(Dashboard).Assembly.GetManifestResourceStream("pages.css") ?? throw new InvalidOperationException("pages.css is not built in."), "text/css; charset=utf-8");
        }).ExcludeFromDescription();
    }

    private static async Task<IResult> HomeAsync(
        HttpContext http, BotDb db, Permissions permissions, Settings settings, DeadDeliveries dead, TimeProvider time, CancellationToken stop)
    {
        if (await Sessions.PersonAsync(http, db, stop) is not { } person)
        {
            if (settings.WebChat && LocalOnly.IsLocal(http))
            {
                return PageEndpoints.Page(http);
            }

            return Sessions.SignInNeeded(http);
        }

        var visible = permissions.Visible(person).AsNoTracking().Where(i => !i.Imported);
        var open = await visible.Where(Incident.StillOpen)
            .OrderBy(i => i.Severity == null).ThenBy(i => i.Severity).ThenByDescending(i => i.DeclaredAt).ToListAsync(stop);
        var ids = open.ConvertAll(i => i.Id);
        var commanders = (await db.RoleAssignments.AsNoTracking().Where(r => ids.Contains(r.IncidentId) && r.Role == Role.Commander && r.To == null).ToListAsync(stop))
            .ToLookup(r => r.IncidentId, r => r.PersonName);
        var mine = await db.ActionItems.AsNoTracking().Include(a => a.Incident)
            .Where(ActionItem.StillOpen).Where(a => a.OwnerId == person.Id && permissions.Visible(person).Any(i => i.Id == a.IncidentId)).OrderBy(a => a.Due == null).ThenBy(a => a.Due).ThenBy(a => a.Id).ToListAsync(stop);
        var recent = await visible.Where(i => i.Status == Status.Resolved).OrderByDescending(i => i.DeclaredAt).Take(MostRecent).ToListAsync(stop);
        return Page.Of<Views.Home>(http, new()
        {
            ["Person"] = person,
            ["Today"] = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), person.Zone).Date),
            ["Now"] = time.GetUtcNow(),
            ["Open"] = open.Select(i => (i, commanders[i.Id].FirstOrDefault())).ToList(),
            ["Mine"] = mine,
            ["Recent"] = recent,
            ["Dead"] = permissions.IsAdministrator(person) ? await dead.ListAsync(person.Workspace, stop) : null,
            ["WebChat"] = settings.WebChat && LocalOnly.IsLocal(http),
        });
    }

    private static async Task<IResult> IncidentAsync(string id, HttpContext http, BotDb db, Viewer viewer, TimeProvider time, string? @as, CancellationToken stop)
    {
        if (await viewer.OfAsync(http, @as, stop) is not { } person)
        {
            return Sessions.SignInNeeded(http);
        }

        var (incident, named) = await viewer.FindAsync(id, person, stop);
        if (incident is null)
        {
            return Page.Of<Views.NotThere>(http.With(404));
        }

        return Page.Of<Views.IncidentPage>(http, new()
        {
            ["Person"] = person,
            ["SignedIn"] = http.User.Identity?.IsAuthenticated == true,
            ["Sample"] = @as,
            ["Timeline"] = await Chronology.LoadAsync(db, incident, stop),
            ["Merged"] = named!.Id == incident.Id ? null : named.Code,
            ["Roles"] = await db.RoleAssignments.AsNoTracking().Where(r => r.IncidentId == incident.Id).OrderBy(r => r.From).ToListAsync(stop),
            ["Actions"] = await db.ActionItems.AsNoTracking().Where(a => a.IncidentId == incident.Id).OrderBy(a => a.Number).ToListAsync(stop),
            ["Now"] = time.GetUtcNow(),
            ["Review"] = await db.Reviews.AsNoTracking().FirstOrDefaultAsync(r => r.IncidentId == incident.Id, stop),
        });
    }

    private static async Task<IResult> DoneAsync(
        string id, int number, HttpContext http, BotDb db, Router router, IAntiforgery antiforgery, TimeProvider time, CancellationToken stop)
    {
        if (await Sessions.PersonAsync(http, db, stop) is not { } person)
        {
            return Sessions.SignInNeeded(http);
        }

        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return Results.BadRequest();
        }

        // The form's own id: pressing twice does it once.
        var pressed = (await http.Request.ReadFormAsync(stop))["id"].ToString();
        if (pressed.Length is 0 or > 64)
        {
            return Results.BadRequest();
        }

        var place = new Place(person.Platform, person.Workspace, "");
        var answer = await router.DispatchAsync(
            new CommandInvoked($"page-{pressed}", person.Ref, place, time.GetUtcNow(), "done", RichText.Of($"AI-{number}"), CommandReader.NormaliseCode(id)),
            CancellationToken.None);
        return answer is RefusedAnswer refused
            ? Page.Of<Views.Refused>(http.With(409), new() { ["Person"] = person, ["Sentence"] = refused.Refusal.Sentence })
            : answer is Unexpected unexpected ? Page.Of<Views.Refused>(http.With(500), new() { ["Person"] = person, ["Sentence"] = unexpected.Sentence })
            : Results.Redirect("/");
    }

    private static IResult NotThere(HttpContext http) => Page.Of<Views.NotThere>(http.With(StatusCodes.Status404NotFound));

    private static async Task<IResult> JobsAsync(HttpContext http, BotDb db, Permissions permissions, Settings settings, DeadDeliveries dead, LoopHealth loops, TimeProvider time, CancellationToken stop)
    {
        if (await Sessions.PersonAsync(http, db, stop) is not { } person)
        {
            return Sessions.SignInNeeded(http);
        }

        return !permissions.IsAdministrator(person) ? Page.Of<Views.NotThere>(http.With(404)) : Page.Of<Views.JobsPage>(http, new()
        {
            ["Person"] = person,
            ["Runs"] = await db.JobRuns.AsNoTracking().OrderBy(r => r.Name).ToListAsync(stop),
            ["Late"] = await SweepWatch.LateAsync(db, settings, time.GetUtcNow(), loops.Since, stop),
            ["Dead"] = await dead.ListAsync(person.Workspace, stop),
        });
    }

    private static async Task<IResult> RetryAsync(
        HttpContext http, BotDb db, Permissions permissions, DeadDeliveries dead, IAntiforgery antiforgery, CancellationToken stop)
    {
        if (await Sessions.PersonAsync(http, db, stop) is not { } person)
        {
            return Sessions.SignInNeeded(http);
        }

        if (!permissions.IsAdministrator(person))
        {
            return Page.Of<Views.NotThere>(http.With(404));
        }

        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return Results.BadRequest();
        }

        var form = await http.Request.ReadFormAsync(stop);
        await dead.RetryAsync(form["id"].ToString(), person.Workspace, stop);
        return Results.Redirect(form["from"] == Jobs ? Jobs : "/");
    }
}
