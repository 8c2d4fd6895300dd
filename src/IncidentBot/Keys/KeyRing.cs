using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml.Linq;
using IncidentBot.Core.Storage;
using IncidentBot.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace IncidentBot.Keys;

/// <summary>Where the keys live: beside a SQLite file, or in a shared PostgreSQL; wrapped when a secret or certificate is set.</summary>
public static class KeyRing
{
    public static IServiceCollection AddKeyRing(this IServiceCollection services, Settings settings)
    {
        var protection = services.AddDataProtection().SetApplicationName("IncidentBot");
        services.AddSingleton<ISeal, Seal>();
        if (settings.Database.Provider == DatabaseProvider.Postgres)
        {
            services.AddSingleton<DatabaseKeys>();
            services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(sp =>
                new ConfigureOptions<KeyManagementOptions>(o => o.XmlRepository = sp.GetRequiredService<DatabaseKeys>()));
        }
        else
        {
            protection.PersistKeysToFileSystem(PrivateFiles.Directory(Path.Combine(settings.DataDirectory, "keys")));
        }

        if (settings.KeysCertificate is { Length: > 0 } path)
        {
            protection.ProtectKeysWithCertificate(Load(path));
        }
        else if (settings.KeysSecret is { Length: > 0 } secret)
        {
            services.AddSingleton(new SecretWrap(secret));
            services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(sp =>
                new ConfigureOptions<KeyManagementOptions>(o => o.XmlEncryptor = sp.GetRequiredService<SecretWrap>()));
        }

        return services;
    }

    private static X509Certificate2 Load(string path)
    {
        try
        {
            return X509CertificateLoader.LoadPkcs12FromFile(path, null);
        }
        catch (CryptographicException fault)
        {
            throw new SettingsFault($"Keys:Certificate: {path} is no PFX file without a password. Export the certificate with its private key and no password, readable by the bot alone.", fault);
        }
    }
}

/// <summary>Keys in the database, for every process that shares it.</summary>
public sealed class DatabaseKeys(IServiceScopeFactory scopes) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        return [.. scope.ServiceProvider.GetRequiredService<BotDb>().Keys.AsNoTracking().Select(k => k.Xml).AsEnumerable().Select(x => XElement.Parse(x))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        db.Keys.Add(new StoredKey { Name = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
        db.SaveChanges();
    }
}

/// <summary>Wraps keys with AES-256-GCM under a key that is derived from the configured secret.</summary>
public sealed class SecretWrap(string secret) : IXmlEncryptor
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: "IncidentBot key ring v1"u8.ToArray());

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var wrapped = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceSize));
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(wrapped.AsSpan(0, NonceSize), plain, wrapped.AsSpan(NonceSize + TagSize), wrapped.AsSpan(NonceSize, TagSize));
        return new(new XElement("wrapped", Convert.ToBase64String(wrapped)), typeof(SecretUnwrap));
    }

    internal XElement Decrypt(XElement encrypted)
    {
        var wrapped = Convert.FromBase64String(encrypted.Value);
        var plain = new byte[wrapped.Length - NonceSize - TagSize];
        using var aes = new AesGcm(_key, TagSize);
        aes.Decrypt(wrapped.AsSpan(0, NonceSize), wrapped.AsSpan(NonceSize + TagSize), wrapped.AsSpan(NonceSize, TagSize), plain);
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }
}

/// <summary>Unwraps keys; data protection makes it by its type name, which therefore never changes.</summary>
public sealed class SecretUnwrap(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) => services.GetRequiredService<SecretWrap>().Decrypt(encryptedElement);
}
