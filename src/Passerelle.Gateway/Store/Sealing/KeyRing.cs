using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Store.Sealing;

/// <summary>The key ring of ASP.NET Data Protection, kept as rows, each entry's secret wrapped by the key file.</summary>
/// <remarks>
/// Data Protection asks synchronously (at start, when a key is due, once a day), so this waits for the store; it is never
/// called from a delegate of the store.
/// </remarks>
internal sealed class KeyRing(IStore store, IOptions<StoreOptions> options) : IXmlRepository
{
    private KeyFile? _file;

    /// <exception cref="InvalidOperationException"><see cref="OpenAsync"/> has not run.</exception>
    public KeyFile File => _file ?? throw new InvalidOperationException("The key ring is not open yet");

    /// <summary>Proves that the key file opens every entry; makes the file when nothing was ever sealed.</summary>
    /// <exception cref="KeyFileUnusable">The file is missing or wrong; the message names it.</exception>
    public async Task OpenAsync(CancellationToken cancel)
    {
        var path = KeyFile.PathFor(options.Value);
        var entries = await store.ReadAsync(Entries, cancel);
        var file = KeyFile.Read(path);
        if (file is null && entries.Count > 0)
            throw new KeyFileUnusable($"The key file {path} is missing, and the store's secrets cannot be opened without it. Put it back, or name its place in Store:KeyFile.");
        if (entries.Count == 0 && await store.ReadAsync(IsAnythingSealed, cancel))
            throw new KeyFileUnusable($"The store holds sealed secrets but no key ring, so the key file {path} opens nothing. Restore a complete backup.");
        foreach (var entry in entries) DemandOpens(file!, XElement.Parse(entry)); // there is an entry, so there is a file
        _file = file ?? KeyFile.Make(path);
    }

    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. store.ReadAsync(Entries, CancellationToken.None).GetAwaiter().GetResult().Select(xml => XElement.Parse(xml))];

    public void StoreElement(XElement element, string friendlyName) => store.WriteAsync(
        Lane.Work,
        tx => tx.Across("the ring is the installation's").Execute(
            "INSERT INTO data_protection_key (name, xml) VALUES (@friendlyName, @xml)",
            new { friendlyName, xml = element.ToString(SaveOptions.DisableFormatting) }),
        CancellationToken.None).GetAwaiter().GetResult();

    private static List<string> Entries(Tx tx) =>
        tx.Across("the ring is the installation's").List<string>("SELECT xml FROM data_protection_key ORDER BY name");

    private static bool IsAnythingSealed(Tx tx) => tx.Across("asked of the whole installation").One<bool>(
        """
        -- across: asked of the whole installation at start
        SELECT EXISTS (SELECT 1 FROM app WHERE client_secret IS NOT NULL OR password IS NOT NULL)
            OR EXISTS (SELECT 1 FROM oauth_grant WHERE access_token IS NOT NULL OR refresh_token IS NOT NULL)
        """);

    private static void DemandOpens(KeyFile file, XElement entry)
    {
        try
        {
            foreach (var wrapped in entry.Descendants(KeyFileEncryptor.Element)) _ = KeyFileEncryptor.Open(file, wrapped);
        }
        catch (CryptographicException)
        {
            throw new KeyFileUnusable(
                $"The key file {file.Path} (key {file.Fingerprint}) is not the one that sealed this store's secrets. Put the right one back, or name its place in Store:KeyFile.");
        }
    }
}
