using System.Security.Cryptography;
using System.Text;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;

namespace IncidentBot.Core.People;

/// <summary>Sends a person a link into the web pages, by direct message.</summary>
public sealed class SendWebLink(BotDb db, Installation installation) : IHandle<CommandInvoked>
{
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);

    /// <summary>How a token stands in the database.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    public Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        db.WebLinks.Add(new WebLink { TokenHash = Hash(token), PersonId = turn.By.Id, ExpiresAt = turn.Now + Lasts });
        var card = new Card
        {
            Title = "Your link into the web pages",
            Tone = Tone.Primary,
            Parts =
            [
                new TextPart(new RichText([new(SpanKind.Link, "Sign in", $"{installation.PublicUrl}/session/{token}")])),
                new TextPart("It works once, within ten minutes, and opens the pages as you: do not pass it on.", Quiet: true),
            ],
        };
        db.Outbox.Add(OutboxRow.ToPerson(turn.By.Ref, card, null));
        return Task.FromResult(Answer.Private("I have sent you a link by direct message. It works once, within ten minutes."));
    }
}
