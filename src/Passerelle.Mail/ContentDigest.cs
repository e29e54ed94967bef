using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MimeKit;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail;

/// <summary>The digest by which a second copy is recognised (design §8.2).</summary>
internal static class ContentDigest
{
    public static string Of(MimeMessage message, MailBody body)
    {
        ReadMail headers = Headers.Of(message);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, headers.MessageId ?? "");
        Add(hash, string.Join(",", Headers.AllOf(message, HeaderId.From).Select(from => from.Address.ToLowerInvariant())));
        Add(hash, headers.Date?.UtcTicks.ToString(CultureInfo.InvariantCulture) ?? message.Headers[HeaderId.Date] ?? "");
        Add(hash, headers.Subject);
        Add(hash, body.WholeText);
        Add(hash, body.WholeHtml);
        foreach (MailAttachment attachment in body.Attachments) Add(hash, attachment.Sha256);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Length first: without it "ab"+"c" and "a"+"bc" would be the same mail.</summary>
    private static void Add(IncrementalHash hash, string field)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(field);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }
}
