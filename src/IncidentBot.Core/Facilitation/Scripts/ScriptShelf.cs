using System.Collections.Concurrent;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Facilitation.Scripts;

/// <summary>Finds the script for an incident: the administrator's own for its kind and severity, or the shipped one.</summary>
public sealed class ScriptShelf(Installation installation)
{
    public const string Default = "default";
    public const string Recurring = "recurring";

    private static readonly string[] Shipped = [Default, "security", "near-miss", Recurring];

    private readonly ConcurrentDictionary<string, Script> _read = new();

    /// <summary>The whole script, to be kept by the review.</summary>
    /// <param name="wished">A script by its name; null: the one for the incident's kind and severity.</param>
    /// <exception cref="FormatException">A file of the administrator's is no script; the message names it.</exception>
    public Script Choose(IncidentKind kind, int? severity, string? wished = null)
    {
        string[] names = wished is not null ? [wished] : [$"{kind.Word()}-sev{severity}", kind.Word(), $"sev{severity}", Default];
        // The closest before the general; of one name, the administrator's own before the shipped one.
        return names.Select(Named).OfType<Script>().First();
    }

    public bool Knows(string name) => Named(name) is not null;

    /// <summary>What is wrong with the administrator's scripts, a line each.</summary>
    public IEnumerable<string> Complaints()
    {
        foreach (var file in Directory.Exists(installation.Scripts) ? Directory.GetFiles(installation.Scripts, "*.yaml").Order(StringComparer.Ordinal).ToList() : [])
        {
            string? complaint = null;
            try
            {
                Own(Path.GetFileNameWithoutExtension(file));
            }
            catch (FormatException fault)
            {
                complaint = fault.Message;
            }

            if (complaint is not null)
            {
                yield return complaint;
            }
        }
    }

    /// <summary>The script as a review has kept it.</summary>
    public Script Kept(string text) => _read.GetOrAdd(text, t => ScriptText.Read(t, _ => null));

    private Script? Named(string name) => Own(name) ?? (IsShipped(name) ? ReadShipped(name) : null);

    private static bool IsShipped(string name) => Shipped.Contains(name);

    private static Script ReadShipped(string name) => ScriptText.Read(Resources.Text($"Facilitation.Scripts.Shipped.{name}.yaml"), ReadShipped);

    private Script? Own(string name)
    {
        var file = Path.Combine(installation.Scripts, name + ".yaml");
        if (name.AsSpan().ContainsAny('/', '\\', '.') || !File.Exists(file))
        {
            return null;
        }

        try
        {
            return ScriptText.Read(File.ReadAllText(file), other => other != name ? Named(other) : IsShipped(other) ? ReadShipped(other) : null);
        }
        catch (FormatException fault)
        {
            throw new FormatException($"{file}: {fault.Message}", fault);
        }
    }
}
