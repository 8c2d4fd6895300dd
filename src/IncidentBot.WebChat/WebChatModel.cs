using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.WebChat;

/// <summary>The web chat's own tables: it is a chat platform of its own.</summary>
public sealed class WebChatModel : IModelPart
{
    public void Build(ModelBuilder model)
    {
        model.Entity<ChatRoom>(e =>
        {
            e.ToTable("webchat_rooms");
            e.HasKey(r => r.Id);
        });
        model.Entity<ChatMessage>(e =>
        {
            e.ToTable("webchat_messages");
            e.HasKey(m => m.Id);
            e.HasIndex(m => new { m.Room, m.At });
            e.HasIndex(m => m.OutboxId).IsUnique();
        });
    }
}

/// <summary>A room of the web chat; direct messages are rooms too.</summary>
public sealed class ChatRoom
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    public bool Private { get; init; }

    public long? IncidentId { get; init; }
}

/// <summary>A message of the web chat, by a person or by the bot.</summary>
public sealed class ChatMessage
{
    public required string Id { get; init; }

    public required string Room { get; init; }

    public string? Thread { get; init; }

    /// <summary>The author's user id; empty for the bot.</summary>
    public required string Author { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>The spans of a person's message, or the card of the bot, as JSON.</summary>
    public required string Body { get; set; }

    public bool Pinned { get; set; }

    public DateTimeOffset? EditedAt { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>What the courier knows the post by, so that the same post is made once.</summary>
    public string? OutboxId { get; init; }
}
