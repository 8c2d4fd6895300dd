using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Fakes;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Tests.ActionItems;

/// <summary>Incidents that are over, with owners and items as a test wants them.</summary>
public abstract class FollowUpScene
{
    protected const string Workspace = "local";

    /// <summary>A Tuesday.</summary>
    protected static DateTimeOffset Start { get; } = new(2026, 3, 3, 12, 0, 0, TimeSpan.Zero);

    protected static Incident Over(BotDb db, int number, DateTimeOffset at, string? @class = null, int severity = 2, Person? by = null)
    {
        var incident = new Incident { Workspace = Workspace, Year = 2026, Number = number, Title = $"Incident {number}", DeclaredById = by?.Id, DeclaredByName = "Ann Field", Platform = "webchat", DeclaredIn = "incidents", DeclaredAt = at, Class = @class };
        incident.Classify(severity, false);
        incident.ChangeStatus(Status.Resolved, null, new(Person.Bot("webchat", Workspace), at.AddHours(2)));
        db.Incidents.Add(incident);
        db.Rooms.Add(new Room { IncidentId = incident.Id, Platform = "webchat", Workspace = Workspace, HomeChannel = "incidents", Channel = $"room-{number}", Name = $"room-{number}", State = RoomState.Ready, AnnouncementId = "a" });
        return incident;
    }

    protected static Person Owner(BotDb db, string id, string zone)
    {
        var person = new Person { Platform = "webchat", Workspace = Workspace, UserId = id, Name = id, TimeZone = zone };
        db.People.Add(person);
        return person;
    }

    protected static ActionItem Item(BotDb db, Incident incident, Person? owner, DateOnly? due, DateTimeOffset at, int priority = 2)
    {
        var item = new ActionItem { IncidentId = incident.Id, Number = incident.NextAction(), Text = $"Add an alert for queue {incident.Number}-{incident.LastAction}", State = ActionState.Open, Priority = priority, Type = ActionType.Prevent, CreatedAt = at };
        if (owner is not null)
        {
            item.GiveTo(owner, at);
        }

        item.SetDue(due, at);
        db.ActionItems.Add(item);
        return item;
    }

    /// <summary>Every card that somebody has been sent directly, with when.</summary>
    protected static Task<List<(string To, DateTimeOffset At, string Words)>> DirectsAsync(BotUnderTest bot) => bot.InDatabaseAsync(async db =>
        (await db.Set<IncidentBot.WebChat.ChatMessage>().Where(m => m.Room.StartsWith("dm-") && m.Author == "").ToListAsync()).Select(m => (m.Room[3..], m.At, CardWords.Of(Card.FromJson(m.Body)))).ToList());

    /// <summary>Every card of the bot in a room.</summary>
    protected static Task<List<(DateTimeOffset At, string Words)>> PostsAsync(BotUnderTest bot, string room) => bot.InDatabaseAsync(async db =>
        (await db.Set<IncidentBot.WebChat.ChatMessage>().Where(m => m.Room == room && m.Author == "").ToListAsync()).Select(m => (m.At, CardWords.Of(Card.FromJson(m.Body)))).ToList());

    /// <summary>An incident that is over, by typing.</summary>
    protected static async Task<(string Code, string Room)> ResolvedAsync(WebChatDriver chat)
    {
        var (code, room) = await chat.DeclaresAsync("ann", "sev1 checkout is down");
        await chat.CommandAsync("ann", "resolve", room);
        return (code, room);
    }

    /// <summary>The first item, as the API tells it.</summary>
    protected static async Task<System.Text.Json.JsonElement> ItemAsync(WebChatDriver chat) => (await chat.Bot.GetAsync("/api/v1/action-items")).GetProperty("items")[0];
}
