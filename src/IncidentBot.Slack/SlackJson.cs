using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncidentBot.Slack;

/// <summary>How Slack's JSON is written and looked into.</summary>
internal static class SlackJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The text at a path of names, or null when anything on the way is absent or no text.</summary>
    public static string? Text(this JsonElement e, params ReadOnlySpan<string> path) =>
        e.At(path) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;

    /// <summary>The element at a path of names, or null when anything on the way is absent.</summary>
    public static JsonElement? At(this JsonElement e, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (e.ValueKind != JsonValueKind.Object || !e.TryGetProperty(name, out e))
            {
                return null;
            }
        }

        return e.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : e;
    }

    /// <summary>The elements of the array at a path; none when there is no array.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement e, params ReadOnlySpan<string> path) =>
        e.At(path) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    public static bool Flag(this JsonElement e, params ReadOnlySpan<string> path) => e.At(path) is { ValueKind: JsonValueKind.True };

    public static long? Number(this JsonElement e, params ReadOnlySpan<string> path) =>
        e.At(path) is { ValueKind: JsonValueKind.Number } n && n.TryGetInt64(out var value) ? value : null;
}
