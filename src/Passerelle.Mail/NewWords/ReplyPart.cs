namespace Passerelle.Mail.NewWords;

/// <summary>What a run of lines of a mail is to its reader.</summary>
public enum ReplyPartKind
{
    /// <summary>Newly written by the sender: always shown.</summary>
    OwnWords,

    /// <summary>The past: quotation, the line that introduces it, a forwarded mail.</summary>
    Quoted,

    /// <summary>Signature, list footer, "Sent from my phone".</summary>
    Signature,

    /// <summary>Legal notices below, warnings of mail gateways above.</summary>
    Disclaimer,
}

/// <param name="Text">LF line ends, no blank line first or last, never empty.</param>
public sealed record ReplyPart(ReplyPartKind Kind, string Text);

/// <summary>A mail cut into what is new and what can be folded.</summary>
/// <param name="Text">What the person newly wrote. Quotations that stand between two answers are in it, because the answers
/// lean on them. When nothing is new, the quotation is the message; "" only when nobody said anything.</param>
/// <param name="Parts">All of the mail in its order.</param>
public sealed record Reply(string Text, IReadOnlyList<ReplyPart> Parts)
{
    public static Reply Empty { get; } = new("", []);
}
