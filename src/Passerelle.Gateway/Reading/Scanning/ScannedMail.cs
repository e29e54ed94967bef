using System.Net;

namespace Passerelle.Gateway.Reading.Scanning;

/// <summary>A mail as a scanner gets it.</summary>
/// <param name="Raw">As it came; read from where it stands.</param>
/// <param name="Client">Who delivered it; null: not over the network, or by a server of ours.</param>
internal sealed record ScannedMail(Stream Raw, Guid Id, string EnvelopeFrom, string EnvelopeTo, IPAddress? Client, string Helo);
