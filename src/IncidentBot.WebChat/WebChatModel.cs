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
            e.HasKey(m => m.Seq);
            e.Property(m => m.Seq).ValueGeneratedNever();
            e.HasIndex(m => m.Id).IsUnique();
            e.HasIndex(m => new { m.Room, m.Seq });
            e.HasIndex(m => m.OutboxId).IsUnique();
        });
        model.Entity<ChatReaction>(e =>
        {
            e.ToTable("webchat_reactions");
            e.HasKey(r => new { r.MessageId, r.UserId, r.Emoji });
        });
        model.Entity<ChatRead>(e =>
        {
            e.ToTable("webchat_reads");
            e.HasKey(r => new { r.UserId, r.Room });
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
public sealed class ChatMessage : IAppended
{
    /// <summary>The order in the room, by <see cref="MessageOrder"/>.</summary>
    public long Seq { get; init; }

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

    /// <summary>The only person who sees it; null: everybody in the room.</summary>
    public string? OnlyFor { get; init; }

    /// <summary>Ids of the files that it carries.</summary>
    public List<string> Files { get; set; } = [];

    /// <summary>What the courier knows the post by, so that the same post is made once.</summary>
    public string? OutboxId { get; init; }
}

/// <summary>Someone's reaction to a message; the pin is kept on the message itself.</summary>
public sealed class ChatReaction
{
    public required string MessageId { get; init; }

    public required string UserId { get; init; }

    public required string Emoji { get; init; }
}

/// <summary>How far someone has read in a room.</summary>
public sealed class ChatRead
{
    public required string UserId { get; init; }

    public required string Room { get; init; }

    /// <summary>The order of the last message that was on the screen.</summary>
    public long Seq { get; set; }
}
