using Passerelle.Gateway.Messages;
using Passerelle.Mail;

namespace Passerelle.Gateway.Routing;

/// <summary>What a machine may answer (design §8.4), as far as the message itself decides; caps are counted in the transaction.</summary>
internal static class AnswerRule
{
    public const string Answered = "This conversation has had its automatic answer; a person may write more";

    /// <param name="ownAddresses">Of the app.</param>
    /// <param name="isOurs">The message carries a Message-ID of one of our letters.</param>
    /// <returns>Why not, as a sentence for the journey page; null when nothing speaks against it.</returns>
    public static string? ReasonAgainst(Message message, ReadMail mail, IReadOnlyCollection<string> ownAddresses, bool isOurs) =>
        AutomaticAnswers.ReasonAgainst(mail, ownAddresses, _ => isOurs) ?? message.Verdict switch
        {
            // An answer to a forged sender is spam at somebody's innocent address.
            "genuine" => null,
            "suspicious" => $"The mail is suspicious: {Reason(message)}",
            _ => $"Nobody proves who wrote the mail: {Reason(message)}",
        };

    private static string Reason(Message message) => message.VerdictReasonList is [var first, ..] ? first : "no evidence";
}
