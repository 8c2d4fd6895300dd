using System.CommandLine;
using IncidentBot.Core.Chat;

namespace IncidentBot.Cli;

/// <summary>Says what was wrong with the words of a command.</summary>
internal static class Usage
{
    /// <returns>The exit code, or null when nothing is wrong.</returns>
    public static int? Complain(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var unknown = command is RootCommand ? parse.UnmatchedTokens.FirstOrDefault(t => !t.StartsWith('-')) : null;
        var complaints = unknown is null
            ? parse.Errors.Select(e => e.Message).ToList()
            : [$"There is no verb '{unknown}'.{(Nearest.Of(unknown, command.Subcommands.Select(c => c.Name)) is { } near ? $" Did you mean '{near}'?" : "")}"];
        if (complaints.Count == 0)
        {
            return null;
        }

        foreach (var complaint in complaints)
        {
            Console.Error.WriteLine(complaint);
        }

        Console.Error.WriteLine($"Type `incidentbot {(command is RootCommand ? "" : command.Name + " ")}--help` to see how it is used.");
        return 2;
    }
}
