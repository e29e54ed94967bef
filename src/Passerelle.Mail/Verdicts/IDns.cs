using System.Net;
using System.Net.Sockets;

namespace Passerelle.Mail.Verdicts;

/// <summary>The DNS, given by whoever may talk to the network. Names come without a final dot. Every question answers with
/// nothing when the name or the type does not exist, and throws (any exception but cancellation of the caller) when nobody
/// could answer: time-out, SERVFAIL. Then the verdict may be asked again.</summary>
public interface IDns
{
    /// <returns>One string per record, its chunks joined (RFC 7208 §3.3).</returns>
    Task<IReadOnlyList<string>> TxtAsync(string name, CancellationToken cancel);

    /// <param name="family">IPv4 asks for A, IPv6 for AAAA.</param>
    Task<IReadOnlyList<IPAddress>> AddressesAsync(string name, AddressFamily family, CancellationToken cancel);

    /// <returns>Names of the mail exchangers, most preferred first.</returns>
    Task<IReadOnlyList<string>> MailExchangersAsync(string name, CancellationToken cancel);

    /// <summary>PTR: what the address calls itself. Nobody vouches for it; see <see cref="ConfirmedNames"/>.</summary>
    Task<IReadOnlyList<string>> NamesAsync(IPAddress address, CancellationToken cancel);
}
