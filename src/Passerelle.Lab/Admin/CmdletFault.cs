using Passerelle.Lab.State;

namespace Passerelle.Lab.Admin;

/// <summary>Why a cmdlet ended in red. Thrown by cmdlets, caught once where the call is answered.</summary>
/// <param name="code">OData code of the answer, such as <c>NotFound</c>.</param>
/// <param name="exception">Type that the details name.</param>
internal sealed class CmdletFault(int status, string code, string exception, string message) : Exception(message)
{
    public int Status => status;
    public string Code => code;
    public string Exception => exception;

    public static CmdletFault NotFound(string identity, LabDirectory directory) => new(
        StatusCodes.Status404NotFound, "NotFound", "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException",
        $"The operation couldn't be performed because object '{identity}' couldn't be found on '{directory.Domains.FirstOrDefault()}'.");

    public static CmdletFault Exists(string identity) => new(
        StatusCodes.Status400BadRequest, "BadRequest", "Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException",
        $"The object with identity '{identity}' already exists.");

    public static CmdletFault Bad(string message) => new(
        StatusCodes.Status400BadRequest, "BadRequest", "Microsoft.Exchange.Configuration.Tasks.TaskArgumentException", message);

    public static CmdletFault Parameter(string message) => new(
        StatusCodes.Status400BadRequest, "BadRequest", "System.Management.Automation.ParameterBindingException", message);

    public static CmdletFault UnknownCmdlet(string name) => new(
        StatusCodes.Status400BadRequest, "BadRequest", "System.Management.Automation.CommandNotFoundException",
        $"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable program.");
}
