using System.Text.Json;
using Passerelle.Lab.Control;
using Passerelle.Lab.Hosting;

namespace Passerelle.Lab.Testing;

/// <summary>Where the doors are. Ports are on 127.0.0.1; null when the host has no such listener.</summary>
/// <param name="Http">Pages and authorize without a certificate.</param>
/// <param name="Control">Base of the control API, with a slash at the end.</param>
/// <param name="CaCertificate">Path of the CA, PEM.</param>
/// <param name="CaBundle">Path of the system's roots plus the CA.</param>
public sealed record LabAddresses(
    Uri Https, Uri Http, Uri Control, string ControlBearer, int? SmtpPort, int? MxPort, int? ImapPort, int? DnsPort, string CaCertificate, string CaBundle)
{
    /// <summary>IMAP that is encrypted after STARTTLS.</summary>
    public int? ImapStartTlsPort { get; init; }

    /// <summary><c>https://localhost:{port}/{directory}</c>, as MSAL wants it.</summary>
    public Uri Authority(Guid directory) => new(Https, directory.ToString());

    public Uri TokenEndpoint(Guid directory) => new(Https, $"/{directory}/oauth2/v2.0/token");

    public Uri AuthorizeEndpoint(Guid directory) => new(Https, $"/{directory}/oauth2/v2.0/authorize");

    /// <summary>The same page on plain http, for a browser that does not know the CA.</summary>
    public Uri PlainAuthorizeEndpoint(Guid directory) => new(Http, $"/{directory}/oauth2/v2.0/authorize");

    /// <summary>Reads the <c>lab.json</c> that a running <c>passerelle-lab serve</c> keeps in its data folder.</summary>
    /// <returns>Null while no lab runs on that folder.</returns>
    public static async Task<LabAddresses?> FindAsync(string dataFolder, CancellationToken cancel)
    {
        var path = Path.Combine(dataFolder, "lab.json");
        if (!File.Exists(path)) return null;
        await using FileStream file = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync<LabEndpoints>(file, ControlJson.Format, cancel) is { } at ? Of(at) : null;
    }

    internal static LabAddresses Of(LabEndpoints at) => new(
        new Uri(at.Https), new Uri(at.Http), new Uri(at.Control + "/"), at.ControlBearer, at.SmtpPort, at.MxPort, at.ImapPort, at.DnsPort,
        at.CaCertificate, at.CaBundle)
    {
        ImapStartTlsPort = at.ImapStartTlsPort,
    };
}
