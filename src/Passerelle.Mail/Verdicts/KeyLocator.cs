using System.Collections.Concurrent;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;

namespace Passerelle.Mail.Verdicts;

/// <summary>Parsed keys by the text of their record. BouncyCastle checks a modulus when it parses one, forty times the price
/// of a verification; keyed by content, an entry can never be stale.</summary>
internal sealed class KeyCache
{
    private const int Most = 2_000;
    private readonly ConcurrentDictionary<string, AsymmetricKeyParameter> _keys = new(StringComparer.Ordinal);

    public AsymmetricKeyParameter GetOrParse(string record, Func<string, AsymmetricKeyParameter> parse)
    {
        if (_keys.TryGetValue(record, out AsymmetricKeyParameter? known)) return known;
        AsymmetricKeyParameter key = parse(record);
        if (_keys.Count >= Most) _keys.Clear();
        return _keys[record] = key;
    }
}

/// <summary>Finds the keys of one mail and remembers whether DNS failed meanwhile.</summary>
internal sealed class KeyLocator(IDns dns, KeyCache cache) : DkimPublicKeyLocatorBase
{
    /// <summary>The name that nobody could answer for; null when DNS behaved.</summary>
    public string? Trouble { get; private set; }

    public override AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Ask asynchronously");

    public override async Task<AsymmetricKeyParameter> LocatePublicKeyAsync(string methods, string domain, string selector, CancellationToken cancellationToken = default)
    {
        string name = $"{selector}._domainkey.{domain}";
        IReadOnlyList<string> records;
        try
        {
            records = await dns.TxtAsync(name, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Trouble = name;
            throw new ParseException($"No answer for {name}", failure);
        }
        if (records.Count == 0) throw new ParseException($"No key at {name}");
        return cache.GetOrParse(records[0], GetPublicKey);
    }

    private sealed class ParseException(string message, Exception? inner = null) : FormatException(message, inner);
}
