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
            protection.PersistKeysToFileSystem(new DirectoryInfo(Folder(settings)));
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

    /// <summary>The keys as they are stored: wrapped, when a secret or certificate wraps them.</summary>
    public static IReadOnlyList<string> Export(Settings settings, BotDb db) => settings.Database.Provider == DatabaseProvider.Postgres
        ? [.. db.Keys.AsNoTracking().OrderBy(k => k.Name).Select(k => k.Xml)]
        : Directory.Exists(Folder(settings)) ? [.. Directory.EnumerateFiles(Folder(settings), "*.xml").Order(StringComparer.Ordinal).Select(File.ReadAllText)] : [];

    /// <summary>Where the keys lie beside a SQLite file.</summary>
    public static string Folder(Settings settings) => Path.Combine(settings.DataDirectory, "keys");

    /// <summary>Opens what was sealed with another installation's keys; they are wrapped as this one's are, or not at all.</summary>
    public static Imported Import(Settings settings, IReadOnlyList<string> keys)
    {
        var services = new ServiceCollection();
        var protection = services.AddDataProtection().SetApplicationName("IncidentBot").DisableAutomaticKeyGeneration();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(new ConfigureOptions<KeyManagementOptions>(o => o.XmlRepository = new GivenKeys(keys)));
        if (settings.KeysCertificate is { Length: > 0 } path)
        {
            protection.UnprotectKeysWithAnyCertificate(Load(path));
        }
        else if (settings.KeysSecret is { Length: > 0 } secret)
        {
            services.AddSingleton(new SecretWrap(secret));
        }

        return new(services.BuildServiceProvider());
    }

    /// <summary>The keys of another installation.</summary>
    public sealed class Imported(ServiceProvider services) : IDisposable
    {
        /// <exception cref="SettingsFault">The keys are wrapped with a secret or certificate that is not set here.</exception>
        public string Unseal(string sealedSecret)
        {
            try
            {
                return new Seal(services.GetRequiredService<IDataProtectionProvider>()).Unseal(sealedSecret);
            }
            catch (Exception fault) when (fault is CryptographicException or InvalidOperationException)
            {
                throw new SettingsFault("Keys:Secret: the keys in this file are wrapped with another secret or certificate. Set the Keys:Secret or Keys:Certificate that it was written with. Nothing was loaded.", fault);
            }
        }

        public void Dispose() => services.Dispose();
    }

    /// <summary>Keys that are only read.</summary>
    private sealed class GivenKeys(IReadOnlyList<string> keys) : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements() => [.. keys.Select(k => XElement.Parse(k))];

        public void StoreElement(XElement element, string friendlyName) => throw new InvalidOperationException("These keys belong to another installation.");
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
