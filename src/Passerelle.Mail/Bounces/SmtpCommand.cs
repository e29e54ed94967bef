using System.Text.RegularExpressions;

namespace Passerelle.Mail.Bounces;

/// <summary>At which SMTP command a server said no, as the dialects put it. A no to RCPT is about the recipient, one to DATA about the mail.</summary>
internal static partial class SmtpCommand
{
    /// <returns>CONN, EHLO, MAIL, RCPT or DATA; "" when the words do not tell.</returns>
    public static string In(string words) =>
        Told().Match(words) is not { Success: true } told ? "" :
        told.Groups["conn"].Success ? "CONN" :
        told.Groups["ehlo"].Success ? "EHLO" :
        told.Groups["mail"].Success ? "MAIL" :
        told.Groups["rcpt"].Success ? "RCPT" : "DATA";

    [GeneratedRegex(
        """
        (?<conn>after\ initial\ connection|refused\ to\ talk\ to\ me|while\ receiving\ the\ initial\ server\ greeting)|
        (?<ehlo>after\ (?:EHLO|HELO)|in\ reply\ to\ (?:EHLO|HELO)|performing\ the\ (?:EHLO|HELO)|my\ name\ was\ rejected|\[(?:EHLO|HELO)\])|
        (?<mail>after\ MAIL\s+FROM|in\ reply\ to\ MAIL|did\ not\ like\ our\ MAIL|but\ sender\ was\ rejected|\[MAIL_FROM\]|\(state\ 1[0-3]\)|>>>\s?MAIL\s)|
        (?<rcpt>after\ RCPT|in\ reply\ to\ RCPT|did\ not\ like\ our\ RCPT|does\ not\ like\ recipient|RCPT\ TO\ response|\[RCPT_TO\]|SMTP:RCPT|following\ RCPT|\(state\ 14\)|>>>\s?RCPT\s|(?:Sent|SMTP\ command\s+)\s?(?:<<<)?\s?RCPT\s)|
        (?<data>after\ (?:end\ of\ data|DATA|pipelined\ DATA)|in\ reply\ to\ (?:end\ of\ )?DATA|did\ not\ like\ our\ (?:final\ )?DATA|failed\ (?:on\ DATA\ command|after\ I\ sent\ the\ message)|for\ TEXT\ command|\[DATA\]|\(DATA\)|\(state\ 1[5-9]\)|>>>\s?DATA\b|SMTP\ command\s+DATA)
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Told();
}
