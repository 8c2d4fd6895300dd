using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncidentBot.Fakes.Slack;

/// <summary>Plays Slack on a port of this machine: the Web API, files, response addresses and sockets of any number of workspaces.</summary>
public sealed class FakeSlack : IAsyncDisposable
{
    private static readonly Lazy<Task<FakeSlack>> One = new(() => StartAsync(0));

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, FakeWorkspace> _byToken = new();

    private FakeSlack(WebApplication app) => _app = app;

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Url { get; private set; } = "";

    public string ApiUrl => $"{Url}/api/";

    /// <summary>The workspaces that anybody may install the app in, by the code that the installation brings.</summary>
    public ConcurrentDictionary<string, FakeWorkspace> Codes { get; } = new();

    /// <summary>The one that all tests of a process share, each with workspaces of its own.</summary>
    public static Task<FakeSlack> SharedAsync() => One.Value;

    public static async Task<FakeSlack> StartAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var slack = new FakeSlack(app);
        app.UseWebSockets();
        app.MapPost("/api/{method}", slack.CallAsync);
        app.MapPost("/upload/{token}/{file}", slack.UploadAsync);
        app.MapGet("/files/{token}/{file}", slack.Download);
        app.MapPost("/response/{token}/{id}", slack.RespondAsync);
        app.Map("/socket/{token}/{ticket}", slack.SocketAsync);
        await app.StartAsync();
        slack.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return slack;
    }

    public FakeWorkspace Workspace(TimeProvider time, string? id = null)
    {
        var workspace = new FakeWorkspace(this, time, id ?? FakeWorkspace.NewId("T"));
        Register(workspace);
        return workspace;
    }

    public void Register(FakeWorkspace workspace)
    {
        _byToken[workspace.Token] = workspace;
        _byToken[workspace.AppToken] = workspace;
        _byToken[workspace.Id] = workspace;
    }

    public void Forget(FakeWorkspace workspace)
    {
        foreach (var (token, known) in _byToken.Where(t => ReferenceEquals(t.Value, workspace)).ToList())
        {
            _byToken.TryRemove(token, out _);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task CallAsync(HttpContext http, string method)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync() : null;
        var arguments = form?.ToDictionary(f => f.Key, f => f.Value.ToString()) ?? [];
        var token = http.Request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var bearer] ? bearer : null;
        if (method == "oauth.v2.access")
        {
            await WriteAsync(http, FakeOAuth.Access(this, arguments));
            return;
        }

        if (token is null || !_byToken.TryGetValue(token, out var workspace))
        {
            await WriteAsync(http, new(Error("invalid_auth")));
            return;
        }

        await WriteAsync(http, await workspace.CallAsync(method, token, arguments));
    }

    private static async Task WriteAsync(HttpContext http, FakeAnswer answer)
    {
        http.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            http.Response.Headers[name] = value;
        }

        await http.Response.WriteAsJsonAsync(answer.Body);
    }

    private async Task UploadAsync(HttpContext http, string token, string file)
    {
        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes);
        _byToken[token].Uploads[file] = bytes.ToArray();
        await http.Response.WriteAsync($"OK - {bytes.Length}");
    }

    private IResult Download(HttpContext http, string token, string file)
    {
        var workspace = _byToken[token];
        return http.Request.Headers.Authorization != $"Bearer {workspace.Token}" ? Results.Content("<html>sign in</html>", "text/html")
            : workspace.Files.TryGetValue(file, out var found) ? Results.Bytes(found.Bytes, found.MediaType) : Results.NotFound();
    }

    private async Task RespondAsync(HttpContext http, string token, string id)
    {
        using var json = await JsonDocument.ParseAsync(http.Request.Body);
        var ok = _byToken[token].Respond(id, json.RootElement.Clone());
        http.Response.StatusCode = ok ? 200 : 404;
        await http.Response.WriteAsync(ok ? "ok" : "expired_url");
    }

    private async Task SocketAsync(HttpContext http, string token, string ticket)
    {
        var workspace = _byToken[token];
        if (!http.WebSockets.IsWebSocketRequest || !workspace.Tickets.TryRemove(ticket, out _))
        {
            http.Response.StatusCode = 403;
            return;
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        await workspace.Sockets.RunAsync(socket);
    }

    public static Dictionary<string, object?> Error(string error) => new() { ["ok"] = false, ["error"] = error };
}

/// <summary>What the Web API answers.</summary>
public sealed record FakeAnswer(object Body, int Status = 200)
{
    public Dictionary<string, string> Headers { get; } = [];
}
