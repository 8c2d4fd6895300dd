using System.Collections.Concurrent;
using IncidentBot.Core.Delivery;
using IncidentBot.Slack.Install;

namespace IncidentBot.Slack.Outbound;

/// <summary>Finds the message that a reaction is about, with its thread: Slack names only channel and time, and the right message must be kept, never a neighbour.</summary>
public sealed class SlackThreads(SlackApi api, Installations installations, InboxIntake intake, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Workspace, string Channel, string Ts), string> _threads = new();

    private readonly ConcurrentDictionary<(string Workspace, string Channel, string Ts), DateTimeOffset> _unanswered = new();

    public bool Knows(string workspace, string channel, string ts) => _threads.ContainsKey((workspace, channel, ts)) || (_unanswered.TryGetValue((workspace, channel, ts), out var again) && again > time.GetUtcNow());

    /// <summary>The thread of a message, or null when it stands in none or is not known.</summary>
    /// <exception cref="Core.Chat.NotYet">Slack was asked and did not answer: what hangs on it is tried again later.</exception>
    public string? Of(string workspace, string channel, string ts)
    {
        if (_threads.TryGetValue((workspace, channel, ts), out var thread))
        {
            return thread.Length > 0 ? thread : null;
        }

        // Once its time has come it is asked for again.
        return _unanswered.TryGetValue((workspace, channel, ts), out var again) && again > time.GetUtcNow() ? throw new Core.Chat.NotYet(again) : null;
    }

    /// <summary>Asks for messages that are not known, and stores them as if they had been delivered; what Slack does not tell is done without.</summary>
    public async Task AskAsync(IEnumerable<(string Workspace, string Channel, string Ts)> messages, CancellationToken stop)
    {
        foreach (var (workspace, channel, ts) in messages)
        {
            try
            {
                var where = await installations.GetAsync(workspace, stop);
                var answer = await api.CallAsync(where, "conversations.replies", new Dictionary<string, object?> { ["channel"] = channel, ["ts"] = ts, ["latest"] = ts, ["inclusive"] = true, ["limit"] = 1000 }, stop);
                var found = answer.Items("messages").Where(m => m.Text("ts") == ts).Take(1).ToList();
                Remember(workspace, channel, ts, found.Count > 0 && found[0].Text("thread_ts") is { } parent && parent != ts ? parent : "");
                if (found.Count > 0)
                {
                    await intake.StoreAsync(Reread.Row(where, channel, found[0], time.GetUtcNow(), old: true), stop);
                }
            }
            catch (SlackFault fault) when (fault.Trouble == SlackTrouble.Refused)
            {
                Remember(workspace, channel, ts, "");
            }
            catch (Exception fault) when (fault is SlackFault or Core.Chat.StoreUnavailable or OperationCanceledException)
            {
                _unanswered[(workspace, channel, ts)] = time.GetUtcNow() + ((fault as SlackFault)?.RetryAfter ?? TimeSpan.FromSeconds(5));
            }
        }
    }

    private void Remember(string workspace, string channel, string ts, string thread)
    {
        // As many as one could ask for in a day; after that all are asked for again.
        if (_threads.Count > 20_000)
        {
            _threads.Clear();
            _unanswered.Clear();
        }

        _threads[(workspace, channel, ts)] = thread;
    }
}
