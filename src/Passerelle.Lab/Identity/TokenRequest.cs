using System.Text;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>The form of a token request. An empty field counts as missing.</summary>
/// <param name="old">Whether it came to the v1 endpoint, which knows <c>resource</c> in place of <c>scope</c>.</param>
internal sealed class TokenRequest(IFormCollection form, BasicCredential? basic, string? origin, bool old)
{
    public bool Old => old;

    public string? GrantType => Field("grant_type");
    public string? ClientId => Field("client_id") ?? basic?.ClientId;
    public string? Secret => Field("client_secret") ?? basic?.Secret;
    public string? Assertion => Field("client_assertion");
    public string? AssertionType => Field("client_assertion_type");
    public string? UserAssertion => Field("assertion");
    public string? DeviceCode => Field("device_code") ?? (old ? Field("code") : null);
    public string? UserName => Field("username");
    public string? Password => Field("password");
    public string? Resource => Field("resource");
    public string? Code => Field("code");
    public string? RedirectUri => Field("redirect_uri");
    public string? Verifier => Field("code_verifier");
    public string? RefreshToken => Field("refresh_token");

    /// <summary>On v1 a resource stands for everything that is registered for it.</summary>
    public string? Scope => !old ? Field("scope") : Resource is { } resource ? resource.TrimEnd('/') + "/.default" : null;

    /// <summary>Sent, but with nothing in it.</summary>
    public bool ScopeIsEmpty => form.ContainsKey("scope") && Field("scope") is null;

    /// <summary>Two client ids that differ, in the body or between body and Basic.</summary>
    public bool ClientIsAmbiguous => form["client_id"].Count > 1 || (basic is not null && Field("client_id") is { } body && body != basic.ClientId);

    public bool WantsClientInfo => Field("client_info") is "1" or "2";

    /// <summary>The <c>Origin</c> header: a browser speaks, so this is a single-page app or a mistake.</summary>
    public string? Origin => origin;

    public int Credentials =>
        (Field("client_secret") is null ? 0 : 1) + (basic is null ? 0 : 1) + (Assertion is null ? 0 : 1);

    /// <summary><c>appidacr</c>: nothing, a secret, a signed statement.</summary>
    public string Proof => Assertion is not null ? "2" : Secret is not null ? "1" : "0";

    private string? Field(string name) => form[name].ToString() is { Length: > 0 } value ? value : null;
}

/// <param name="Secret">Null when nothing stands behind the colon.</param>
internal sealed record BasicCredential(string ClientId, string? Secret)
{
    /// <summary>RFC 6749 §2.3.1: both parts are form-encoded before they are joined.</summary>
    public static BasicCredential? Of(string? header)
    {
        if (header is null || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return null;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[6..].Trim(), bytes, out var written)) return null;
        var parts = Encoding.UTF8.GetString(bytes, 0, written).Split(':', 2);
        return parts.Length < 2
            ? null
            : new BasicCredential(Uri.UnescapeDataString(parts[0]), parts[1].Length == 0 ? null : Uri.UnescapeDataString(parts[1].Replace('+', ' ')));
    }
}

/// <summary>A token request whose directory and application are known.</summary>
/// <param name="Segment">The first part of the path.</param>
/// <param name="Base">The lab's own address.</param>
internal sealed record KnownRequest(DirectoryPlace Place, Client Client, TokenRequest Fields, string Segment, string Base)
{
    public AppRegistration App => Client.App;
    public DateTimeOffset Now => Place.Lab.Time.GetUtcNow();
}
