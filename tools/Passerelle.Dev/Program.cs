using System.CommandLine;
using Passerelle.Dev.Run;

return await new RootCommand("The verbs of ./dev that are programs") { RunCommand.Make() }.Parse(args).InvokeAsync();
