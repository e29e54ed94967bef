using MimeKit;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail;

/// <summary>How the writer protected a mail. We show that it is so; we hold no key and verify nothing here.</summary>
public enum Protection
{
    None,

    /// <summary>multipart/signed or an opaque signature (RFC 8551).</summary>
    SMimeSigned,

    /// <summary>Kept whole: only its recipient can open it.</summary>
    SMimeEncrypted,
    PgpSigned,
    PgpEncrypted,
}

internal static class ProtectionFinder
{
    public static Protection Of(MimeMessage message, MailBody body)
    {
        string type = message.Body?.ContentType.MimeType.ToLowerInvariant() ?? "";
        string protocol = message.Body?.ContentType.Parameters["protocol"]?.ToLowerInvariant() ?? "";
        return type switch
        {
            "multipart/signed" => protocol.Contains("pgp", StringComparison.Ordinal) ? Protection.PgpSigned : Protection.SMimeSigned,
            "multipart/encrypted" => Protection.PgpEncrypted,
            _ when OpaqueContent.IsOne(message.Body) => Opaque(message.Body!), // it is one
            _ => Armoured(body.Text),
        };
    }

    /// <summary>What could be opened has been: <see cref="OpaqueContent"/>.</summary>
    private static Protection Opaque(MimeEntity entity) =>
        entity.ContentType.Parameters["smime-type"]?.ToLowerInvariant() is "signed-data" or "certs-only" ? Protection.SMimeSigned : Protection.SMimeEncrypted;

    /// <summary>Within the text (RFC 9580 §6.2), at the start of a line: a quoted one is somebody else's.</summary>
    private static Protection Armoured(string text) =>
        Begins(text, "-----BEGIN PGP MESSAGE-----") ? Protection.PgpEncrypted :
        Begins(text, "-----BEGIN PGP SIGNED MESSAGE-----") ? Protection.PgpSigned : Protection.None;

    private static bool Begins(string text, string mark) =>
        text.StartsWith(mark, StringComparison.Ordinal) || text.Contains("\n" + mark, StringComparison.Ordinal);
}
