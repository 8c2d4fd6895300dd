using System.Text.Json;

namespace IncidentBot.Core.Incidents;

/// <summary>The word of an enum value in commands, files, the API and the database: lower case with hyphens.</summary>
public static class Words
{
    public static string Word<T>(this T value)
        where T : struct, Enum => Table<T>.ToWord.TryGetValue(value, out var word) ? word : value.ToString();

    public static bool TryRead<T>(string? word, out T value)
        where T : struct, Enum => Table<T>.FromWord.TryGetValue(word?.Trim() ?? "", out value);

    public static IEnumerable<string> Of<T>()
        where T : struct, Enum => Table<T>.ToWord.Values;

    private static class Table<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> ToWord =
            Enum.GetValues<T>().ToDictionary(v => v, v => JsonNamingPolicy.KebabCaseLower.ConvertName(v.ToString()));

        public static readonly Dictionary<string, T> FromWord =
            ToWord.ToDictionary(p => p.Value, p => p.Key, StringComparer.OrdinalIgnoreCase);
    }
}
