using IncidentBot.Fakes;

namespace IncidentBot.Tests.Behaviour;

/// <summary>What the bot does in a chat, whatever the platform: each platform runs this suite through its driver.</summary>
public abstract partial class BehaviourSuite
{
    protected abstract Task<RoomDriver> StartAsync(DateTimeOffset? now = null, Dictionary<string, string>? settings = null);

    protected static DateTimeOffset Utc(int hour, int minute, int day = 10, int month = 3) => new(2026, month, day, hour, minute, 0, TimeSpan.Zero);

    protected static async Task<List<(int Seq, string? At, string Kind, string? Phase, string Text, string? Actor)>> TimelineAsync(RoomDriver chat, string code)
    {
        var items = (await chat.Bot.GetAsync($"/api/v1/incidents/{code}/timeline")).GetProperty("items");
        return [.. items.EnumerateArray().Select(e => (
            e.GetProperty("seq").GetInt32(), e.GetProperty("occurredAt").GetString(), e.GetProperty("kind").GetString()!, e.GetProperty("phase").GetString(),
            e.GetProperty("text").GetString()!, e.GetProperty("actor").GetString()))];
    }

    protected static async Task<(int Seq, string? At, string Kind, string? Phase, string Text, string? Actor)> EntryAsync(RoomDriver chat, string code, string text) =>
        Assert.Single(await TimelineAsync(chat, code), e => e.Text == text);
}
