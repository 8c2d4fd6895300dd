using System.Net.Sockets;
using System.Security.Cryptography;
using IncidentBot.Core.Storage;
using IncidentBot.Jobs;
using IncidentBot.Slack.Install;
using IncidentBot.Storage;
using IncidentBot.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Cli;

/// <summary>Looks at everything the bot needs, and says on one line each whether it is well and what to do when not.</summary>
public static class DoctorVerb
{
    private const long LittleRoom = 500L * 1024 * 1024;
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(30);

    public static Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken stop) => Refusal.GuardAsync(async () =>
    {
        var ill = 0;
        WebApplication app;
        try
        {
            app = BotApp.Build(arguments, BotApp.Mode.Tool);
        }
        catch (SettingsFault fault)
        {
            foreach (var line in fault.Message.Split(Environment.NewLine))
            {
                Say("settings", false, line);
            }

            throw new SettingsFault("The settings are wrong; nothing else was looked at.", fault);
        }

        await using (app)
        {
            var settings = app.Services.GetRequiredService<Settings>();
            await using var scope = app.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<BotDb>();
            Say("settings", true, $"read; data in {settings.DataDirectory}, address {string.Join(", ", settings.Urls)}");
            Directory(settings);
            var there = await DatabaseAsync(settings, db);
            if (there)
            {
                await KeysAsync(scope.ServiceProvider, db);
                await SlackAsync(settings, scope.ServiceProvider);
                await ClockAsync(settings, db, scope.ServiceProvider.GetRequiredService<TimeProvider>());
                var dead = await scope.ServiceProvider.GetRequiredService<DeadDeliveries>().ListAsync(null, stop);
                Say("deliveries", dead.Count == 0, dead.Count == 0 ? "none was given up" : $"{dead.Count} given up: look at `incidentbot jobs`, mend the cause, then `incidentbot jobs --retry all`");
            }

            await BotAsync(settings);
            await CollectorAsync(settings);
        }

        if (ill > 0)
        {
            throw new SettingsFault(ill == 1 ? "1 thing wants attention." : $"{ill} things want attention.");
        }

        void Say(string what, bool well, string words)
        {
            ill += well ? 0 : 1;
            Console.WriteLine($"{(well ? "ok  " : "FAIL")} {what,-10} {words}");
        }

        void Directory(Settings settings)
        {
            try
            {
                if (!System.IO.Directory.Exists(settings.DataDirectory))
                {
                    Say("directory", false, $"there is no {settings.DataDirectory}: start the bot there once, or set DataDirectory to where it runs");
                    return;
                }

                var folder = new DirectoryInfo(settings.DataDirectory);
                var probe = Path.Combine(folder.FullName, $".doctor-{Guid.NewGuid():N}");
                using (PrivateFiles.Open(probe, FileMode.CreateNew, FileAccess.Write))
                {
                }

                File.Delete(probe);
                var open = !OperatingSystem.IsWindows() && (File.GetUnixFileMode(folder.FullName) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0;
                var room = new DriveInfo(folder.FullName).AvailableFreeSpace;
                Say("directory", room > LittleRoom, room > LittleRoom
                    ? $"can be written, {room / 1024 / 1024 / 1024} GB free{(open ? "; others on this machine can look into it (chmod 700 closes it)" : "")}"
                    : $"only {room / 1024 / 1024} MB are free: make room, or the database will soon take no writes");
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                Say("directory", false, $"{settings.DataDirectory} cannot be written ({fault.Message}): give it to the user that runs the bot");
            }
        }

        async Task<bool> DatabaseAsync(Settings settings, BotDb db)
        {
            try
            {
                if (settings.Database.Provider == DatabaseProvider.Sqlite && SqliteNative.Complaint() is { } complaint)
                {
                    Say("database", false, complaint);
                    return false;
                }

                await BotApp.CheckSchemaAsync(app, stop);
                Say("database", true, settings.Database.Provider == DatabaseProvider.Sqlite
                    ? $"SQLite {SqliteNative.Version}, schema up to date, {await db.Incidents.CountAsync(stop)} incidents"
                    : $"PostgreSQL, schema up to date, {await db.Incidents.CountAsync(stop)} incidents");
                return true;
            }
            catch (SettingsFault fault)
            {
                Say("database", false, fault.Message);
            }
            catch (Exception fault) when (Core.Chat.StoreUnavailable.IsCause(fault))
            {
                Say("database", false, $"cannot be reached ({fault.GetBaseException().Message}): check Database:ConnectionString, and that the server runs");
            }

            return false;
        }

        async Task KeysAsync(IServiceProvider services, BotDb db)
        {
            var secrets = await db.Secrets.AsNoTracking().ToListAsync(stop);
            try
            {
                var seal = services.GetRequiredService<ISeal>();
                secrets.ForEach(s => seal.Unseal(s.Sealed));
                Say("keys", true, $"open all {secrets.Count} sealed secrets");
            }
            catch (CryptographicException)
            {
                Say("keys", false, "do not open what is sealed in the database: set the Keys:Secret or Keys:Certificate that it was made with, or put back the keys folder");
            }
        }

        async Task SlackAsync(Settings settings, IServiceProvider services)
        {
            if (!settings.Slack.IsOn)
            {
                return;
            }

            var found = await services.GetRequiredService<SlackCheck>().RunAsync(stop);
            foreach (var (well, words) in found)
            {
                Say("slack", well, words);
            }
        }

        async Task ClockAsync(Settings settings, BotDb db, TimeProvider time)
        {
            if (settings.Database.Provider == DatabaseProvider.Sqlite)
            {
                Say("clock", true, $"{time.GetUtcNow():yyyy-MM-dd HH:mm:ss} UTC; there is no other clock to compare it with");
                return;
            }

            var theirs = (await db.Database.SqlQuery<DateTime>($"SELECT now() AT TIME ZONE 'UTC' AS \"Value\"").ToListAsync(stop))[0];
            var skew = (time.GetUtcNow().UtcDateTime - theirs).Duration();
            Say("clock", skew < MostSkew, skew < MostSkew ? $"within {skew.TotalSeconds:0.0} s of the database's" : $"{skew.TotalSeconds:0} s apart from the database's: set both by NTP, or times on timelines will be wrong");
        }

        async Task BotAsync(Settings settings)
        {
            if (DataDirectoryLock.Read(settings.DataDirectory) is not { } holder)
            {
                Say("bot", true, "does not run on this data directory");
                return;
            }

            using var client = BotApp.LoopbackClient(holder.Url, holder.Token);
            client.Timeout = TimeSpan.FromSeconds(10);
            try
            {
                using var response = await client.GetAsync("/readyz", stop);
                Say("bot", response.IsSuccessStatusCode, response.IsSuccessStatusCode ? $"runs as process {holder.ProcessId} at {holder.Url} and is ready" : $"runs at {holder.Url} and is not ready: look at {holder.Url}/readyz");
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
            {
                Say("bot", false, $"process {holder.ProcessId} does not answer at {holder.Url} ({fault.Message}): look at its log, and start it again");
            }
        }

        async Task CollectorAsync(Settings settings)
        {
            if (settings.Collector is not { } collector)
            {
                return;
            }

            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(collector.Host, collector.Port, stop).AsTask().WaitAsync(TimeSpan.FromSeconds(5), stop);
                Say("collector", true, $"{collector} can be reached");
            }
            catch (Exception fault) when (fault is SocketException or TimeoutException)
            {
                Say("collector", false, $"{collector} cannot be reached ({fault.Message}): check OTEL_EXPORTER_OTLP_ENDPOINT, or leave it out");
            }
        }
    });
}
