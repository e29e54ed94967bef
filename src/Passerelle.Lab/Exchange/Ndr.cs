using System.Text;
using MimeKit;
using MimeKit.Utils;

namespace Passerelle.Lab.Exchange;

/// <summary>What became of a mail to a recipient, for a report to its writer.</summary>
/// <param name="Reply">The SMTP reply, code first.</param>
/// <param name="Remote">Host that said so; null when it was the lab itself.</param>
internal sealed record Failure(string Recipient, string Reply, string? Remote)
{
    public ReportKind Kind { get; init; }

    /// <summary>Every try of a mail that waited, oldest first; empty when the first answer was the last.</summary>
    public IReadOnlyList<RelayAttempt> Attempts { get; init; } = [];

    /// <summary>Of a delayed mail: when the service gives up.</summary>
    public DateTimeOffset? TriedUntil { get; init; }

    public string LogKind => Kind is ReportKind.Failed ? "ndr" : "report";
}

internal enum ReportKind
{
    Failed,
    Delayed,
    Delivered,
    Relayed,
}

/// <summary>One try to hand a mail over.</summary>
internal sealed record RelayAttempt(DateTimeOffset At, string Host, string Reply);

/// <param name="Domain">Initial domain of the organisation that reports.</param>
internal sealed record Reporter(string Domain, bool ToStranger);

/// <summary>A report in Exchange Online's form (facts/microsoft365.md §6.4). It goes out with the null sender.</summary>
internal static class Ndr
{
    private const int LargestReturned = 1024 * 1024;

    public static byte[] Write(Transit mail, Failure failure, Reporter reporter, DateTimeOffset now)
    {
        var headers = MessageIds.Headers(mail.Raw);
        var host = $"LAB01MB0001.{reporter.Domain}";
        using var report = new MimeMessage { Date = now };
        report.From.Add(reporter.ToStranger
            ? new MailboxAddress("", $"postmaster@{reporter.Domain}")
            : new MailboxAddress("Microsoft Outlook", $"MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@{reporter.Domain}"));
        report.To.Add(new MailboxAddress("", mail.Writer));
        report.Subject = $"{SubjectWord(failure.Kind)}: {headers[HeaderId.Subject]}";
        report.MessageId = MimeUtils.GenerateMessageId(reporter.Domain);
        report.Headers.Add(HeaderId.AutoSubmitted, "auto-replied");
        if (failure.Kind is ReportKind.Failed) report.Headers.Add("X-MS-Exchange-Message-Is-Ndr", "");
        if (headers[HeaderId.MessageId] is { Length: > 0 } id)
        {
            report.Headers.Add(HeaderId.InReplyTo, id);
            report.Headers.Add(HeaderId.References, id);
        }

        report.Body = new MultipartReport("delivery-status")
        {
            NdrText.Write(failure, host, mail, headers), Status(failure, host, mail, now), Returned(mail, headers, failure),
        };
        using var stream = new MemoryStream();
        report.WriteTo(new FormatOptions { NewLineFormat = NewLineFormat.Dos }, stream);
        return stream.ToArray();
    }

    private static string SubjectWord(ReportKind kind) => kind switch
    {
        ReportKind.Delayed => "Delivery delayed",
        ReportKind.Delivered => "Delivered",
        ReportKind.Relayed => "Relayed",
        _ => "Undeliverable",
    };

    private static MessageDeliveryStatus Status(Failure failure, string host, Transit mail, DateTimeOffset now)
    {
        var wish = mail.WishOf(failure.Recipient);
        var perMessage = new HeaderList { { "Reporting-MTA", $"dns;{host}" } };
        if (wish.EnvelopeId is { } envelope) perMessage.Insert(0, "Original-Envelope-Id", envelope);
        if (mail.Origin is null) perMessage.Add("Received-From-MTA", $"dns;{mail.Arrival.Helo}");
        perMessage.Add("Arrival-Date", DateUtils.FormatDate(failure.Attempts is [var first, ..] ? first.At : now));
        var perRecipient = new HeaderList
        {
            { "Final-Recipient", $"rfc822;{failure.Recipient}" },
            { "Action", failure.Kind.ToString().ToLowerInvariant() },
            { "Status", EnhancedStatus(failure.Reply) },
        };
        if (wish.Original is { } original) perRecipient.Insert(0, "Original-Recipient", original);
        if (failure.Kind is ReportKind.Failed or ReportKind.Delayed) perRecipient.Add("Diagnostic-Code", $"smtp;{failure.Reply}");
        if (failure.Remote is not null) perRecipient.Add("Remote-MTA", $"dns;{failure.Remote}");
        if (failure.TriedUntil is { } until) perRecipient.Add("Will-Retry-Until", DateUtils.FormatDate(until));
        perRecipient.Add("X-Display-Name", failure.Recipient);
        var status = new MessageDeliveryStatus();
        status.StatusGroups.Add(perMessage);
        status.StatusGroups.Add(perRecipient);
        return status;
    }

    /// <summary>The mail as it came, byte for byte; its headers alone when the writer asked for them or it is large.</summary>
    private static MimePart Returned(Transit mail, HeaderList headers, Failure failure)
    {
        var good = failure.Kind is ReportKind.Delivered or ReportKind.Relayed; // "only the headers" then (RFC 3461 §4.3)
        var whole = !good && !mail.WishOf(failure.Recipient).HeadersOnly && mail.Raw.Length <= LargestReturned;
        return new MimePart("message", "rfc822")
        {
            Content = new MimeContent(new MemoryStream(whole ? mail.Raw : HeadersOnly(headers), writable: false)),
            ContentTransferEncoding = ContentEncoding.EightBit,
        };
    }

    private static byte[] HeadersOnly(HeaderList headers)
    {
        var text = new StringBuilder();
        foreach (var header in headers) text.Append(header.Field).Append(':').Append(header.Value.TrimEnd('\r', '\n')).Append("\r\n");
        return Encoding.UTF8.GetBytes(text.Append("\r\n").ToString());
    }

    /// <summary>The second word of the reply when it is one (RFC 3463); else x.0.0 of its class.</summary>
    public static string EnhancedStatus(string reply) =>
        reply.Split(' ', 3) is [_, var status, ..] && status.Count(c => c == '.') == 2 ? status
        : reply is ['2' or '4' or '5', ..] ? $"{reply[0]}.0.0" : "5.0.0";
}
