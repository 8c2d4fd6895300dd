using System.Text.Json;
using IncidentBot.Core;
using IncidentBot.Core.Chat;
using IncidentBot.Fakes.Slack;
using IncidentBot.Slack.Inbound;
using IncidentBot.Slack.Install;
using IncidentBot.Slack.Outbound;
using YamlDotNet.RepresentationModel;

namespace IncidentBot.Tests.Slack;

/// <summary>The manifest asks for what the bot uses, no more and no less, and the played Slack knows Slack's own contracts.</summary>
public sealed class ManifestTests
{
    private static readonly YamlMappingNode Manifest = Read();

    [Fact]
    public void Scopes_and_events_are_those_that_routes_and_calls_need()
    {
        Assert.Equal(SlackScopes.All, Words("oauth_config", "scopes", "bot"));
        Assert.Equal(SlackEvents.Heard.Keys, Words("settings", "event_subscriptions", "bot_events"));
    }

    [Fact]
    public void Every_method_that_is_called_is_listed_and_every_listed_one_is_called()
    {
        var root = House.HouseTests.Root;
        var source = string.Join('\n', Directory.EnumerateFiles(Path.Combine(root, "src", "IncidentBot.Slack"), "*.cs", SearchOption.AllDirectories).Where(f => !f.EndsWith("SlackMethods.cs", StringComparison.Ordinal)).Select(File.ReadAllText));
        Assert.All(SlackMethods.All.Keys, m => Assert.Contains($"\"{m}\"", source, StringComparison.Ordinal));
    }

    [Fact]
    public void Commands_and_shortcuts_are_routed()
    {
        var command = (YamlMappingNode)((YamlSequenceNode)At("features", "slash_commands"))[0];
        Assert.Equal(("/incident", "true"), (Text(command, "command"), Text(command, "should_escape")));
        var shortcuts = ((YamlSequenceNode)At("features", "shortcuts")).Select(s => Text((YamlMappingNode)s, "callback_id")).Order(StringComparer.Ordinal);
        Assert.Equal(Routes.Table().All.Where(r => r.Event == typeof(ShortcutUsed)).Select(r => r.Key).Order(StringComparer.Ordinal), shortcuts);
    }

    [FixturesFact]
    public void It_is_valid_for_Slack_with_and_without_its_addresses()
    {
        var schema = new Draft7(File.ReadAllText(SharedFixtures.Find("slack/manifest/manifest.schema.2.0.0.json")!));
        var text = File.ReadAllText(Path.Combine(House.HouseTests.Root, "manifests", "slack.yaml"));
        foreach (var yaml in new[] { text, text.Replace("# url:", "url:").Replace("# request_url:", "request_url:").Replace("# redirect_urls:", "redirect_urls:").Replace("  #   - https", "    - https").Replace("socket_mode_enabled: true", "socket_mode_enabled: false") })
        {
            Assert.Empty(schema.Wrong(JsonSerializer.SerializeToElement(Plain(Parse(yaml)))));
        }

        Assert.NotEmpty(schema.Wrong(JsonSerializer.SerializeToElement(Plain(Parse(text.Replace("name: IncidentBot", $"name: {new string('x', 40)}"))))));
    }

    [FixturesFact]
    public void The_played_Slack_takes_the_arguments_that_Slack_documents()
    {
        foreach (var (method, (required, optional)) in FakeMethods.All)
        {
            if (SharedFixtures.Find($"slack/methods/{method}.json") is not { } path)
            {
                continue;
            }

            using var contract = JsonDocument.Parse(File.ReadAllText(path));
            var documented = contract.RootElement.GetProperty("args").EnumerateObject().Where(a => a.Name != "token").ToDictionary(a => a.Name, a => a.Value.TryGetProperty("required", out var r) && r.ValueKind == JsonValueKind.True);
            Assert.Empty(required.Concat(optional).Where(a => !documented.ContainsKey(a)).Select(a => $"{method} documents no {a}"));
            Assert.Empty(documented.Where(d => d.Value && !required.Contains(d.Key)).Select(d => $"{method} requires {d.Key}"));
        }
    }

    [FixturesFact]
    public void The_check_of_blocks_takes_what_Slack_takes()
    {
        foreach (var file in Directory.EnumerateFiles(SharedFixtures.Find("slack/views")!, "view_modal_*.json"))
        {
            Assert.Empty(BlockChecks.View(JsonDocument.Parse(File.ReadAllText(file)).RootElement, "modal").Select(w => $"{Path.GetFileName(file)}: {w}"));
        }
    }

    private static YamlMappingNode Read() => Parse(File.ReadAllText(Path.Combine(House.HouseTests.Root, "manifests", "slack.yaml")));

    private static YamlMappingNode Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static YamlNode At(params string[] path) => path.Aggregate((YamlNode)Manifest, (node, name) => node[name]);

    private static IEnumerable<string> Words(params string[] path) => ((YamlSequenceNode)At(path)).Select(n => ((YamlScalarNode)n).Value!);

    private static string Text(YamlMappingNode node, string name) => ((YamlScalarNode)node[name]).Value!;

    private static object? Plain(YamlNode node) => node switch
    {
        YamlMappingNode map => map.ToDictionary(p => ((YamlScalarNode)p.Key).Value!, p => Plain(p.Value)),
        YamlSequenceNode list => list.Select(Plain).ToList(),
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "true" or "false" } flag => flag.Value == "true",
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } number when int.TryParse(number.Value, out var n) => n,
        YamlScalarNode text => text.Value,
        _ => null,
    };
}
