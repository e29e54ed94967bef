using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Api;

/// <summary>
/// The Unix socket that the command line uses: <c>operator.sock</c> (0600) in the folder <c>run</c> (0700) of the data
/// folder. Whoever can open it runs this machine already.
/// </summary>
/// <param name="store">Taken so that the folder's lock is held before an old socket is removed.</param>
internal sealed class OperatorDoor(IStore store, IOptions<StoreOptions> options)
    : IConfigureOptions<KestrelServerOptions>, IHostedLifecycleService
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _path = PathIn(options.Value.DataFolder);

    public static string PathIn(string dataFolder) => Path.Combine(Path.GetFullPath(dataFolder), "run", "operator.sock");

    public void Configure(KestrelServerOptions kestrel)
    {
        ArgumentNullException.ThrowIfNull(store);
        var folder = Path.GetDirectoryName(_path)!; // PathIn always has one
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        File.Delete(_path); // left by a killed server; the lock says that it is gone
        kestrel.ListenUnixSocket(_path, listen => listen.Use(next => connection =>
        {
            connection.Features.Set(OperatorConnection.Mark);
            return next(connection);
        }));
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_path, OwnerOnly);
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
