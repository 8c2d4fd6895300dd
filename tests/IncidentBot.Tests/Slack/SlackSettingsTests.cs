using IncidentBot.Fakes;
using Microsoft.Extensions.Configuration;

namespace IncidentBot.Tests.Slack;

/// <summary>Settings of Slack that are wrong, missing or misspelt are named at the start.</summary>
public sealed class SlackSettingsTests
{
    [Theory]
    [InlineData("Slack:SigningSecret", "x", "Slack:BotToken: missing")]
    [InlineData("Slack:BotToken", "xoxb-1", "Slack:SigningSecret: missing")]
    [InlineData("Slack:BotToken", "xoxp-1", "this is no bot token")]
    [InlineData("Slack:AppToken", "xoxb-1", "this is no app-level token")]
    [InlineData("Slack:ClientId", "1", "Slack:ClientSecret: missing")]
    [InlineData("Slack:ApiBaseUrl", "http://slack.example/api", "is no address that tokens may be sent to")]
    [InlineData("Incidents:Room", "Cave", "Use Channel")]
    public async Task Settings_that_cannot_be_are_named_at_the_start(string key, string value, string says)
    {
        await using var database = await TestDatabase.CreateAsync(IncidentBot.Storage.DatabaseProvider.Sqlite);
        var (exit, _, errors) = await BotProcess.RunAsync(["serve", .. database.Arguments(), $"--{key}={value}"]);
        Assert.Equal(1, exit);
        Assert.Contains(says, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_setting_is_named_wherever_it_stands()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Slack:BotTokn"] = "xoxb-1", ["Slack:PinEmoji:0"] = "eyes", ["Unrelated:Key"] = "1" }).Build();
        var fault = Assert.Throws<SettingsFault>(() => Settings.Read(configuration));
        Assert.Equal("Slack:BotTokn: there is no such setting. Did you mean Slack:BotToken?", fault.Message);
    }
}
