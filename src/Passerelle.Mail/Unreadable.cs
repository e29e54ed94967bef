using System.Security.Cryptography;

namespace Passerelle.Mail;

/// <summary>A mail that we keep, show as bytes and never act upon.</summary>
internal static class Unreadable
{
    public static ReadMail Because(string reason, Stream raw, ReadingContext context)
    {
        raw.Position = 0;
        return new ReadMail
        {
            EnvelopeFrom = context.EnvelopeFrom,
            Judgement = new KindJudgement(MailKind.Unreadable, Certainty.Sure, reason),
            AutomaticSign = reason,
            Digest = Convert.ToHexStringLower(SHA256.HashData(raw)), // no header can be trusted: the bytes themselves
        };
    }
}
