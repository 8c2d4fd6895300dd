using IncidentBot.Core.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace IncidentBot.Keys;

/// <summary>Seals secrets with the key ring.</summary>
public sealed class Seal(IDataProtectionProvider protection) : ISeal
{
    private readonly IDataProtector _protector = protection.CreateProtector("IncidentBot.Secrets.v1");

    string ISeal.Seal(string secret) => _protector.Protect(secret);

    public string Unseal(string sealedSecret) => _protector.Unprotect(sealedSecret);
}
