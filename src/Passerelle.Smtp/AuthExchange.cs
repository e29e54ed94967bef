namespace Passerelle.Smtp;

/// <summary>The host's word on an AUTH: 235 with who it is, or a refusal.</summary>
/// <param name="Identity">Stored as <see cref="SmtpSession.Identity"/> when the reply is 235; else ignored.</param>
public readonly record struct AuthAnswer(SmtpReply Reply, string? Identity)
{
    public static AuthAnswer Accept(string identity) => new(SmtpReply.Authenticated, identity);
    public static AuthAnswer Refuse(SmtpReply reply) => new(reply, null);
}

/// <summary>One AUTH in progress (RFC 4954): what the client sent, and a way to ask for more.</summary>
/// <param name="mechanism">Upper case.</param>
/// <param name="initialResponse">Decoded; null when the client sent none; empty for "=".</param>
public sealed class AuthExchange(
    string mechanism, byte[]? initialResponse, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>> ask)
{
    public string Mechanism { get; } = mechanism;

    public byte[]? InitialResponse { get; } = initialResponse;

    /// <summary>Sends 334 with the challenge in base64 and returns the client's decoded answer.</summary>
    /// <exception cref="SmtpRefusedException">The client sent <c>*</c>, or no base64: let it pass, it is answered 501.
    /// </exception>
    public ValueTask<byte[]> ChallengeAsync(ReadOnlyMemory<byte> challenge, CancellationToken cancel) =>
        ask(challenge, cancel);
}
