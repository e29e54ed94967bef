using Duende.IdentityModel;
using Duende.IdentityModel.Client;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tokens;

/// <summary>What one request to the provider says to prove which client it comes from. Every token request carries one.</summary>
internal abstract record ClientProof
{
    private ClientProof() { }

    /// <summary><c>client_secret</c> in the body (RFC 6749 §2.3.1).</summary>
    public sealed record Secret(SecretText Value) : ClientProof;

    /// <summary><c>client_assertion</c>: our own signature, or the token of an issuer that the registration trusts (RFC 7523 §2.2).</summary>
    public sealed record Assertion(SecretText Jwt) : ClientProof;

    /// <summary>A public client (RFC 6749 §2.1).</summary>
    public sealed record Nobody : ClientProof;

    /// <summary>There is nothing to prove it with: asking would only be refused.</summary>
    public sealed record Missing(Finding Finding) : ClientProof;

    /// <summary>The form fields that say it, the client id apart.</summary>
    public IEnumerable<KeyValuePair<string, string>> Fields() => this switch
    {
        Secret secret => [new(OidcConstants.TokenRequest.ClientSecret, secret.Value.Reveal())],
        Assertion assertion =>
        [
            new(OidcConstants.TokenRequest.ClientAssertionType, OidcConstants.ClientAssertionTypes.JwtBearer),
            new(OidcConstants.TokenRequest.ClientAssertion, assertion.Jwt.Reveal()),
        ],
        _ => [],
    };

    public void Put(ProtocolRequest request)
    {
        foreach (var (name, value) in Fields()) request.Parameters.Add(name, value);
    }
}
