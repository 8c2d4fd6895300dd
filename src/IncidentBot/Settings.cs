using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using IncidentBot.Core.Incidents;
using IncidentBot.Slack;
using IncidentBot.Storage;
using IncidentBot.Storage.Sqlite;

namespace IncidentBot;

/// <summary>The settings, read once and checked, every complaint by key with what to do.</summary>
public sealed record Settings
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    public required string DataDirectory { get; init; }

    public required DatabaseSettings Database { get; init; }

    public required Installation Installation { get; init; }

    public required bool WebChat { get; init; }

    public required SlackSettings Slack { get; init; }

    public required ImmutableArray<string> Urls { get; init; }

    public string? ApiToken { get; init; }

    public string? KeysSecret { get; init; }

    public string? KeysCertificate { get; init; }

    /// <summary>How often all open action items are looked through.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long handled deliveries and gestures are remembered.</summary>
    public TimeSpan RetainInbox { get; init; } = TimeSpan.FromDays(2);

    /// <summary>Length of time transcripts are kept after they were written.</summary>
    public TimeSpan RetainTranscript { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Length of time the content of files is kept after they were shared; null: for good.</summary>
    public TimeSpan? RetainEvidence { get; init; }

    /// <summary>Where traces and metrics go, in the OpenTelemetry protocol; null: nowhere.</summary>
    public Uri? Collector { get; init; }

    /// <exception cref="SettingsFault">Something is wrong or missing; the message names every key concerned.</exception>
    public static Settings Read(IConfiguration configuration)
    {
        // Wherever they stand: a slip of the finger in the environment or a file must not be passed over either.
        var wrong = Known.Where(k => k.Contains(':')).Select(k => k.Split(':')[0]).Distinct().SelectMany(s => configuration.GetSection(s).AsEnumerable())
            .Where(s => s.Value is not null && s.Key.Contains(':') && !IsKnown(s.Key)).Select(s => NoSuch(s.Key)).Order(StringComparer.Ordinal).ToList();
        var directory = Path.GetFullPath(configuration["DataDirectory"] ?? "./data");
        var urls = (configuration["urls"] ?? DefaultUrl).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToImmutableArray();
        var installation = ReadInstallation(configuration, urls, wrong);
        installation = FollowUpSettings.Read(ReviewSettings.Read(installation, configuration, directory, wrong), configuration, wrong);
        var slack = ReadSlack(configuration, installation.PublicUrl, wrong);
        var settings = new Settings
        {
            DataDirectory = directory,
            Database = ReadDatabase(configuration, directory, wrong),
            Installation = installation,
            WebChat = Bool(configuration, "WebChat:Enabled", !slack.IsOn, wrong),
            Slack = slack,
            Urls = urls,
            ApiToken = configuration["Api:Token"],
            KeysSecret = configuration["Keys:Secret"],
            KeysCertificate = configuration["Keys:Certificate"],
            SweepEvery = Span(configuration, "FollowUps:SweepEvery", TimeSpan.FromMinutes(5), wrong),
            RetainInbox = Span(configuration, "Retention:Inbox", TimeSpan.FromDays(2), wrong),
            RetainTranscript = Span(configuration, "Retention:Transcript", TimeSpan.FromDays(365), wrong),
            RetainEvidence = configuration["Retention:Evidence"] is null or "never" ? null : Span(configuration, "Retention:Evidence", TimeSpan.FromDays(365), wrong),
            Collector = ReadCollector(configuration, wrong),
        };
        if (settings.WebChat && urls.FirstOrDefault(u => !IsLoopback(u)) is { } open)
        {
            wrong.Add($"WebChat:Enabled: the web chat has sample people and no sign-in, so it runs on loopback only, but the address is {open}. Use --urls {DefaultUrl}, or set WebChat:Enabled to false.");
        }

        if (settings.Database.Provider == DatabaseProvider.Postgres && string.IsNullOrWhiteSpace(settings.KeysSecret) && string.IsNullOrWhiteSpace(settings.KeysCertificate))
        {
            wrong.Add("Keys:Secret: on PostgreSQL the key ring lives in the database and must be wrapped. Set Keys:Secret to 32 random characters or more (the same for every process), or Keys:Certificate to a PFX file.");
        }

        if (settings.KeysSecret is { Length: > 0 and < 16 })
        {
            wrong.Add("Keys:Secret: too short. Use 32 random characters or more.");
        }

        if (settings.KeysCertificate is { Length: > 0 } certificate && !File.Exists(certificate))
        {
            wrong.Add($"Keys:Certificate: there is no file {certificate}. Give the path of a PFX file with its private key.");
        }

        if (settings.ApiToken is { Length: > 0 and < 16 })
        {
            wrong.Add("Api:Token: too short. Use 32 random characters or more, or leave it out and one is made.");
        }

        return wrong.Count == 0 ? settings : throw new SettingsFault(string.Join(Environment.NewLine, wrong));
    }

    private static readonly string[] Known =
    [
        "DataDirectory", "Database:Provider", "Database:ConnectionString", "WebChat:Enabled", "Incidents:UpdateEvery", "Incidents:Channels", "Incidents:Room", "Incidents:Stakeholders",
        "Slack:SigningSecret", "Slack:BotToken", "Slack:AppToken", "Slack:ClientId", "Slack:ClientSecret", "Slack:ApiBaseUrl", "Slack:TrustedResponseHosts", "Slack:PinEmoji",
        "Incidents:Roles", "Incidents:Classes", "PublicUrl", "Admins",
        "Keys:Secret", "Keys:Certificate", "Retention:Inbox", "Retention:Transcript", "Retention:Evidence", "Api:Token",
        .. ReviewSettings.Known, .. FollowUpSettings.Known,
    ];

    /// <summary>The settings of a command line that nobody reads, each with the nearest that is read: a slip of the finger must not be passed over.</summary>
    public static IEnumerable<string> Unknown(IReadOnlyList<string> arguments)
    {
        string[] ofTheHost = ["Logging", "OTEL_", "Kestrel", "AllowedHosts"];
        foreach (var name in arguments.Where(a => a.StartsWith("--", StringComparison.Ordinal) && a.Length > 2 && char.IsAsciiLetterUpper(a[2])).Select(a => a[2..].Split('=')[0].Replace("__", ":")))
        {
            if (!ofTheHost.Any(h => name.StartsWith(h, StringComparison.OrdinalIgnoreCase)) && !IsKnown(name) && !Known.Any(k => k.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)))
            {
                yield return NoSuch(name);
            }
        }
    }

    private static bool IsKnown(string name) => Known.Any(k => k.Equals(name, StringComparison.OrdinalIgnoreCase) || name.StartsWith(k + ":", StringComparison.OrdinalIgnoreCase));

    private static string NoSuch(string name) =>
        $"{name}: there is no such setting.{(Core.Chat.Nearest.Of(name, Known) is { } near ? $" Did you mean {near}?" : $" There are: {string.Join(", ", Known)}.")}";

    private static SlackSettings ReadSlack(IConfiguration configuration, string publicUrl, List<string> wrong)
    {
        string? Value(string key) => configuration[$"Slack:{key}"] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
        var usual = new SlackSettings();
        var slack = usual with
        {
            SigningSecret = Value("SigningSecret"),
            BotToken = Value("BotToken"),
            AppToken = Value("AppToken"),
            ClientId = Value("ClientId"),
            ClientSecret = Value("ClientSecret"),
            TrustedResponseHosts = [.. List(configuration, "Slack:TrustedResponseHosts", [.. usual.TrustedResponseHosts])],
            PinEmoji = [.. List(configuration, "Slack:PinEmoji", [.. usual.PinEmoji]).Select(e => e.Trim(':'))],
        };
        if (slack.BotToken is not null && !slack.IsOn)
        {
            wrong.Add("Slack:SigningSecret: missing. With Slack:BotToken set, also set Slack:SigningSecret (from Basic Information of the app; events come over HTTP), or Slack:AppToken (xapp-…; events come over a socket).");
        }

        if (slack.BotToken?.StartsWith("xoxb-", StringComparison.Ordinal) == false)
        {
            wrong.Add("Slack:BotToken: this is no bot token. It begins with xoxb- and stands under OAuth & Permissions of the app.");
        }

        if (slack.AppToken?.StartsWith("xapp-", StringComparison.Ordinal) == false)
        {
            wrong.Add("Slack:AppToken: this is no app-level token. It begins with xapp- and is made under Basic Information of the app, with the scope connections:write.");
        }

        if (slack.IsOn && slack.BotToken is null && !slack.HasOAuth)
        {
            wrong.Add("Slack:BotToken: missing. Set it to the bot's token (xoxb-…), or set Slack:ClientId and Slack:ClientSecret so that workspaces install the app themselves.");
        }

        if (slack.ClientId is null != slack.ClientSecret is null)
        {
            wrong.Add($"Slack:{(slack.ClientId is null ? "ClientId" : "ClientSecret")}: missing. Slack:ClientId and Slack:ClientSecret belong together; both stand under Basic Information of the app.");
        }

        if (slack.HasOAuth && slack.BotToken is not null)
        {
            wrong.Add("Slack:BotToken: with Slack:ClientId set, each workspace brings its own token. Leave one of them out.");
        }

        if (slack.HasOAuth && slack.IsOn && !publicUrl.StartsWith("https://", StringComparison.Ordinal))
        {
            wrong.Add($"PublicUrl: Slack sends people back only to an https address, and it is {publicUrl}. Set it to where this bot is reached from outside, like https://incidents.example.com.");
        }

        if (Value("ApiBaseUrl") is { } api)
        {
            if (Uri.TryCreate(api.TrimEnd('/') + "/", UriKind.Absolute, out var address) && (address.Scheme == "https" || (address.Scheme == "http" && address.IsLoopback)))
            {
                return slack with { ApiBaseUrl = address };
            }

            wrong.Add($"Slack:ApiBaseUrl: '{api}' is no address that tokens may be sent to. Use https, such as https://slack.com/api/.");
        }

        return slack;
    }

    private static Uri? ReadCollector(IConfiguration configuration, List<string> wrong)
    {
        const string Key = "OTEL_EXPORTER_OTLP_ENDPOINT";
        if (configuration[Key] is not { Length: > 0 } value)
        {
            return null;
        }

        if (Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        {
            return uri;
        }

        wrong.Add($"{Key}: '{value}' is no address. Give it like http://collector:4317.");
        return null;
    }

    private static DatabaseSettings ReadDatabase(IConfiguration configuration, string directory, List<string> wrong)
    {
        var word = configuration["Database:Provider"] ?? nameof(DatabaseProvider.Sqlite);
        if (!Enum.TryParse<DatabaseProvider>(word, ignoreCase: true, out var provider))
        {
            wrong.Add($"Database:Provider: '{word}' is not known. Use Sqlite or Postgres.");
        }

        var connection = configuration["Database:ConnectionString"];
        if (provider == DatabaseProvider.Postgres && string.IsNullOrWhiteSpace(connection))
        {
            wrong.Add("Database:ConnectionString: missing. Give it like Host=db;Database=incidentbot;Username=incidentbot;Password=….");
        }

        try
        {
            _ = provider == DatabaseProvider.Postgres ? new Npgsql.NpgsqlConnectionStringBuilder(connection).ConnectionString : new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(connection).ConnectionString;
        }
        catch (ArgumentException fault)
        {
            wrong.Add($"Database:ConnectionString: not understood ({fault.Message.ReplaceLineEndings(" ")}).");
        }

        return new(provider, provider == DatabaseProvider.Sqlite ? connection ?? SqliteDurability.ConnectionString(Path.Combine(directory, "incidentbot.db")) : connection ?? "", directory);
    }

    private static Installation ReadInstallation(IConfiguration configuration, ImmutableArray<string> urls, List<string> wrong)
    {
        var usual = new Installation();
        var every = usual.UpdateEvery;
        foreach (var child in configuration.GetSection("Incidents:UpdateEvery").GetChildren())
        {
            if (Severity.Read(child.Key) is { } severity && TimeSpan.TryParse(child.Value, CultureInfo.InvariantCulture, out var span) && span >= TimeSpan.FromMinutes(1))
            {
                every = every.SetItem(severity, span);
            }
            else
            {
                wrong.Add($"Incidents:UpdateEvery:{child.Key}: '{child.Value}' is not understood. Give a severity and a time of a minute or more, such as SEV1 = 00:30.");
            }
        }

        var url = (configuration["PublicUrl"] ?? urls.FirstOrDefault() ?? DefaultUrl).TrimEnd('/');
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
        {
            wrong.Add($"PublicUrl: '{url}' is no address. Give it like https://incidents.example.com.");
        }

        var rooms = configuration["Incidents:Room"] ?? "Channel";
        var threads = rooms.Equals("Thread", StringComparison.OrdinalIgnoreCase);
        if (!threads && !rooms.Equals("Channel", StringComparison.OrdinalIgnoreCase))
        {
            wrong.Add($"Incidents:Room: '{rooms}' is not known. Use Channel (a channel for each incident) or Thread (a thread under its announcement).");
        }

        return usual with
        {
            Administrators = [.. List(configuration, "Admins", [])],
            Roles = [.. new[] { Role.Commander }.Concat(List(configuration, "Incidents:Roles", usual.Roles).Select(r => r.ToLowerInvariant())).Distinct()],
            Classes = List(configuration, "Incidents:Classes", usual.Classes),
            UpdateEvery = every,
            PublicUrl = url,
            Channels = List(configuration, "Incidents:Channels", usual.Channels),
            RoomsAreThreads = threads,
            Stakeholders = configuration["Incidents:Stakeholders"]?.Trim().TrimStart('#') is { Length: > 0 } stakeholders ? stakeholders : null,
        };
    }

    private static ImmutableArray<string> List(IConfiguration configuration, string key, ImmutableArray<string> otherwise)
    {
        var section = configuration.GetSection(key);
        var values = section.Value is { } line ? line.Split(',') : [.. section.GetChildren().Select(c => c.Value ?? "")];
        var list = values.Select(v => v.Trim().TrimStart('#')).Where(v => v.Length > 0).ToImmutableArray();
        return list.Length == 0 ? otherwise : list;
    }

    private static bool Bool(IConfiguration configuration, string key, bool otherwise, List<string> wrong)
    {
        var value = configuration[key];
        if (value is null || bool.TryParse(value, out otherwise))
        {
            return otherwise;
        }

        wrong.Add($"{key}: '{value}' is neither true nor false.");
        return otherwise;
    }

    private static TimeSpan Span(IConfiguration configuration, string key, TimeSpan otherwise, List<string> wrong)
    {
        var value = configuration[key];
        if (value is null || (TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out otherwise) && otherwise > TimeSpan.Zero))
        {
            return otherwise;
        }

        wrong.Add($"{key}: '{value}' is no time span. Give days and hours like 2.00:00.");
        return otherwise;
    }

    private static bool IsLoopback(string url) =>
        Uri.TryCreate(url.Replace("://+", "://0.0.0.0").Replace("://*", "://0.0.0.0"), UriKind.Absolute, out var parsed)
        && (parsed.Host is "localhost" || (IPAddress.TryParse(parsed.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));
}
