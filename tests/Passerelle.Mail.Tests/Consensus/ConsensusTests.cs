using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Passerelle.Mail.Tests.Consensus;

/// <summary>Mails on which two unrelated parsers agree: so must ours.</summary>
public class ConsensusTests
{
    public static TheoryData<string> Folders => new(
        "mime-enmime", "mime-mime4j", "mime-mimekit", "mime-nodemailer", "mime-php-parser", "mime-ruby-mail", "mime-stalwart", "mime-thunderbird", "inbound-chatwoot");

    [Theory, MemberData(nameof(Folders)), Corpus]
    public void What_others_agree_on_we_read_too(string folder)
    {
        var tally = new Tally(folder, "consensus fields");
        foreach (var (file, expect) in Corpora.Cases(folder, "consensus.json"))
        {
            ReadMail mail = Mails.Read(folder, file);
            List<MailAttachment> files = [.. mail.Attachments.Where(one => one is { InTnef: false, InText: false })];
            Same("subject", Flat(mail.Subject));
            Same("from", mail.From is null ? "" : mail.From.Address, first: true);
            Same("to", string.Join(' ', mail.To.Select(to => to.Address)));
            Same("messageId", mail.MessageId);
            Same("inReplyTo", mail.InReplyTo);
            Same("references", string.Join(' ', mail.References));
            Same("dateUtc", mail.Date?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            Same("attachmentFileNames", string.Join('|', files.Select(one => one.Name).OfType<string>().Select(Flat).Order(StringComparer.Ordinal)));
            Same("textSha256", Sha(mail.Text));
            Same("hasHtml", mail.SafeHtml is null ? "false" : "true");
            if (expect.TryGetProperty("attachments", out JsonElement wanted))
                foreach (JsonElement one in wanted.EnumerateArray())
                    tally.Count(files.Any(file => file.Sha256 == Text(one, "sha256") && file.Size == one.GetProperty("size").GetInt64()), () => $"{file} attachment {one} / {string.Join(' ', files.Select(a => $"{a.Name} {a.Size}"))}");

            void Same(string field, string? ours, bool first = false)
            {
                if (!expect.TryGetProperty(field, out JsonElement theirs)) return;
                string wants = theirs.ValueKind switch
                {
                    // Names in the order of their characters; a path is never part of ours.
                    JsonValueKind.Array when field is "attachmentFileNames" => string.Join('|', theirs.EnumerateArray().Select(one => one.ToString()[(one.ToString().LastIndexOf('/') + 1)..]).Select(Flat).Order(StringComparer.Ordinal)),
                    JsonValueKind.Array => string.Join(' ', first ? theirs.EnumerateArray().Take(1).Select(one => one.ToString()) : theirs.EnumerateArray().Where(one => one.ValueKind is not JsonValueKind.Null).Select(one => one.ToString())),
                    JsonValueKind.Null => "",
                    JsonValueKind.True => "true",
                    JsonValueKind.False => "false",
                    _ => theirs.GetString()!, // a string
                };
                if (field is "subject") wants = Flat(wants);
                tally.Count(wants.Trim() == (ours ?? "").Trim(), () => $"{file} {field}: {wants} / {ours} {(field is "textSha256" ? $"{Text(expect, "textStart")} / {mail.Text[..Math.Min(80, mail.Text.Length)]}" : "")}");
            }
        }
        tally.Reaches();
    }

    [Theory, MemberData(nameof(Folders)), Corpus]
    public void No_mail_is_a_fault(string folder)
    {
        var tally = new Tally(folder, "no fault");
        foreach (string file in Corpora.Mails(folder))
        {
            ReadMail mail = MailReader.Read(File.ReadAllBytes(file), new ReadingContext());
            tally.Count(!mail.Judgement.Evidence.StartsWith("Parser failed", StringComparison.Ordinal) && mail.Digest.Length == 64, () => $"{file}: {mail.Judgement.Evidence}");
        }
        tally.Reaches();
    }

    private static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>As the corpus hashes: one blank between words.</summary>
    private static string Sha(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Flat(text))));

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
