using MimeKit;

namespace Passerelle.Lab.Exchange;

/// <summary>Signs a mail and puts only the new headers on top of its bytes: the rest stays as it came.</summary>
internal static class SignedHeaders
{
    /// <param name="sign">May only add headers at the top. Not called for a mail without From, which no signature can
    /// bind (RFC 6376 §5.4).</param>
    public static byte[] On(byte[] raw, Action<MimeMessage> sign)
    {
        using var mail = MimeMessage.Load(new MemoryStream(raw, writable: false));
        if (mail.From.Count == 0) return raw;
        var before = mail.Headers.Count;
        sign(mail);
        using var signed = new MemoryStream();
        foreach (var header in mail.Headers.Take(mail.Headers.Count - before))
        {
            signed.Write(header.RawField);
            signed.Write(":"u8);
            signed.Write(header.RawValue);
        }

        signed.Write(raw);
        return signed.ToArray();
    }
}
