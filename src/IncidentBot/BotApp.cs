using System.Net;
using System.Text.Json;
using IncidentBot.Core;
using IncidentBot.Core.ActionItems;
using IncidentBot.Core.ActionItems.Chasing;
using IncidentBot.Core.ActionItems.Handling;
using IncidentBot.Core.ActionItems.Policy;
using IncidentBot.Core.Catalogue;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Declare;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Facilitation.Answers;
using IncidentBot.Core.Facilitation.Coach;
using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Insights;
using IncidentBot.Core.People;
using IncidentBot.Core.Replay;
using IncidentBot.Core.Reports;
using IncidentBot.Core.Respond;
using IncidentBot.Core.Storage;
using IncidentBot.Core.Timeline;
using IncidentBot.Jobs;
using IncidentBot.Keys;
using IncidentBot.Pages;
using IncidentBot.Slack;
using IncidentBot.Storage;
using IncidentBot.Storage.Transfer;
using IncidentBot.WebChat;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot;

/// <summary>Puts the process together.</summary>
public static class BotApp
{
    private const long LargestBody = 1024 * 1024;

    /// <summary>Whether the process serves, or is a tool beside it.</summary>
    public enum Mode
    {
        Serve,
        Tool,
    }

    /// <param name="replace">What a host of its own puts in the place of parts of the program.</param>
    public static WebApplication Build(IReadOnlyList<string> arguments, Mode mode, Action<IServiceCollection>? replace = null)
    {
        if (Settings.Unknown(arguments).ToList() is { Count: > 0 } unknown)
        {
            throw new SettingsFault(string.Join(Environment.NewLine, unknown));
        }

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [.. arguments], ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Json.JsonConfigurationSource
        {
            Path = Path.GetFullPath("appsettings.json"),
            Optional = true,
            ReloadOnChange = false,
            FileProvider = new Microsoft.Extensions.FileProviders.PhysicalFileProvider(Environment.CurrentDirectory),
        });
        var settings = Settings.Read(builder.Configuration);
        builder.WebHost.UseUrls([.. settings.Urls]);
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Limits.MaxRequestBodySize = LargestBody;
            k.AddServerHeader = false;
        });
        builder.Logging.ClearProviders().AddJsonConsole(o => o.UseUtcTimestamp = true)
            .AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None).AddFilter("Quartz", LogLevel.Warning).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        if (mode == Mode.Tool)
        {
            // What a tool prints is read by others, so nothing else goes to standard output.
            builder.Logging.SetMinimumLevel(LogLevel.Error);
            builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        builder.Services.AddSingleton(settings).AddSingleton(settings.Installation).AddSingleton(TimeProvider.System);
        builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase);
        builder.Services.AddStorage(settings.Database).AddKeyRing(settings).AddCore().AddWebChat().AddSlack(settings.Slack).AddSingleton<ApiToken>().AddScoped<DeadDeliveries>().AddScoped<Snapshot>();
        if (mode == Mode.Serve)
        {
            AddServing(builder.Services, settings);
            builder.Services.AddSlackSockets(settings.Slack);
            builder.Services.AddSessions(settings);
        }

        replace?.Invoke(builder.Services);
        var app = builder.Build();
        if (mode == Mode.Serve)
        {
            MapServing(app, settings);
        }

        return app;
    }

    /// <summary>Migrates; the caller holds the lock on the data directory.</summary>
    public static Task MigrateAsync(WebApplication app, CancellationToken stop) => app.Services.GetRequiredService<MigrationRunner>().RunAsync(stop);

    /// <summary>For verbs that only read: refuses a database that is not there, or that another version has made.</summary>
    public static async Task CheckSchemaAsync(WebApplication app, CancellationToken stop)
    {
        var settings = app.Services.GetRequiredService<Settings>();
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<BotDb>();
        if (settings.Database.Provider == DatabaseProvider.Sqlite && !File.Exists(new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(settings.Database.ConnectionString).DataSource))
        {
            throw new SettingsFault($"There is no database in {settings.DataDirectory} yet. Start the bot there once, or set DataDirectory to where it runs.");
        }

        if ((await db.Database.GetPendingMigrationsAsync(stop)).Any())
        {
            throw new SettingsFault("The database is of an older version than this program. Start the bot once to bring it up to date, and try again.");
        }
    }

    /// <summary>Runs the loops until nothing is due.</summary>
    public static async Task SettleAsync(IServiceProvider services, CancellationToken stop)
    {
        int done;
        do
        {
            done = 0;
            foreach (var loop in services.GetServices<ILoop>())
            {
                done += await loop.RunOnceAsync(stop);
            }
        }
        while (done > 0);
    }

    public static HttpClient LoopbackClient(string url, string token)
    {
#pragma warning disable RS0030 // A tool that makes one call has no factory to take the client from.
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { BaseAddress = new Uri(url), Timeout = Timeout.InfiniteTimeSpan };
#pragma warning restore RS0030
        client.DefaultRequestHeaders.Add("X-IncidentBot-Control", token);
        return client;
    }

    private static IServiceCollection AddCore(this IServiceCollection services)
    {
        var routes = Routes.Table();
        routes.Register(services);
        services.AddSingleton(routes).AddSingleton<Router>().AddSingleton<RoomLocks>().AddSingleton<ReceiptClock>().AddSingleton<Signals>().AddSingleton<PlayClocks>().AddMetrics().AddSingleton<Meters>();
        services.AddScoped<PeopleDirectory>().AddScoped<Permissions>().AddScoped<FindIncident>().AddScoped<Merges>().AddScoped<IncidentNumbers>();
        services.AddScoped<Declaring>().AddScoped<UpdateClock>().AddScoped<RoomNews>().AddScoped<Rooms>().AddScoped<PinnedMessages>().AddScoped<StoredFiles>().AddScoped<QuotedMessages>().AddScoped<AnswerMention>();
        services.AddScoped<BuildPostMortem>().AddScoped<Package>().AddScoped<Tracker>().AddSingleton<ReportWriter>().AddSingleton<FilePlayer>();
        services.AddSingleton<ScriptShelf>().AddScoped<FindReview>().AddScoped<Conduct>().AddScoped<ReviewPosts>().AddScoped<ReviewClock>().AddScoped<ReviewPolicy>().AddScoped<Closing>().AddScoped<Coaching>();
        services.AddScoped<RecordAnswer>().AddScoped<Harvest>().AddScoped<TimelineAnswers>().AddScoped<TakeReplies>().AddScoped<Proposals>().AddScoped<FindItem>().AddScoped<Handled>().AddScoped<Policies>().AddScoped<DigestPosts>().AddScoped<FollowUpSweep>().AddScoped<Escalations>().AddScoped<Overviews>().AddScoped<Recurrence>().AddScoped<ServiceCatalogue>().AddScoped<SimilarIncidents>().AddScoped<GatherFigures>();
        services.AddSingleton<InboxIntake>();
        services.AddSingleton<ILoop, InboxPump>().AddSingleton<ILoop, AlarmClock>().AddSingleton<ILoop, RoomKeeper>().AddSingleton<ILoop, Courier>();
        return services;
    }

    private static void AddServing(IServiceCollection services, Settings settings)
    {
        services.AddSingleton<LoopHealth>().AddSingleton<ControlEndpoints.Token>();
        services.AddScoped<Viewer>().AddSingleton<SampleReplay>().AddHostedService<Telemetry>();
        services.AddOpenApi("v1").AddSweeps(settings).AddHostedService<LoopHost>();
        services.AddRazorComponents();
    }

    private static void MapServing(WebApplication app, Settings settings)
    {
        app.Use(FaultsAsync);
        app.UsePublicScheme(settings);
        // What Slack sends is signed, and knows no session.
        app.UseWhen(http => !http.Request.Path.StartsWithSegments("/slack"), signedIn => signedIn.UseAuthentication().UseAuthorization());
        app.MapHealth();
        app.MapApi();
        app.MapControl();
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapSessions();
        app.MapDashboard();
        app.MapDocuments();
        app.MapMeetings();
        if (settings.Slack.IsOn)
        {
            app.MapSlack();
        }

        if (settings.WebChat)
        {
            app.MapWebChat(LocalOnly.IsLocal);
            SampleReplay.Map(app);
        }
    }

    // A database that cannot take a write answers 503, never 200; nothing of a request is echoed back.
    private static async Task FaultsAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (Exception fault) when ((fault is StoreUnavailable || StoreUnavailable.IsCause(fault)) && !http.Response.HasStarted)
        {
            http.Response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
            http.Response.Headers.RetryAfter = "1";
            await http.Response.WriteAsJsonAsync(new ApiFault("The database cannot take a write at the moment; nothing was lost that was acknowledged. Send it again shortly."));
        }
        catch (BadHttpRequestException fault) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = fault.StatusCode;
        }
        catch (JsonException) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = (int)HttpStatusCode.BadRequest;
        }
    }
}
