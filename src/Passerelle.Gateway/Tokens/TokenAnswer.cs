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

    /// <summary>What a token endpoint's reply is to whoever wants to sign in.</summary>
    public static TokenAnswer Of(TokenReply reply) => reply switch
    {
        TokenReply.Issued issued => new TokenAnswer.Ready(issued.AccessToken, IsPassword: false),
        TokenReply.Failed failed => new TokenAnswer.Broken(Causes.Find(failed.Error)),
        TokenReply.Unfit unfit => new TokenAnswer.Broken(unfit.Finding),
        TokenReply.Unreachable unreachable => new TokenAnswer.Later(unreachable.Reason),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
