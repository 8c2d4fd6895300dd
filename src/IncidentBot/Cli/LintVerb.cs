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

            var judged = new List<(string Label, bool Raised)>();
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

                var findings = coach(columns[1]);
                judged.Add((columns[0], findings.Any(f => f.IsRaised)));
                if (json)
                {
                    Console.WriteLine(JsonSerializer.Serialize(
                        new
                        {
                            line = number,
                            label = columns[0],
                            text = columns[1],
                            findings = findings.Select(f => new { rule = f.Rule, level = f.Level.ToString().ToLowerInvariant(), message = f.Message, rewrite = f.Rewrite }),
                        },
                        Json));
                }
            }

            if (!json)
            {
                Table(kind, judged);
            }
        });
    }

    private static void Table(string kind, List<(string Label, bool Raised)> judged)
    {
        Console.WriteLine($"{"label",-22}{"texts",8}{"raised",8}{"share",8}  ");
        foreach (var label in judged.GroupBy(j => j.Label).OrderBy(g => Good[kind].Contains(g.Key)).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            var raised = label.Count(j => j.Raised);
            Console.WriteLine($"{label.Key,-22}{label.Count(),8}{raised,8}{(double)raised / label.Count(),8:0.00}  {(Good[kind].Contains(label.Key) ? "wrong alarms" : label.Key == "multiple" ? "not judged" : "recall")}");
        }
    }
}
