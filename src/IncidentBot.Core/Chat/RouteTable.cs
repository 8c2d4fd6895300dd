using Microsoft.Extensions.DependencyInjection;

namespace IncidentBot.Core.Chat;

/// <summary>Which handler decides about which event: an explicit table that registers the handlers and dispatches to them.</summary>
public sealed class RouteTable
{
    private readonly Dictionary<(Type Event, string Key), Route> _routes = [];
    private readonly List<Action<IServiceCollection>> _registrations = [];

    /// <summary>Every route, for those who list or check them.</summary>
    public IEnumerable<(Type Event, string Key, Type Handler)> All => _routes.Select(r => (r.Key.Event, r.Key.Key, r.Value.Handler));

    /// <summary>Every word that a command can begin with.</summary>
    public IEnumerable<string> Verbs => _routes.Keys.Where(k => k.Event == typeof(CommandInvoked)).Select(k => k.Key);

    /// <summary>Sends events with one of the keys to a handler; without keys, all events of the type.</summary>
    public RouteTable On<TEvent, THandler>(params string[] keys)
        where TEvent : ChatEvent
        where THandler : class, IHandle<TEvent>
    {
        _registrations.Add(s => s.AddScoped<THandler>());
        foreach (var key in keys.Length == 0 ? [""] : keys)
        {
            _routes.Add((typeof(TEvent), key), new(
                typeof(THandler), (sp, e, turn, stop) => sp.GetRequiredService<THandler>().HandleAsync((TEvent)e, turn, stop)));
        }

        return this;
    }

    /// <summary>Sends all events of one type to a handler that takes many in one pass.</summary>
    public RouteTable OnMany<TEvent, THandler>()
        where TEvent : Observation
        where THandler : class, IHandleMany<TEvent>
    {
        _registrations.Add(s => s.AddScoped<THandler>());
        _routes.Add((typeof(TEvent), ""), new(typeof(THandler), async (sp, e, _, stop) =>
        {
            await sp.GetRequiredService<THandler>().HandleAsync([(TEvent)e], stop);
            return Answer.None;
        }));
        return this;
    }

    /// <summary>Lets guests of other organisations use some keys of one kind of event.</summary>
    public RouteTable OpenToGuests<TEvent>(params string[] keys)
        where TEvent : Gesture
    {
        foreach (var key in keys)
        {
            _routes[(typeof(TEvent), key)].Guests = true;
        }

        return this;
    }

    /// <summary>Lets some commands take files along; others say so instead of losing them.</summary>
    public RouteTable TakesFiles(params string[] verbs)
    {
        foreach (var verb in verbs)
        {
            _routes[(typeof(CommandInvoked), verb)].Files = true;
        }

        return this;
    }

    /// <summary>Says which gestures are about what happens in an incident: in one that is played from a file, they happen in the file's time.</summary>
    public RouteTable InItsTime<TEvent>(params string[] keys)
        where TEvent : Gesture
    {
        foreach (var key in keys)
        {
            _routes[(typeof(TEvent), key)].InItsTime = true;
        }

        return this;
    }

    public void Register(IServiceCollection services)
    {
        foreach (var register in _registrations)
        {
            register(services);
        }
    }

    internal Route? Find(ChatEvent e) => _routes.GetValueOrDefault((e.GetType(), e.Key));

    /// <summary>One line of the table.</summary>
    internal sealed class Route(Type handler, Func<IServiceProvider, ChatEvent, Turn, CancellationToken, Task<Answer>> run)
    {
        public Type Handler { get; } = handler;

        public bool Guests { get; set; }

        public bool Files { get; set; }

        public bool InItsTime { get; set; }

        public Task<Answer> RunAsync(IServiceProvider services, ChatEvent e, Turn turn, CancellationToken stop) => run(services, e, turn, stop);
    }
}
