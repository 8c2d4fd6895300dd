using IncidentBot.Cli;

var arguments = Arguments.Split(args);
var parse = Commands.Build(arguments.Settings).Parse(arguments.Words);
return Usage.Complain(parse) ?? await parse.InvokeAsync();
