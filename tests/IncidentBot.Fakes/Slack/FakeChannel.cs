using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IncidentBot.Fakes.Slack;

/// <summary>A channel, private channel or direct conversation of the played Slack.</summary>
public sealed record FakeChannel(string Id, string Name)
{
    public string Name { get; set; } = Name;

    public bool IsPrivate { get; init; }

    public string? DirectWith { get; init; }

    public bool Archived { get; set; }

    public string Creator { get; init; } = "";

    public long Created { get; init; }

    public string Topic { get; set; } = "";

    public string? Canvas { get; set; }

    public ConcurrentDictionary<string, bool> Members { get; } = new();

    public ImmutableList<JsonObject> Messages { get; private set; } = [];

    public ImmutableList<FakeEphemeral> Ephemerals { get; private set; } = [];

    public List<string> Pinned { get; } = [];

    public List<(string Title, string Link)> Bookmarks { get; } = [];

    public string Type => DirectWith is not null ? "im" : IsPrivate ? "group" : "channel";

    public void Whisper(FakeEphemeral message) => Ephemerals = Ephemerals.Add(message);

    public void Remove(JsonObject message) => Messages = Messages.Remove(message);

    public void Add(JsonObject message)
    {
        Messages = Messages.Add(message);
        if (message["thread_ts"]?.GetValue<string>() is { } parent && Find(parent) is { } root)
        {
            (root["thread_ts"], root["latest_reply"], root["reply_count"]) = (parent, message["ts"]!.GetValue<string>(), (root["reply_count"]?.GetValue<int>() ?? 0) + 1);
        }
    }

    public JsonObject? Find(string ts) => Messages.Find(m => m["ts"]!.GetValue<string>() == ts);
}

/// <summary>A message that one person sees, until they reload.</summary>
public sealed record FakeEphemeral(string User, string? Thread, JsonElement Body, string? ResponseId);

/// <summary>A view that is open.</summary>
public sealed record FakeView(string Id, string User, JsonElement View);

/// <summary>A file that someone shared.</summary>
public sealed record FakeFile(string Id, string Name, string MediaType, byte[] Bytes);

/// <summary>A call of the Web API.</summary>
public sealed record FakeCall(string Method, IReadOnlyDictionary<string, string> Arguments);

/// <summary>Something that goes wrong with a call.</summary>
/// <param name="Error">Slack's word for it.</param>
/// <param name="Done">True when the call takes effect all the same.</param>
/// <param name="RetryAfter">In seconds, with status 429.</param>
public sealed record FakeTrouble(string Error, int Status = 200, bool Done = false, int? RetryAfter = null, Func<Task>? Before = null);
