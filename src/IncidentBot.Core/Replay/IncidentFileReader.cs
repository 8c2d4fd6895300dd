using System.Text.Json;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Replay;

/// <summary>Reads incident files: JSON, or the raw text in which people gather what they remember.</summary>
public static class IncidentFileReader
{
    private static readonly Dictionary<string, KeyEvent> KeyEvents = new()
    {
        ["impact_begins"] = KeyEvent.ImpactBegins,
        ["first_detected"] = KeyEvent.Detected,
        ["detected"] = KeyEvent.Detected,
        ["acknowledged"] = KeyEvent.Acknowledged,
        ["incident_declared"] = KeyEvent.Declared,
        ["declared"] = KeyEvent.Declared,
        ["mitigated"] = KeyEvent.Mitigated,
        ["repaired"] = KeyEvent.Repaired,
        ["restored"] = KeyEvent.Restored,
        ["resolved"] = KeyEvent.Resolved,
        ["impact_ends"] = KeyEvent.ImpactEnds,
    };

    private static readonly Dictionary<string, FindingKind> Findings = new()
    {
        ["immediate_cause"] = FindingKind.ProximateCause,
        ["root_cause"] = FindingKind.RootCause,
        ["resolution"] = FindingKind.Resolution,
        ["summary"] = FindingKind.Summary,
    };

    private static readonly string[] Below = ["because", "children"];

    /// <exception cref="IncidentFileFault">It is no incident file; the message says what is wrong and what to do.</exception>
    public static IncidentFile Read(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{"))
        {
            return RawOutageReader.Read(text);
        }

        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return Read(document.RootElement);
        }
        catch (JsonException fault)
        {
            throw new IncidentFileFault($"The file is not valid JSON (line {fault.LineNumber + 1}): mend it there and try again.", fault);
        }
    }

    private static IncidentFile Read(JsonElement root)
    {
        var title = Text(root, "title");
        if (string.IsNullOrWhiteSpace(title))
        {
            throw new IncidentFileFault("The file has no \"title\". Add one: it names the incident.");
        }

        if (!root.TryGetProperty("timeline", out var timeline) || timeline.ValueKind != JsonValueKind.Array)
        {
            throw new IncidentFileFault("The file has no \"timeline\" list. Add one, with a \"time\" and a \"text\" in each entry.");
        }

        var file = new IncidentFile { Title = title };
        var stated = Text(root, "timezone");
        var zone = stated is not null && TimeZoneInfo.TryFindSystemTimeZoneById(stated, out var found) ? found : TimeZoneInfo.Utc;
        if (stated is not null && zone.Equals(TimeZoneInfo.Utc) && !stated.Equals("UTC", StringComparison.OrdinalIgnoreCase))
        {
            file.Notes.Add((null, "timezone", stated));
        }

        var times = new FileTimes(zone);
        foreach (var property in root.EnumerateObject())
        {
            ReadProperty(file, property, times);
        }

        return file;
    }

    private static void ReadProperty(IncidentFile file, JsonProperty property, FileTimes times)
    {
        var (name, value) = (property.Name, property.Value);
        switch (name)
        {
            case "title" or "timezone":
                break;
            case "review" when value.ValueKind == JsonValueKind.Object:
                (file.Review, file.ReviewText) = (FileReviewReader.Read(value, times, a => ReadAction(file, a)), value.GetRawText());
                break;
            case "timeline":
                ReadTimeline(file, value, times);
                break;
            case "severity" when Severity.Read(Said(value)) is { } severity:
                file.Severity = severity;
                break;
            case "kind" when Words.TryRead<IncidentKind>(Said(value), out var kind):
                file.Kind = kind;
                break;
            case "services" when value.ValueKind == JsonValueKind.Array:
                file.Services.AddRange(value.EnumerateArray().Select(Said).OfType<string>());
                break;
            case "people" when value.ValueKind == JsonValueKind.Array:
                foreach (var person in value.EnumerateArray())
                {
                    var called = person.ValueKind == JsonValueKind.Object ? Text(person, "name") : Said(person);
                    file.People.Add((called ?? "unnamed", Text(person, "role") ?? "responder"));
                    KeepOthers(file, $"person {called}", person, "name", "role");
                }

                break;
            case "key_events" when value.ValueKind == JsonValueKind.Object:
                ReadKeyEvents(file, value, times);
                break;
            case "impact" when value.ValueKind == JsonValueKind.Object:
                ReadImpact(file, value);
                break;
            case "impact" when value.ValueKind == JsonValueKind.String:
                file.Impact["userExperience"] = value.GetString()!;
                break;
            case "contributing" when value.ValueKind == JsonValueKind.Array:
                file.Findings.AddRange(value.EnumerateArray().Select(Said).OfType<string>().Select(t => (FindingKind.Factor, t)));
                break;
            case "five_whys_tree" when value.ValueKind == JsonValueKind.Object:
                file.Whys = ReadWhy(file, value);
                break;
            case "action_items" when value.ValueKind == JsonValueKind.Array:
                file.Actions.AddRange(value.EnumerateArray().Select(a => ReadAction(file, a)));
                break;
            default:
                if (Findings.TryGetValue(name, out var finding) && value.ValueKind == JsonValueKind.String)
                {
                    file.Findings.Add((finding, value.GetString()!));
                }
                else
                {
                    Keep(file, null, name, value);
                }

                break;
        }
    }

    private static void ReadTimeline(IncidentFile file, JsonElement timeline, FileTimes times)
    {
        var number = 0;
        foreach (var entry in timeline.EnumerateArray())
        {
            number++;
            if (entry.ValueKind != JsonValueKind.Object || Text(entry, "text") is not { } text)
            {
                throw new IncidentFileFault($"Entry {number} of the timeline has no \"text\". Add it, or take the entry out.");
            }

            var said = Text(entry, "time");
            var at = times.Read(said);
            if (said is not null && at is null)
            {
                file.Warnings.Add($"Entry {number}: the time \"{said}\" is not understood; the entry is kept without a time.");
            }

            if (!Words.TryRead<EntryKind>(Text(entry, "kind"), out var kind) && entry.TryGetProperty("kind", out var odd))
            {
                Keep(file, number, "kind", odd);
            }

            if (entry.TryGetProperty("end", out var end) && times.Read(Said(end)) is null)
            {
                Keep(file, number, "end", end);
            }

            file.Entries.Add(new(at, times.Read(Text(entry, "end")), at is null ? said : null, text, Text(entry, "actor"),
                kind == EntryKind.System ? EntryKind.Event : kind, Text(entry, "state"), Text(entry, "context")));
            foreach (var other in entry.EnumerateObject().Where(p => p.Name is not ("time" or "end" or "text" or "actor" or "kind" or "state" or "context")))
            {
                Keep(file, number, other.Name, other.Value);
            }
        }
    }

    private static void ReadKeyEvents(IncidentFile file, JsonElement events, FileTimes times)
    {
        foreach (var property in events.EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null))
        {
            if (!KeyEvents.TryGetValue(property.Name, out var key))
            {
                Keep(file, null, property.Name, property.Value);
            }
            else if (times.Read(Said(property.Value)) is { } at)
            {
                file.KeyEvents[key] = at;
            }
            else
            {
                file.Warnings.Add($"The key event {property.Name} (\"{Said(property.Value)}\") is not understood and is kept as a note.");
                Keep(file, null, property.Name, property.Value);
            }
        }
    }

    private static void ReadImpact(IncidentFile file, JsonElement impact)
    {
        foreach (var property in impact.EnumerateObject())
        {
            var plain = property.Name.Replace("_", "");
            var field = Impact.Fields.FirstOrDefault(f => f.Key.Equals(plain, StringComparison.OrdinalIgnoreCase));
            if (field is not null && Said(property.Value) is { } said)
            {
                file.Impact[field.Key] = said;
            }
            else
            {
                Keep(file, null, $"impact {property.Name}", property.Value);
            }
        }
    }

    private static FileAction ReadAction(IncidentFile file, JsonElement action)
    {
        if (action.ValueKind != JsonValueKind.Object)
        {
            return new(Said(action) ?? "", null, null, null, null, null);
        }

        var text = Text(action, "text") ?? "";
        KeepOthers(file, $"action “{Chat.RichText.Briefly(text, 40)}”", action, "text", "owner", "type", "priority", "due", "ticket");

        return new(text, Text(action, "owner"), Text(action, "type"), Text(action, "priority"), Text(action, "due"), Text(action, "ticket"));
    }

    private static WhyNode ReadWhy(IncidentFile file, JsonElement node)
    {
        var text = Text(node, "why") ?? Text(node, "text") ?? "";
        KeepOthers(file, $"why “{Chat.RichText.Briefly(text, 40)}”", node, "why", "text", "because", "children");
        var below = Below.Where(n => node.TryGetProperty(n, out var list) && list.ValueKind == JsonValueKind.Array)
            .SelectMany(n => node.GetProperty(n).EnumerateArray());
        return new(text, [.. below.Select(b => ReadWhy(file, b))]);
    }

    private static void KeepOthers(IncidentFile file, string of, JsonElement element, params string[] known)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var other in element.EnumerateObject().Where(p => !known.Contains(p.Name)))
            {
                Keep(file, null, $"{of} {other.Name}", other.Value);
            }
        }
    }

    private static void Keep(IncidentFile file, int? entry, string key, JsonElement value)
    {
        foreach (var text in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(Said) : [Said(value)])
        {
            if (!string.IsNullOrWhiteSpace(text))
            {
                file.Notes.Add((entry, key.Replace('_', ' '), text));
            }
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? Said(value) : null;

    private static string? Said(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };
}
