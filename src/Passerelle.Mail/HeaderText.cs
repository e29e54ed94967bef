using System.Text;
using System.Text.RegularExpressions;
using MimeKit;
using MimeKit.Utils;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail;

/// <summary>A header's value as its writer meant it: bytes above ASCII in the charset that they have, and encoded words (RFC 2047) also where
/// their padding was lost.</summary>
internal static partial class HeaderText
{
    /// <summary>Decoded; line ends as they are.</summary>
    public static string Of(Header header, MimeMessage message)
    {
        ReadOnlySpan<byte> raw = header.RawValue;
        if (Ascii.IsValid(raw) && !Unpadded().IsMatch(Encoding.ASCII.GetString(raw))) return header.Value;
        byte[] padded = Encoding.UTF8.GetBytes(Unpadded().Replace(Encoding.UTF8.GetString(AsUtf8(header, message)), Pad));
        return Header.Unfold(Rfc2047.DecodeText(padded));
    }

    /// <summary>The value's bytes, in UTF-8 whatever they were in.</summary>
    public static byte[] AsUtf8(Header header, MimeMessage message) =>
        Ascii.IsValid(header.RawValue) ? header.RawValue : Encoding.UTF8.GetBytes(SpokenText.Of(header.RawValue, CharsetOf(message)));

    private static string CharsetOf(MimeMessage message) =>
        PartWalk.Of(message).Select(part => part.Entity).OfType<TextPart>().Select(part => part.ContentType.Charset).FirstOrDefault(charset => !string.IsNullOrEmpty(charset))?.ToLowerInvariant() ?? "";

    private static string Pad(Match word) => word.Groups[2].Success ? $"{word.Groups[1].Value}{word.Groups[2].Value}=?=" : $"{word.Groups[1].Value}{word.Groups[3].Value}==?=";

    /// <summary>A word in base64 with too little padding for its length.</summary>
    [GeneratedRegex(@"(=\?[^?\s]{1,60}\?[Bb]\?)(?:((?:[A-Za-z0-9+/]{4})*[A-Za-z0-9+/]{3})|((?:[A-Za-z0-9+/]{4})*[A-Za-z0-9+/]{2})=?)\?=")]
    private static partial Regex Unpadded();
}
