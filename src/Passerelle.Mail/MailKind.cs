namespace Passerelle.Mail;

/// <summary>What a mail is to us. The words of SQL, JSON and logs are those of <see cref="MailKindWords"/>.</summary>
public enum MailKind
{
    Human,
    AutoReply,
    Bounce,
    Delay,
    FeedbackReport,
    Calendar,
    ForwardingConfirmation,
    ReadReceipt,
    MailingList,
    Canary,
    Unreadable,
    DeliveryNotice,
}

/// <summary>Sure: the mail says so itself in a header or structure made for it. Likely: habits say so.</summary>
public enum Certainty
{
    Likely,
    Sure,
}

/// <param name="Evidence">What was seen, for a person: a header name with its value, at most 200 characters.</param>
public sealed record KindJudgement(MailKind Kind, Certainty Certainty, string Evidence);

public static class MailKindWords
{
    /// <summary>The kind as written everywhere outside of C#: lower case, hyphens.</summary>
    public static string Word(this MailKind kind) => kind switch
    {
        MailKind.Human => "human",
        MailKind.AutoReply => "auto-reply",
        MailKind.Bounce => "bounce",
        MailKind.Delay => "delay",
        MailKind.FeedbackReport => "feedback-report",
        MailKind.Calendar => "calendar",
        MailKind.ForwardingConfirmation => "forwarding-confirmation",
        MailKind.ReadReceipt => "read-receipt",
        MailKind.MailingList => "mailing-list",
        MailKind.Canary => "canary",
        MailKind.Unreadable => "unreadable",
        MailKind.DeliveryNotice => "delivery-notice",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Word(this Certainty certainty) => certainty is Certainty.Sure ? "sure" : "likely";
}
