using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IncidentBot.Fakes.Slack;

/// <summary>Runs the played Slack by itself, with a bot that is started against it: what is typed here is typed in Slack.</summary>
/// <remarks>dotnet run --project tests/IncidentBot.Fakes, then start the bot with the settings that it prints.</remarks>
public static class PlaySlack
{
    public static async Task Main(string[] args)
    {
        if (args is [ClockedBot.Verb, var clock, .. var rest])
        {
            Environment.ExitCode = await ClockedBot.RunAsync(clock, rest);
            return;
        }

        var url = args.FirstOrDefault() ?? "http://127.0.0.1:5080";
        await using var slack = await FakeSlack.StartAsync(5099);
        var workspace = slack.Workspace(TimeProvider.System, "T0PLAYED");
        var people = WebChat.SamplePeople.All.ToDictionary(p => p.Handle, p => workspace.NewUser(p.Handle, p.Name, p.TimeZone, team: p.IsGuest ? "T0FOREIGN" : null));
        foreach (var name in new[] { "incidents", "general" })
        {
            workspace.NewChannel(name, members: [workspace.BotUser, .. people.Values.Select(p => p.Id)]);
        }

        Console.WriteLine($"Slack is played at {slack.Url}. Start the bot:\n  dotnet run --project src/IncidentBot -- {string.Join(' ', SlackDriver.Settings(slack, workspace).Select(s => $"--{s.Key}={s.Value}"))}");
        Console.WriteLine("Then type, for example:\n  ann incidents /incident start sev1 database is down\n  bob inc-2026-0001-database-is-down we see timeouts\n  show inc-2026-0001-database-is-down");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(url) };
        while (Console.ReadLine() is { } line)
        {
            try
            {
                await ObeyAsync(line, workspace, people, http);
            }
            catch (Exception fault) when (fault is HttpRequestException or InvalidOperationException or KeyNotFoundException)
            {
                Console.WriteLine(fault.Message);
            }
        }
    }

    private static async Task ObeyAsync(string line, FakeWorkspace workspace, Dictionary<string, FakeUser> people, HttpClient http)
    {
        var parts = line.Split(' ', 3);
        if (parts is ["show", var room])
        {
            Show(workspace, workspace.Named(room), people);
            return;
        }

        if (parts.Length < 3 || !people.TryGetValue(parts[0], out var who))
        {
            Console.WriteLine($"PERSON CHANNEL TEXT, or show CHANNEL. People: {string.Join(", ", people.Keys)}. Channels: {string.Join(", ", workspace.Channels.Values.Where(c => c.DirectWith is null).Select(c => c.Name))}");
            return;
        }

        var channel = workspace.Named(parts[1]);
        if (parts[2].StartsWith("/incident", StringComparison.Ordinal))
        {
            using var request = SlackRequests.Form("/slack/commands", new Dictionary<string, string>
            {
                ["team_id"] = workspace.Id,
                ["channel_id"] = channel.Id,
                ["user_id"] = who.Id,
                ["command"] = "/incident",
                ["text"] = parts[2]["/incident".Length..].Trim(),
                ["trigger_id"] = workspace.NewTrigger(who.Id),
                ["response_url"] = workspace.NewResponseUrl(who.Id, channel.Id),
            }, workspace.SigningSecret, TimeProvider.System.GetUtcNow());
            using var response = await http.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            Console.WriteLine(body.Length == 0 ? $"({(int)response.StatusCode}, without words)" : SlackView.Reply(JsonDocument.Parse(body).RootElement).Words);
        }
        else
        {
            workspace.Say(who.Id, channel.Id, parts[2]);
        }

        while (workspace.Owed.TryDequeue(out var e))
        {
            using var request = SlackRequests.Event(workspace.Envelope(e), workspace.SigningSecret, TimeProvider.System.GetUtcNow());
            using var response = await http.SendAsync(request);
        }

        foreach (var wrong in workspace.Violations)
        {
            Console.WriteLine($"Slack would not take this: {wrong}");
        }

        workspace.Violations.Clear();
    }

    private static void Show(FakeWorkspace workspace, FakeChannel channel, Dictionary<string, FakeUser> people)
    {
        Console.WriteLine($"#{channel.Name} · {channel.Topic}");
        foreach (var message in channel.Messages)
        {
            var seen = SlackView.Seen(message, workspace.BotUser, id => people.FirstOrDefault(p => p.Value.Id == id).Key ?? id);
            Console.WriteLine($"{(seen.Author.Length == 0 ? "IncidentBot" : seen.Author)}: {seen.Words}\n");
        }
    }
}
