using System.Text;
using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Imap;

/// <summary>Strings, dates and flags as a server writes them (RFC 3501 §4 and §9).</summary>
internal static class ImapText
{
    public static readonly (string Name, MailFlags Flag)[] Flags =
    [
        (@"\Seen", MailFlags.Seen), (@"\Answered", MailFlags.Answered), (@"\Flagged", MailFlags.Flagged),
        (@"\Deleted", MailFlags.Deleted), (@"\Draft", MailFlags.Draft), ("$MDNSent", MailFlags.MdnSent),
    ];

    public static string AllFlags { get; } = $"({string.Join(' ', Flags.Select(known => known.Name))})";

    public static string Of(MailFlags flags) =>
        $"({string.Join(' ', Flags.Where(known => flags.HasFlag(known.Flag)).Select(known => known.Name))})";

    /// <summary>A name that the mailbox does not keep is nothing: PERMANENTFLAGS said so.</summary>
    public static MailFlags Parse(IEnumerable<string> names) => names.Aggregate(MailFlags.None, (flags, name) => flags
        | Flags.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Flag);

    public static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>An nstring: NIL, quoted, or a literal where a quoted string may not hold it. One character is one byte.</summary>
    public static string Nil(string? bytes) => bytes is null ? "NIL"
        : bytes.All(c => c is >= ' ' and < '\x7f') ? Quoted(bytes)
        : $"{{{bytes.Length}}}\r\n{bytes}";

    /// <summary>Text of ours as bytes of UTF-8, one character each.</summary>
    public static string Utf8(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary><c>"17-Jul-1996 02:44:25 +0000"</c></summary>
    public static string Date(DateTimeOffset at) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\"{at.UtcDateTime,11:d-MMM-yyyy} {at.UtcDateTime:HH:mm:ss} +0000\"");
}
