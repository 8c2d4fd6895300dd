using System.Text.Encodings.Web;
using System.Text.Json;
using IncidentBot.Core.Facilitation.Coach;

namespace IncidentBot.Cli;

/// <summary>Runs a coach over a labelled file, so that its rules can be measured.</summary>
public static class LintVerb
{
    private static readonly Dictionary<string, Func<string, IReadOnlyList<LintFinding>>> Coaches = new(StringComparer.OrdinalIgnoreCase)
    {
        ["blame"] = text => BlameLint.Check(text, CoachWords.English),
        ["cause"] = text => CauseLint.Check(text, CoachWords.English),
        ["action"] = text => ActionLint.Check(text, CoachWords.English),
    };

    // Labels of texts that nothing should be said to, by kind.
    private static readonly Dictionary<string, string[]> Good = new(StringComparer.OrdinalIgnoreCase)
    {
        ["blame"] = ["neutral", "soft"],
        ["cause"] = ["systemic"],
        ["action"] = ["ok"],
    };

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task<int> RunAsync(string file, string kind, bool json, CancellationToken stop)
    {
        if (!Coaches.TryGetValue(kind, out var coach))
        {
            return Task.FromResult(Refusal.Usage($"--kind {kind}: there are blame, cause and action."));
        }

        return Refusal.GuardAsync(async () =>
        {
            if (!File.Exists(file))
            {
                throw new SettingsFault($"There is no file {file}.");
            }

            var texts = await ReadAsync(file, stop);
            // The same words are looked at once, and different ones on every core.
            var found = texts.Select(t => t.Text).Distinct(StringComparer.Ordinal).AsParallel().WithCancellation(stop).Select(t => (Text: t, Findings: coach(t))).ToDictionary(f => f.Text, f => f.Findings, StringComparer.Ordinal);
            var judged = new List<(string Label, bool Raised)>();
            await using var output = new StreamWriter(Console.OpenStandardOutput());
            foreach (var (number, label, text) in texts)
            {
                var findings = found[text];
                judged.Add((label, findings.Any(f => f.IsRaised)));
                if (json)
                {
                    await output.WriteLineAsync(JsonSerializer.Serialize(
                        new
                        {
                            line = number,
                            label,
                            text,
                            findings = findings.Select(f => new { rule = f.Rule, level = f.Level.ToString().ToLowerInvariant(), message = f.Message, rewrite = f.Rewrite }),
                        },
                        Json));
                }
            }

            if (!json)
            {
                Table(output, kind, judged);
            }
        });
    }

    private static async Task<List<(int Number, string Label, string Text)>> ReadAsync(string file, CancellationToken stop)
    {
        var texts = new List<(int, string, string)>();
        var number = 0;
        await foreach (var line in File.ReadLinesAsync(file, stop))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#'))
            {
                continue;
            }

            var columns = line.Split('\t');
            if (columns.Length < 2)
            {
                throw new SettingsFault($"{file}, line {number}: a line is a label, a tab and the text.");
            }

            texts.Add((number, columns[0], columns[1]));
        }

        return texts;
    }

    private static void Table(StreamWriter output, string kind, List<(string Label, bool Raised)> judged)
    {
        output.WriteLine($"{"label",-22}{"texts",8}{"raised",8}{"share",8}  ");
        foreach (var label in judged.GroupBy(j => j.Label).OrderBy(g => Good[kind].Contains(g.Key)).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            var raised = label.Count(j => j.Raised);
            output.WriteLine($"{label.Key,-22}{label.Count(),8}{raised,8}{(double)raised / label.Count(),8:0.00}  {(Good[kind].Contains(label.Key) ? "wrong alarms" : label.Key == "multiple" ? "not judged" : "recall")}");
        }
    }
}
