using System.Text.Json;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Replay;

/// <summary>A review as a file tells it.</summary>
public sealed class FileReview
{
    public string? Facilitator { get; set; }

    public List<FileAnswer> Answers { get; } = [];

    public FileWhy? Whys { get; set; }

    public List<FileFinding> Findings { get; } = [];

    public List<FileAction> Actions { get; } = [];

    /// <summary>What the format does not know, kept under its own key.</summary>
    public List<(string Key, string Text)> Notes { get; } = [];
}

/// <summary>What somebody answered in a phase.</summary>
public sealed record FileAnswer(string Phase, string? Person, string Text, DateTimeOffset? At);

/// <summary>A cause with those below it; the evidence counts the file's entries from 0.</summary>
public sealed record FileWhy(string Text, IReadOnlyList<int> Evidence, CauseEnding? Ending, IReadOnlyList<FileWhy> Children);

/// <summary>A finding of a file's review.</summary>
public sealed record FileFinding(FindingKind Kind, string Text, string? Category, string? How);

/// <summary>Reads the review of an incident file; what it does not know is kept as notes.</summary>
internal static class FileReviewReader
{
    private static readonly Dictionary<string, FindingKind> Lists = new()
    {
        ["factors"] = FindingKind.Factor,
        ["went_well"] = FindingKind.WentWell,
        ["lucky"] = FindingKind.Lucky,
        ["could_improve"] = FindingKind.CouldImprove,
        ["root_cause"] = FindingKind.RootCause,
        ["lessons"] = FindingKind.Lesson,
    };

    private static readonly string[] Below = ["children", "because"];

    public static FileReview Read(JsonElement review, FileTimes times, Func<JsonElement, FileAction> readAction)
    {
        var read = new FileReview();
        foreach (var property in review.EnumerateObject())
        {
            var (name, value) = (property.Name, property.Value);
            if (name == "facilitator" && value.ValueKind == JsonValueKind.String)
            {
                read.Facilitator = value.GetString();
            }
            else if (name == "answers" && value.ValueKind == JsonValueKind.Array)
            {
                read.Answers.AddRange(value.EnumerateArray().Select(a => new FileAnswer(Text(a, "phase") ?? "", Text(a, "person"), Text(a, "text") ?? "", times.Read(Text(a, "time")))).Where(a => a.Text.Length > 0));
            }
            else if (name == "whys" && value.ValueKind == JsonValueKind.Object)
            {
                read.Whys = ReadWhy(value);
            }
            else if (name == "action_items" && value.ValueKind == JsonValueKind.Array)
            {
                read.Actions.AddRange(value.EnumerateArray().Select(readAction));
            }
            else if (Words.TryRead<FindingKind>(name.Replace('_', '-'), out var kind) || Lists.TryGetValue(name, out kind))
            {
                read.Findings.AddRange((value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToList() : [value]).Select(v => ReadFinding(kind, v)).Where(f => f.Text.Length > 0));
            }
            else if (Said(value) is { Length: > 0 } text)
            {
                read.Notes.Add((name.Replace('_', ' '), text));
            }
        }

        return read;
    }

    private static FileFinding ReadFinding(FindingKind kind, JsonElement value) => value.ValueKind != JsonValueKind.Object ? new(kind, Said(value) ?? "", null, null)
        : new(kind, Text(value, "text") ?? "", Text(value, "category") ?? Text(value, "area"), Text(value, "how") ?? Text(value, "enabled") ?? Text(value, "consequence"));

    private static FileWhy ReadWhy(JsonElement node)
    {
        var children = Below.Where(n => node.TryGetProperty(n, out var list) && list.ValueKind == JsonValueKind.Array).SelectMany(n => node.GetProperty(n).EnumerateArray()).Select(ReadWhy).ToList();
        var evidence = node.TryGetProperty("evidence", out var shown) && shown.ValueKind == JsonValueKind.Array
            ? shown.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out _)).Select(e => e.GetInt32()).ToList() : [];
        return new(Text(node, "text") ?? Text(node, "why") ?? "", evidence, Words.TryRead<CauseEnding>(Text(node, "ending"), out var ending) ? ending : null, children);
    }

    private static string? Text(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? Said(value) : null;

    private static string? Said(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };
}
