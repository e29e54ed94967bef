using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace Passerelle.Lab.Identity;

/// <summary>Codes, refresh tokens and sessions are sealed statements, so simulated months cost no state. A value that was
/// cut, changed or made for another purpose does not open.</summary>
internal sealed class Sealer(IDataProtectionProvider protection)
{
    private const string Prefix = "1.A";

    public string Seal<T>(T content)
        where T : class =>
        Prefix + WebEncoders.Base64UrlEncode(For<T>().Protect(JsonSerializer.SerializeToUtf8Bytes(content)));

    public T? Open<T>(string text)
        where T : class
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        try
        {
            return JsonSerializer.Deserialize<T>(For<T>().Unprotect(WebEncoders.Base64UrlDecode(text, Prefix.Length, text.Length - Prefix.Length)));
        }
        catch (Exception broken) when (broken is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }

    private IDataProtector For<T>() => protection.CreateProtector("passerelle-lab", typeof(T).Name);
}

/// <summary>What an authorization code stands for.</summary>
internal sealed record CodeGrant
{
    /// <summary>Remembered after redemption, so that a code works once (AADSTS54005).</summary>
    public required string Id { get; init; }

    public required Guid DirectoryId { get; init; }
    public required Guid ClientId { get; init; }
    public required Guid UserId { get; init; }
    public required string RedirectUri { get; init; }
    public required State.RedirectPlatform Platform { get; init; }
    public required string Scope { get; init; }
    public required DateTimeOffset SignedInAt { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Whether the request named the redirect URI, or left it to the only one registered.</summary>
    public bool RedirectGiven { get; init; } = true;

    public DateTimeOffset? MfaAt { get; init; }
    public string? Nonce { get; init; }
    public string? Challenge { get; init; }
    public bool Sha256Challenge { get; init; }
}

/// <summary>What a refresh token stands for: a person and an application, not a resource.</summary>
internal sealed record RefreshGrant
{
    public required Guid DirectoryId { get; init; }
    public required Guid ClientId { get; init; }
    public required Guid UserId { get; init; }
    public required string Scope { get; init; }
    public required DateTimeOffset SignedInAt { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When a second factor was proved; null when never.</summary>
    public DateTimeOffset? MfaAt { get; init; }

    /// <summary>Of the redirect URI; null for grants that had none.</summary>
    public State.RedirectPlatform? Platform { get; init; }

    /// <summary>Set for single-page apps: the end that refreshing cannot move.</summary>
    public DateTimeOffset? FixedEnd { get; init; }
}

/// <summary>A signed-in browser.</summary>
/// <param name="Stay">The person ticked "Stay signed in": 90 days instead of 24 hours.</param>
internal sealed record SignInSession(Guid DirectoryId, Guid UserId, DateTimeOffset SignedInAt, DateTimeOffset? MfaAt = null, bool Stay = false);
