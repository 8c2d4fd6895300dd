using System.Diagnostics.Metrics;
using IncidentBot.Core.Chat;

namespace IncidentBot.Core.Delivery;

/// <summary>What is counted and timed; names and meaning stand in src/README.md.</summary>
public sealed class Meters
{
    public const string Name = "IncidentBot";

    private readonly Counter<long> _acknowledged;
    private readonly Counter<long> _handled;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _faults;
    private readonly Counter<long> _dead;
    private readonly Counter<long> _alarms;
    private readonly Histogram<double> _lag;
    private readonly Histogram<double> _gesture;

    public Meters(IMeterFactory factory)
    {
        var meter = factory.Create(Name);
        _acknowledged = meter.CreateCounter<long>("incidentbot.inbox.acknowledged", "{delivery}", "Deliveries stored and acknowledged");
        _handled = meter.CreateCounter<long>("incidentbot.inbox.handled", "{delivery}", "Deliveries whose effect is committed");
        _lag = meter.CreateHistogram<double>("incidentbot.inbox.lag", "s", "From the receipt of a delivery to the commit of its effect");
        _sent = meter.CreateCounter<long>("incidentbot.outbox.sent", "{post}", "Posts that a platform has taken");
        _faults = meter.CreateCounter<long>("incidentbot.delivery.faults", "{try}", "Tries that failed and will be made again");
        _dead = meter.CreateCounter<long>("incidentbot.delivery.dead", "{delivery}", "Deliveries and posts that were given up");
        _alarms = meter.CreateCounter<long>("incidentbot.alarms.rung", "{alarm}", "Alarms that were handled");
        _gesture = meter.CreateHistogram<double>("incidentbot.gesture.duration", "s", "From the receipt of a command, button or form to its answer");
    }

    public void Acknowledged(int count) => _acknowledged.Add(count);

    public void Handled(string platform, TimeSpan lag)
    {
        _handled.Add(1, new KeyValuePair<string, object?>("platform", platform));
        _lag.Record(Math.Max(0, lag.TotalSeconds), new KeyValuePair<string, object?>("platform", platform));
    }

    public void Sent(string platform) => _sent.Add(1, new KeyValuePair<string, object?>("platform", platform));

    /// <param name="way">in or out.</param>
    public void Failed(string way, bool givenUp) => (givenUp ? _dead : _faults).Add(1, new KeyValuePair<string, object?>("way", way));

    public void Rang(string key) => _alarms.Add(1, new KeyValuePair<string, object?>("alarm", key));

    /// <param name="key">The route that was taken; what people type wrongly is not a key.</param>
    public void Answered(string? key, Answer answer, TimeSpan took) => _gesture.Record(
        took.TotalSeconds,
        new("key", key ?? "unknown"),
        new("outcome", answer switch { RefusedAnswer or FieldErrorsAnswer => "refused", Unexpected => "failed", _ => "answered" }));
}
