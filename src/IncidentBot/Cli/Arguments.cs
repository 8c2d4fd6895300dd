namespace IncidentBot.Cli;

/// <summary>What the process was started with: the words of a verb, and settings such as <c>--Slack:SigningSecret=…</c>.</summary>
public sealed record Arguments(IReadOnlyList<string> Words, IReadOnlyList<string> Settings)
{
    // What a host passes on of its own accord, beside the settings, which begin with a capital letter.
    private static readonly string[] OfTheHost = ["environment", "contentRoot", "applicationName", "urls"];

    /// <summary>Settings may stand anywhere, as <c>--Key=value</c> or <c>--Key value</c>.</summary>
    public static Arguments Split(string[] args)
    {
        var (words, settings) = (new List<string>(), new List<string>());
        for (var i = 0; i < args.Length; i++)
        {
            if (!IsSetting(args[i]))
            {
                words.Add(args[i]);
                continue;
            }

            settings.Add(args[i]);
            if (!args[i].Contains('=', StringComparison.Ordinal) && i + 1 < args.Length && !args[i + 1].StartsWith('-'))
            {
                settings.Add(args[++i]);
            }
        }

        return new(words, settings);
    }

    private static bool IsSetting(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) && argument.Length > 2
        && (char.IsAsciiLetterUpper(argument[2]) || OfTheHost.Contains(argument[2..].Split('=')[0]));
}
