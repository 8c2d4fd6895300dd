using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Pages;

/// <summary>Invitations to live reviews as calendar files, for those who may see the incident.</summary>
public static class Meetings
{
    public static void MapMeetings(this IEndpointRouteBuilder app) => app.MapGet("/reviews/{id}/meeting.ics", InvitationAsync).ExcludeFromDescription();

    private static async Task<IResult> InvitationAsync(string id, Viewer viewer, BotDb db, Installation installation, TimeProvider time, HttpContext http, string? @as, CancellationToken stop)
    {
        if (await viewer.OfAsync(http, @as, stop) is not { } person)
        {
            return Sessions.SignInNeeded(http);
        }

        var (incident, _) = await viewer.FindAsync(id, person, stop);
        var review = incident is null ? null : await db.Reviews.AsNoTracking().FirstOrDefaultAsync(r => r.IncidentId == incident.Id && r.MeetingAt != null, stop);
        if (review is null)
        {
            return Page.Of<Views.NotThere>(http.With(404));
        }

        Page.Guard(http);
        var text = Meeting.Calendar(incident!, review, $"{installation.PublicUrl}/documents/{incident!.Code}/report.html", time.GetUtcNow());
        return Results.File(System.Text.Encoding.UTF8.GetBytes(text), "text/calendar; charset=utf-8", $"review-{incident.Code.ToLowerInvariant()}.ics");
    }
}
