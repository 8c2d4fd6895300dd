using IncidentBot;
using IncidentBot.Cli;

var parse = Commands.Build().Parse(args);
BotApp.Arguments = [.. parse.CommandResult.Command is System.CommandLine.RootCommand ? args : args.Skip(1)];
return Usage.Complain(parse) ?? await parse.InvokeAsync();
