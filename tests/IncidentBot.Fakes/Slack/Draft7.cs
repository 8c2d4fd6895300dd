using System.Text.Json;
using System.Text.RegularExpressions;

namespace IncidentBot.Fakes.Slack;

/// <summary>Holds JSON against a schema (JSON Schema, draft 7), as far as Slack's schemas use it.</summary>
public sealed class Draft7(string schema)
{
    private readonly JsonElement _root = JsonDocument.Parse(schema).RootElement.Clone();

    /// <summary>What is wrong with a value, held against one of the definitions, or against the whole schema.</summary>
    public IEnumerable<string> Wrong(JsonElement value, string? definition = null) =>
        Check(value, definition is null ? _root : _root.GetProperty("definitions").GetProperty(definition), "$").Take(5);

    private IEnumerable<string> Check(JsonElement v, JsonElement s, string at)
    {
        if (s.ValueKind == JsonValueKind.True)
        {
            return [];
        }

        if (s.ValueKind == JsonValueKind.False)
        {
            return [$"{at} is not allowed"];
        }

        if (s.TryGetProperty("$ref", out var reference))
        {
            return Check(v, Resolve(reference.GetString()!), at);
        }

        return Type(v, s, at).Concat(Combined(v, s, at)).Concat(v.ValueKind switch
        {
            JsonValueKind.Object => Object(v, s, at),
            JsonValueKind.Array => Array(v, s, at),
            JsonValueKind.String => String(v.GetString()!, s, at),
            JsonValueKind.Number => Number(v.GetDouble(), s, at),
            _ => [],
        });
    }

    private JsonElement Resolve(string reference)
    {
        var found = _root;
        foreach (var part in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            found = found.GetProperty(Uri.UnescapeDataString(part).Replace("~1", "/").Replace("~0", "~"));
        }

        return found;
    }

    private static IEnumerable<string> Type(JsonElement v, JsonElement s, string at)
    {
        if (s.TryGetProperty("type", out var type) && !(type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Any(t => Is(v, t.GetString()!)) : Is(v, type.GetString()!)))
        {
            yield return $"{at} is no {type}";
        }

        if (s.TryGetProperty("const", out var constant) && !JsonElement.DeepEquals(constant, v))
        {
            yield return $"{at} is not {constant}";
        }

        if (s.TryGetProperty("enum", out var values) && !values.EnumerateArray().Any(x => JsonElement.DeepEquals(x, v)))
        {
            yield return $"{at} is none of {values}";
        }
    }

    private static bool Is(JsonElement v, string type) => type switch
    {
        "object" => v.ValueKind == JsonValueKind.Object,
        "array" => v.ValueKind == JsonValueKind.Array,
        "string" => v.ValueKind == JsonValueKind.String,
        "boolean" => v.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => v.ValueKind == JsonValueKind.Null,
        "integer" => v.ValueKind == JsonValueKind.Number && v.TryGetInt64(out _),
        _ => v.ValueKind == JsonValueKind.Number,
    };

    private IEnumerable<string> Combined(JsonElement v, JsonElement s, string at)
    {
        if (s.TryGetProperty("allOf", out var all))
        {
            foreach (var wrong in all.EnumerateArray().SelectMany(x => Check(v, x, at)))
            {
                yield return wrong;
            }
        }

        foreach (var name in new[] { "anyOf", "oneOf" })
        {
            if (s.TryGetProperty(name, out var some))
            {
                var tries = some.EnumerateArray().Select(x => Check(v, x, at).Take(3).ToList()).ToList();
                var passed = tries.Count(t => t.Count == 0);
                if (passed == 0 || (name == "oneOf" && passed > 1))
                {
                    // The nearest is the one with the fewest complaints.
                    yield return passed > 1 ? $"{at} is more than one thing at once" : $"{at} is none of the allowed shapes ({string.Join("; ", tries.MinBy(t => t.Count)!)})";
                }
            }
        }

        if (s.TryGetProperty("not", out var not) && !Check(v, not, at).Any())
        {
            yield return $"{at} is what it must not be";
        }
    }

    private IEnumerable<string> Object(JsonElement v, JsonElement s, string at)
    {
        if (s.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Select(r => r.GetString()!).Where(r => !v.TryGetProperty(r, out _)))
            {
                yield return $"{at} lacks {name}";
            }
        }

        s.TryGetProperty("properties", out var properties);
        foreach (var member in v.EnumerateObject())
        {
            if (properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(member.Name, out var known))
            {
                foreach (var wrong in Check(member.Value, known, $"{at}.{member.Name}"))
                {
                    yield return wrong;
                }
            }
            else if (s.TryGetProperty("additionalProperties", out var more))
            {
                foreach (var wrong in Check(member.Value, more, $"{at}.{member.Name}"))
                {
                    yield return wrong;
                }
            }
        }
    }

    private IEnumerable<string> Array(JsonElement v, JsonElement s, string at)
    {
        var count = v.GetArrayLength();
        if ((s.TryGetProperty("minItems", out var least) && count < least.GetInt32()) || (s.TryGetProperty("maxItems", out var most) && count > most.GetInt32()))
        {
            yield return $"{at} has {count} items";
        }

        if (s.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Object)
        {
            foreach (var wrong in v.EnumerateArray().SelectMany((x, i) => Check(x, items, $"{at}[{i}]")))
            {
                yield return wrong;
            }
        }
    }

    private static IEnumerable<string> String(string v, JsonElement s, string at)
    {
        if ((s.TryGetProperty("minLength", out var least) && v.Length < least.GetInt32()) || (s.TryGetProperty("maxLength", out var most) && v.Length > most.GetInt32()))
        {
            yield return $"{at} is {v.Length} long";
        }

        if (s.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(v, pattern.GetString()!, RegexOptions.ECMAScript))
        {
            yield return $"{at} does not look like {pattern}";
        }
    }

    private static IEnumerable<string> Number(double v, JsonElement s, string at)
    {
        if ((s.TryGetProperty("minimum", out var least) && v < least.GetDouble()) || (s.TryGetProperty("maximum", out var most) && v > most.GetDouble()))
        {
            yield return $"{at} is {v}";
        }
    }
}

/// <summary>Fixtures that stand beside the project on some machines.</summary>
public static class SharedFixtures
{
    /// <summary>The path of a fixture, or null where it is absent.</summary>
    public static string? Find(string name)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var found = Path.Combine(directory.FullName, "shared", "fixtures", name);
            if (Path.Exists(found))
            {
                return found;
            }
        }

        return null;
    }
}
