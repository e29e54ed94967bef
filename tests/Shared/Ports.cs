using System.Net;
using System.Net.Sockets;

namespace Passerelle.Tests;

/// <summary>Ports of loopback for what must be found at the same place later: after a restart, or by a program that cannot take port 0.</summary>
internal static class Ports
{
    private static int _last = Random.Shared.Next(12_000);

    /// <summary>Free now, below the ports that the system gives to outgoing connections, and never the same twice: it stays ours over a restart.</summary>
    public static int Kept()
    {
        while (true)
        {
            var port = 20_000 + (Interlocked.Increment(ref _last) % 12_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // somebody has it: the next one
            }
        }
    }
}
