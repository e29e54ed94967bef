namespace Passerelle.Mail;

/// <summary>The rule that keeps two machines from talking to each other (design §8.4, RFC 3834 §2). Caps per hour and the
/// verdict are the caller's: they need the store.</summary>
public static class AutomaticAnswers
{
    /// <summary>A mail that passed more servers than this runs in a circle; Exchange itself gives up at 20 of its own.</summary>
    private const int MaxHops = 50;

    /// <param name="ownAddresses">Of the app, and of every other app where the caller knows them.</param>
    /// <param name="isOurMessageId">Gets an id with angle brackets.</param>
    /// <returns>Why a machine must not answer, as a sentence for the journey page; null when it may.</returns>
    public static string? ReasonAgainst(
        ReadMail mail, IReadOnlyCollection<string> ownAddresses, Func<string, bool> isOurMessageId) => mail switch
        {
            { Kind: not MailKind.Human } => $"This mail is not from a person ({mail.Kind.Word()}: {mail.Judgement.Evidence})",
            { AutomaticSign: { } sign } => $"This mail asks for no automatic answer ({sign})",
            { EnvelopeFrom: "" } => "The envelope has no sender",
            { From: null } => "The mail names no author",
            { Authors: > 1 } => "The mail names several authors",
            { From.Address: var author } when author.In(ownAddresses) => "The author is one of our own addresses",
            { From.Domain: "" } => "The author's address is not complete",
            { EnvelopeFrom: { } sender } when sender.In(ownAddresses) => "The envelope sender is one of our own addresses",
            { MessageId: { } id } when isOurMessageId(id) => "We wrote this mail ourselves",
            { Hops: > MaxHops } => $"The mail passed {mail.Hops} servers: it runs in a circle",
            _ => null,
        };
}
