using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using IncidentBot.Core.ActionItems.Chasing;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Storage;
using IncidentBot.Jobs;
using IncidentBot.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace IncidentBot.Fakes;

/// <summary>The real bot in the test's process, with a manual clock and loops that run when the test says so.</summary>
public sealed class BotUnderTest : WebApplicationFactory<Program>
{
    private readonly Dictionary<string, string> _settings;
    private readonly Action<IServiceCollection>? _services;

    private BotUnderTest(TestDatabase database, ManualTime time, Dictionary<string, string> settings, Action<IServiceCollection>? services)
    {
        (Database, Time, _settings, _services) = (database, time, settings, services);
        Browser = CreateClient(new() { BaseAddress = new Uri("http://127.0.0.1:5080") });
        Api = CreateClient(new() { BaseAddress = new Uri("http://127.0.0.1:5080") });
        Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(Path.Combine(database.DataDirectory, "api-token")).Trim());
    }

    public TestDatabase Database { get; }

    public ManualTime Time { get; }

    /// <summary>A client on this machine, as the web chat's page is.</summary>
    public HttpClient Browser { get; }

    /// <summary>A client with the API's token.</summary>
    public HttpClient Api { get; }

    public static async Task<BotUnderTest> StartAsync(
        DatabaseProvider provider = DatabaseProvider.Sqlite,
        DateTimeOffset? now = null,
        Dictionary<string, string>? settings = null,
        Action<IServiceCollection>? services = null,
        TestDatabase? database = null,
        ManualTime? time = null)
    {
        database ??= await TestDatabase.CreateWithTablesAsync(provider);
        var all = database.Settings();
        foreach (var (key, value) in settings ?? [])
        {
            all[key] = value;
        }

        return new(database, time ?? new ManualTime(now ?? new DateTimeOffset(2026, 3, 10, 14, 30, 0, TimeSpan.Zero)), all, services);
    }

    /// <summary>What the world around the bot still has to tell it; answers whether there was anything.</summary>
    public Func<Task<bool>>? Around { get; set; }

    /// <summary>Runs the loops until nothing is due.</summary>
    public async Task SettleAsync()
    {
        do
        {
            await BotApp.SettleAsync(Services, CancellationToken.None);
        }
        while (Around is not null && await Around());
    }

    /// <summary>Runs some code with the database.</summary>
    public async Task<T> InDatabaseAsync<T>(Func<BotDb, Task<T>> use)
    {
        await using var scope = Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<BotDb>());
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await Api.GetAsync(path);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Writes an incident's folder as an export does; answers where.</summary>
    public async Task<string> ExportAsync(string code, string directory)
    {
        await using var scope = Services.CreateAsyncScope();
        var incident = await Cli.ExportVerb.FindAsync(scope.ServiceProvider, code, null, CancellationToken.None);
        return await scope.ServiceProvider.GetRequiredService<Core.Reports.Package>().WriteAsync(incident, directory, CancellationToken.None);
    }

    /// <summary>Moves the clock and runs what has come due on the way.</summary>
    public async Task PassAsync(TimeSpan by)
    {
        Time.Advance(by);
        await SettleAsync();
    }

    /// <summary>Has the action items looked through, as the scheduler does, and delivers what that brings.</summary>
    public async Task<int> FollowUpAsync()
    {
        await using var scope = Services.CreateAsyncScope();
        var sent = await scope.ServiceProvider.GetRequiredService<FollowUpSweep>().RunAsync(Time.GetUtcNow(), CancellationToken.None) ?? 0;
        await SettleAsync();
        return sent;
    }

    /// <summary>Moves the clock by steps, with the sweep of the action items at each.</summary>
    public async Task FollowUpAsync(TimeSpan by, TimeSpan step)
    {
        for (var until = Time.GetUtcNow() + by; Time.GetUtcNow() < until;)
        {
            await PassAsync(step);
            await FollowUpAsync();
        }
    }

    public ILoop Loop(string name) => Services.GetServices<ILoop>().Single(l => l.Name == name);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureTestServices(services =>
        {
            services.RemoveAll<TimeProvider>();
            services.AddSingleton<TimeProvider>(Time);
            foreach (var hosted in services.Where(s => s.ServiceType == typeof(IHostedService)
                && (s.ImplementationType == typeof(LoopHost) || s.ImplementationType?.Namespace?.StartsWith("Quartz", StringComparison.Ordinal) == true)).ToList())
            {
                services.Remove(hosted);
            }

            services.AddSingleton<IStartupFilter, FromThisMachine>();
            _services?.Invoke(services);
        });
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>Stops the bot and keeps its database, as a restart does.</summary>
    public async Task<TestDatabase> StopAsync()
    {
        await base.DisposeAsync();
        await LetGoAsync(Database.DataDirectory);
        return Database;
    }

    // The program's own thread ends a little after its host: only then has it let go of the data directory.
    private static async Task LetGoAsync(string directory)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        DataDirectoryLock? free;
        while ((free = DataDirectoryLock.TryTake(directory)) is null)
        {
            await Task.Delay(5, patience.Token);
        }

        free.Dispose();
    }

    /// <summary>The test server has no addresses; a test says with a header where a request comes from, and otherwise it comes from here.</summary>
    private sealed class FromThisMachine : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, inner) =>
            {
                http.Connection.RemoteIpAddress = http.Request.Headers.TryGetValue("X-Test-From", out var from) ? IPAddress.Parse(from.ToString()) : IPAddress.Loopback;
                return inner(http);
            });
            next(app);
        };
    }
}
