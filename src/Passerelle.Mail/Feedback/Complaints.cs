using MimeKit;
using Passerelle.Mail.Bounces;

namespace Passerelle.Mail.Feedback;

/// <summary>The people a complaint is about, in the form of a report's recipients.</summary>
internal static class Complaints
{
    public static IReadOnlyList<ReportedRecipient> Of(FeedbackReport? feedback, MimeMessage message)
    {
        if (feedback is not FeedbackReport.Abuse abuse) return [];
        string? original = OriginalMail.In(message, ReportText.Of(message)).MessageId;
        return [.. abuse.Recipients.Select(recipient => new ReportedRecipient(recipient, "", null, null, abuse["Authentication-Results"], original, "feedback"))];
    }
}
