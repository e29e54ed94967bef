using System.Text;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>The form of a token request. An empty field counts as missing.</summary>
internal sealed class TokenRequest(IFormCollection form, BasicCredential? basic, string? origin)
{
    public string? GrantType => Field("grant_type");
    public string? ClientId => Field("client_id") ?? basic?.ClientId;
    public string? Secret => Field("client_secret") ?? basic?.Secret;
    public string? Assertion => Field("client_assertion");
    public string? Code => Field("code");
    public string? RedirectUri => Field("redirect_uri");
    public string? Verifier => Field("code_verifier");
    public string? RefreshToken => Field("refresh_token");
    public string? Scope => Field("scope");
    public bool WantsClientInfo => Field("client_info") is "1" or "2";

    /// <summary>The <c>Origin</c> header: a browser speaks, so this is a single-page app or a mistake.</summary>
    public string? Origin => origin;

    public int Credentials =>
        (Field("client_secret") is null ? 0 : 1) + (basic is null ? 0 : 1) + (Assertion is null ? 0 : 1);

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
internal sealed record KnownRequest(DirectoryPlace Place, Client Client, TokenRequest Fields)
{
    public AppRegistration App => Client.App;
    public DateTimeOffset Now => Place.Lab.Time.GetUtcNow();
}
