using System.CommandLine;
using Passerelle.Dev.Bench;
using Passerelle.Dev.Bench.Send;
using Passerelle.Dev.Conformance;
using Passerelle.Dev.Corpora;
using Passerelle.Dev.Faults;
using Passerelle.Dev.Guide;
using Passerelle.Dev.Run;
using Passerelle.Dev.Soak;
using Passerelle.Dev.Soak.Send;

return await new RootCommand("The verbs of ./dev that are programs")
{
    RunCommand.Make(), SoakCommand.Make(), ConformanceCommand.Make(), BenchCommand.Make(), GuideCommand.Make(), FaultsCommand.Make(), CorporaCommand.Make(),
    ReceiverCommand.Make(), SendCommands.Sink(), SendCommands.Sender(), SendSoakCommands.Sink(), SendSoakCommands.Gateway(),
}.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(40) }); // what was started is stopped first
