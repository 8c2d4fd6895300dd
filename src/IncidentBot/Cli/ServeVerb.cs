using System.Net.Sockets;
using System.Security.Cryptography;
using IncidentBot.Keys;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace IncidentBot.Cli;

/// <summary>Runs the bot until it is told to stop.</summary>
public static class ServeVerb
{
    /// <param name="replace">What a host of its own puts in the place of parts of the program, such as its clock.</param>
    public static Task<int> RunAsync(IReadOnlyList<string> settings, CancellationToken stop, Action<IServiceCollection>? replace = null) => Refusal.GuardAsync(async () =>
    {
        await using var app = BotApp.Build(settings, BotApp.Mode.Serve, replace);
        var options = app.Services.GetRequiredService<Settings>();
        using var hold = DataDirectoryLock.TryTake(options.DataDirectory)
            ?? throw new SettingsFault($"Another incidentbot already serves {options.DataDirectory}{(DataDirectoryLock.Read(options.DataDirectory) is { } other ? $" (process {other.ProcessId}, {other.Url})" : "")}. Stop it first, or set another DataDirectory.");
        await BotApp.MigrateAsync(app, stop);
        await app.Services.GetRequiredService<ApiToken>().LoadAsync(stop);
        try
        {
            await app.StartAsync(stop);
        }
        catch (IOException fault) when (fault.InnerException is SocketException or Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new SettingsFault($"The address is in use: {string.Join(", ", options.Urls)}. Stop what listens there, or choose another with --urls http://127.0.0.1:5081.", fault);
        }

        var url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? options.Urls[0];
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        app.Services.GetRequiredService<ControlEndpoints.Token>().Value = token;
        hold.Announce(new(Environment.ProcessId, url.Replace("0.0.0.0", "127.0.0.1").Replace("[::]", "127.0.0.1"), token));
        Console.WriteLine(options.WebChat ? $"IncidentBot is running. Open {url}/ and type: /incident start sev1 database is down" : $"IncidentBot is running at {url}/");
        await app.WaitForShutdownAsync(stop);
    });
}
