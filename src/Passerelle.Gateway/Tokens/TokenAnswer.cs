using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tokens;

/// <summary>What an app can sign in with, now.</summary>
internal abstract record TokenAnswer
{
    private TokenAnswer() { }

    /// <param name="IsPassword">True: a password for LOGIN or PLAIN; false: an access token for XOAUTH2.</param>
    public sealed record Ready(SecretText Secret, bool IsPassword) : TokenAnswer;

    /// <summary>A person must act; asking the provider again would answer the same.</summary>
    public sealed record Broken(Finding Finding) : TokenAnswer;

    /// <summary>The provider does not answer now.</summary>
    public sealed record Later(string Reason) : TokenAnswer;
}
