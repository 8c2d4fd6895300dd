using System.Globalization;
using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Insights;
using IncidentBot.Core.Reports;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using IncidentBot.Keys;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Pages;

/// <summary>The read API.</summary>
public static class Api
{
    private const int MostInOnePage = 200;
    private const int UsualPage = 50;

    public static void MapApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1").AddEndpointFilter(async (context, next) =>
        {
            var header = context.HttpContext.Request.Headers.Authorization.ToString();
            var token = context.HttpContext.RequestServices.GetRequiredService<ApiToken>();
            return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && token.Accepts(header["Bearer ".Length..].Trim())
                ? await next(context)
                : Results.Json(new ApiFault("Send the header Authorization: Bearer TOKEN; the token stands in DataDirectory/api-token."), statusCode: 401);
        });
        api.MapGet("/incidents", ListAsync).WithName("listIncidents").Produces<PageOf<ApiIncident>>();
        api.MapGet("/incidents/{id}", IncidentAsync).WithName("getIncident").Produces<ApiIncident>().Produces<ApiFault>(404).Produces<ApiFault>(409);
        api.MapGet("/incidents/{id}/timeline", TimelineAsync).WithName("getTimeline").Produces<ListOf<ApiEntry>>().Produces<ApiFault>(404);
        api.MapGet("/incidents/{id}/transcript", TranscriptAsync).WithName("getTranscript").Produces<PageOf<ApiMessage>>().Produces<ApiFault>(404);
        api.MapGet("/incidents/{id}/review", ReviewAsync).WithName("getReview").Produces<ApiReview>().Produces<ApiFault>(404);
        api.MapGet("/incidents/{id}/documents/{name}", DocumentAsync).WithName("getDocument").Produces<string>(200, "text/markdown", "text/html").Produces<ApiFault>(404);
        api.MapGet("/action-items", ActionItemsAsync).WithName("listActionItems").Produces<ListOf<ApiActionItem>>();
        api.MapGet("/insights", InsightsAsync).WithName("getInsights").Produces<ApiInsights>();
        api.MapFallback("/{**rest}", () => Results.Json(new ApiFault("There is nothing at this address; /openapi/v1.json describes what exists."), statusCode: 404)).ExcludeFromDescription();
    }

    private static async Task<IResult> ListAsync(
        BotDb db, string? status, string? severity, bool? replayed, string? workspace, int? limit, string? cursor, CancellationToken stop)
    {
        var query = db.Incidents.AsNoTracking();
        if (!string.IsNullOrEmpty(status))
        {
            if (!Words.TryRead<Status>(status, out var wanted))
            {
                return Wrong($"status: not known. Use one of {string.Join(", ", Words.Of<Status>())}.");
            }

            query = query.Where(i => i.Status == wanted);
        }

        if (!string.IsNullOrEmpty(severity))
        {
            if (Severity.Read(severity) is not { } wanted)
            {
                return Wrong("severity: not known. Use SEV1 to SEV4.");
            }

            query = query.Where(i => i.Severity == wanted);
        }

        if (replayed is { } isReplayed)
        {
            query = query.Where(i => i.Replayed == isReplayed);
        }

        if (!string.IsNullOrEmpty(workspace))
        {
            query = query.Where(i => i.Workspace == workspace);
        }

        if (!string.IsNullOrEmpty(cursor))
        {
            if (cursor.Split('.') is not [var ticks, var last] || !long.TryParse(ticks, out var at) || !long.TryParse(last, out var id))
            {
                return Wrong("cursor: not one that this API has given out. Use nextCursor of the page before, or leave it empty.");
            }

            var before = new DateTimeOffset(at, TimeSpan.Zero);
            query = query.Where(i => i.DeclaredAt < before || (i.DeclaredAt == before && i.Id < id));
        }

        var size = Math.Clamp(limit ?? UsualPage, 1, MostInOnePage);
        var page = await query.OrderByDescending(i => i.DeclaredAt).ThenByDescending(i => i.Id).Take(size + 1).ToListAsync(stop);
        var items = await ShapeAsync(db, page.Take(size).ToList(), stop);
        return Results.Ok(new PageOf<ApiIncident>(items, page.Count > size ? $"{page[size - 1].DeclaredAt.UtcTicks}.{page[size - 1].Id}" : null));
    }

    private static async Task<IResult> IncidentAsync(string id, BotDb db, string? workspace, CancellationToken stop)
    {
        var (incident, otherwise) = await FindAsync(db, id, workspace, stop);
        return incident is null ? otherwise! : Results.Ok((await ShapeAsync(db, [incident], stop))[0]);
    }

    private static async Task<IResult> TimelineAsync(string id, BotDb db, string? workspace, CancellationToken stop)
    {
        var (incident, otherwise) = await FindAsync(db, id, workspace, stop);
        if (incident is null)
        {
            return otherwise!;
        }

        var timeline = await Chronology.LoadAsync(db, incident, stop);
        return Results.Ok(new ListOf<ApiEntry>([.. timeline.Entries.Select(e => new ApiEntry(
            incident.Workspace, e.Seq, Time(e.OccurredAt), Time(e.EndedAt), Time(e.RecordedAt)!, e.Kind.Word(), timeline.PhaseOf(e)?.Word(), e.Text.Plain, e.ActorName, e.AddedByName,
            e.Source.Word(), e.Link, [.. e.Evidence.Select(v => new ApiEvidence(v.Text, v.Url, v.File))], e.RevisionCount))]));
    }

    private static async Task<IResult> TranscriptAsync(string id, BotDb db, Merges merges, string? workspace, string? cursor, int? limit, CancellationToken stop)
    {
        var (incident, otherwise) = await FindAsync(db, id, workspace, stop);
        if (incident is null)
        {
            return otherwise!;
        }

        var rooms = await merges.WithMergedAsync(incident.Id, stop);
        var query = db.Transcript.AsNoTracking().Where(m => rooms.Contains(m.IncidentId) && m.PostedAt != null);
        if (!string.IsNullOrEmpty(cursor))
        {
            if (cursor.Split('.') is not [var ticks, var last] || !long.TryParse(ticks, out var at) || !long.TryParse(last, out var row))
            {
                return Wrong("cursor: not one that this API has given out. Use nextCursor of the page before, or leave it empty.");
            }

            var after = new DateTimeOffset(at, TimeSpan.Zero);
            query = query.Where(m => m.PostedAt > after || (m.PostedAt == after && m.Id > row));
        }

        var size = Math.Clamp(limit ?? MostInOnePage, 1, 1000);
        var page = await query.OrderBy(m => m.PostedAt).ThenBy(m => m.Id).Take(size + 1).ToListAsync(stop);
        var items = page.Take(size).Select(m => new ApiMessage(
            incident.Workspace, m.MessageId, Time(m.PostedAt)!, m.AuthorName, m.DeletedAt is null ? m.Text.Plain : "", m.Thread, Time(m.EditedAt), Time(m.DeletedAt), m.Link)).ToList();
        return Results.Ok(new PageOf<ApiMessage>(items, page.Count > size ? $"{page[size - 1].PostedAt!.Value.UtcTicks}.{page[size - 1].Id}" : null));
    }

    private static async Task<IResult> ReviewAsync(string id, BotDb db, ScriptShelf shelf, string? workspace, CancellationToken stop)
    {
        var (incident, otherwise) = await FindAsync(db, id, workspace, stop);
        return incident is null ? otherwise!
            : await ReviewFacts.LoadAsync(db, shelf, incident, stop) is { } facts ? Results.Ok(ReviewApi.Of(facts))
            : Results.Json(new ApiFault("There is no review of this incident yet; one is offered when it is resolved."), statusCode: 404);
    }

    private static async Task<IResult> DocumentAsync(string id, string name, BotDb db, BuildPostMortem build, ReportWriter report, string? workspace, CancellationToken stop)
    {
        var (incident, otherwise) = await FindAsync(db, id, workspace, stop);
        return incident is null ? otherwise!
            : await Documents.RenderAsync(incident, name, build, report, stop)
            ?? Results.Json(new ApiFault("There is no document of that name. There are report.md and report.html."), statusCode: 404);
    }

    private static async Task<IResult> InsightsAsync(GatherFigures gather, TimeProvider time, string? workspace, DateOnly? since, CancellationToken stop)
    {
        var figures = await gather.OfAsync(string.IsNullOrEmpty(workspace) ? null : workspace, since is { } day ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero) : null, time.GetUtcNow(), stop);
        return Results.Ok(ApiInsights.Of(figures, since));
    }

    private static async Task<IResult> ActionItemsAsync(
        BotDb db, TimeProvider time, string? owner, string? state, bool? overdue, string? workspace, CancellationToken stop)
    {
        var query = db.ActionItems.AsNoTracking().Include(a => a.Incident).AsQueryable();
        if (!string.IsNullOrEmpty(owner))
        {
            query = query.Where(a => a.OwnerName == owner);
        }

        if (!string.IsNullOrEmpty(workspace))
        {
            query = query.Where(a => a.Incident!.Workspace == workspace);
        }

        if (!string.IsNullOrEmpty(state))
        {
            if (!Words.TryRead<ActionState>(state, out var wanted))
            {
                return Wrong($"state: not known. Use one of {string.Join(", ", Words.Of<ActionState>())}.");
            }

            query = query.Where(a => a.State == wanted);
        }

        if (overdue is { } late)
        {
            var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
            query = query.Where(a => (a.State != ActionState.Done && a.State != ActionState.Verified && a.State != ActionState.NotDoing && a.Due != null && a.Due < today) == late);
        }

        var items = await query.OrderBy(a => a.CreatedAt).ThenBy(a => a.Id).ToListAsync(stop);
        return Results.Ok(new ListOf<ApiActionItem>([.. items.Select(a => new ApiActionItem(
            $"{a.Incident!.Code}/{a.Code}", a.Incident.Workspace, a.Incident.Code, a.Text, a.OwnerName, a.Team, a.Type?.Word(), a.Priority is { } p ? $"P{p}" : null,
            a.Due?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), a.State.Word(), a.SuccessCriteria, a.Ticket, Time(a.CompletedAt)))]));
    }

    private static async Task<(Incident? Incident, IResult? Otherwise)> FindAsync(BotDb db, string code, string? workspace, CancellationToken stop)
    {
        if (Core.Chat.CommandReader.ReadCode(code) is not { Year: var year, Number: var number })
        {
            return (null, Results.Json(new ApiFault("An incident's id looks like INC-2026-0001."), statusCode: 404));
        }

        var found = await db.Incidents.AsNoTracking()
            .Where(i => i.Year == year && i.Number == number && (string.IsNullOrEmpty(workspace) || i.Workspace == workspace)).ToListAsync(stop);
        return found switch
        {
            [] => (null, Results.Json(new ApiFault("There is no incident of that id."), statusCode: 404)),
            [var only] => (only, null),
            _ => (null, Results.Json(new { error = "Several workspaces have an incident of that id. Add ?workspace=NAME.", workspaces = found.Select(i => i.Workspace).Order() }, statusCode: 409)),
        };
    }

    private static async Task<List<ApiIncident>> ShapeAsync(BotDb db, List<Incident> incidents, CancellationToken stop)
    {
        var ids = incidents.Select(i => i.Id).ToList();
        var roles = (await db.RoleAssignments.AsNoTracking().Where(r => ids.Contains(r.IncidentId)).OrderBy(r => r.From).ThenBy(r => r.Id).ToListAsync(stop)).ToLookup(r => r.IncidentId);
        var reviews = await db.Reviews.AsNoTracking().Where(r => ids.Contains(r.IncidentId)).ToDictionaryAsync(r => r.IncidentId, stop);
        var rooms = await db.Rooms.AsNoTracking().Where(r => ids.Contains(r.IncidentId)).ToDictionaryAsync(r => r.IncidentId, stop);
        var marks = (await db.Entries.AsNoTracking()
            .Where(e => ids.Contains(e.IncidentId) && (e.Marker != null || e.Kind == EntryKind.Detected || e.Kind == EntryKind.ImpactBegins || e.Kind == EntryKind.ImpactEnds))
            .ToListAsync(stop)).ToLookup(e => e.IncidentId);
        return [.. incidents.Select(i =>
        {
            var m = Milestones.Of(i, marks[i.Id]);
            var room = rooms.GetValueOrDefault(i.Id);
            var x = i.Impact;
            return new ApiIncident(
                i.Code, i.Workspace, i.Title, i.Kind.Word(), i.Class, i.Severity is { } s ? Severity.Name(s) : null, i.Status.Word(), i.Private, i.Drill, i.Replayed,
                Time(i.DeclaredAt)!, Time(m.Started), Time(m.Detected), Time(m.Acknowledged), Time(m.Mitigated), Time(m.Resolved),
                m.Duration is { } d ? (long)d.TotalSeconds : null,
                [.. roles[i.Id].Select(r => new ApiRole(r.Role, r.PersonName, Time(r.From)!, Time(r.To)))], i.Services,
                new(x.UsersAffected, x.RequestsAffected, x.Revenue, x.Sla, x.SupportTickets, x.Escalations, x.EngineeringTime, x.DataLoss, x.Reputation, x.UserExperience, x.Downstream),
                room is null ? null : new(room.Platform, room.Channel, room.Name, room.Url), PostMortemOf(reviews.GetValueOrDefault(i.Id)));
        })];
    }

    // Until documents can be approved, a document counts as done when its review is closed.
    private static ApiPostMortem PostMortemOf(Review? review) => new(
        review switch { { LegalHold: true } or { State: ReviewState.NotHeld } => "none", { State: ReviewState.Closed } => "final", { State: ReviewState.Running } => "in-review", _ => "draft" }, Time(review?.DocumentDueAt));

    private static string? Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    private static IResult Wrong(string what) => Results.Json(new ApiFault(what), statusCode: 400);
}
