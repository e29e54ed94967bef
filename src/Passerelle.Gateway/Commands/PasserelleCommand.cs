using System.CommandLine;

namespace Passerelle.Gateway.Commands;

/// <summary>The <c>passerelle</c> command line.</summary>
internal static class PasserelleCommand
{
    public static RootCommand Root() => new("Passerelle: a self-hosted email channel gateway")
    {
        ServeCommand.Make(),
        InspectCommand.Make(),
    };
}
