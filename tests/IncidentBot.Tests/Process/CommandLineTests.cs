using IncidentBot.Core.Replay;
using IncidentBot.Fakes;
using IncidentBot.Storage;

namespace IncidentBot.Tests.Process;

/// <summary>The executable's verbs, exit codes and lock.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task A_replay_without_a_running_bot_prints_the_id_last_and_writes_the_package()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        var output = Path.Combine(database.DataDirectory, "out");
        var (exit, lines, errors) = await BotProcess.RunAsync("replay", "sample", "--out", output, "--format", "report", $"--DataDirectory={database.DataDirectory}");
        Assert.Equal((0, ""), (exit, errors));
        Assert.Equal("INC-2024-0001", lines.TrimEnd().Split('\n')[^1]);
        var folder = Path.Combine(output, "post-mortems", "2024", "2024-11-12-production-database-outage");
        Assert.Contains("2 h 17 min", await File.ReadAllTextAsync(Path.Combine(folder, "post-mortem.md")), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "post-mortem.html")));

        var raw = Path.Combine(database.DataDirectory, "raw.txt");
        await File.WriteAllTextAsync(raw, Sample.Raw);
        (exit, lines, _) = await BotProcess.RunAsync("replay", raw, "--import", $"--DataDirectory={database.DataDirectory}");
        Assert.Equal((0, "INC-2024-0002"), (exit, lines.TrimEnd()));

        (exit, lines, _) = await BotProcess.RunAsync("export", "all", "--out", output, $"--DataDirectory={database.DataDirectory}");
        Assert.Equal(0, exit);
        Assert.Equal(Path.Combine(output, "post-mortems", "2024", "2024-11-12-production-database-outage-inc-2024-0002"), lines.Trim());
    }

    [Fact]
    public async Task A_replay_beside_a_running_bot_runs_inside_it_and_a_second_bot_refuses()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var bot = await BotProcess.ServeAsync(database);
        var (exit, lines, errors) = await BotProcess.RunAsync("replay", "sample", "--speed", "100000", $"--DataDirectory={database.DataDirectory}");
        Assert.Equal((0, "INC-2024-0001", ""), (exit, lines.TrimEnd(), errors));
        (exit, lines, _) = await BotProcess.RunAsync("export", "inc-2024-1", "--out", Path.Combine(database.DataDirectory, "out"), $"--DataDirectory={database.DataDirectory}");
        Assert.Equal((0, true), (exit, lines.Contains("2024-11-12-production-database-outage", StringComparison.Ordinal)));
        (exit, _, errors) = await BotProcess.RunAsync("serve", $"--urls=http://127.0.0.1:{BotProcess.FreePort()}", $"--DataDirectory={database.DataDirectory}");
        Assert.Equal((1, true), (exit, errors.Contains($"process {bot.Id}", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(2, "There is no verb 'repaly'. Did you mean 'replay'?", "repaly")]
    [InlineData(2, "Option '--out' is required.", "export", "INC-2026-0001")]
    [InlineData(2, "Required argument missing", "replay")]
    [InlineData(2, "There is no format 'sre'", "replay", "sample", "--format", "sre")]
    [InlineData(1, "cannot be read", "replay", "/nowhere/x.json")]
    [InlineData(1, "There is no database in", "export", "INC-2026-0001", "--out", "x")]
    [InlineData(1, "Database:Provider", "serve", "--Database:Provider=Oracle")]
    [InlineData(1, "Database:ConnectionString: missing", "serve", "--Database:Provider=Postgres")]
    [InlineData(1, "Keys:Secret", "serve", "--Database:Provider=Postgres", "--Database:ConnectionString=Host=x")]
    [InlineData(1, "WebChat:Enabled", "serve", "--urls=http://0.0.0.0:5099")]
    [InlineData(1, "Incidents:UpdateEvery:SEV1", "serve", "--Incidents:UpdateEvery:SEV1=often")]
    [InlineData(1, "Retention:Inbox", "serve", "--Retention:Inbox=never")]
    [InlineData(1, "PublicUrl", "serve", "--PublicUrl=incidents")]
    public async Task Wrong_words_and_settings_are_refused_in_clear_lines(int expected, string says, params string[] arguments)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        var (exit, _, errors) = await BotProcess.RunAsync([.. arguments, $"--DataDirectory={database.DataDirectory}"]);
        Assert.Equal(expected, exit);
        Assert.Contains(says, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("serve", "--help")]
    [InlineData("replay", "--help")]
    [InlineData("export", "--help")]
    public async Task Every_verb_has_help(params string[] arguments)
    {
        var (exit, output, _) = await BotProcess.RunAsync(arguments);
        Assert.Equal((0, true), (exit, output.Contains("Usage:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Two_processes_may_start_on_one_empty_postgres_at_once()
    {
        if (TestDatabase.PostgresServer is null)
        {
            Assert.NotEqual("true", Environment.GetEnvironmentVariable("CI"));
            return;
        }

        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Postgres);
        await using var other = database.OnAnotherMachine();
        var bots = await Task.WhenAll(BotProcess.ServeAsync(database), BotProcess.ServeAsync(other));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(database.DataDirectory, "api-token")), await File.ReadAllTextAsync(Path.Combine(other.DataDirectory, "api-token")));
        foreach (var bot in bots)
        {
            await bot.DisposeAsync();
        }
    }
}
