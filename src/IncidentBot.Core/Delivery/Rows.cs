using IncidentBot.Core.Chat;

namespace IncidentBot.Core.Delivery;

/// <summary>What has become of a stored delivery, post or alarm.</summary>
public enum RowState
{
    Pending,
    Done,
    Dead,
}

/// <summary>What a row of the outbox is.</summary>
public enum OutboxKind
{
    Card,
    HomePage,
    Document,
    Retraction,

    /// <summary>A question of a review, or its overview, which is rendered when it goes out.</summary>
    Review,

    /// <summary>A message to an owner about their items, which is rendered when it goes out.</summary>
    Digest,
}

/// <summary>An observation as it arrived, stored before it was acknowledged; its body is emptied once handled.</summary>
public sealed class InboxRow
{
    public long Id { get; set; }

    public required string Platform { get; init; }

    public required string Workspace { get; init; }

    /// <summary>The platform's id of the delivery; the same delivery is stored once.</summary>
    public required string DeliveryId { get; init; }

    public required string Body { get; set; }

    public DateTimeOffset ReceivedAt { get; init; }

    public RowState State { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>The kind of fault and its reference id; never the text of a message.</summary>
    public string? Fault { get; set; }
}

/// <summary>A post that the courier owes a place or a person.</summary>
public sealed class OutboxRow
{
    public long Id { get; set; }

    public long? IncidentId { get; set; }

    /// <summary>Rows of one lane go out in order.</summary>
    public required string Lane { get; init; }

    public required string Platform { get; init; }

    public required string Workspace { get; init; }

    /// <summary>The person whose direct messages it goes to; null: a place of the incident.</summary>
    public string? DirectTo { get; init; }

    /// <summary>True: the thread of the announcement rather than the room.</summary>
    public bool Home { get; init; }

    public OutboxKind Kind { get; init; }

    /// <summary>A channel by its id, or by its name after # (several with commas: the first that exists), that is no place of an incident; with <see cref="Thread"/> the thread in it.</summary>
    public string? Channel { get; init; }

    public string? Thread { get; init; }

    /// <summary>The question of a review that it shows, or in whose thread it goes.</summary>
    public long? PromptId { get; init; }

    /// <summary>The message to an owner that it shows.</summary>
    public long? DigestId { get; init; }

    /// <summary>The only person who sees it in the room; null: everybody there.</summary>
    public string? OnlyFor { get; init; }

    /// <summary>The card or document as JSON.</summary>
    public required string Body { get; set; }

    /// <summary>When it was committed, by the real clock.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    public RowState State { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>When the last try began; its outcome is unknown while the row is pending.</summary>
    public DateTimeOffset? BegunAt { get; set; }

    public string? MessageId { get; set; }

    public string? Fault { get; set; }

    /// <summary>A card for the incident's room, or for the thread of its announcement.</summary>
    public static OutboxRow ToRoom(Incidents.Incident incident, Card card, bool home = false) => new()
    {
        IncidentId = incident.Id,
        Home = home,
        Lane = $"{(home ? "home" : "room")}:{incident.Code}@{incident.Workspace}",
        Platform = incident.Platform,
        Workspace = incident.Workspace,
        Body = card.ToJson(),
    };

    /// <summary>A card that one person alone sees in the incident's room.</summary>
    public static OutboxRow ToOneInRoom(Incidents.Incident incident, PersonRef person, Card card) => new()
    {
        IncidentId = incident.Id,
        OnlyFor = person.UserId,
        Lane = $"only:{person.UserId}:{incident.Code}@{incident.Workspace}",
        Platform = incident.Platform,
        Workspace = incident.Workspace,
        Body = card.ToJson(),
    };

    /// <summary>A question of a review in the incident's room, or without one its overview: posted, or brought up to date where it stands.</summary>
    public static OutboxRow OfReview(Incidents.Incident incident, long? promptId) => new()
    {
        Kind = OutboxKind.Review,
        IncidentId = incident.Id,
        PromptId = promptId,
        Lane = $"room:{incident.Code}@{incident.Workspace}",
        Platform = incident.Platform,
        Workspace = incident.Workspace,
        Body = "",
    };

    /// <summary>A card in the thread of a review's question, behind the question itself.</summary>
    public static OutboxRow UnderPrompt(Incidents.Incident incident, long promptId, Card card, PersonRef? onlyFor = null) => new()
    {
        IncidentId = incident.Id,
        PromptId = promptId,
        OnlyFor = onlyFor?.UserId,
        Lane = $"room:{incident.Code}@{incident.Workspace}",
        Platform = incident.Platform,
        Workspace = incident.Workspace,
        Body = card.ToJson(),
    };

    /// <summary>A card for a channel that is no place of the incident.</summary>
    public static OutboxRow ToChannel(Incidents.Incident incident, string name, Card card) => new()
    {
        IncidentId = incident.Id,
        Channel = $"#{name}",
        Lane = $"channel:{name}@{incident.Workspace}",
        Platform = incident.Platform,
        Workspace = incident.Workspace,
        Body = card.ToJson(),
    };

    /// <summary>A card for the first of some channels of a workspace that exists, about no incident by itself.</summary>
    public static OutboxRow ToChannelOf(string platform, string workspace, IReadOnlyList<string> names, Card card) => new()
    {
        Channel = string.Join(',', names.Select(n => $"#{n}")),
        Lane = $"channel:{names[0]}@{workspace}",
        Platform = platform,
        Workspace = workspace,
        Body = card.ToJson(),
    };

    /// <summary>A message to an owner about their items: sent, or brought up to date where it stands.</summary>
    public static OutboxRow OfDigest(PersonRef person, long digestId) => new()
    {
        Kind = OutboxKind.Digest,
        DigestId = digestId,
        Lane = $"dm:{person.UserId}@{person.Workspace}",
        Platform = person.Platform,
        Workspace = person.Workspace,
        DirectTo = person.UserId,
        Body = "",
    };

    /// <summary>An answer to what someone wrote to the bot, for them alone, where they wrote it.</summary>
    public static OutboxRow Reply(Mentioned to, Card card) => new()
    {
        Channel = to.Place.Channel,
        Thread = to.Place.Thread,
        OnlyFor = to.Direct ? null : to.By.UserId,
        Lane = $"reply:{to.By.UserId}:{to.Place.Channel}@{to.Place.Workspace}",
        Platform = to.Place.Platform,
        Workspace = to.Place.Workspace,
        Body = card.ToJson(),
    };

    /// <summary>The bot's own page for one person; of several that wait only the last matters.</summary>
    public static OutboxRow HomePage(PersonRef person, Card card) => new()
    {
        Kind = OutboxKind.HomePage,
        Lane = $"home-page:{person.UserId}@{person.Workspace}",
        Platform = person.Platform,
        Workspace = person.Workspace,
        DirectTo = person.UserId,
        Body = card.ToJson(),
    };

    /// <summary>Redacted words that must go from what the bot has posted about an incident.</summary>
    public static OutboxRow Retraction(Incidents.Incident incident, Timeline.RedactedWords words) => new()
    {
        Kind = OutboxKind.Retraction,
        IncidentId = incident.Id,
        // Before the documents that are made after it.
        Lane = $"document:{incident.Code}@{incident.Workspace}",
        Platform = incident.Platform,
        Workspace = incident.Workspace,
        Body = words.ToJson(),
    };

    /// <summary>A document for the incident's room.</summary>
    public static OutboxRow OfDocument(Incidents.Incident incident, ChatDocument document) => new()
    {
        Kind = OutboxKind.Document,
        IncidentId = incident.Id,
        Lane = $"document:{incident.Code}@{incident.Workspace}",
        Platform = incident.Platform,
        Workspace = incident.Workspace,
        Body = System.Text.Json.JsonSerializer.Serialize(document),
    };

    /// <param name="notBefore">It waits until then, and nothing else waits for it; null: at once, in order.</param>
    public static OutboxRow ToPerson(PersonRef person, Card card, long? incidentId, DateTimeOffset? notBefore = null) => new()
    {
        IncidentId = incidentId,
        NotBefore = notBefore,
        Lane = notBefore is null ? $"dm:{person.UserId}@{person.Workspace}" : $"later:{Guid.NewGuid():N}",
        Platform = person.Platform,
        Workspace = person.Workspace,
        DirectTo = person.UserId,
        Body = card.ToJson(),
    };
}

/// <summary>A moment at which some handler wants to be called for an incident; one of each key and incident.</summary>
public sealed class Alarm
{
    public long Id { get; set; }

    public long IncidentId { get; set; }

    public required string Key { get; init; }

    public DateTimeOffset DueAt { get; set; }

    public int Attempts { get; set; }
}

/// <summary>A gesture that has been handled, written in the commit of its effects so that it is recognised when it comes again.</summary>
public sealed class HandledGesture
{
    public required string Platform { get; init; }

    public required string Workspace { get; init; }

    public required string GestureId { get; init; }

    public DateTimeOffset At { get; init; }
}

/// <summary>A command whose incident is not clear yet, kept with its words until the person has picked one.</summary>
public sealed class HeldCommand
{
    public string Id { get; init; } = Guid.NewGuid().ToString("N");

    public long PersonId { get; init; }

    public required string Verb { get; init; }

    public required RichText Text { get; set; }

    /// <summary>Ids of stored files that were sent along.</summary>
    public List<string> Files { get; init; } = [];

    public DateTimeOffset At { get; init; }
}
