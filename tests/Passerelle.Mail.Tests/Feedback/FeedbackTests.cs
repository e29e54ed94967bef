using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Passerelle.Mail.Feedback;

namespace Passerelle.Mail.Tests.Feedback;

public class FeedbackTests
{
    private const string Folder = "feedback-arf";

    [Fact, Corpus]
    public void Reports_to_machines_are_recognised()
    {
        var tally = new Tally(Folder, "kind");
        foreach (var (file, expect) in Corpora.Cases(Folder))
        {
            ReadMail mail = Mails.Read(Folder, file);
            bool right = mail.Kind is MailKind.FeedbackReport && expect.GetProperty("kind").GetString() switch
            {
                "dmarc-aggregate" => mail.Feedback is FeedbackReport.DmarcAggregate,
                "tls-report" => mail.Feedback is FeedbackReport.Tls,
                _ => true, // some name themselves so and enclose no report
            };
            tally.Count(right, () => $"{file}: {mail.Kind} {mail.Feedback?.GetType().Name} {mail.Judgement.Evidence}");
        }
        tally.Reaches();
    }

    [Fact, Corpus]
    public void Their_fields_are_read_as_another_parser_reads_them()
    {
        var tally = new Tally(Folder, "fields");
        foreach (var (file, expect) in Corpora.Cases(Folder).Where(one => one.Expect.TryGetProperty("parsed", out _)))
        {
            JsonElement parsed = Corpora.Json(Folder, expect.GetProperty("parsed").GetString()!); // a path
            FeedbackReport? report = Mails.Read(Folder, file).Feedback;
            foreach (var (field, theirs, ours) in Fields(parsed, report)) tally.Count(theirs == ours, () => $"{file} {field}: {theirs} / {ours}");
        }
        tally.Reaches();
    }

    /// <summary>Somebody asks about a report and attaches it.</summary>
    [Theory]
    [InlineData("Subject: Report domain: contoso.example Submitter: fabrikam.example", MailKind.FeedbackReport)]
    [InlineData("Subject: Re: your DMARC report", MailKind.Human)]
    [InlineData("Subject: Fwd: Report domain: contoso.example Submitter: fabrikam.example", MailKind.Human)]
    [InlineData("Subject: Question\nIn-Reply-To: <one@contoso.example>", MailKind.Human)]
    public void A_report_in_the_mail_of_a_person_makes_it_no_report(string headers, MailKind kind)
    {
        const string Report = "<feedback><report_metadata><org_name>fabrikam.example</org_name></report_metadata><policy_published><domain>contoso.example</domain></policy_published></feedback>";
        Assert.Equal(kind, Mails.Read(
            $"From: Ann <ann@fabrikam.example>\n{headers}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nCan you explain this to me?\n--b\n"
            + $"Content-Type: text/xml; name=\"fabrikam.example!contoso.example!1772409600!1772495999.xml\"\n\n{Report}\n--b--\n").Kind);
    }

    private static IEnumerable<(string, string?, string?)> Fields(JsonElement parsed, FeedbackReport? report) => report switch
    {
        FeedbackReport.Abuse abuse =>
        [
            ("type", Text(parsed, "feedback_type")?.ToLowerInvariant(), abuse.Type.Replace("-", "", StringComparison.Ordinal)),
            ("from", Text(parsed, "original_mail_from"), abuse["Original-Mail-From"]),
            ("to", Text(parsed, "original_rcpt_to"), abuse["Original-Rcpt-To"]),
            ("agent", Text(parsed, "user_agent"), abuse["User-Agent"]),
            ("ip", Text(parsed, "source_ip"), abuse["Source-IP"]?.Split(' ')[0]),
            ("envelope", Text(parsed, "original_envelope_id"), abuse["Original-Envelope-Id"]),
            ("dkim", Text(parsed, "dkim_domain"), abuse["DKIM-Domain"]),
        ],
        FeedbackReport.DmarcAggregate dmarc =>
        [
            ("organisation", Text(parsed.GetProperty("report_metadata"), "org_name"), dmarc.Organisation),
            ("id", Text(parsed.GetProperty("report_metadata"), "report_id"), dmarc.ReportId),
            ("begin", parsed.GetProperty("report_metadata").GetProperty("date_range").GetProperty("begin").ToString(), dmarc.Begin?.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("end", parsed.GetProperty("report_metadata").GetProperty("date_range").GetProperty("end").ToString(), dmarc.End?.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("domain", Text(parsed.GetProperty("policy_published"), "domain"), dmarc.Domain),
            ("policy", Text(parsed.GetProperty("policy_published"), "p")?.ToLowerInvariant(), dmarc.Policy),
            ("rows", string.Join(' ', parsed.GetProperty("record").EnumerateArray().Select(record => $"{Text(record.GetProperty("row"), "source_ip")}={record.GetProperty("row").GetProperty("count")}={Text(record.GetProperty("row").GetProperty("policy_evaluated"), "dkim")?.ToLowerInvariant()}")),
                string.Join(' ', dmarc.Rows.Select(row => $"{row.SourceIp}={row.Count}={row.Dkim}"))),
        ],
        FeedbackReport.Tls tls =>
        [
            ("organisation", Text(parsed, "organization-name"), tls.Organisation),
            ("id", Text(parsed, "report-id"), tls.ReportId),
            ("policies", string.Join(' ', parsed.GetProperty("policies").EnumerateArray().Select(policy => $"{Text(policy.GetProperty("policy"), "policy-domain")}={policy.GetProperty("summary").GetProperty("total-failure-session-count")}")),
                string.Join(' ', tls.Policies.Select(policy => $"{policy.Domain}={policy.Failed}"))),
        ],
        _ => [("report", "one", null)],
    };

    [Fact]
    public void A_report_that_expands_without_end_is_no_report_and_costs_little()
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] spaces = new byte[1024 * 1024];
            Array.Fill(spaces, (byte)' ');
            zip.Write("<feedback>"u8);
            for (int i = 0; i < 200; i++) zip.Write(spaces);
        }
        ReadMail mail = MailReader.Read(Encoding.ASCII.GetBytes(
            "Subject: Report\r\nContent-Type: application/gzip; name=\"a!b!1!2.xml.gz\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + Convert.ToBase64String(packed.ToArray(), Base64FormattingOptions.InsertLineBreaks)), new ReadingContext());
        Assert.Null(mail.Feedback);
    }

    [Fact]
    public void A_report_never_fetches_what_its_xml_points_to() => Assert.Null(DmarcXml.Read(
        "<?xml version=\"1.0\"?><!DOCTYPE feedback [<!ENTITY x SYSTEM \"http://attacker.example/\">]><feedback><report_metadata><org_name>&x;</org_name></report_metadata></feedback>"));

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
