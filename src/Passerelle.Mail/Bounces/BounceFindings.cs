namespace Passerelle.Mail.Bounces;

/// <summary>A mail that tells what became of another.</summary>
/// <param name="Recipients">May be empty: then it tells that something failed, and not for whom.</param>
internal sealed record BounceFindings(KindJudgement Judgement, IReadOnlyList<ReportedRecipient> Recipients);
