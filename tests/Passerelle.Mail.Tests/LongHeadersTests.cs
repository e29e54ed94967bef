using System.Globalization;
using System.Text;

namespace Passerelle.Mail.Tests;

/// <summary>Headers of many lines: an address of two thousand encoded words, ten thousand recipients, a parameter in thousands of pieces.</summary>
public class LongHeadersTests
{
    private const long Most = 160L * 1024 * 1024;

    /// <summary>Each is some 200 KB.</summary>
    public static TheoryData<string> Long => new(
        "X-A:" + Repeat(65_000, _ => "\n x"),
        "To: " + Repeat(4_000, _ => "\n\t=?utf-8?Q?date=3E2017-08-20T10:08:28.617=3C/pr?="),
        "To: " + Repeat(4_000, _ => "\n\t=?utf-8?Q?date=3E2017-08-20T10:08:28.617=3C/pr?=") + " <ann@fabrikam.example>",
        "From: " + Repeat(4_000, i => $"\n\tUser {i} <user{i}@fabrikam.example>,") + "\n\tann@fabrikam.example",
        "Subject:" + Repeat(4_000, _ => "\n =?iso-8859-1?q?caf=E9_cr=E8me_glac=E9e_=E0_la_vanille?="),
        "Subject:" + Repeat(10_000, _ => "\n =?utf-8?B?YWJjZA?="),
        "References:" + Repeat(8_000, i => $"\n <{i}@fabrikam.example>"),
        "Message-ID:" + Repeat(10_000, i => $"\n <{i}(fabrikam.example"),
        "Content-Type: text/plain" + Repeat(4_000, i => $";\n\tname*{i}=abcdefghijklmnopqrstuvwxyzabcdefgh"),
        "Content-Type: text/plain" + Repeat(10_000, i => $";\n\tname*{i}*=%41"),
        "Content-Type: text/plain" + Repeat(8_000, i => $";\n\tname{i}=abcdefgh"),
        "Content-Disposition: attachment" + Repeat(4_000, i => $";\n\tfilename*{i}*=utf-8''abcdefghijklmnopqrstuvwxyz"),
        "To: " + Repeat(20_000, _ => "\n ((((((((") + "ann@fabrikam.example",
        "To: " + Repeat(8_000, _ => "\n ann@fabrikam.example (abc,"),
        "To: " + Repeat(10_000, _ => "\n \"abc def\" <x"),
        "To: " + Repeat(30_000, _ => "\n g: "),
        "To: " + Repeat(10_000, _ => "\n é à ü, <ö> x@"),
        "Authentication-Results: x" + Repeat(6_000, _ => ";\n spf=pass (abc) smtp.mailfrom=x"),
        "X-Failed-Recipients:" + Repeat(9_000, i => $"\n {i}@fabrikam.example,"),
        "Date:" + Repeat(10_000, _ => "\n Mon, 1 Jan 2001 00:00"));

    [Theory, MemberData(nameof(Long))]
    public void A_long_header_takes_memory_by_its_length_and_not_by_its_square(string header)
    {
        byte[] raw = Encoding.UTF8.GetBytes($"From: ben@fabrikam.example\n{header}\n\nHello\n");
        Assert.InRange(Allocated(() => Assert.NotEqual(MailKind.Unreadable, MailReader.Read(raw, new ReadingContext()).Kind)), 0, Most);
    }

    [Theory, MemberData(nameof(Long))]
    public void So_does_one_within_a_report(string header)
    {
        foreach (string type in new[] { "message/delivery-status", "message/feedback-report", "text/rfc822-headers", "message/rfc822" })
        {
            byte[] raw = Encoding.UTF8.GetBytes($"Content-Type: multipart/report; boundary=b\n\n--b\n\nHello\n--b\nContent-Type: {type}\n\nFinal-Recipient: rfc822; ann@fabrikam.example\n{header}\n\n--b--\n");
            Assert.InRange(Allocated(() => MailReader.Read(raw, new ReadingContext())), 0, Most);
        }
    }

    [Fact]
    public void A_mail_that_is_one_folded_header_is_too_strange_to_read()
    {
        byte[] raw = Encoding.ASCII.GetBytes("X-A:" + Repeat(1_000_000, _ => "\r\n x"));
        long allocated = Allocated(() =>
        {
            ReadMail mail = MailReader.Read(raw, new ReadingContext());
            Assert.Equal(MailKind.Unreadable, mail.Kind);
            Assert.Contains("A header longer than", mail.Judgement.Evidence, StringComparison.Ordinal);
            Assert.Null(MailAnatomy.Of(new MemoryStream(raw), new ReadingBounds()));
            Assert.Empty(MailHeaders.Of(new MemoryStream(raw), new ReadingBounds()));
        });
        Assert.InRange(allocated, 0, Most);
    }

    /// <summary>The header ends at every place of what is read in one go, and lines of the content that begin with a blank stay lines.</summary>
    [Fact]
    public void What_follows_a_long_header_is_read_as_it_stands()
    {
        foreach (string end in new[] { "\n", "\r\n" })
        {
            string to = string.Concat(Enumerable.Range(0, 400).Select(i => $"{end}\tUser {i} <user{i}@fabrikam.example>,"));
            for (int pad = 1; pad < 4_200; pad += 13)
            {
                string body = $" a{end} b{end}{end} c{end}";
                string raw = $"From: ben@fabrikam.example{end}To: {new string('x', pad)}@fabrikam.example,{to}{end} last@fabrikam.example{end}Subject: one{end} two{end}{end}{body}";
                ReadMail mail = Mails.Read(raw);
                Assert.Equal((402, "user399@fabrikam.example", "last@fabrikam.example"), (mail.To.Count, mail.To[^2].Address, mail.To[^1].Address));
                Assert.Equal("one two", mail.Subject);
                Assert.Equal(" a\n b\n\n c\n", mail.Text);
            }
        }
    }

    [Fact]
    public void A_long_header_within_an_enclosed_mail_and_its_content_are_whole()
    {
        string to = Repeat(1_000, i => string.Create(CultureInfo.InvariantCulture, $"\n\t=?utf-8?q?User_{i}_=C3=A9?= <user{i}@fabrikam.example>,"));
        string raw = $"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n--b\nContent-Type: message/rfc822\n\nTo: {to}\n ann@fabrikam.example\nSubject: enclosed\nContent-Type: text/plain; name=a.txt\n\n a\n b\n--b\nContent-Disposition: attachment; filename=b.txt\n\n c\n d\n--b--\n";
        using var file = new MemoryStream();
        Assert.True(MailParts.Write(new MemoryStream(Encoding.UTF8.GetBytes(raw)), "3", file, new ReadingBounds()));
        Assert.Equal(" c\n d", Encoding.ASCII.GetString(file.ToArray()));
        ReadMail mail = Mails.Read(raw);
        Assert.Equal(("Hello", 2), (mail.Text.Trim(), mail.Attachments.Count));
    }

    private static long Allocated(Action read)
    {
        read(); // what is made once stays
        long before = GC.GetAllocatedBytesForCurrentThread();
        read();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static string Repeat(int times, Func<int, string> text) => string.Concat(Enumerable.Range(0, times).Select(text));
}
