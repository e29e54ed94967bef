using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
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

    [Theory]
    [InlineData("\uFFFE")]
    [InlineData("caf\u00e9 \uFFFE")]
    [InlineData("caf\u00e9 \uFFFF")]
    public void What_is_no_character_costs_no_mail(string text) =>
        Assert.Equal((MailKind.Human, text), (Mails.Read($"From: ann@fabrikam.example\nSubject: {text}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n") is var mail ? mail.Kind : default, mail.Text.Trim()));

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
            if (file.Length > 0) tally.Count(Forms(text).All(form => Same(FileName(form), file)), () => $"file {JsonSerializer.Serialize(file)} / {JsonSerializer.Serialize(Forms(text).Select(FileName))}");
        }
        tally.Reaches();
    }

    /// <summary>Blanks at the ends and in a row are not kept in headers (RFC 5322 §3.2.2).</summary>
    private static bool Same(string a, string b) => Flat(a) == Flat(b);

    private static string Flat(string text) => string.Join(' ', text.Split([' '], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The ways in which programs write a file name that is no ASCII: RFC 2231 (§4, and §3 in pieces that end anywhere, even within a
    /// character), RFC 2047 in quotes as Outlook does, and UTF-8 as it is (RFC 6532).</summary>
    private static IEnumerable<string> Forms(string name)
    {
        name = name.ReplaceLineEndings(" ");
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        string[] encoded = [.. bytes.Select(one => char.IsAsciiLetterOrDigit((char)one) ? ((char)one).ToString() : $"%{one:X2}")];
        yield return $"filename*=utf-8''{string.Concat(encoded)}";
        yield return string.Join(";\r\n ", encoded.Chunk(11).Select((piece, i) => $"filename*{i}*={(i == 0 ? "utf-8''" : "")}{string.Concat(piece)}"));
        yield return $"filename=\"{string.Join("\r\n ", name.EnumerateRunes().Chunk(8).Select(runes => $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Concat(runes.Select(rune => rune.ToString()))))}?="))}\"";
        if (!name.Any(char.IsControl)) yield return $"filename=\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>Backslashes that nobody escaped are those of a path.</summary>
    [Theory]
    [InlineData("""filename="C:\Users\me\file.pdf" """, "file.pdf")]
    [InlineData("""filename="C:\Documents and Settings\Ann B\My report 1.2.doc"; size=3""", "My report 1.2.doc")]
    [InlineData("""filename="\\server\share\file.pdf" """, "file.pdf")]
    [InlineData("""filename="\server\file.pdf" """, "file.pdf")]
    [InlineData("""filename="C:\\Users\\me\\file.pdf" """, "file.pdf")]
    [InlineData("""filename=C:\Users\me\file.pdf""", "file.pdf")]
    [InlineData("""filename="5 \"inch\" tube.pdf" """, "5 \"inch\" tube.pdf")]
    [InlineData("""filename="a\(1\).pdf" """, "a(1).pdf")]
    [InlineData("""filename="../../etc/passwd" """, "passwd")]
    public void A_file_is_called_what_its_path_ends_with(string parameter, string name) => Assert.Equal(name, FileName(parameter.Trim()));

    [Fact]
    public void A_path_may_stand_in_the_content_type() =>
        Assert.Equal("file.pdf", Assert.Single(Mails.Read("From: ann@fabrikam.example\nContent-Type: application/pdf; name=\"C:\\Users\\me\\file.pdf\"\nContent-Disposition: attachment\n\nx\n").Attachments).Name);

    private static string FileName(string parameter) =>
        Mails.Read($"From: ann@fabrikam.example\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment;\r\n {parameter}\r\n\r\nx\r\n").Attachments.Single().Name ?? "";

    private static string Unescape(string text) => Escape().Replace(text, found => found.Groups[1].Success
        ? ((char)int.Parse(found.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()
        : char.ConvertFromUtf32(int.Parse(found.Groups[2].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"\\u([0-9A-Fa-f]{4})|\\x\{([0-9A-Fa-f]+)\}")]
    private static partial Regex Escape();
}
