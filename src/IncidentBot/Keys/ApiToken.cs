using System.Security.Cryptography;
using System.Text;
using IncidentBot.Core.Storage;
using IncidentBot.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Keys;

/// <summary>The bearer token of the API: configured, or made once, sealed in the database, and written where the administrator can read it.</summary>
public sealed class ApiToken(Settings settings, IServiceScopeFactory scopes, ISeal seal)
{
    private const string Name = "api-token";

    private byte[] _hash = [];

    /// <summary>Finds or makes the token; processes that share a database share it.</summary>
    public async Task LoadAsync(CancellationToken stop)
    {
        var token = string.IsNullOrWhiteSpace(settings.ApiToken) ? await FindOrMakeAsync(stop) : settings.ApiToken;
        _hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
    }

    /// <summary>Compares in constant time.</summary>
    public bool Accepts(string? presented) =>
        presented is not null && _hash.Length > 0 && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(presented)), _hash);

    private async Task<string> FindOrMakeAsync(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        var stored = await db.Secrets.FirstOrDefaultAsync(s => s.Name == Name, stop);
        if (stored is null)
        {
            stored = new StoredSecret { Name = Name, Sealed = seal.Seal(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))) };
            db.Secrets.Add(stored);
            try
            {
                await db.SaveChangesAsync(stop);
            }
            catch (DbUpdateException fault) when (db.IsContention(fault))
            {
                // Another process was first; its token counts.
                stored = await db.Secrets.AsNoTracking().FirstAsync(s => s.Name == Name, stop);
            }
        }

        string token;
        try
        {
            token = seal.Unseal(stored.Sealed);
        }
        catch (CryptographicException fault)
        {
            throw new SettingsFault("Keys:Secret: the secrets in the database were sealed with other keys. Set the Keys:Secret or Keys:Certificate (on SQLite: put back the keys folder) that the database was made with.", fault);
        }

        await WriteAsync(Path.Combine(settings.DataDirectory, Name), token, stop);
        return token;
    }

    private static async Task WriteAsync(string path, string token, CancellationToken stop)
    {
        await using var file = PrivateFiles.Open(path, FileMode.Create, FileAccess.Write);
        await file.WriteAsync(Encoding.UTF8.GetBytes(token + "\n"), stop);
    }
}
