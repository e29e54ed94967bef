using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Passerelle.Gateway.Access.Keys;

/// <summary>What a program shows to be obeyed. The key itself is known to nobody but the program.</summary>
internal sealed record ApiKey
{
    public required Guid OrganisationId { get; init; }
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required byte[] SecretHash { get; init; }

    /// <summary>Words with a space between them.</summary>
    public required string Scopes { get; init; }

    /// <summary>Who made it; null: the operator of the machine.</summary>
    public Guid? PersonId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>To the minute; null: never.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>Network address of that use.</summary>
    public required string UsedFrom { get; init; }

    /// <summary>Null: it counts.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    public IReadOnlyList<string> ScopeList => Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>A key as it is written: <c>psk_</c>, the id of its row in 32 hexadecimal digits, <c>_</c>, 256 random bits in base64url.
/// The id finds the row without a search by anything secret; the rest is compared in constant time.</summary>
internal static class KeyText
{
    public const string Prefix = "psk_";
    private const int IdLength = 32;
    private const int SecretLength = 43;

    public static (string Text, byte[] Hash) New(Guid id)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return (string.Create(CultureInfo.InvariantCulture, $"{Prefix}{id:N}_{secret}"), HashOf(secret));
    }

    /// <returns>Null: no key of ours looks like that.</returns>
    public static (Guid Id, byte[] Hash)? Read(string text) =>
        text.Length == Prefix.Length + IdLength + 1 + SecretLength
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text[Prefix.Length + IdLength] == '_'
        && Guid.TryParseExact(text.AsSpan(Prefix.Length, IdLength), "N", out var id)
            ? (id, HashOf(text[^SecretLength..]))
            : null;

    /// <summary>One round suffices: nobody guesses 256 bits.</summary>
    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));
}
