using Passerelle.Gateway.Api;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Commands;

/// <summary>What commands ask of an installation, whether its server runs (<see cref="OperatorClient"/>) or not (<see cref="StoppedGateway"/>).</summary>
internal interface IGateway : IAsyncDisposable
{
    /// <returns>Newest first.</returns>
    Task<IReadOnlyList<AppView>> AppsAsync(CancellationToken cancel);

    /// <exception cref="CommandFault">There is no such app (any more).</exception>
    Task<IReadOnlyList<Finding>> ExamineAsync(Guid appId, CancellationToken cancel);

    /// <param name="appId">Null: every app that is not retired.</param>
    /// <returns>YAML without secrets.</returns>
    Task<string> ExportAsync(Guid? appId, CancellationToken cancel);

    /// <exception cref="CommandFault">The file cannot be read.</exception>
    Task<ApplyAnswer> ApplyAsync(ApplyOrder order, CancellationToken cancel);

    /// <param name="folder">A full path, absent or empty.</param>
    Task BackupAsync(string folder, CancellationToken cancel);
}
