using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace IncidentBot.Fakes;

/// <summary>The real executable, in a process of its own that can be killed.</summary>
public sealed class BotProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _errors = [];

    private BotProcess(Process process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    public int Id => _process.Id;

    /// <summary>Starts serving and returns when it says that it is running.</summary>
    public static Task<BotProcess> ServeAsync(TestDatabase database, string? url = null, params string[] more)
    {
        url ??= $"http://127.0.0.1:{FreePort()}";
        return ServeAsync(Start("incidentbot.dll", ["serve", $"--urls={url}", .. database.Arguments(), .. more]), url);
    }

    /// <summary>The same by a clock that is set from outside.</summary>
    public static Task<BotProcess> ServeByAsync(FileClock clock, TestDatabase database, params string[] more)
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        return ServeAsync(Start("IncidentBot.Fakes.dll", [ClockedBot.Verb, clock.Path, $"--urls={url}", .. database.Arguments(), .. more]), url);
    }

    private static async Task<BotProcess> ServeAsync(ProcessStartInfo start, string url)
    {
        var process = new Process { StartInfo = start };
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var bot = new BotProcess(process, url);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith("IncidentBot is running", StringComparison.Ordinal) == true)
            {
                running.TrySetResult();
            }
            else if (line.Data is null)
            {
                running.TrySetException(new InvalidOperationException($"The bot did not start: {string.Join('\n', bot._errors)}"));
            }
        };
        process.ErrorDataReceived += (_, line) => bot._errors.Add(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await running.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return bot;
    }

    /// <summary>True where the process is measured, and so must run as it does in life.</summary>
    public static bool Measured { get; set; }

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(Start("incidentbot.dll", arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(120));
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Starts a verb and kills it after a while; answers whether it had ended by itself before.</summary>
    public static async Task<bool> RunAndKillAsync(TimeSpan after, params string[] arguments)
    {
        using var process = Process.Start(Start("incidentbot.dll", arguments))!;
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(after);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync();
            return false;
        }
    }

    /// <summary>Asks it to stop, as a service manager does; answers its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", $"-TERM {_process.Id}");
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    /// <summary>A client at its address.</summary>
    /// <param name="token">The API's token, for a client of the API.</param>
    public HttpClient Client(string? token = null)
    {
#pragma warning disable RS0030 // A client of another process has no factory to come from.
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(Url) };
#pragma warning restore RS0030
        client.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token.Trim());
        return client;
    }

    /// <summary>Kills it as the kernel does when memory runs out: at once, without a word.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static ProcessStartInfo Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, program));
        if (!Measured)
        {
            // Tests start hundreds of processes that live for seconds: what pays off later only costs here.
            (start.Environment["DOTNET_TieredPGO"], start.Environment["DOTNET_gcServer"]) = ("0", "0");
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
