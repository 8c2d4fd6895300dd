using System.CommandLine;

namespace IncidentBot.Cli;

/// <summary>The verbs of the executable.</summary>
public static class Commands
{
    public static RootCommand Build(IReadOnlyList<string> settings)
    {
        var root = new RootCommand("IncidentBot captures incidents live in chat and writes the post-mortem. Without a verb it serves. Settings such as --DataDirectory=DIR may follow every verb.");
        root.SetAction((_, stop) => ServeVerb.RunAsync(settings, stop));
        root.Subcommands.Add(Serve(settings));
        root.Subcommands.Add(Replay(settings));
        root.Subcommands.Add(Export(settings));
        root.Subcommands.Add(Doctor(settings));
        root.Subcommands.Add(Jobs(settings));
        root.Subcommands.Add(Lint());
        root.Subcommands.Add(OnFile("backup", "Write a consistent copy of everything, keys included, to one file; the bot may run meanwhile.", TransferVerbs.BackupAsync, settings));
        root.Subcommands.Add(OnFile("restore", "Put a backup back into an empty database; the bot must not run.", TransferVerbs.RestoreAsync, settings));
        root.Subcommands.Add(OnFile("dump", "Write everything as JSON lines that belong to no database; the bot may run meanwhile.", TransferVerbs.DumpAsync, settings));
        root.Subcommands.Add(OnFile("load", "Read a dump into an empty database, such as from SQLite into PostgreSQL; the bot must not run.", TransferVerbs.LoadAsync, settings));
        return root;
    }

    private static Command Serve(IReadOnlyList<string> settings)
    {
        var command = new Command("serve", $"Run the bot. --urls ADDRESS sets where it listens (default {Settings.DefaultUrl}); any other setting can follow as --Key:Name=value.");
        command.SetAction((_, stop) => ServeVerb.RunAsync(settings, stop));
        return command;
    }

    private static Command Replay(IReadOnlyList<string> settings)
    {
        var file = new Argument<string>("file") { Description = "Incident file (JSON) or raw text; 'sample' plays the outage that ships with the bot" };
        var output = new Option<string?>("--out") { Description = "Folder to write the documents to" };
        var format = new Option<string[]>("--format") { Description = "Format of the document: report", DefaultValueFactory = _ => [] };
        var speed = new Option<double?>("--speed") { Description = "Play it live into the web chat of the running bot, at this many times real time" };
        var review = new Option<bool>("--review") { Description = "Also play the review that the file tells" };
        var import = new Option<bool>("--import") { Description = "Keep it as real history, without posting anything" };
        var command = new Command("replay", "Play an incident file through the bot, on the file's own clock. Prints the incident's id as its last line.") { file, output, format, review, speed, import };
        command.SetAction((parse, stop) => ReplayVerb.RunAsync(
            new(parse.GetRequiredValue(file), parse.GetValue(output), parse.GetValue(format) ?? [], parse.GetValue(speed), parse.GetValue(import), parse.GetValue(review)), settings, stop));
        return command;
    }

    private static Command Doctor(IReadOnlyList<string> settings)
    {
        var command = new Command("doctor", "Look at settings, data directory, database, keys, clock and the running bot, one line each, with what to do when something is wrong.");
        command.SetAction((_, stop) => DoctorVerb.RunAsync(settings, stop));
        return command;
    }

    private static Command Jobs(IReadOnlyList<string> settings)
    {
        var retry = new Option<string?>("--retry") { Description = "Try a dead delivery again by its id, or 'all' of them" };
        var command = new Command("jobs", "List scheduled jobs with their last and next runs, and deliveries that were given up.") { retry };
        command.SetAction((parse, stop) => JobsVerb.RunAsync(parse.GetValue(retry), settings, stop));
        return command;
    }

    private static Command Lint()
    {
        var file = new Argument<string>("file") { Description = "Lines of label, tab and text; lines that begin with # are passed over" };
        var kind = new Option<string>("--kind") { Description = "Which coach: blame, cause or action", Required = true };
        var json = new Option<bool>("--json") { Description = "One object a line, with what was found and asked" };
        var command = new Command("lint", "Run a coach over a labelled file: how much it raises of what it should, and how often wrongly.") { file, kind, json };
        command.SetAction((parse, stop) => LintVerb.RunAsync(parse.GetRequiredValue(file), parse.GetRequiredValue(kind), parse.GetValue(json), stop));
        return command;
    }

    private static Command OnFile(string name, string description, Func<string, IReadOnlyList<string>, CancellationToken, Task<int>> run, IReadOnlyList<string> settings)
    {
        var file = new Argument<string>("file") { Description = "Path of the file" };
        var command = new Command(name, description) { file };
        command.SetAction((parse, stop) => run(parse.GetRequiredValue(file), settings, stop));
        return command;
    }

    private static Command Export(IReadOnlyList<string> settings)
    {
        var id = new Argument<string>("id") { Description = "An incident's id such as INC-2026-0001, or 'all'" };
        var output = new Option<string>("--out") { Description = "Folder to write to", Required = true };
        var format = new Option<string[]>("--format") { Description = "Format of the document: report", DefaultValueFactory = _ => [] };
        var secret = new Option<bool>("--private") { Description = "With 'all': private incidents too" };
        var workspace = new Option<string?>("--workspace") { Description = "The workspace, when several have an incident of that id" };
        var command = new Command("export", "Write the post-mortem folder tree.") { id, output, format, secret, workspace };
        command.SetAction((parse, stop) => ExportVerb.RunAsync(
            new(parse.GetRequiredValue(id), parse.GetRequiredValue(output), parse.GetValue(format) ?? [], parse.GetValue(secret), parse.GetValue(workspace)), settings, stop));
        return command;
    }
}
