using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Passerelle.Mail.Tests.Bodies;

/// <summary>Text that is not simply lines: paragraphs broken for the way, the rich text before HTML, files written into the text.</summary>
public class TextFormsTests
{
    [Theory]
    [InlineData("format=flowed", "Hello \nworld,\nnew line", "Hello world,\nnew line")]
    [InlineData("format=Flowed; delsp=no", "Hello \nworld", "Hello world")]
    [InlineData("format=fixed", "Hello \nworld", "Hello \nworld")]
    [InlineData("charset=utf-8", "Hello \nworld", "Hello \nworld")]
    [InlineData("format=flowed; delsp=yes; charset=utf-8", "こんに \nちは、世界。 \n終わり", "こんにちは、世界。終わり")]
    [InlineData("format=flowed; delsp=yes", "Hello  \nworld", "Hello world")]
    [InlineData("format=flowed", " From here \n on", "From here on")]
    [InlineData("format=flowed", "  indented", " indented")]
    [InlineData("format=flowed", " \nblank above", "\nblank above")]
    [InlineData("format=flowed", "I agree. \n-- \nAnn", "I agree. \n-- \nAnn")]
    [InlineData("format=flowed", "No. \n> Is it \n> red?\n> \n> Ann", "No. \n> Is it red?\n> \n> Ann")]
    [InlineData("format=flowed", ">> one \n>> two \n> three \n> four\nfive", ">> one two \n> three four\nfive")]
    [InlineData("format=flowed", "last line ends in a blank ", "last line ends in a blank ")]
    public void A_paragraph_that_was_broken_for_the_way_is_whole_again(string parameters, string sent, string read)
    {
        foreach (string end in new[] { "\n", "\r\n" })
        {
            ReadMail mail = Mails.Read($"Content-Type: text/plain; {parameters}\n\n{sent.ReplaceLineEndings(end)}");
            Assert.Equal(read, mail.Text);
        }
    }

    [Fact]
    public void The_reply_of_a_flowed_mail_is_in_whole_paragraphs_without_the_quotation_and_the_signature()
    {
        ReadMail mail = Mails.Read(
            "Content-Type: text/plain; charset=utf-8; format=flowed\n\nThe lamp is broken, and I would like to have \nanother one, please.\n\nCould you \nsend it?\n-- \nAnn Lee\n\nOn 24.11.2026 at 10:12, Support of Contoso wrote:\n> Dear Ann, what can \n> we do for you?\n");
        Assert.Equal("The lamp is broken, and I would like to have another one, please.\n\nCould you send it?", mail.Reply.Text);
    }

    [Theory]
    [InlineData("text/enriched", "<bold>Now</bold> is the time for <italic>all</italic> good men\n<smaller>(and <<women>)</smaller> to\n\ncome\n\n\nto the aid", "Now is the time for all good men (and <women>) to\ncome\n\nto the aid")]
    [InlineData("text/enriched", "<color><param>red</param>Red</color> <fontfamily><param>Times</param>words</fontfamily>", "Red words")]
    [InlineData("text/enriched", "<nofill>one\ntwo</nofill>\nthree\nfour", "one\ntwo three four")]
    [InlineData("text/enriched", "<excerpt>They asked\n\ntwice</excerpt>I answer", "> They asked\n> twice\nI answer")]
    [InlineData("text/enriched", "<verbatim><bold>\nx << y</verbatim> done", "<bold>\nx << y done")]
    [InlineData("text/enriched", "1 < 2 and 3 > 2 <ann@fabrikam.example>", "1 < 2 and 3 > 2 <ann@fabrikam.example>")]
    [InlineData("text/enriched", "<bold>open", "open")]
    [InlineData("text/richtext", "<bold>Now</bold> is the time for<nl>all good men<comment>not\nme</comment> <lt>and women>\nto come", "Now is the time for\nall good men <and women> to come")]
    [InlineData("text/richtext", "<paragraph>One</paragraph><paragraph>Two</paragraph>", "One\n\nTwo")]
    public void The_rich_text_before_html_is_read_as_text(string type, string sent, string read)
    {
        ReadMail mail = Mails.Read($"Content-Type: {type}; charset=utf-8\n\n{sent}");
        Assert.Equal(read, mail.Text);
        Assert.Equal(read, mail.Reply.Text.Length < read.Length ? read : mail.Reply.Text);
        Assert.Empty(mail.Attachments);
    }

    [Fact]
    public void Beside_another_form_the_rich_text_stays_a_part()
    {
        ReadMail mail = Mails.Read("Content-Type: multipart/alternative; boundary=b\n\n--b\n\nHello\n--b\nContent-Type: text/enriched\n\n<bold>Hello</bold>\n--b--\n");
        Assert.Equal(("Hello", "text/enriched"), (mail.Text.Trim(), Assert.Single(mail.Attachments).Type));
    }

    [Fact]
    public void A_rich_text_of_microsofts_is_a_file_whatever_its_type_says()
    {
        ReadMail mail = Mails.Read("Content-Type: text/richtext\n\n{\\rtf1 hello}");
        Assert.Equal(("", "text/rtf"), (mail.Text, Assert.Single(mail.Attachments).TrueType));
    }

    [Fact]
    public void Rich_text_made_to_be_heavy_is_read_in_linear_time()
    {
        string heavy = string.Concat(Enumerable.Repeat("<excerpt><nofill>\n<", 50_000)) + string.Concat(Enumerable.Repeat("<param>", 50_000));
        Assert.NotEqual(MailKind.Unreadable, Mails.Read("Content-Type: text/enriched\n\n" + heavy).Kind);
    }

    public static TheoryData<string, string> Encodings => new()
    {
        { "7bit", "\n" },
        { "8bit", "\r\n" },
        { "quoted-printable", "\n" },
        { "base64", "\r\n" },
    };

    [Theory, MemberData(nameof(Encodings))]
    public void Files_within_a_text_are_attachments_and_no_words(string encoding, string end)
    {
        byte[] picture = [0xff, 0xd8, 0xff, .. RandomNumberGenerator.GetBytes(1_000)], program = [.. "MZ"u8, 0, 1, 2];
        string text = $"Here they are.\n\n{Uu("photo é.jpg", picture)}\n{Uu("invoice.pdf", program)}\nKind of you!\n";
        byte[] raw = Encoding.UTF8.GetBytes($"Content-Transfer-Encoding: {encoding}\nContent-Type: text/plain; charset=utf-8\n\n{Encoded(text.ReplaceLineEndings(end), encoding)}");
        ReadMail mail = MailReader.Read(raw, new ReadingContext());
        Assert.Equal("Here they are.\n\n\n\nKind of you!", mail.Reply.Text.ReplaceLineEndings("\n"));
        Assert.Equal(text, mail.Text);
        Assert.Equal([("1.1", "image/jpeg", 1_003L), ("1.2", "application/pdf", 5L)], mail.Attachments.Select(file => (file.PartNumber, file.Type, file.Size)));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(picture)), mail.Attachments[0].Sha256);
        Assert.Equal("photo é.jpg", mail.Attachments[0].Name);
        Assert.True(mail.Attachments.All(file => file.InText));
        Assert.NotNull(mail.Attachments[1].Danger);
        using var written = new MemoryStream();
        Assert.True(MailParts.Write(new MemoryStream(raw), "1.1", written, new ReadingBounds()));
        Assert.Equal(picture, written.ToArray());
        Assert.IsType<PartPreview.File>(PartPreview.Of(new MemoryStream(raw), "1.1", new ReadingBounds()));
    }

    [Theory]
    [InlineData("begin 644 a.txt\nThis is a letter,\nand it has an\nend\n")]
    [InlineData("begin 644\nend\n")]
    [InlineData("begin at the\nend\n")]
    [InlineData("begin  the work\n#0V%T\n`\nend\n")]
    [InlineData("> begin 644 cat.txt\n> #0V%T\n> `\n> end\n")]
    [InlineData("x begin 644 cat.txt\n#0V%T\n`\nend\n")]
    [InlineData("begin 644 cat.txt\n#0V%T\n")]
    public void Words_that_only_look_like_it_stay_words(string text)
    {
        ReadMail mail = Mails.Read("Subject: x\n\n" + text);
        Assert.Empty(mail.Attachments);
        Assert.Contains(text.Trim()[^4..].Trim(), mail.Reply.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("begin 644 cat.txt\n#0V%T\n`\nend")]
    [InlineData("begin 0644 cat.txt\n#0V%T\n \nend\n")]
    [InlineData("begin 600 \"cat.txt\"\n#0V%T\n\nend\n")]
    [InlineData("begin 755 cat.txt\n#0V%T \nend\n")]
    public void The_habits_of_its_programs_are_known(string text)
    {
        MailAttachment file = Assert.Single(Mails.Read("Subject: x\n\n" + text).Attachments);
        Assert.Equal(("cat.txt", 3L, Convert.ToHexStringLower(SHA256.HashData("Cat"u8))), (file.Name, file.Size, file.Sha256));
    }

    [Fact]
    public void A_file_whose_end_was_cut_off_is_a_file_as_far_as_it_goes()
    {
        string text = Uu("photo.jpg", RandomNumberGenerator.GetBytes(1_000));
        MailAttachment file = Assert.Single(Mails.Read("Subject: x\n\nHere:\n" + text[..700]).Attachments);
        Assert.InRange(file.Size, 450, 700);
    }

    [Fact]
    public void A_part_that_is_encoded_so_as_a_whole_is_decoded()
    {
        byte[] content = RandomNumberGenerator.GetBytes(500);
        ReadMail mail = Mails.Read($"Content-Type: application/octet-stream; name=a.bin\nContent-Transfer-Encoding: x-uuencode\n\n{Uu("a.bin", content)}");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), Assert.Single(mail.Attachments).Sha256);
    }

    private static string Encoded(string text, string encoding) => encoding switch
    {
        "base64" => Convert.ToBase64String(Encoding.UTF8.GetBytes(text), Base64FormattingOptions.InsertLineBreaks),
        "quoted-printable" => string.Concat(Encoding.UTF8.GetBytes(text).Select(b => b is (byte)'\n' or (byte)'\r' or (>= 32 and < 127 and not (byte)'=') ? ((char)b).ToString() : string.Create(CultureInfo.InvariantCulture, $"={b:X2}"))),
        _ => text,
    };

    /// <summary>As POSIX writes it, "`" for the blank.</summary>
    private static string Uu(string name, byte[] content)
    {
        var text = new StringBuilder($"begin 644 {name}\n");
        foreach (byte[] line in content.Chunk(45))
        {
            text.Append(Character(line.Length));
            for (int i = 0; i < line.Length; i += 3)
            {
                int bits = (line[i] << 16) | ((i + 1 < line.Length ? line[i + 1] : 0) << 8) | (i + 2 < line.Length ? line[i + 2] : 0);
                for (int shift = 18; shift >= 0; shift -= 6) text.Append(Character((bits >> shift) & 63));
            }
            text.Append('\n');
        }
        return text.Append("`\nend\n").ToString();
    }

    private static char Character(int value) => value == 0 ? '`' : (char)(value + ' ');
}
