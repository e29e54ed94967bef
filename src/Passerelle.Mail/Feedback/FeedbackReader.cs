using MimeKit;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail.Feedback;

/// <summary>Finds the report in a mail: by the type of a part, or by what an attachment really holds.</summary>
internal static class FeedbackReader
{
    /// <returns>Null when the mail encloses no report that can be read.</returns>
    public static FeedbackReport? Read(MimeMessage message)
    {
        List<MailPart> parts = [.. PartWalk.Of(message)];
        return parts.Select(AbuseReport.In).FirstOrDefault(found => found is not null) is { } fields
            ? AbuseReport.Of(fields, parts)
            : parts.Where(MayHoldReport).Select(InPart).FirstOrDefault(found => found is not null);
    }

    private static FeedbackReport? InPart(MailPart part) => Unpacked.Text(part) is { } text
        ? DmarcXml.Read(text) ?? (FeedbackReport?)TlsJson.Read(text)
        : null;

    /// <summary>An ordinary attachment is not opened: only a type or a name that reports have.</summary>
    private static bool MayHoldReport(MailPart part) =>
        part.Type is "application/tlsrpt" or "application/tlsrpt+gzip" or "application/tlsrpt+json"
        || (part.Type is "application/zip" or "application/x-zip-compressed" or "application/x-zip" or "application/gzip" or "application/x-gzip" or "application/octet-stream"
                or "text/xml" or "application/xml" or "application/json"
            && part.Name is { } name && ReportName(name));

    /// <summary>"receiver!domain!begin!end[!id].xml.gz" (RFC 7489 §7.2.1.1, RFC 8460 §5.1); some write "report.xml.gz".</summary>
    private static bool ReportName(string name) =>
        name.Count(c => c == '!') >= 3
        || (name.Contains("dmarc", StringComparison.OrdinalIgnoreCase) || name.Contains("report", StringComparison.OrdinalIgnoreCase));
}
