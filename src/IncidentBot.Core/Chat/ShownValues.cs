using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace IncidentBot.Core.Chat;

/// <summary>What a form showed when it was opened, carried in its context, so that only what the person changed is kept and nobody else's change is undone.</summary>
public sealed class ShownValues
{
    private readonly Dictionary<string, string> _shown;

    private ShownValues(string id, Dictionary<string, string> shown) => (Id, _shown) = (id, shown);

    /// <summary>The id of what the form is about.</summary>
    public string Id { get; }

    /// <summary>The context for a form that shows these fields.</summary>
    public static string Context(string id, ImmutableArray<FormField> fields) =>
        $"{id}|{string.Join(',', fields.Select(f => $"{f.Id}={Mark(f.Value)}"))}";

    public static ShownValues Read(string? context)
    {
        var parts = (context ?? "").Split('|', 2);
        var marks = parts.ElementAtOrDefault(1)?.Split(',').Select(p => p.Split('=')).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1]);
        return new(parts[0], marks ?? []);
    }

    /// <summary>True when the form was sent with another value of the field than it showed.</summary>
    public bool Changed(FormSubmitted form, string field) =>
        form.Values.ContainsKey(field) && (!_shown.TryGetValue(field, out var mark) || mark != Mark(form.Value(field)));

    private static string Mark(string? value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value?.Trim() ?? "")))[..8];
}
