using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Passerelle.Gateway.Receiving;

/// <summary>
/// Listening sockets that somebody else holds open for us (sd_listen_fds(3)): systemd, which keeps them while one process goes and the
/// next comes. Connections queue in the kernel meanwhile, and nobody is refused.
/// </summary>
internal sealed record HandedSockets(IReadOnlyList<int> Mail, IReadOnlyList<int> Lmtp, IReadOnlyList<int> Http)
{
    /// <summary>FileDescriptorName= of the socket that browsers come to; whatever else was handed is for mail.</summary>
    private const string HttpName = "http";

    /// <summary>And of the one where a mail server in front hands over.</summary>
    private const string LmtpName = "lmtp";

    private const int First = 3; // SD_LISTEN_FDS_START

    public static HandedSockets OfThisProcess { get; } = Read(Environment.GetEnvironmentVariable, Environment.ProcessId);

    public bool Any => Mail.Count + Lmtp.Count + Http.Count > 0;

    public IEnumerable<EndPoint> MailEndpoints => Mail.Select(EndpointOf);

    public IEnumerable<EndPoint> LmtpEndpoints => Lmtp.Select(EndpointOf);

    /// <param name="variable">Reads the environment: LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES.</param>
    /// <param name="self">Sockets that were handed to another process, our parent, are not ours.</param>
    internal static HandedSockets Read(Func<string, string?> variable, int self)
    {
        if (!int.TryParse(variable("LISTEN_PID"), CultureInfo.InvariantCulture, out var process) || process != self) return new([], [], []);
        if (!int.TryParse(variable("LISTEN_FDS"), CultureInfo.InvariantCulture, out var count)) return new([], [], []);
        var names = (variable("LISTEN_FDNAMES") ?? "").Split(':');
        var all = Enumerable.Range(0, count).ToLookup(at => names.ElementAtOrDefault(at) is (HttpName or LmtpName) and var name ? name : "", at => First + at);
        return new([.. all[""]], [.. all[LmtpName]], [.. all[HttpName]]);
    }

    private static FileHandleEndPoint EndpointOf(int handle) => new((ulong)handle, FileHandleType.Tcp);
}
