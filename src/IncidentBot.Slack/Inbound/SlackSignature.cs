using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IncidentBot.Slack.Inbound;

/// <summary>Tells whether a request comes from Slack.</summary>
public static class SlackSignature
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>Checks the signature over the raw bytes, in constant time, within five minutes of the bot's clock either way; fails closed.</summary>
    public static bool IsAuthentic(string? secret, string? timestamp, string? signature, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(secret) || signature is not { Length: 67 } || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - seconds) > Window.TotalSeconds)
        {
            return false;
        }

        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes($"v0:{timestamp}:"));
        hmac.AppendData(body);
        Span<byte> hash = stackalloc byte[32];
        hmac.GetHashAndReset(hash);
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes("v0=" + Convert.ToHexStringLower(hash)), Encoding.UTF8.GetBytes(signature));
    }
}
