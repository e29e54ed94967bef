using System.Net;
using System.Net.Sockets;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Dev.Soak.Read;

/// <summary>A DNS in which no name exists.</summary>
internal sealed class NoDns : IDns
{
    public Task<IReadOnlyList<string>> TxtAsync(string name, CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>([]);

    public Task<IReadOnlyList<IPAddress>> AddressesAsync(string name, AddressFamily family, CancellationToken cancel) => Task.FromResult<IReadOnlyList<IPAddress>>([]);

    public Task<IReadOnlyList<string>> MailExchangersAsync(string name, CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>([]);

    public Task<IReadOnlyList<string>> NamesAsync(IPAddress address, CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>([]);
}
