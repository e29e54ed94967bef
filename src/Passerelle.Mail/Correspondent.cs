using System.Text.RegularExpressions;
using MimeKit;

namespace Passerelle.Mail;

/// <summary>Who really wrote, where a forwarding server or a list put itself into From.</summary>
internal static partial class Correspondent
{
    /// <summary>Headers in which those servers keep the author.</summary>
    private static readonly string[] Kept = ["X-Original-From", "X-Original-Sender", "Original-From", "X-Google-Original-From"];

    /// <returns>The author; one that a header names when From is our own or says "via"; null when nobody is named.</returns>
    public static MailParty? Of(MimeMessage message, ReadMail mail, ReadingContext context)
    {
        if (mail.From is { } from && !from.Address.In(context.OwnAddresses) && !Via().IsMatch(from.Name ?? "")) return from;
        return Kept.SelectMany(name => Headers.AllOf(message, name))
            .Concat(mail.ReplyTo)
            .Concat(mail.Sender is { } sender ? [sender] : [])
            .Concat(Unwrapped(context.EnvelopeFrom) is { } wrapped ? [new MailParty(wrapped)] : [])
            .FirstOrDefault(party => party.Address.Contains('@') && !party.Address.In(context.OwnAddresses)) ?? mail.From;
    }

    /// <summary>The sender within a rewritten return path: "SRS0=hash=tt=fabrikam.example=ann@…" and "SRS1=…==hash=tt=…"
    /// (Sender Rewriting Scheme). Exchange's "bounces+SRS=…" keeps nothing.</summary>
    public static string? Unwrapped(string? returnPath) =>
        returnPath is not null && Srs().Match(returnPath) is { Success: true } found ? $"{found.Groups["local"].Value}@{found.Groups["domain"].Value}" : null;

    [GeneratedRegex(@"\s(via|per|por|durch|über)\s", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Via();

    [GeneratedRegex(@"^SRS(?:0[=+-]|1[=+-][^=]+=[=+-])[^=]+=[^=]+=(?<domain>[^=@\s]+)=(?<local>[^@\s]+)@[^@\s]+$", RegexOptions.IgnoreCase)]
    private static partial Regex Srs();
}
