using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MimeKit;
using Passerelle.Mail.Replies;

namespace Passerelle.Mail.Tests.Names;

/// <summary>Names of domains, people, subjects and files, at their worst.</summary>
public partial class NameTests
{
    [Fact, Corpus]
    public void Domains_become_ascii_as_unicode_wants_it()
    {
        var tally = new Tally("idna-uts46", "to ASCII");
        foreach (string line in File.ReadLines(Path.Combine(Corpora.Folder("idna-uts46"), "idna_test_vectors.txt"), Encoding.UTF8))
        {
            if (line.Split('#')[0] is not { } data || data.Split(';') is not { Length: >= 5 } columns) continue;
            string source = Unescape(columns[0].Trim()), status = columns[4].Trim() is { Length: > 0 } own ? own : columns[2].Trim();
            string unicode = columns[1].Trim() is { Length: > 0 } mapped ? Unescape(mapped) : source;
            string ascii = columns[3].Trim() is { Length: > 0 } given ? Unescape(given) : unicode;
            string? wanted = status is "" or "[]" ? ascii : null, ours = DomainNames.ToAscii(source);
            tally.Count(wanted == ours, () => $"{columns[0]}: {wanted ?? status} / {ours}");
        }
        tally.Reaches();
    }

    [Fact, Corpus]
    public void Whatever_people_write_comes_back()
    {
        var tally = new Tally("naughty-strings", "round trip");
        foreach (string text in Corpora.Json("naughty-strings", "blns.json").EnumerateArray().Select(one => one.GetString()!)) // strings
        {
            var draft = new Draft { From = new MailParty("support@contoso.example", text), MessageId = "<1@contoso.example>", Date = DateTimeOffset.UnixEpoch, Text = "x", Subject = text };
            var composed = Assert.IsType<Composition.Composed>(ReplyComposer.New(draft, [new MailParty("ann@fabrikam.example", text)]));
            ReadMail read = MailReader.Read(composed.Bytes, new ReadingContext());
            string subject = AddressText.OneLine(text, 900), name = AddressText.OneLine(text, 200);
            tally.Count(Same(read.Subject, subject), () => $"subject {JsonSerializer.Serialize(subject)} / {JsonSerializer.Serialize(read.Subject)}");
            tally.Count(Same(read.From?.Name ?? "", name) && Same(read.To.Single().Name ?? "", name), () => $"name {JsonSerializer.Serialize(name)} / {JsonSerializer.Serialize(read.From?.Name)}");
            string file = AddressText.OneLine(text[(text.LastIndexOfAny(['/', '\\']) + 1)..], 255);
            if (file.Length > 0) tally.Count(Same(FileName(text), file), () => $"file {JsonSerializer.Serialize(file)} / {JsonSerializer.Serialize(FileName(text))}");
        }
        tally.Reaches(soFar: 0.99); // the composer's library cuts a surrogate pair of a file name in two (RFC 2231 §3)
    }

    /// <summary>Blanks at the ends and in a row are not kept in headers (RFC 5322 §3.2.2).</summary>
    private static bool Same(string a, string b) => Flat(a) == Flat(b);

    private static string Flat(string text) => string.Join(' ', text.Split([' '], StringSplitOptions.RemoveEmptyEntries));

    private static string FileName(string name)
    {
        using var message = new MimeMessage { Body = new MimePart("application", "octet-stream") { FileName = name, Content = new MimeContent(new MemoryStream([1])), ContentDisposition = new ContentDisposition("attachment") { FileName = name } } };
        using var bytes = new MemoryStream();
        message.WriteTo(bytes);
        return MailReader.Read(bytes.ToArray(), new ReadingContext()).Attachments.Single().Name ?? "";
    }

    private static string Unescape(string text) => Escape().Replace(text, found => found.Groups[1].Success
        ? ((char)int.Parse(found.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()
        : char.ConvertFromUtf32(int.Parse(found.Groups[2].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"\\u([0-9A-Fa-f]{4})|\\x\{([0-9A-Fa-f]+)\}")]
    private static partial Regex Escape();
}
