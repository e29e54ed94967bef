using System.Globalization;

namespace Passerelle.Gateway.Polling;

/// <summary>Up to where a folder was listed (RFC 9051 §2.3.1.1): its UIDVALIDITY and the first UID that was not seen.</summary>
internal readonly record struct MailboxPosition(uint Validity, uint Next)
{
    /// <returns>Null: nothing was listed yet, or the text is none of ours.</returns>
    public static MailboxPosition? Parse(string text) =>
        text.Split(':') is [var validity, var next]
        && uint.TryParse(validity, NumberStyles.None, CultureInfo.InvariantCulture, out var known)
        && uint.TryParse(next, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            ? new(known, first)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Validity}:{Next}");
}
