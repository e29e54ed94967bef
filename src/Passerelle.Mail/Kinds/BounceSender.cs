using System.Text.RegularExpressions;
using MimeKit;

namespace Passerelle.Mail.Kinds;

/// <summary>Mail that a mail server wrote itself.</summary>
internal static partial class BounceSender
{
    public static bool Wrote(MimeMessage message, ReadingContext context) =>
        context.EnvelopeFrom is "" or "<>"
        || message.Headers.Any(header => header.Id is HeaderId.ReturnPath && header.Value.Trim() is "<>")
        || Names().IsMatch(message.Headers[HeaderId.From] ?? "");

    /// <summary>An author whose name only machines have; that alone makes no bounce.</summary>
    public static bool IsMachine(MimeMessage message) =>
        message.Headers.Contains("X-MLServer") || Machines().IsMatch(message.Headers[HeaderId.From] ?? "");

    [GeneratedRegex(@"no-?reply@|administrator|sysadmin@|forwarding-|delivery", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Machines();

    [GeneratedRegex(@"mailer-?daemon|post_?master@|mail\s*delivery\s*(sub)?system|microsoftexchange[0-9a-f]{32}@|mail\s+administrator|mail-daemon|^\s*(system\s+administrator|mail\s+system)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Names();
}
