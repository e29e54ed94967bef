using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Apps;

/// <summary>What is said once for the whole installation, at first run.</summary>
/// <param name="PublicUrl">Where browsers reach us: https except on loopback, no trailing slash. The only source of the call back URL.</param>
/// <param name="InboundDomain">The domain of every forwarding address, lower case.</param>
/// <param name="Tls">files or proxy: who serves TLS to browsers.</param>
internal sealed record Installation(string PublicUrl, string InboundDomain, string Tls)
{
    public string CallbackUrl => $"{PublicUrl}/callback";
}

/// <summary>Reads and writes the installation's values; what is read is kept until it is written.</summary>
internal sealed class Installations(IStore store)
{
    private Installation? _known;

    /// <returns>Null before the first run.</returns>
    public async Task<Installation?> FindAsync(CancellationToken cancel) =>
        _known ??= await store.ReadAsync(
            tx =>
            {
                var values = tx.Across("settings of the installation")
                    .List<Setting>("SELECT name, value FROM installation")
                    .ToDictionary(setting => setting.Name, setting => setting.Value);
                return values.TryGetValue("public_url", out var url) && values.TryGetValue("inbound_domain", out var domain)
                    ? new Installation(url, domain, values.GetValueOrDefault("tls", "proxy"))
                    : null;
            },
            cancel);

    /// <exception cref="InvalidOperationException">The first run has not been done.</exception>
    public async Task<Installation> GetAsync(CancellationToken cancel) =>
        await FindAsync(cancel) ?? throw new InvalidOperationException("This installation has not been set up: open the first-run page");

    /// <summary>Within the caller's transaction, so that the first run is one write.</summary>
    public static void Write(Tx tx, Installation installation)
    {
        foreach (var (name, value) in new[]
        {
            ("public_url", installation.PublicUrl.TrimEnd('/')),
            ("inbound_domain", installation.InboundDomain.ToLowerInvariant()),
            ("tls", installation.Tls),
        })
        {
            tx.Across("settings of the installation").Execute(
                """
                INSERT INTO installation (name, value) VALUES (@name, @value)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """,
                new { name, value });
        }
    }

    /// <summary>Call after the transaction of <see cref="Write"/> has committed.</summary>
    public void Refresh() => _known = null;

    private sealed record Setting(string Name, string Value);
}
