using System.Globalization;
using System.Text;
using MimeKit;

namespace Passerelle.Gateway.Sending;

/// <summary>A mail for a server that offers so much: its own bytes wherever they may go as they are, and what MAIL says about them.</summary>
internal sealed class OfferedMail
{
    /// <param name="addresses">Of the envelope.</param>
    /// <param name="offers">Keywords of the answer to EHLO, with what stands behind them.</param>
    public OfferedMail(ReadOnlyMemory<byte> raw, IEnumerable<string> addresses, IReadOnlyDictionary<string, string> offers)
    {
        Content = raw;
        var isEightBit = !Ascii.IsValid(raw.Span);
        var end = raw.Span.IndexOf("\r\n\r\n"u8);
        var isInternational = isEightBit && !Ascii.IsValid(raw.Span[..(end < 0 ? raw.Length : end)]);
        var takesUtf8 = offers.ContainsKey("SMTPUTF8");
        if ((isEightBit && !offers.ContainsKey("8BITMIME")) || (isInternational && !takesUtf8))
        {
            Content = Rewritten(raw, offers.ContainsKey("8BITMIME") ? EncodingConstraint.EightBit : EncodingConstraint.SevenBit);
            isEightBit = !Ascii.IsValid(Content.Span);
            isInternational = false;
        }
        Parameters = (offers.ContainsKey("SIZE") ? string.Create(CultureInfo.InvariantCulture, $" SIZE={Content.Length}") : "")
            + (isEightBit ? " BODY=8BITMIME" : "")
            + (takesUtf8 && (isInternational || addresses.Any(address => !Ascii.IsValid(address))) ? " SMTPUTF8" : "");
    }

    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Of MAIL, each with a blank before it (RFC 1870 §6, RFC 6152 §2, RFC 6531 §3.4).</summary>
    public string Parameters { get; }

    /// <summary>The same mail in fewer bits.</summary>
    private static byte[] Rewritten(ReadOnlyMemory<byte> raw, EncodingConstraint constraint)
    {
        using var input = new MemoryStream(raw.ToArray(), writable: false);
        using var message = MimeMessage.Load(input);
        message.Prepare(constraint);
        using var output = new MemoryStream();
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        message.WriteTo(format, output);
        return output.ToArray();
    }
}
