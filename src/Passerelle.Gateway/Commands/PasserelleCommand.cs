using System.CommandLine;
using Passerelle.Gateway.Commands.Keep;

namespace Passerelle.Gateway.Commands;

/// <summary>The <c>passerelle</c> command line.</summary>
internal static class PasserelleCommand
{
    /// <summary>Longer than the host gives its sessions to finish (30 s): the end of a signal is a drained server.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public static RootCommand Root() => new("Passerelle: a self-hosted email channel gateway")
    {
        ServeCommand.Make(),
        AppsCommand.Make(),
        DoctorCommand.Make(),
        ExplainCommand.Make(),
        DnsCommand.Make(),
        InspectCommand.Make(),
        KeepCommand.Make(),
        BackupCommands.MakeBackup(),
        BackupCommands.MakeRestore(),
    };

    /// <returns>0 right, 1 something is wrong, 2 called wrongly.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var parsed = Root().Parse(args);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = Patience });
        return parsed.Errors.Count > 0 ? Sentences.Usage : code;
    }
}
