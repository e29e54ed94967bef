using System.Net;
using System.Net.Sockets;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Mail.Tests.Verdicts;

/// <summary>A DNS that takes every question and answers none.</summary>
internal sealed class Deaf : IDns
{
    public Task<IReadOnlyList<string>> TxtAsync(string name, CancellationToken cancel) => Never<string>(cancel);

    public Task<IReadOnlyList<IPAddress>> AddressesAsync(string name, AddressFamily family, CancellationToken cancel) => Never<IPAddress>(cancel);

    public Task<IReadOnlyList<string>> MailExchangersAsync(string name, CancellationToken cancel) => Never<string>(cancel);

    public Task<IReadOnlyList<string>> NamesAsync(IPAddress address, CancellationToken cancel) => Never<string>(cancel);

    private static Task<IReadOnlyList<T>> Never<T>(CancellationToken cancel) => new TaskCompletionSource<IReadOnlyList<T>>().Task.WaitAsync(cancel);
}
