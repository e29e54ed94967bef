using System.Globalization;

namespace Passerelle.Lab.Imap;

/// <summary>Dates of a client (RFC 3501 §9, date and date-time).</summary>
internal static class ImapDates
{
    /// <exception cref="ImapSyntax">Not of the form <c>17-Jul-1996 02:44:25 -0700</c>.</exception>
    public static DateTimeOffset Moment(string text) =>
        DateTimeOffset.TryParseExact(text.Trim(), "d-MMM-yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)
        || DateTimeOffset.TryParseExact(Colon(text.Trim()), "d-MMM-yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out moment)
            ? moment.ToUniversalTime()
            : throw new ImapSyntax();

    /// <exception cref="ImapSyntax">Not of the form <c>1-Feb-1994</c>.</exception>
    public static DateOnly Day(string text) =>
        DateOnly.TryParseExact(text, "d-MMM-yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw new ImapSyntax();

    /// <summary>.NET wants a colon in the zone.</summary>
    private static string Colon(string text) => text.Length > 2 ? text.Insert(text.Length - 2, ":") : text;
}
